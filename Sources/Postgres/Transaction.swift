import CPostgres
import Foundation
import Synchronization

/// A connection that is leased: statements run on it one after the other, in a transaction unless it was leased without.
public struct Transaction: Sendable {
    let lease: Lease

    public func first<T: Sendable>(
        _ statement: Statement, _ parameters: (any PostgresParameter)?...,
        as decode: @Sendable @escaping (inout Row) throws -> T
    ) async throws -> T? {
        try await run(statement, parameters) { result in
            guard PQntuples(result) > 0 else { return nil }
            var row = Row(result: result, row: 0)
            return try decode(&row)
        }
    }

    public func all<T: Sendable>(
        _ statement: Statement, _ parameters: (any PostgresParameter)?...,
        as decode: @Sendable @escaping (inout Row) throws -> T
    ) async throws -> [T] {
        try await all(statement, values: parameters, as: decode)
    }

    public func all<T: Sendable>(
        _ statement: Statement, values: [(any PostgresParameter)?],
        as decode: @Sendable @escaping (inout Row) throws -> T
    ) async throws -> [T] {
        try await run(statement, values) { result in
            try (0..<PQntuples(result)).map {
                var row = Row(result: result, row: $0)
                return try decode(&row)
            }
        }
    }

    @discardableResult
    public func execute(_ statement: Statement, _ parameters: (any PostgresParameter)?...) async throws -> Int {
        try await run(statement, parameters) { Int(String(cString: PQcmdTuples($0))) ?? 0 }
    }

    public func script(_ sql: String) async throws {
        try await lease.perform { try $0.simple(sql) }
    }

    /// Several statements sent with one Sync; rows affected by each. The first error counts.
    public func pipeline(_ work: [(Statement, [(any PostgresParameter)?])]) async throws -> [Int] {
        let work = work.map { ($0.0, $0.1.map { $0?.postgres ?? ParameterValue.null }) }
        return try await lease.perform { connection in
            var counts = [Int](repeating: 0, count: work.count)
            let outcomes = try withUnsafeMutablePointer(to: &counts) { counts in
                try connection.batch(
                    work.enumerated().map { index, statement in
                        Connection.BatchItem(statement: statement.0, values: statement.1) {
                            counts.pointee[index] = Int(String(cString: PQcmdTuples($0))) ?? 0
                        }
                    })
            }
            for case .failed(let error) in outcomes { throw error }
            return counts
        }
    }

    /// COPY … FROM STDIN; the next piece is asked for when the one before is on its way. - Returns: rows.
    public func copyIn<S: AsyncSequence & Sendable>(
        _ statement: Statement, from chunks: S
    ) async throws -> Int where S.Element == [UInt8] {
        try await lease.perform { try $0.startCopy(statement, expecting: PGRES_COPY_IN) }
        do {
            for try await chunk in chunks { try await lease.perform { try $0.putCopy(chunk) } }
        } catch {
            _ = try? await lease.perform { try $0.endCopy(failure: "given up by the sender", of: statement) }
            throw error
        }
        return try await lease.perform { try $0.endCopy(failure: nil, of: statement) }
    }

    private func run<T: Sendable>(
        _ statement: Statement, _ parameters: [(any PostgresParameter)?],
        _ read: @Sendable @escaping (OpaquePointer) throws -> T
    ) async throws -> T {
        let values = parameters.map { $0?.postgres ?? .null }
        return try await lease.perform { connection in
            var value: T?
            let outcome = try connection.batch([.init(statement: statement, values: values) { value = try read($0) }])[
                0]
            if case .failed(let error) = outcome { throw error }
            guard let value else { throw PostgresError(.decoding, "no result", statement: statement.name) }
            return value
        }
    }
}

extension Transaction {
    /// A transaction on a connection that was leased without one; nothing is tried again.
    public func transact<T: Sendable>(
        _ isolation: Isolation = .readCommitted, _ body: @Sendable (Transaction) async throws -> T
    ) async throws -> T {
        try await script(isolation.begin)
        let value: T
        do {
            value = try await body(self)
            try Task.checkCancellation()
        } catch {
            // In a task of its own: the caller's may be cancelled, and the connection must not keep the transaction.
            await Task { try? await script("ROLLBACK") }.value
            throw error
        }
        let tag = try await Task {
            do { return try await lease.perform { try $0.commit() } } catch let error as PostgresError
                where error.code != .server
            { throw error.recoded(.outcomeUnknown) }
        }.value
        guard tag == "COMMIT" else { throw PostgresError(.rolledBack, "COMMIT answered \(tag)") }
        return value
    }

    /// Statements may take longer, or less long, than the configuration says, until the work ends.
    public func withStatementLimit<T: Sendable>(
        _ limit: Duration, _ work: @Sendable () async throws -> T
    ) async throws -> T {
        try await lease.perform { try $0.limitStatements(to: limit) }
        let result: Result<T, any Error>
        do { result = .success(try await work()) } catch { result = .failure(error) }
        // In a task of its own: the caller's may be cancelled. A connection that is lost begins with the usual limit.
        await Task { _ = try? await lease.perform { try $0.limitStatements(to: nil) } }.value
        return try result.get()
    }
}

/// A connection that serves one caller until it is given back.
final class Lease: Sendable {
    private struct State {
        var work: [@Sendable (Connection) -> Void] = []
        var isOver = false
        var connection: Connection?
        var running: Job?
    }
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// Serves on the connection's own thread until `end`.
    func serve(on connection: Connection) {
        while true {
            wake.wait()
            let next: (@Sendable (Connection) -> Void)? = state.withLock { state in
                state.work.isEmpty ? nil : state.work.removeFirst()
            }
            guard let next else { return }
            next(connection)
        }
    }

    func end() {
        state.withLock { $0.isOver = true }
        wake.signal()
    }

    func perform<T: Sendable>(_ work: @Sendable @escaping (Connection) throws -> T) async throws -> T {
        let shared = Shared(Mutex<T?>(nil))
        let current = Shared(Mutex<Job?>(nil))
        try await withTaskCancellationHandler {
            try Task.checkCancellation()
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let job = Job(.exclusive { _ in }, deadline: .max) { error in
                    if let error { continuation.resume(throwing: error) } else { continuation.resume() }
                }
                current.box.withLock { $0 = job }
                let isOver = state.withLock { state in
                    guard !state.isOver else { return true }
                    state.work.append { connection in
                        guard job.begin(on: connection) else { return }
                        guard connection.isOpen else {
                            return job.end(PostgresError(.connection, "the connection was lost"))
                        }
                        connection.began(job)
                        do {
                            let value = try work(connection)
                            shared.box.withLock { $0 = value }
                            if connection.ended() { for _ in 0..<2 { try? connection.simple("SELECT") } }
                            job.end(nil)
                        } catch {
                            if connection.ended() { for _ in 0..<2 { try? connection.simple("SELECT") } }
                            if let handle = connection.handle, PQstatus(handle) == CONNECTION_BAD { connection.close() }
                            job.end(error)
                        }
                    }
                    return false
                }
                if isOver { job.end(PostgresError(.closed, "the transaction is over")) } else { wake.signal() }
                if Task.isCancelled { job.cancel() }
            }
        } onCancel: {
            current.box.withLock { $0 }?.cancel()
        }
        guard let value = shared.box.withLock({ $0 }) else { throw PostgresError(.cancelled, "the work was given up") }
        return value
    }
}

extension Database {
    /// A connection of one's own, without BEGIN: for advisory locks and CREATE DATABASE.
    public func withConnection<T: Sendable>(
        lane: Lane = .general, _ body: @Sendable (Transaction) async throws -> T
    ) async throws -> T {
        let lease = Lease()
        let (leased, ready) = AsyncThrowingStream<Void, any Error>.makeStream()
        // Not a child task: the connection's thread serves until the lease ends, whatever becomes of this task.
        let serving = Task {
            do {
                try await submit(to: lane, isWriting: false) { connection in
                    ready.yield()
                    lease.serve(on: connection)
                }
                ready.finish()
            } catch {
                ready.finish(throwing: error)
            }
        }
        do {
            var isLeased = false
            for try await _ in leased {
                isLeased = true
                break
            }
            guard isLeased else {
                serving.cancel()
                throw CancellationError()
            }
            let value = try await body(Transaction(lease: lease))
            lease.end()
            await serving.value
            return value
        } catch {
            lease.end()
            await serving.value
            throw error
        }
    }

    /// One operation, one transaction: success only if the server says COMMIT. Serialization failures, deadlocks and a
    /// connection that was lost before COMMIT was sent run the whole body again.
    public func withTransaction<T: Sendable>(
        _ isolation: Isolation = .readCommitted, retries: Int = 3, lane: Lane = .general,
        _ body: @Sendable (Transaction) async throws -> T
    ) async throws -> T {
        var attempt = 0
        while true {
            do {
                return try await withConnection(lane: lane) { try await $0.transact(isolation, body) }
            } catch let error as PostgresError where error.isWorthRepeating && attempt < retries {
                attempt += 1
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...(10 << attempt))))
            }
        }
    }
}

extension Connection {
    /// COMMIT of a failed transaction answers ROLLBACK and no error, so the tag is what counts.
    func commit() throws -> String {
        let deadline = statementDeadline
        guard let handle, PQsendQuery(handle, "COMMIT") == 1 else { throw lost() }
        try flush(until: deadline)
        var tag = ""
        var failure: PostgresError?
        while let result = try nextResult(until: deadline) {
            defer { clear(result) }
            if PQresultStatus(result) == PGRES_COMMAND_OK {
                tag = String(cString: PQcmdStatus(result))
            } else {
                failure = PostgresError(result: result, statement: "COMMIT")
            }
        }
        if let failure { throw failure }
        if isNotDurable {
            isNotDurable = false
            throw PostgresError(.outcomeUnknown, "the commit is not known to be on a replica")
        }
        return tag
    }
}
