import Foundation
import Synchronization

/// Counts wrong tries by name, so that no password can be guessed. Names that nobody has count too: whether a name exists
/// cannot be told from it. Each server counts for itself.
final class SignInTries: Sendable {
    private struct Tries {
        var count = 0
        let until: Date
    }
    private let byName = Mutex<[[UInt8]: Tries]>([:])
    private static let allowed = 5
    private static let period = 600.0
    /// More names than can be tried in a period, one hash after the other; what comes beyond them must wait.
    private static let limit = 10_000

    /// A try is counted before it is known to be wrong: many at once are no way around.
    /// - Returns: false when there were too many.
    func begin(_ name: String, now: Date) -> Bool {
        // Names are as long as somebody types them; digests are not.
        let name = SHA256.digest(Array(name.utf8))
        return byName.withLock { byName in
            if byName.count >= Self.limit { byName = byName.filter { now < $0.value.until } }
            guard byName.count < Self.limit || byName[name] != nil else { return false }
            var tries = byName[name].flatMap { now < $0.until ? $0 : nil } ?? Tries(until: now + Self.period)
            tries.count += 1
            byName[name] = tries
            return tries.count <= Self.allowed
        }
    }

    /// Of a try that was not made after all.
    func takeBack(_ name: String) {
        let name = SHA256.digest(Array(name.utf8))
        byName.withLock { $0[name]?.count -= 1 }
    }

    func forget(_ name: String) {
        let name = SHA256.digest(Array(name.utf8))
        byName.withLock { $0[name] = nil }
    }
}
