import CRaptor
import Synchronization

/// Opens and frees the worlds of raptor2 one at a time: both set up and tear down tables of libxslt that all threads of the
/// process share. Between the two, each thread may use its world as it likes.
enum RaptorWorld {
    private static let gate = Mutex(())

    /// Nil when the library does not start.
    static func open() -> OpaquePointer? {
        gate.withLock { _ in
            guard let world = raptor_new_world_internal(UInt32(RAPTOR_VERSION)) else { return nil }
            guard raptor_world_open(world) == 0 else {
                raptor_free_world(world)
                return nil
            }
            return world
        }
    }

    static func free(_ world: OpaquePointer) {
        gate.withLock { _ in raptor_free_world(world) }
    }
}
