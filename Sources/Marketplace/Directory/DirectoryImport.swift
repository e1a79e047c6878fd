import Foundation
import Postgres

extension Directory {
    /// Imports a catalogue: it is staged batch by batch, then compared and landed in one transaction. Good entries land,
    /// bad ones are reported, entries that the file lacks are withdrawn. An import that was interrupted goes on when the
    /// same file comes again. A dry run does the same and takes it back.
    /// - Parameter onProgress: is told after every batch.
    /// - Throws: `DirectoryError.unreadable` when the file as a whole cannot be read; nothing is changed then.
    public func importCatalogue(
        _ request: ImportRequest, by administration: UUID, now: Date,
        onProgress: @Sendable (ImportProgress) -> Void = { _ in }
    ) async throws -> ImportReport {
        let content = request.content
        let digest: [UInt8]
        do { digest = try await onOwnThread { try content.digest() } } catch let unreadable as CatalogueUnreadable {
            throw DirectoryError.unreadable(unreadable)
        }
        return try await store.database.withConnection(lane: .report) { connection in
            // Landing a large catalogue takes longer than a statement of a request may.
            try await connection.withStatementLimit(.seconds(3600)) {
                try await claim(request.source, on: connection)
                let report: ImportReport
                do {
                    let run = ImportRun(
                        directory: self, request: request, digest: digest, administration: administration,
                        connection: connection, now: now)
                    report = try await run.finish(onProgress)
                } catch {
                    await release(request.source, on: connection)
                    throw error
                }
                await release(request.source, on: connection)
                return report
            }
        }
    }

    /// Ends dry runs that were killed, and takes back the sources that they opened.
    /// - Returns: how many there were.
    public func endDryRuns(now: Date) async throws -> Int {
        let why = "The import of this file broke off; try it again."
        return try await store.database.withConnection(lane: .report) { connection in
            let sources = try await connection.transact { transaction in
                try await transaction.all(store.statements["directory/end_dry_runs"], why, now) {
                    try $0.next(String.self)
                }
            }
            for source in sources { try await deleteUnusedSource(source, on: connection) }
            return sources.count
        }
    }

    /// Takes back a source that a dry run opened.
    func deleteUnusedSource(_ code: String, on connection: Transaction) async throws {
        do {
            try await connection.execute(store.statements["directory/delete_unused_source"], code)
        } catch let error as PostgresError where error.isForeignKeyViolation {
            // Somebody began to use it at this very moment, so it stays.
        }
    }

    /// One import of a source at a time, also among several servers; the claim ends with the connection.
    private func claim(_ source: String, on connection: Transaction) async throws {
        for _ in 0..<600 {
            let isMine = try await connection.first(store.statements["directory/claim_source"], source) {
                try $0.next(Bool.self)
            }
            if isMine == true { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw DirectoryError.importRunning(source)
    }

    /// In a task of its own: the caller's may be cancelled. A connection that is lost has no claim any more.
    private func release(_ source: String, on connection: Transaction) async {
        let statement = store.statements["directory/release_source"]
        await Task { _ = try? await connection.first(statement, source) { try $0.next(Bool.self) } }.value
    }
}

struct ImportPlan: Sendable {
    let added: Int
    let changed: Int
    let unchanged: Int
    let withdrawn: Int
    let inForce: Int

    var changesNothing: Bool { added + changed + withdrawn == 0 }

    /// Whether no more would vanish than a share of what is in force. A small source may rightly lose one of three; but not its
    /// last one, and none where the share is 0.
    func isWithin(share: Double) -> Bool {
        Double(withdrawn) <= share * Double(inForce) || (share > 0 && withdrawn == 1 && inForce > 1)
    }
}
