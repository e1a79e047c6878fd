import CPostgres
import Foundation
import Logging

/// The thread of one connection: pulls jobs from its lane, runs them, and brings the connection back when it is lost.
///
/// While it rests, whoever has a job sends it by this connection himself; the thread wakes when the answer comes. To wake it
/// for the sending too would cost a short statement a good part of its time.
final class ConnectionThread: Sleeper {
    private let lane: Lane
    private let queue: JobQueue
    private let connection: Connection
    private let logger: Logger
    /// Whoever holds it uses the connection: the thread, but while it rests.
    private let turn = NSLock()
    /// What was begun while the thread rested. Only touched with the turn.
    private let begun = Begun()
    private static let batchSize = 128

    // @unchecked: `turn` guards it.
    private final class Begun: @unchecked Sendable {
        var job: (Job, Result<Connection.SentBatch, any Error>)?
    }

    init(lane: Lane, queue: JobQueue, configuration: PostgresConfiguration, counters: Counters, logger: Logger) {
        self.lane = lane
        self.queue = queue
        self.logger = logger
        var configuration = configuration
        if lane == .report { configuration.statementTimeout = configuration.reportTimeout }
        connection = Connection(configuration: configuration, counters: counters)
    }

    func start() {
        connection.counters.threads.increment()
        let thread = Thread { [self] in
            turn.lock()
            run()
            connection.close()
            turn.unlock()
            connection.counters.threads.decrement()
        }
        thread.name = "postgres-\(lane)"
        thread.start()
    }

    private func run() {
        var failures = 0
        while true {
            let jobs = queue.take(lane == .read ? Self.batchSize : 1, for: self)
            guard !jobs.isEmpty else {
                if queue.isClosed { return }
                rest()
                continue
            }
            guard connection.isOpen || reopen(putting: jobs, back: &failures) else { continue }
            serve(jobs)
        }
    }

    func wake() { connection.waker.wake() }

    func begin(_ job: Job) -> Beginning {
        guard turn.try() else { return .busy }
        defer { turn.unlock() }
        // What is unknown to the connection would have to be waited for. Nothing is asked, so input means that the server says
        // farewell: the thread connects again.
        guard case .statement(let statement, let values, let read) = job.work, begun.job == nil, connection.isOpen,
            connection.prepared[statement] != nil, !connection.hasInput
        else { return .asleep }
        guard job.begin(on: connection) else {
            wake()
            return .begun
        }
        count([job])
        connection.began(job)
        begun.job = (job, Result { try connection.send([.init(statement: statement, values: values, read: read)]) })
        // The thread waits for an answer; for what the socket did not take, or will not answer, there is none.
        if case .success(let batch)? = begun.job?.1, !batch.sent.isEmpty, connection.hasSentAll { return .begun }
        wake()
        return .begun
    }

    /// Sleeps until there is work or an answer; notices when the server goes away meanwhile.
    private func rest() {
        let socket = connection.isOpen ? connection.socket : -1
        turn.unlock()
        let hasInput = connection.waker.wait(
            socket: socket, events: Int16(POLLIN), until: Monotonic.now() + 1_000_000_000)
        turn.lock()
        if let (job, sent) = begun.job {
            begun.job = nil
            finish([job], sent)
            connection.counters.running.subtract(1, ordering: .relaxed)
        } else if hasInput, let handle = connection.handle {
            // Nothing is asked, so what arrives is a farewell or a notice.
            if PQconsumeInput(handle) == 0 || PQstatus(handle) == CONNECTION_BAD { connection.close() }
        }
    }

    private func reopen(putting jobs: [Job], back failures: inout Int) -> Bool {
        do {
            let limit = connection.configuration.connectTimeout.nanoseconds
            try connection.open(for: lane, until: Monotonic.now() + limit * 2)
            failures = 0
            return true
        } catch {
            failures += 1
            if failures == 1 {
                logger.warning("no connection to PostgreSQL", metadata: ["error": "\(String(reflecting: error))"])
            }
            queue.putBack(jobs)
            // Who waits for a second while nothing can be reached is told so.
            let expired = queue.removeExpired(now: Monotonic.now(), olderThan: 1_000_000_000)
            for job in expired { job.end(error) }
            let milliseconds = min(50 << min(failures, 5), 1000)
            usleep(UInt32(Int.random(in: milliseconds / 2...milliseconds)) * 1000)
            return false
        }
    }

    private func serve(_ jobs: [Job]) {
        let jobs = jobs.filter { $0.begin(on: connection) }
        guard !jobs.isEmpty else { return }
        count(jobs)
        defer { connection.counters.running.subtract(jobs.count, ordering: .relaxed) }
        var shared: [Job] = []
        for job in jobs {
            if case .exclusive(let work) = job.work { runAlone(job, work) } else { shared.append(job) }
        }
        if !shared.isEmpty { runShared(shared) }
    }

    private func count(_ jobs: [Job]) {
        connection.counters.running.add(jobs.count, ordering: .relaxed)
        if lane != .report { connection.counters.served.add(jobs.count, ordering: .relaxed) }
    }

    private func runAlone(_ job: Job, _ work: (Connection) throws -> Void) {
        guard
            connection.isOpen
                || (try? connection.open(for: lane, until: Monotonic.now() + 4_000_000_000)) != nil
        else { return job.end(PostgresError(.connection, "the connection was lost")) }
        do {
            try work(connection)
            job.end(nil)
        } catch {
            job.end(error)
        }
        settle()
    }

    private func runShared(_ jobs: [Job]) {
        let works = jobs.compactMap { job -> Connection.BatchItem? in
            guard case .statement(let statement, let values, let read) = job.work else { return nil }
            return Connection.BatchItem(statement: statement, values: values, read: read)
        }
        if jobs.count == 1 { connection.began(jobs[0]) }
        finish(jobs, Result { try connection.send(works) })
    }

    /// Reads what was sent for the jobs, and ends them.
    private func finish(_ jobs: [Job], _ sent: Result<Connection.SentBatch, any Error>) {
        do {
            let outcomes = try connection.receive(sent.get())
            if jobs.count == 1 { calmDown(after: connection.ended()) }
            for (job, outcome) in zip(jobs, outcomes) {
                switch outcome {
                case .done: job.end(connection.isNotDurable ? PostgresError(.outcomeUnknown, "not on a replica") : nil)
                case .failed(let error):
                    if (error as? PostgresError)?.isStalePlan ?? false, job.mayRepeat() {
                        queue.putBack([job])
                    } else {
                        job.end(error)
                    }
                // It stood behind an error of a neighbour; alone it gets its own answer.
                case .notRun: runShared([job])
                }
            }
            connection.isNotDurable = false
        } catch {
            _ = connection.ended()
            connection.close()
            for job in jobs {
                if job.isWriting, (error as? PostgresError)?.code != .invalidText {
                    job.end((error as? PostgresError)?.recoded(.outcomeUnknown) ?? error)
                } else if (error as? PostgresError)?.code != .statementTimeout, job.mayRepeat() {
                    // What ran into its limit would only do so again, and the caller has waited long enough.
                    queue.putBack([job])
                } else {
                    job.end(error)
                }
            }
        }
        settle()
    }

    /// A cancel that arrived as its statement ended could hit the next one; a statement that asks for nothing takes it.
    private func calmDown(after cancelWasSent: Bool) {
        guard cancelWasSent, connection.isOpen else { return }
        for _ in 0..<2 { try? connection.simple("SELECT") }
    }

    /// A connection in a state that the next job must not inherit is given up.
    private func settle() {
        guard let handle = connection.handle else { return }
        if PQstatus(handle) == CONNECTION_BAD || PQpipelineStatus(handle) != PQ_PIPELINE_OFF
            || PQtransactionStatus(handle) != PQTRANS_IDLE
        {
            connection.close()
        }
    }
}
