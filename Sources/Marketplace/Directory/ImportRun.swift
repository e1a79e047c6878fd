import Foundation
import Postgres

/// One import on a connection of its own, from the first byte to the report.
struct ImportRun: Sendable {
    let directory: Directory
    let request: ImportRequest
    let digest: [UInt8]
    let administration: UUID
    let connection: Transaction
    let now: Date

    private enum Opening { case known(ImportReport), reading(ImportProgress) }

    private func statement(_ name: String) -> Statement { directory.store.statements[name] }

    func finish(_ onProgress: @Sendable (ImportProgress) -> Void) async throws -> ImportReport {
        let progress: ImportProgress
        let opening: Opening = try await connection.transact { try await open(in: $0) }
        switch opening {
        case .known(let report): return report
        case .reading(let begun): progress = begun
        }
        onProgress(progress)
        do {
            let read = try await stage(from: progress, onProgress)
            return try await land(read)
        } catch let unreadable as CatalogueUnreadable {
            try await giveUp(progress.id, why: unreadable.message)
            throw DirectoryError.unreadable(unreadable)
        } catch let refusal as DirectoryError {
            try await giveUp(progress.id, why: refusal.message)
            throw refusal
        }
    }

    // MARK: Beginning

    private func open(in transaction: Transaction) async throws -> Opening {
        let source = try await lockSource(in: transaction)
        if !request.rereads, let known = try await sameImport(of: source.id, in: transaction) { return .known(known) }
        let begun = try await transaction.first(
            statement("directory/resume_import"), source.id, digest, CatalogueReader.version, request.dryRun
        ) { row in
            ImportProgress(
                id: try row.next(UUID.self), position: try row.next(Int.self), problems: try row.next(Int.self),
                nodes: try row.next(Int.self), nodesComplete: try row.next(Bool.self),
                nodePlace: try row.next(Int.self))
        }
        if let begun { return .reading(begun) }
        try await transaction.execute(statement("directory/give_up_imports"), source.id, now)
        let id = UUID.version7(at: now)
        try await transaction.execute(
            statement("directory/insert_import"), id, source.id, administration, request.fileName,
            request.format?.rawValue ?? "unknown", digest, CatalogueReader.version, request.dryRun, now)
        return .reading(ImportProgress(id: id))
    }

    private func lockSource(in transaction: Transaction) async throws -> (id: UUID, time: Date) {
        let now = now
        let source = try await transaction.first(
            statement("directory/lock_source"), UUID(), request.source, request.dryRun ? "" : request.sourceTitle, now
        ) { row in
            let (id, _) = (try row.next(UUID.self), try row.next(String.self))
            return (id: id, time: try row.next(Date?.self) ?? now)
        }
        guard let source else { throw RowMissing(statement: "directory/lock_source") }
        return source
    }

    /// The report on a file that is, byte for byte, the one that gave the source its present state.
    private func sameImport(of source: UUID, in transaction: Transaction) async throws -> ImportReport? {
        let found = try await transaction.first(
            statement("directory/find_same_import"), source, digest, CatalogueReader.version
        ) { (id: try $0.next(UUID.self), format: try $0.next(String.self), entries: try $0.next(Int.self)) }
        guard let found else { return nil }
        let plan = ImportPlan(added: 0, changed: 0, unchanged: found.entries, withdrawn: 0, inForce: found.entries)
        var report = try await report(on: found.id, format: found.format, plan: plan, in: transaction)
        report.id = nil
        return report
    }

    // MARK: Staging

    private func stage(
        from progress: ImportProgress, _ onProgress: @Sendable (ImportProgress) -> Void
    ) async throws -> ImportProgress {
        var progress = progress
        if !progress.nodesComplete {
            let reading = ImportReading(request, from: progress, Courtesy(to: directory.store.database))
            for try await batch in reading.batches {
                try await store(batch)
                reading.stored()
                progress = batch.progress
                onProgress(progress)
            }
        }
        guard progress.nodesComplete else { return progress }
        // Without it the planner takes the table for small and compares every node with every other.
        try await connection.script("ANALYZE directory_import_node")
        let nodes = ImportNodes(statement: statement("directory/next_import_nodes"), connection: connection)
        return try await nodes.forEachBatch(after: progress) { batch in
            try await store(batch)
            onProgress(batch.progress)
        }
    }

    private func store(_ batch: ImportBatch) async throws {
        var courtesy = Courtesy(to: directory.store.database)
        try await connection.transact { transaction in
            for (name, rows) in [
                ("directory/copy_import_rows", batch.rows), ("directory/copy_import_problems", batch.problems),
                ("directory/copy_import_nodes", batch.nodes),
            ] where !rows.isEmpty {
                _ = try await transaction.copyIn(statement(name), from: Pieces(of: rows))
            }
            let progress = batch.progress
            try await transaction.execute(
                statement("directory/record_import_progress"), progress.id, progress.position, progress.problems,
                progress.nodes, progress.nodesComplete, progress.nodePlace,
                progress.format.isEmpty ? "unknown" : progress.format)
        }
        if let rest = courtesy.rest() { try await Task.sleep(for: .seconds(rest)) }
    }

    // MARK: Landing

    private func land(_ progress: ImportProgress) async throws -> ImportReport {
        // The planner has not seen the rows yet.
        try await connection.script("ANALYZE directory_import_row")
        do {
            return try await connection.transact { transaction in
                // Tens of thousands of rows are sorted and joined: in memory, not in files.
                try await transaction.script("SET LOCAL work_mem = '64MB'")
                let report = try await compare(progress, in: transaction)
                if request.dryRun { throw DryRunEnded(report: report) }
                return report
            }
        } catch let ended as DryRunEnded {
            try await giveUp(progress.id, why: nil, found: ended.report)
            return ended.report
        }
    }

    private func compare(_ progress: ImportProgress, in transaction: Transaction) async throws -> ImportReport {
        _ = try await transaction.pipeline([
            (statement("directory/keep_successions_waiting"), []), (statement("directory/lock_landing"), []),
        ])
        let (id, source) = (progress.id, try await lockSource(in: transaction))
        try await transaction.execute(statement("directory/refuse_repeated_rows"), id)
        try await transaction.execute(statement("directory/set_aside_import_rows"), id, source.id)
        try await transaction.execute(statement("directory/refuse_duplicate_rows"), id, source.id)
        let plan = try await transaction.first(statement("directory/plan_import"), id, source.id) { row in
            ImportPlan(
                added: try row.next(Int.self), changed: try row.next(Int.self), unchanged: try row.next(Int.self),
                withdrawn: try row.next(Int.self), inForce: try row.next(Int.self))
        }
        guard let plan else { throw RowMissing(statement: "directory/plan_import") }
        guard plan.isWithin(share: request.maxWithdrawnShare) else {
            throw DirectoryError.tooManyWithdrawn(
                plan.withdrawn, inForce: plan.inForce, allowedShare: request.maxWithdrawnShare)
        }
        var report = try await report(on: id, format: progress.format, plan: plan, in: transaction)
        guard !request.dryRun else {
            report.id = nil
            return report
        }
        try await write(id, source: source.id, plan: plan, refused: report.refused, in: transaction, time: source.time)
        return report
    }

    private func write(
        _ id: UUID, source: UUID, plan: ImportPlan, refused: Int, in transaction: Transaction, time: Date
    ) async throws {
        let making: [(String, [(any PostgresParameter)?])] = [
            ("directory/insert_publishers", [id, source, time]),
            ("directory/insert_entries", [id, source, time]),
        ]
        let landing: [(String, [(any PostgresParameter)?])] = [
            ("directory/end_versions", [id, source, time]),
            ("directory/insert_versions", [id, source, time]),
            ("directory/end_responsibilities", [id, source, time]),
            ("directory/insert_responsibilities", [id, source, time, administration, request.fileName]),
        ]
        let ending: [(String, [(any PostgresParameter)?])] = [
            (
                "directory/finish_import",
                [
                    id, plan.changesNothing ? "unchanged" : "landed", plan.added, plan.changed, plan.unchanged,
                    plan.withdrawn, refused, time,
                ]
            ),
            ("directory/delete_import_rows", [id]), ("directory/delete_import_nodes", [id]),
        ]
        if !plan.changesNothing {
            _ = try await transaction.pipeline(making.map { (statement($0.0), $0.1) })
            // Else the planner takes the source for empty and looks its entries up one by one.
            if plan.added >= 1_000 { try await transaction.script("ANALYZE directory_entry") }
        }
        let work = (plan.changesNothing ? [] : landing) + ending
        _ = try await transaction.pipeline(work.map { (statement($0.0), $0.1) })
        guard !plan.changesNothing else { return }
        // The next import may come before PostgreSQL looks at them by itself.
        if plan.added >= 1_000 {
            try await transaction.script(
                "ANALYZE directory_entry_version, directory_entry_validity, responsibility, party")
        }
        try await transaction.execute(statement("search/note_changes"), "source", [source])
        try await Impact(store: directory.store).applyImport(of: source, in: transaction, now: time)
    }

    /// Clears what was staged; a dry run leaves what it found but no import and no new source behind, a refused file leaves
    /// an import that says why.
    private func giveUp(_ id: UUID, why: String?, found report: ImportReport? = nil) async throws {
        let found = try report.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        try await connection.transact { transaction in
            try await transaction.execute(statement("directory/delete_import_rows"), id)
            try await transaction.execute(statement("directory/delete_import_nodes"), id)
            if request.dryRun {
                try await transaction.execute(statement("directory/end_dry_run"), id, found, why, now)
            } else {
                try await transaction.execute(statement("directory/refuse_import"), id, why, now)
            }
        }
        if request.dryRun { try await directory.deleteUnusedSource(request.source, on: connection) }
    }

    private func report(
        on id: UUID, format: String, plan: ImportPlan, in transaction: Transaction
    ) async throws -> ImportReport {
        let counts = try await transaction.all(statement("directory/count_import_problems"), id) {
            (severity: try $0.next(String.self), reason: try $0.next(String.self), count: try $0.next(Int.self))
        }
        let shown = try await transaction.first(statement("directory/first_import_problems"), id, 1_000) {
            try $0.next(String.self)
        }
        let reasons = { (severity: String) in
            Dictionary(uniqueKeysWithValues: counts.filter { $0.severity == severity }.map { ($0.reason, $0.count) })
        }
        return ImportReport(
            id: id.uuidString.lowercased(), source: request.source, file: request.fileName, format: format,
            dryRun: request.dryRun,
            added: plan.added, changed: plan.changed, unchanged: plan.unchanged, withdrawn: plan.withdrawn,
            refused: reasons("refused").values.reduce(0, +), refusedByReason: reasons("refused"),
            notedByReason: reasons("noted"),
            problems: try JSONDecoder().decode([CatalogueProblem].self, from: Data((shown ?? "[]").utf8)))
    }

    /// Carries the report out of a transaction that is rolled back on purpose.
    private struct DryRunEnded: Error { let report: ImportReport }
}

/// Bytes in pieces that a socket takes well.
private struct Pieces: AsyncSequence, Sendable {
    let bytes: [UInt8]
    init(of bytes: [UInt8]) { self.bytes = bytes }
    func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes) }

    struct Iterator: AsyncIteratorProtocol {
        let bytes: [UInt8]
        var place = 0

        mutating func next() async -> [UInt8]? {
            guard place < bytes.count else { return nil }
            let end = Swift.min(place + 128 * 1024, bytes.count)
            defer { place = end }
            return Array(bytes[place..<end])
        }
    }
}
