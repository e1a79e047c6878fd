import Foundation
import Postgres

/// Makes tables of what was published: parts of Parquet, which outside clients read, with profile and sample.
public struct Tables: Sendable {
    let store: Store
    let files: ContentFiles
    let engine: TableEngine

    /// A file of a revision.
    struct File: Sendable {
        let name, mediaType: String
        let charset, compression: String?
        let sha256: [UInt8]
        let sm3: [UInt8]?
        let bytes: Int
    }

    /// What the table engine made; its parts are kept.
    struct Table: Sendable {
        let rows: Int
        let schema, notes: String
        let changes: String?
        let parts, changeParts: [Part]
        let profile: String
        let hasChangeData: Bool
    }

    struct Part: Sendable {
        let sha256: String
        let bytes, rows: Int
        let statistics: String?
    }

    /// By the engine, which also counts values in bins; higher than those of `Profile`.
    private static let profileRules = Profile.rules + 1

    /// How much a table may hold, how much of what is wrong is named, and how large the parts are that clients load.
    private static let limits = [
        "columns_most": RevisionContract.mostColumns, "rows_most": 2_000_000_000, "bytes_most": 100 << 30,
        "problems": 100, "sample_rows": Profile.sampleRows, "part_bytes": 128 << 20,
    ]

    /// Makes a table of files, and gives it over while nothing else can take its parts away.
    /// - Throws: `TableRefusal`, `TableEngineError`.
    func withTable(
        of received: [File], columns: [ProductListing.Column], keys: [String], strict: Bool, product: UUID, number: Int,
        _ take: (Table) async throws -> Void
    ) async throws {
        let work = try files.workFolder()
        defer { try? FileManager.default.removeItem(at: work) }
        let previous = try await store.database.first(
            store.statements["catalog/find_table_before"], product, number
        ) { row in
            (schema: try row.next(String.self), keys: try row.next([String].self), parts: try row.next([String].self))
        }
        let limits = Self.limits.mapValues { JSONTree.number("\($0)") }
        let answer = try await engine.run(
            .object(
                [
                    "job": .text("table"), "strict": .bool(strict), "output": .text(work.path),
                    "files": .list(received.map(described)), "keys": .list(keys.map(JSONTree.text)),
                    "columns": try JSONTree(json: Array(try JSONEncoder().encode(columns))),
                    "previous": try previous.map { before in
                        .object([
                            "columns": try JSONTree(json: Array(before.schema.utf8)),
                            "keys": .list(before.keys.map(JSONTree.text)),
                            "parts": .list(before.parts.map(path)),
                        ])
                    } ?? .null,
                ].merging(limits) { first, _ in first }))
        let table = Table(
            rows: answer["rows"]?.number ?? 0, schema: answer["schema"]?.json ?? "[]",
            notes: answer["notes"]?.json ?? "[]", changes: answer["changes"].flatMap { $0.isNull ? nil : $0.json },
            parts: try (answer["parts"]?.list ?? []).map(kept),
            changeParts: try (answer["change_parts"]?.list ?? []).map(kept), profile: profile(in: answer),
            hasChangeData: answer["change_parts"]?.isNull == false)
        try await take(table)
    }

    private func described(_ file: File) -> JSONTree {
        .object([
            "path": .text(files.url(of: file.sha256).path), "name": .text(file.name),
            "format": .text(RevisionUploads.formats[file.mediaType.mediaTypeAlone] ?? "csv"),
            "charset": file.charset.map(JSONTree.text) ?? .null,
            "compression": file.compression.map(JSONTree.text) ?? .null,
        ])
    }

    private func path(_ sha256: String) -> JSONTree { .text(files.url(of: bytes(hexadecimal: sha256) ?? []).path) }

    private func kept(_ part: JSONTree) throws -> Part {
        guard let path = part["path"]?.text, let name = part["sha256"]?.text, let sha256 = bytes(hexadecimal: name),
            let size = part["bytes"]?.number, let rows = part["rows"]?.number
        else { throw TableEngineError.failed("a part without its path, hash, bytes or rows") }
        try files.keep(URL(fileURLWithPath: path), as: sha256)
        return Part(
            sha256: name, bytes: size, rows: rows,
            statistics: part["statistics"].flatMap { $0.isNull ? nil : $0.json })
    }

    /// The profile with the sample in it, as `Profile` has them.
    private func profile(in answer: JSONTree) -> String {
        guard case .object(var members) = answer["profile"] ?? .null else { return "{}" }
        members["sample"] = answer["sample"]?["rows"] ?? .list([])
        return JSONTree.object(members).json
    }

    func insert(_ table: Table, of product: UUID, number: Int, in transaction: Transaction, now: Date) async throws {
        try await transaction.execute(
            store.statements["catalog/insert_table"], product, number, table.schema, table.rows, table.changes,
            table.notes, table.hasChangeData, now)
        for (kind, parts) in [("rows", table.parts), ("changes", table.changeParts)] where !parts.isEmpty {
            try await transaction.execute(
                store.statements["catalog/insert_parts"], product, number, kind, parts.map(\.sha256),
                parts.map(\.bytes), parts.map(\.rows), parts.map(\.statistics), now)
        }
        try await transaction.execute(
            store.statements["catalog/insert_profile"], product, number, Self.profileRules, table.profile, now)
    }

    /// Makes tables of revisions that were published with a listing. - Returns: how many were looked at.
    @discardableResult
    public func makeMissing(now: @Sendable () -> Date) async throws -> Int {
        var made = 0
        while true {
            let time = now()
            // One at a time, so that what is made is there at once.
            let count = try await store.database.withTransaction(lane: .report) { transaction in
                try await makeNext(in: transaction, now: time)
            }
            guard count > 0 else { return made }
            made += count
        }
    }

    private func makeNext(in transaction: Transaction, now: Date) async throws -> Int {
        let batch = try await transaction.all(store.statements["catalog/find_untabled"], 1) { row in
            let (product, number) = (try row.next(UUID.self), try row.next(Int.self))
            let (name, type) = (try row.next(String.self), try row.next(String.self))
            let sha256 = try row.next([UInt8].self)
            return (
                product: product, number: number,
                file: File(
                    name: name, mediaType: type, charset: nil, compression: nil, sha256: sha256, sm3: nil, bytes: 0),
                columns: try row.next(String.self), keys: try row.next([String].self)
            )
        }
        for next in batch {
            let columns = try JSONDecoder().decode([ProductListing.Column].self, from: Data(next.columns.utf8))
            do {
                try await withTable(
                    of: [next.file], columns: columns, keys: next.keys, strict: false, product: next.product,
                    number: next.number
                ) { try await insert($0, of: next.product, number: next.number, in: transaction, now: now) }
            } catch let refusal as TableRefusal {
                try await transaction.execute(
                    store.statements["catalog/insert_untabled"], next.product, next.number, refusal.document.json, now)
            } catch let error as TableEngineError where error.isAboutTheJob {
                // One that the engine fails on must not keep it from the others.
                try await transaction.execute(
                    store.statements["catalog/insert_untabled"], next.product, next.number,
                    JSONTree.object(["error": .text("\(error)")]).json, now)
            }
        }
        return batch.count
    }
}

extension String {
    /// A media type without its parameters.
    var mediaTypeAlone: String {
        String(prefix { $0 != ";" }).trimmingCharacters(in: .whitespaces).lowercased()
    }
}
