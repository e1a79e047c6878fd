import Foundation
import Synchronization

/// Whom the tokens of the last second speak for, by digest.
final class KnownTokens: Sendable {
    private struct Known {
        let account: Account
        let from, until: Date
    }
    private struct State {
        var byDigest: [[UInt8]: Known] = [:]
        var generation = 0
    }
    private let state = Mutex(State())
    /// Beyond it everything is looked up anew.
    private static let limit = 10_000

    /// Grows when tokens are revoked: what was read before is not kept after.
    var generation: Int { state.withLock { $0.generation } }

    func account(_ digest: [UInt8], now: Date) -> Account? {
        state.withLock { state in
            guard let known = state.byDigest[digest], known.from <= now, now < known.until else { return nil }
            return known.account
        }
    }

    func keep(_ account: Account, _ digest: [UInt8], from: Date, until: Date, generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.byDigest.count >= Self.limit { state.byDigest = [:] }
            state.byDigest[digest] = Known(account: account, from: from, until: until)
        }
    }

    func forget() {
        state.withLock { state in
            state.byDigest = [:]
            state.generation += 1
        }
    }
}
