import CPostgres
import Foundation

extension Connection {
    /// Several statements in one text, by the simple protocol; the first error counts.
    func simple(_ sql: String, until deadline: Int64? = nil) throws {
        let deadline = deadline ?? statementDeadline
        guard let handle, PQsendQuery(handle, sql) == 1 else { throw lost() }
        try flush(until: deadline)
        var failure: PostgresError?
        while let result = try nextResult(until: deadline) {
            defer { clear(result) }
            let status = PQresultStatus(result)
            if status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE {
                failure = failure ?? PostgresError(result: result, statement: nil)
            }
        }
        if let failure { throw failure }
    }

    /// Sends statements with one Sync. What must be prepared first is waited for.
    func send(_ jobs: [BatchItem]) throws -> SentBatch {
        var outcomes = [Outcome?](repeating: nil, count: jobs.count)
        try prepare(jobs.map(\.statement), into: &outcomes)
        guard let handle, PQenterPipelineMode(handle) == 1 else { throw lost() }
        var batch = SentBatch(jobs: jobs, outcomes: outcomes, deadline: statementDeadline)
        for (index, job) in jobs.enumerated() where outcomes[index] == nil {
            guard let plan = prepared[job.statement] else { continue }
            do { try parameters.fill(job.values, types: plan.types, of: job.statement) } catch {
                batch.outcomes[index] = .failed(error)
                continue
            }
            let accepted = parameters.withPointers { count, values, lengths, formats in
                PQsendQueryPrepared(handle, job.statement.preparedName, count, values, lengths, formats, plan.format)
            }
            guard accepted == 1 else { throw lost() }
            batch.sent.append(index)
        }
        // It sends as much as the socket takes.
        guard PQpipelineSync(handle) == 1 else { throw lost() }
        return batch
    }

    /// Reads the results of what was sent. What stands behind an error was not run.
    /// - Returns: for each job nil when it is done, or its error; `notRun` for those behind an error.
    func receive(_ batch: SentBatch) throws -> [Outcome] {
        let (jobs, deadline) = (batch.jobs, batch.deadline)
        var outcomes = batch.outcomes
        try flush(until: deadline)
        for index in batch.sent {
            while let result = try nextResult(until: deadline) {
                defer { clear(result) }
                switch PQresultStatus(result) {
                case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                    do {
                        try jobs[index].read(result)
                        outcomes[index] = .done
                    } catch { outcomes[index] = .failed(error) }
                case PGRES_PIPELINE_ABORTED: outcomes[index] = .notRun
                default:
                    let error = PostgresError(result: result, statement: jobs[index].statement.name)
                    if error.isStalePlan { prepared[jobs[index].statement] = nil }
                    outcomes[index] = .failed(error)
                }
            }
        }
        try readSync(until: deadline)
        guard let handle, PQexitPipelineMode(handle) == 1 else { throw lost() }
        return outcomes.map { $0 ?? .notRun }
    }

    func batch(_ jobs: [BatchItem]) throws -> [Outcome] { try receive(send(jobs)) }

    /// Statements that are on their way.
    struct SentBatch {
        let jobs: [BatchItem]
        /// Of those that were not sent.
        var outcomes: [Outcome?]
        /// Places of those that were.
        var sent: [Int] = []
        let deadline: Int64
    }

    /// A statement with its values, and what reads its result.
    struct BatchItem {
        let statement: Statement
        let values: [ParameterValue]
        let read: (OpaquePointer) throws -> Void
    }

    enum Outcome {
        case done, notRun
        case failed(any Error)
    }

    /// The Sync's own answer comes after all results, and has no end mark behind it.
    private func readSync(until deadline: Int64) throws {
        guard let result = try nextResult(until: deadline) else { throw lost() }
        defer { clear(result) }
        guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else { throw lost() }
    }

    /// Prepares and describes the statements that this connection does not know yet.
    private func prepare(_ statements: [Statement], into outcomes: inout [Outcome?]) throws {
        var failures: [Statement: PostgresError] = [:]
        for (index, statement) in statements.enumerated() where prepared[statement] == nil {
            if failures[statement] == nil {
                do { prepared[statement] = try prepare(statement) } catch {
                    guard error.code != .connection, error.code != .statementTimeout else { throw error }
                    failures[statement] = error
                }
            }
            if let failure = failures[statement] { outcomes[index] = .failed(failure) }
        }
    }

    private func prepare(_ statement: Statement) throws(PostgresError) -> Prepared {
        do {
            guard let handle, PQenterPipelineMode(handle) == 1 else { throw lost() }
            let deadline = statementDeadline
            guard PQsendPrepare(handle, statement.preparedName, statement.text, 0, nil) == 1,
                PQsendDescribePrepared(handle, statement.preparedName) == 1, PQpipelineSync(handle) == 1
            else { throw lost() }
            try flush(until: deadline)
            var failure: PostgresError?
            var plan: Prepared?
            for _ in 0..<2 {
                while let result = try nextResult(until: deadline) {
                    defer { clear(result) }
                    switch PQresultStatus(result) {
                    case PGRES_COMMAND_OK:
                        let types = (0..<PQnparams(result)).map { PQparamtype(result, $0) }
                        let columns = (0..<PQnfields(result)).map { PQftype(result, $0) }
                        plan = Prepared(types: types, format: columns.allSatisfy(OID.isBinary) ? 1 : 0)
                    case PGRES_PIPELINE_ABORTED: break
                    default: failure = failure ?? PostgresError(result: result, statement: statement.name)
                    }
                }
            }
            try readSync(until: deadline)
            guard PQexitPipelineMode(handle) == 1 else { throw lost() }
            if let failure { throw failure }
            guard let plan else { throw lost() }
            return plan
        } catch let error as PostgresError {
            throw error
        } catch {
            throw PostgresError(.connection, "\(error)")
        }
    }

    /// Starts a COPY and answers nothing until it is ready to take or give data.
    func startCopy(_ statement: Statement, expecting status: ExecStatusType) throws {
        isCopyingOut = status == PGRES_COPY_OUT
        let deadline = statementDeadline
        guard let handle, PQsendQuery(handle, statement.text) == 1 else { throw lost() }
        try flush(until: deadline)
        guard let result = try nextResult(until: deadline) else { throw lost() }
        defer { clear(result) }
        guard PQresultStatus(result) == status else {
            let error = PostgresError(result: result, statement: statement.name)
            while let rest = try nextResult(until: deadline) { clear(rest) }
            throw error
        }
    }

    func putCopy(_ bytes: [UInt8]) throws {
        guard let handle else { throw PostgresError(.connection, "the connection is closed") }
        let deadline = statementDeadline
        while true {
            let status = bytes.withUnsafeBytes { raw in
                PQputCopyData(handle, raw.bindMemory(to: CChar.self).baseAddress, Int32(raw.count))
            }
            if status == 1 { return try flush(until: deadline) }
            guard status == 0 else { throw lost() }
            try flush(until: deadline)
        }
    }

    /// - Parameter failure: why the COPY is given up; nil to finish it. - Returns: rows.
    func endCopy(failure: String?, of statement: Statement) throws -> Int {
        guard let handle else { throw PostgresError(.connection, "the connection is closed") }
        // Sorting out a large COPY's indexes takes longer than a statement of a request.
        let deadline = statementDeadline
        while true {
            let status = PQputCopyEnd(handle, failure)
            if status == 1 { break }
            guard status == 0 else { throw lost() }
            try flush(until: deadline)
        }
        try flush(until: deadline)
        return try copyResult(of: statement, until: deadline)
    }

    func copyResult(of statement: Statement, until deadline: Int64) throws -> Int {
        var rows = 0
        var failure: PostgresError?
        while let result = try nextResult(until: deadline) {
            defer { clear(result) }
            if PQresultStatus(result) == PGRES_COMMAND_OK {
                rows = Int(String(cString: PQcmdTuples(result))) ?? 0
            } else {
                failure = failure ?? PostgresError(result: result, statement: statement.name)
            }
        }
        if let failure { throw failure }
        return rows
    }

    /// The next piece of a COPY out; nil at its end.
    func nextCopyPiece() throws -> [UInt8]? {
        guard let handle else { throw PostgresError(.connection, "the connection is closed") }
        let deadline = statementDeadline
        var piece: [UInt8] = []
        guard isCopyingOut else { return nil }
        while piece.count < 64 * 1024 {
            var buffer: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(handle, &buffer, 1)
            if length > 0, let buffer {
                piece += UnsafeRawBufferPointer(start: buffer, count: Int(length))
                PQfreemem(buffer)
            } else if length == 0 {
                if !piece.isEmpty { return piece }
                guard Monotonic.now() < deadline else { throw lost() }
                if waker.wait(socket: socket, events: Int16(POLLIN), until: deadline), PQconsumeInput(handle) == 0 {
                    throw lost()
                }
            } else {
                guard length == -1 else { throw lost() }
                isCopyingOut = false
                return piece.isEmpty ? nil : piece
            }
        }
        return piece
    }
}
