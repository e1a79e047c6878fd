import Synchronization

/// What the driver holds just now; all but connections and the count of statements is zero when nobody asks anything.
public struct DatabaseStatistics: Sendable, Equatable {
    public let openConnections: Int
    public let liveResults: Int
    public let queued: Int
    public let running: Int
    /// Statements since the start, but for those of reports: what somebody waited for.
    public let served: Int
}

/// The counters behind `DatabaseStatistics`, shared by all threads of one database.
final class Counters: Sendable {
    let openConnections = Atomic<Int>(0)
    let liveResults = Atomic<Int>(0)
    let running = Atomic<Int>(0)
    let served = Atomic<Int>(0)
    let threads = Atomic<Int>(0)
    /// Set when closing has run out of patience: what runs is cancelled, what is leased is taken back.
    let isAborting = Atomic<Bool>(false)
}

extension Atomic where Value == Int {
    func increment() { add(1, ordering: .relaxed) }
    func decrement() { subtract(1, ordering: .relaxed) }
    var value: Int { load(ordering: .relaxed) }
}
