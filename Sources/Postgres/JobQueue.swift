import Foundation
import Synchronization

/// The bounded queue of a lane, from which its connections pull.
final class JobQueue: Sendable {
    private struct State {
        var jobs: [Job] = []
        var idle: [Waker] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var count: Int { state.withLock { $0.jobs.count } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func add(_ job: Job) {
        let (refusal, sleeper): (PostgresError?, Waker?) = state.withLock { state in
            if state.isClosed { return (PostgresError(.closed, "the database was closed"), nil) }
            if state.jobs.count >= limit { return (PostgresError(.queueFull, "\(limit) statements are waiting"), nil) }
            state.jobs.append(job)
            return (nil, state.idle.popLast())
        }
        // A system call; made under the lock it would hold up everyone who adds or takes.
        sleeper?.wake()
        if let refusal { job.end(refusal) }
    }

    func putBack(_ jobs: [Job]) {
        state.withLock { $0.jobs.insert(contentsOf: jobs, at: 0) }
    }

    /// Up to `most` jobs; none while nothing waits, and then the waker is woken when that changes.
    func take(_ most: Int, orWake waker: Waker) -> [Job] {
        let (taken, sleeper): ([Job], Waker?) = state.withLock { state in
            guard !state.jobs.isEmpty else {
                if !state.idle.contains(where: { $0 === waker }) { state.idle.append(waker) }
                return ([], nil)
            }
            let taken = Array(state.jobs.prefix(most))
            state.jobs.removeFirst(taken.count)
            // What is left is for another connection that may be asleep.
            return (taken, state.jobs.isEmpty ? nil : state.idle.popLast())
        }
        sleeper?.wake()
        return taken
    }

    /// Takes out the jobs that waited too long, or that waited longer than a time.
    func removeExpired(now: Int64, olderThan age: Int64? = nil) -> [Job] {
        state.withLock { state in
            let expired = state.jobs.filter { job in
                now > job.deadline || age.map { now - job.queuedAt > $0 } ?? false || !job.isQueued
            }
            guard !expired.isEmpty else { return [] }
            state.jobs.removeAll { job in expired.contains { $0 === job } }
            return expired
        }
    }

    /// Refuses new jobs and answers those that wait.
    func close() -> [Job] {
        state.withLock { state in
            state.isClosed = true
            defer { state.jobs = [] }
            for waker in state.idle { waker.wake() }
            state.idle = []
            return state.jobs
        }
    }
}
