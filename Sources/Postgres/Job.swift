import CPostgres
import Foundation
import Synchronization

/// A piece of work for a connection, and what becomes of it. The state decides races: whoever moves it on acts.
final class Job: Sendable {
    enum State { case queued, running, done }

    /// What runs on the connection's thread.
    enum Work: Sendable {
        /// A statement that may share a Sync with others; the closure reads its result.
        case statement(Statement, [ParameterValue], @Sendable (OpaquePointer) throws -> Void)
        /// Anything else: it has the connection alone.
        case exclusive(@Sendable (Connection) throws -> Void)
    }

    let work: Work
    /// Monotonic nanoseconds by which it must have begun.
    let deadline: Int64
    let queuedAt = Monotonic.now()
    /// Whether a lost connection leaves it open what happened.
    let isWriting: Bool
    private let state = Mutex(State.queued)
    private let finish: @Sendable ((any Error)?) -> Void
    private let connection = Mutex<Connection?>(nil)
    private let attempts = Atomic<Int>(0)

    init(
        _ work: Work, deadline: Int64, isWriting: Bool = false, finish: @escaping @Sendable ((any Error)?) -> Void
    ) {
        self.work = work
        self.deadline = deadline
        self.isWriting = isWriting
        self.finish = finish
    }

    /// False when it was cancelled or timed out while it waited.
    func begin(on connection: Connection) -> Bool {
        self.connection.withLock { $0 = connection }
        return state.withLock { state in
            guard state == .queued else { return false }
            state = .running
            return true
        }
    }

    /// Back to the queue, once, after its connection was lost before it did anything.
    func mayRepeat() -> Bool {
        guard !isWriting, attempts.add(1, ordering: .relaxed).oldValue == 0 else { return false }
        return state.withLock { state in
            guard state == .running else { return false }
            state = .queued
            return true
        }
    }

    func end(_ error: (any Error)?) {
        let first = state.withLock { state in
            defer { state = .done }
            return state != .done
        }
        if first { finish(error) }
    }

    var isQueued: Bool { state.withLock { $0 == .queued } }

    /// The caller does not want it any more.
    func cancel() {
        let before = state.withLock { state in
            defer { if state == .queued { state = .done } }
            return state
        }
        let error = PostgresError(.cancelled, "the task was cancelled")
        switch before {
        case .queued: return finish(error)
        case .done: return
        case .running: break
        }
        // A statement's caller is answered at once; one that shares its Sync runs on, and its result is dropped.
        let current = connection.withLock { $0 }
        if case .statement = work { end(error) }
        current?.cancel(self)
    }
}
