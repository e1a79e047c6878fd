import Foundation
import Synchronization

/// Who waits for jobs.
protocol Sleeper: AnyObject, Sendable {
    /// Begins a job on the caller's thread. - Returns: false when it cannot at this moment.
    func begins(_ job: Job) -> Bool
    func wake()
}

/// The bounded queue of a lane, from which its connections pull.
final class JobQueue: Sendable {
    private struct State {
        var jobs: [Job] = []
        var idle: [any Sleeper] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var count: Int { state.withLock { $0.jobs.count } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func add(_ job: Job) {
        let (refusal, sleeper): (PostgresError?, (any Sleeper)?) = state.withLock { state in
            if state.isClosed { return (PostgresError(.closed, "the database was closed"), nil) }
            if state.jobs.isEmpty, let sleeper = state.idle.popLast() { return (nil, sleeper) }
            return (append(job, to: &state), nil)
        }
        if let sleeper, !sleeper.begins(job) { return wait(job, beside: sleeper) }
        if let refusal { job.end(refusal) }
    }

    /// Whoever wakes first takes it. A system call made under the lock would hold up everyone who adds or takes.
    private func wait(_ job: Job, beside sleeper: any Sleeper) {
        let (refusal, other) = state.withLock { state in
            (
                state.isClosed ? PostgresError(.closed, "the database was closed") : append(job, to: &state),
                state.idle.popLast()
            )
        }
        // It may know no such statement, or be awake and busy.
        sleeper.wake()
        other?.wake()
        if let refusal { job.end(refusal) }
    }

    private func append(_ job: Job, to state: inout State) -> PostgresError? {
        guard state.jobs.count < limit else { return PostgresError(.queueFull, "\(limit) statements are waiting") }
        state.jobs.append(job)
        return nil
    }

    func putBack(_ jobs: [Job]) {
        state.withLock { $0.jobs.insert(contentsOf: jobs, at: 0) }
    }

    /// Up to `most` jobs; none while nothing waits, and then the sleeper is given the next job, or woken for it.
    func take(_ most: Int, for sleeper: any Sleeper) -> [Job] {
        let (taken, other): ([Job], (any Sleeper)?) = state.withLock { state in
            guard !state.jobs.isEmpty else {
                if !state.idle.contains(where: { $0 === sleeper }) { state.idle.append(sleeper) }
                return ([], nil)
            }
            let taken = Array(state.jobs.prefix(most))
            state.jobs.removeFirst(taken.count)
            // What is left is for another connection that may be asleep.
            return (taken, state.jobs.isEmpty ? nil : state.idle.popLast())
        }
        other?.wake()
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
            for sleeper in state.idle { sleeper.wake() }
            state.idle = []
            return state.jobs
        }
    }
}
