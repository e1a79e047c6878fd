import Foundation
import Synchronization

/// The key that this server saw last; another program may have put a new one in its place.
final class SessionKeys: Sendable {
    private let last = Mutex<SessionKey?>(nil)

    func key(_ version: Int) -> SessionKey? {
        last.withLock { $0?.version == version ? $0 : nil }
    }

    func keep(_ key: SessionKey) { last.withLock { $0 = key } }
}
