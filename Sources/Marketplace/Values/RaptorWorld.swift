import CRaptor
import Synchronization

/// Lends the worlds of raptor2. Each thread may use its world as it likes; but the end of one takes down libxslt, libxml2 and
/// curl for the whole process, also under the hands of threads that read HTML just then. So none is ended: what is given back
/// is lent again.
enum RaptorWorld {
    private struct Idle: @unchecked Sendable { var worlds: [OpaquePointer] = [] }
    /// Beginnings set up what all threads share, so they come one at a time too.
    private static let idle = Mutex(Idle())

    /// Nil when the library does not start.
    static func open() -> OpaquePointer? {
        XMLLibrary.isReady
        return idle.withLock { idle in
            if let world = idle.worlds.popLast() { return world }
            guard let world = raptor_new_world_internal(UInt32(RAPTOR_VERSION)) else { return nil }
            return raptor_world_open(world) == 0 ? world : nil
        }
    }

    static func giveBack(_ world: OpaquePointer) {
        raptor_world_set_log_handler(world, nil, nil)
        idle.withLock { $0.worlds.append(world) }
    }
}
