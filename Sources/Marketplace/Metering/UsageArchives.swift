import Foundation
import Postgres

/// Takes months of usage that are older than their retention out of the database, each into a file of Parquet.
public struct UsageArchives: Sendable {
    let store: Store
    let files: ContentFiles
    let engine: TableEngine

    /// A month whose retention is over.
    public struct Month: Sendable, Equatable {
        public enum Outcome: Sendable, Equatable {
            case archived(rows: Int)
            /// It held nothing, and is gone without a file.
            case empty
            /// Bills of its usage are still to be made.
            case unbilled
            /// It was in use all the time, or went on growing: nothing was changed.
            case busy
            /// Why; nothing was changed.
            case failed(String)
        }

        /// Such as `2023-01`, of UTC.
        public let name: String
        public let outcome: Outcome
    }

    /// Copying a large month out takes longer than other statements.
    private static let limit = Duration.seconds(3600)
    private static let tries = 3
    /// A month goes when nobody reads or counts usage; who wants to meanwhile waits behind this.
    private static let lockLimit = "SET LOCAL lock_timeout = '2s'"
    private static let lockRefused: Set = ["55P03", "40P01"]

    /// Archives what is old enough, oldest first. What stops it loses nothing: the next time goes on.
    /// - Returns: every month that is, and what became of it; nil when somebody else archives or recounts usage.
    public func archive(now: Date) async throws -> [Month]? {
        try await store.database.withConnection { connection in
            try await connection.aloneWithUsage(waitingAtMost: nil, store) {
                try await connection.withStatementLimit(Self.limit) {
                    try await archiveAll(on: connection, now: now)
                }
            }
        }
    }

    private func archiveAll(on connection: Transaction, now: Date) async throws -> [Month] {
        let names = try await connection.all(store.statements["metering/list_old_months"], now) {
            try $0.next(String.self)
        }
        var months: [Month] = []
        for name in names {
            var outcome = Month.Outcome.busy
            do {
                outcome = try await archive(name, on: connection, now: now)
            } catch  where !Task.isCancelled {
                // The others need not wait for what is wrong with one.
                outcome = .failed("\(error)")
            }
            months.append(Month(name: String(name.prefix(7)), outcome: outcome))
        }
        return months
    }

    private func archive(_ month: String, on connection: Transaction, now: Date) async throws -> Month.Outcome {
        for _ in 0..<Self.tries {
            let isUnbilled = try await connection.first(store.statements["metering/has_unbilled_usage"], month, now) {
                try $0.next(Bool.self)
            }
            guard isUnbilled != true else { return .unbilled }
            do {
                let rows = try await move(month, on: connection, now: now)
                return rows == 0 ? .empty : .archived(rows: rows)
            } catch is MonthGrew {
                continue
            } catch let error as PostgresError where Self.lockRefused.contains(error.sqlState ?? "") {
                return .busy
            }
        }
        return .busy
    }

    /// - Returns: how many rows it had.
    private func move(_ month: String, on connection: Transaction, now: Date) async throws -> Int {
        let work = try files.workFolder()
        defer { try? FileManager.default.removeItem(at: work) }
        let rows = work.appendingPathComponent("rows.csv")
        let count = try await copy(month, to: rows, on: connection)
        let file = count == 0 ? nil : try await write(rows, in: work)
        return try await connection.transact { transaction in
            try await transaction.script(Self.lockLimit)
            if let file {
                try await transaction.execute(
                    store.statements["catalog/insert_content"], file.sha256, file.sm3, file.bytes, now)
                try await transaction.execute(
                    store.statements["metering/insert_archive"], month, file.sha256, count)
            }
            let isGone = try await transaction.first(store.statements["metering/drop_month"], month, count) {
                try $0.next(Bool.self)
            }
            guard isGone == true else { throw MonthGrew() }
            return count
        }
    }

    private func copy(_ month: String, to file: URL, on connection: Transaction) async throws -> Int {
        guard FileManager.default.createFile(atPath: file.path, contents: nil) else { throw FileFault(file.path) }
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        return try await connection.transact { transaction in
            // A COPY takes no parameters.
            try await transaction.script("SET LOCAL datamarket.month = '\(month)'")
            return try await transaction.copyOut(store.statements["metering/copy_month"]) { piece in
                try await onDisk { try handle.write(contentsOf: Data(piece)) }
            }
        }
    }

    /// The rows as Parquet, kept: on disk, and such that a recall of it gives the same bytes again.
    private func write(_ rows: URL, in work: URL) async throws -> ContentFiles.Identity {
        let (output, again) = (work.appendingPathComponent("rows.parquet"), work.appendingPathComponent("again.csv"))
        let answer = try await engine.run(
            .object([
                "job": .text("archive"), "rows": .text(rows.path), "output": .text(output.path),
                "again": .text(again.path),
            ]), within: Self.limit)
        return try await onDisk {
            guard try ContentFiles.identity(of: rows).sha256.hexadecimal == answer["sha256"]?.text else {
                throw TableEngineError.failed("an archive that does not hold what it was made of")
            }
            let identity = try ContentFiles.identity(of: output)
            try files.keep(output, as: identity.sha256)
            return identity
        }
    }
}

/// Rows came into a month after it was copied: it is copied again.
private struct MonthGrew: Error {}
