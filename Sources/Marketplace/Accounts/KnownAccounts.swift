import Foundation
import Synchronization

/// Whom the tokens and sessions of the last second speak for, by the digest of a token or the id of a session.
final class KnownAccounts: Sendable {
    private struct Known {
        let account: Account
        let from, until: Date
    }
    private struct State {
        var byKey: [[UInt8]: Known] = [:]
        var generation = 0
    }
    private let state = Mutex(State())
    /// Beyond it everything is looked up anew.
    private static let limit = 10_000

    /// Grows when tokens are revoked or sessions end: what was read before is not kept after.
    var generation: Int { state.withLock { $0.generation } }

    func account(_ key: [UInt8], now: Date) -> Account? {
        state.withLock { state in
            guard let known = state.byKey[key], known.from <= now, now < known.until else { return nil }
            return known.account
        }
    }

    func keep(_ account: Account, _ key: [UInt8], from: Date, until: Date, generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.byKey.count >= Self.limit { state.byKey = [:] }
            state.byKey[key] = Known(account: account, from: from, until: until)
        }
    }

    func forget() {
        state.withLock { state in
            state.byKey = [:]
            state.generation += 1
        }
    }
}
