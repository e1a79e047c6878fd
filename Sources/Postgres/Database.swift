import CPostgres
import Foundation
import Logging
import Synchronization

/// PostgreSQL through lanes of connections, each with a thread of its own. Callers wait without blocking a thread.
public final class Database: Sendable {
    public let url: String
    let configuration: PostgresConfiguration
    let counters = Counters()
    let logger: Logger
    private let queues: [Lane: JobQueue]
    private let threads: [ConnectionThread]
    private let started = Atomic<Bool>(false)

    /// Connects when the first statement comes; does not throw.
    public init(_ configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        url = configuration.url
        let lanes: [(Lane, Int)] = [
            (.read, configuration.readLaneConnections), (.general, configuration.connections),
            (.search, configuration.searchConnections), (.report, configuration.reportConnections),
        ]
        let queues = Dictionary(uniqueKeysWithValues: lanes.map { ($0.0, JobQueue(limit: configuration.queueLimit)) })
        self.queues = queues
        let counters = counters
        threads = lanes.flatMap { lane, count in
            (0..<count).compactMap { _ in
                queues[lane].map {
                    ConnectionThread(
                        lane: lane, queue: $0, configuration: configuration, counters: counters, logger: logger)
                }
            }
        }
    }

    /// The first row, or nil. - Throws: `PostgresError`, or what the closure throws.
    public func first<T: Sendable>(
        _ statement: Statement, _ parameters: (any PostgresParameter)?..., lane: Lane = .general,
        as decode: @Sendable @escaping (inout Row) throws -> T
    ) async throws -> T? {
        try await first(statement, values: parameters, lane: lane, as: decode)
    }

    public func first<T: Sendable>(
        _ statement: Statement, values: [(any PostgresParameter)?], lane: Lane = .general,
        as decode: @Sendable @escaping (inout Row) throws -> T
    ) async throws -> T? {
        try await run(statement, values, lane) { result in
            guard PQntuples(result) > 0 else { return nil }
            var row = Row(result: result, row: 0)
            return try decode(&row)
        }
    }

    /// Every row.
    public func all<T: Sendable>(
        _ statement: Statement, _ parameters: (any PostgresParameter)?..., lane: Lane = .general,
        as decode: @Sendable @escaping (inout Row) throws -> T
    ) async throws -> [T] {
        try await all(statement, values: parameters, lane: lane, as: decode)
    }

    public func all<T: Sendable>(
        _ statement: Statement, values: [(any PostgresParameter)?], lane: Lane = .general,
        as decode: @Sendable @escaping (inout Row) throws -> T
    ) async throws -> [T] {
        try await run(statement, values, lane) { result in
            try (0..<PQntuples(result)).map {
                var row = Row(result: result, row: $0)
                return try decode(&row)
            }
        }
    }

    /// How many rows were affected.
    @discardableResult
    public func execute(
        _ statement: Statement, _ parameters: (any PostgresParameter)?..., lane: Lane = .general
    ) async throws -> Int {
        try await run(statement, parameters, lane) { Int(String(cString: PQcmdTuples($0))) ?? 0 }
    }

    /// Several statements in one text, without parameters; they are one transaction.
    public func script(_ sql: String) async throws {
        try await submit(to: .general, isWriting: true) { try $0.simple(sql) }
    }

    /// A real round trip, given up after two seconds.
    public func isReachable() async -> Bool {
        let probe = Statement(name: "postgres/probe", text: "SELECT 1")
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await self.first(probe, lane: .read) { try $0.next(Int.self) }) == 1 }
            group.addTask {
                try? await Task.sleep(for: .seconds(2))
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    public var statistics: DatabaseStatistics {
        DatabaseStatistics(
            openConnections: counters.openConnections.value, liveResults: counters.liveResults.value,
            queued: queues.values.reduce(0) { $0 + $1.count }, running: counters.running.value,
            served: counters.served.value)
    }

    /// Answers what waits with `closed`, gives what runs three seconds, and closes every connection.
    public func close() async {
        for queue in queues.values {
            for job in queue.close() { job.end(PostgresError(.closed, "the database was closed")) }
        }
        for round in 0..<1000 where counters.threads.value > 0 {
            if round == 300 { counters.isAborting.store(true, ordering: .relaxed) }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    // MARK: Jobs

    private func run<T: Sendable>(
        _ statement: Statement, _ parameters: [(any PostgresParameter)?], _ lane: Lane,
        _ read: @Sendable @escaping (OpaquePointer) throws -> T
    ) async throws -> T {
        let values = parameters.map { $0?.postgres ?? .null }
        let box = Mutex<T?>(nil)
        let shared = Shared(box)
        try await submit(
            to: lane, isWriting: !statement.looksReadOnly,
            .statement(statement, values) { result in
                let value = try read(result)
                shared.box.withLock { $0 = value }
            })
        guard let value = shared.box.withLock({ $0 }) else {
            throw PostgresError(.decoding, "the statement gave no result", statement: statement.name)
        }
        return value
    }

    func submit<T: Sendable>(
        to lane: Lane, isWriting: Bool, _ work: @Sendable @escaping (Connection) throws -> T
    ) async throws -> T {
        let shared = Shared(Mutex<T?>(nil))
        try await submit(
            to: lane, isWriting: isWriting,
            .exclusive { connection in
                let value = try work(connection)
                shared.box.withLock { $0 = value }
            })
        guard let value = shared.box.withLock({ $0 }) else { throw PostgresError(.cancelled, "the work was given up") }
        return value
    }

    private func submit(to lane: Lane, isWriting: Bool, _ work: Job.Work) async throws {
        guard let queue = queues[lane] else { return }
        startThreads()
        let pending = Mutex<Job?>(nil)
        let shared = Shared(pending)
        let deadline = Monotonic.now() + configuration.acquireTimeout.nanoseconds
        try await withTaskCancellationHandler {
            try Task.checkCancellation()
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let job = Job(work, deadline: deadline, isWriting: isWriting) { error in
                    if let error { continuation.resume(throwing: error) } else { continuation.resume() }
                }
                shared.box.withLock { $0 = job }
                queue.add(job)
                if Task.isCancelled { job.cancel() }
            }
        } onCancel: {
            shared.box.withLock { $0 }?.cancel()
        }
    }

    private func startThreads() {
        guard !started.load(ordering: .relaxed), !started.exchange(true, ordering: .relaxed) else { return }
        for thread in threads { thread.start() }
        // Jobs that wait too long are answered by a thread of their own: all connections may be busy.
        let queues = Array(queues.values)
        Thread.detachNewThread {
            while !queues.allSatisfy(\.isClosed) {
                usleep(50_000)
                for queue in queues {
                    for job in queue.removeExpired(now: Monotonic.now()) {
                        job.end(PostgresError(.acquireTimeout, "no connection became free"))
                    }
                }
            }
        }
    }
}

/// Lets closures on several threads reach one locked value.
final class Shared<Value: Sendable>: Sendable {
    let box: Mutex<Value>
    init(_ box: consuming sending Mutex<Value>) { self.box = box }
}
