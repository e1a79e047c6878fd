import Foundation
import Synchronization

/// Who waits for jobs.
protocol Sleeper: AnyObject, Sendable {
    /// Begins a job on the caller's thread, where it can.
    func begin(_ job: Job) -> Beginning
    func wake()
}

/// What became of a job that was given to a sleeper.
enum Beginning {
    case begun
    /// It has to be woken for the job.
    case asleep
    /// It is awake, and busy.
    case busy
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
        // Who waits already is served first.
        let sleeper = state.withLock { $0.jobs.isEmpty && !$0.isClosed ? $0.idle.popLast() : nil }
        switch sleeper?.begin(job) {
        case .begun: return
        case .asleep: append(job, waking: sleeper)
        case .busy, nil: append(job, waking: nil)
        }
    }

    /// - Parameter sleeper: who is woken for it; nil for any that sleeps.
    private func append(_ job: Job, waking sleeper: (any Sleeper)?) {
        let (refusal, sleeper): (PostgresError?, (any Sleeper)?) = state.withLock { state in
            let sleeper = sleeper ?? state.idle.popLast()
            if state.isClosed { return (PostgresError(.closed, "the database was closed"), sleeper) }
            if state.jobs.count >= limit {
                return (PostgresError(.queueFull, "\(limit) statements are waiting"), sleeper)
            }
            state.jobs.append(job)
            return (nil, sleeper)
        }
        // A system call; made under the lock it would hold up everyone who adds or takes.
        sleeper?.wake()
        if let refusal { job.end(refusal) }
    }

    /// For any connection that can serve them.
    func putBack(_ jobs: [Job]) {
        let sleeper = state.withLock { state in
            state.jobs.insert(contentsOf: jobs, at: 0)
            return state.idle.popLast()
        }
        sleeper?.wake()
    }

    /// Up to `most` jobs; none while nothing waits, and then the sleeper is given the next job, or woken for it.
    func take(_ most: Int, for sleeper: any Sleeper) -> [Job] {
        let (taken, other): ([Job], (any Sleeper)?) = state.withLock { state in
            guard !state.jobs.isEmpty else {
                // Who goes for good is not kept.
                if !state.isClosed, !state.idle.contains(where: { $0 === sleeper }) { state.idle.append(sleeper) }
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
