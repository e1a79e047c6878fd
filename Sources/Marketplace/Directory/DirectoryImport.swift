import Foundation
import Postgres

/// A file to import and what is known about it.
public struct ImportRequest: Sendable {
    public var fileName: String
    public var bytes: [UInt8]
    /// Groups the entries that come from one place; an entry is known by its source and its identifier there.
    public var source: String
    public var sourceTitle: String
    public var format: CatalogueFormat?
    public var dryRun: Bool
    /// The file is refused when more than this share of the source's entries in force would be withdrawn.
    public var maxWithdrawnShare: Double

    /// - Parameter source: nil to make it from the file name: `us-cdc.data.json.gz` gives `US-CDC`.
    public init(
        fileName: String, bytes: [UInt8], source: String? = nil, sourceTitle: String? = nil,
        format: CatalogueFormat? = nil, dryRun: Bool = false, maxWithdrawnShare: Double = 0.2
    ) throws {
        let base = fileName.split(separator: "/").last.map(String.init) ?? fileName
        let code = (source ?? Self.stem(of: base)).uppercased()
        guard code.range(of: "^[A-Z0-9][A-Z0-9-]{0,39}$", options: .regularExpression) != nil else {
            throw InvalidInput("source", "A source's code is 1 to 40 letters, digits and hyphens; '\(code)' is not.")
        }
        guard (0...1).contains(maxWithdrawnShare) else {
            throw InvalidInput("max_withdrawn_share", "A share is a number from 0 to 1.")
        }
        self.fileName = base
        self.bytes = bytes
        self.source = code
        self.sourceTitle = sourceTitle ?? ""
        self.format = format
        self.dryRun = dryRun
        self.maxWithdrawnShare = maxWithdrawnShare
    }

    private static func stem(of name: String) -> String {
        var stem = name
        for ending in [".gz", ".data.json", ".json", ".jsonld", ".ttl", ".rdf", ".xml", ".nt", ".csv"]
        where stem.lowercased().hasSuffix(ending) { stem = String(stem.dropLast(ending.count)) }
        return stem
    }
}

/// What an import did, or would do.
public struct ImportReport: Sendable, Codable {
    public var id: UUID?
    public var source: String
    public var file: String
    public var format: String
    public var dryRun: Bool
    public var added: Int
    public var changed: Int
    public var unchanged: Int
    public var withdrawn: Int
    public var refused: Int
    public var refusedByReason: [String: Int]
    public var notedByReason: [String: Int]
    /// Every refused entry, then the noted ones, at most a thousand in all; all of them are kept with the import.
    public var problems: [CatalogueProblem]

    enum CodingKeys: String, CodingKey {
        case id, source, file, format, added, changed, unchanged, withdrawn, refused, problems
        case dryRun = "dry_run"
        case refusedByReason = "refused_by_reason"
        case notedByReason = "noted_by_reason"
    }
}

extension Directory {
    /// Imports a catalogue in one transaction: good entries land, bad ones are reported, entries that the file lacks are
    /// withdrawn. A dry run does the same and takes it back.
    /// - Throws: `DirectoryError.unreadable` when the file as a whole cannot be read; nothing is changed then.
    public func importCatalogue(_ request: ImportRequest, by administration: UUID, now: Date) async throws
        -> ImportReport
    {
        let (format, elements): (CatalogueFormat, [CatalogueElement])
        do {
            (format, elements) = try CatalogueReader.read(
                request.bytes, fileName: request.fileName, format: request.format)
        } catch let unreadable as CatalogueUnreadable {
            throw DirectoryError.unreadable(unreadable)
        }
        let file = CatalogueFile(elements)
        do {
            return try await store.database.withTransaction(lane: .report) { transaction in
                let report = try await apply(
                    file, of: request, format: format, by: administration, in: transaction, now: now)
                if request.dryRun { throw DryRunEnded(report: report) }
                return report
            }
        } catch let ended as DryRunEnded {
            return ended.report
        }
    }

    private func apply(
        _ file: CatalogueFile, of request: ImportRequest, format: CatalogueFormat, by administration: UUID,
        in transaction: Transaction, now: Date
    ) async throws -> ImportReport {
        let id = UUID.version7(at: now)
        let source = try await transaction.first(
            store.statements["directory/lock_source"], UUID(), request.source, request.sourceTitle, now
        ) { row in
            let (id, _) = (try row.next(UUID.self), try row.next(String.self))
            return (id: id, time: try row.next(Date?.self))
        }
        guard let source else { throw DirectoryError.unknownEntry(request.source) }
        let time = source.time ?? now
        _ = try await transaction.copyIn(
            store.statements["directory/copy_import_rows"], from: file.copyRows(import: id))
        let file = file.noting(try await keptEntries(import: id, source: source.id, in: transaction))
        let plan = try await transaction.first(store.statements["directory/plan_import"], id, source.id) { row in
            ImportPlan(
                added: try row.next(Int.self), changed: try row.next(Int.self), unchanged: try row.next(Int.self),
                withdrawn: try row.next(Int.self), inForce: try row.next(Int.self))
        }
        guard let plan else { throw DirectoryError.unknownEntry(request.source) }
        // Fewer than five are let through: a small source may rightly lose one of three.
        guard plan.withdrawn < 5 || Double(plan.withdrawn) <= request.maxWithdrawnShare * Double(plan.inForce) else {
            throw DirectoryError.tooManyWithdrawn(
                plan.withdrawn, inForce: plan.inForce, allowedShare: request.maxWithdrawnShare)
        }
        if plan.changesNothing && !request.dryRun {
            try await transaction.execute(store.statements["directory/delete_import_rows"], id)
            return file.report(id: nil, of: request, format: format, plan: plan)
        }
        if !request.dryRun {
            try await write(
                file, id: id, source: source.id, plan: plan, of: request, format: format, by: administration,
                in: transaction, time: time)
        }
        return file.report(id: request.dryRun ? nil : id, of: request, format: format, plan: plan)
    }

    private func write(
        _ file: CatalogueFile, id: UUID, source: UUID, plan: ImportPlan, of request: ImportRequest,
        format: CatalogueFormat, by administration: UUID, in transaction: Transaction, time: Date
    ) async throws {
        let named: [(String, [(any PostgresParameter)?])] = [
            (
                "directory/insert_import",
                [
                    id, source, administration, request.fileName, format.rawValue, plan.added, plan.changed,
                    plan.unchanged, plan.withdrawn, file.refused, time,
                ]
            ),
            ("directory/insert_publishers", [id, source, time]),
            ("directory/insert_entries", [id, source, time]),
            ("directory/end_versions", [id, source, time]),
            ("directory/insert_versions", [id, source, time]),
            ("directory/end_responsibilities", [id, source, time]),
            ("directory/insert_responsibilities", [id, source, time, administration, request.fileName]),
            ("directory/insert_problems", [id, try file.problemsJSON()]),
            ("directory/delete_import_rows", [id]),
        ]
        _ = try await transaction.pipeline(named.map { (store.statements[$0.0], $0.1) })
        try await Impact(store: store).applyImport(of: source, in: transaction, now: time)
    }

    /// Entries that the administration updated or withdrew by a draft are its own since: an import does not touch them,
    /// and notes where the source has changed or lost them, so that the administration can compile what follows.
    private func keptEntries(import id: UUID, source: UUID, in transaction: Transaction) async throws
        -> [CatalogueProblem]
    {
        try await transaction.all(store.statements["directory/set_aside_import_rows"], id, source) { row in
            let (identifier, code) = (try row.next(String.self), try row.next(String.self))
            let (position, isPresent) = (try row.next(Int.self), try row.next(Bool.self))
            return CatalogueProblem(
                position: position, identifier: identifier, severity: .noted, reason: .keptByAdministration,
                message: isPresent
                    ? "The source changed this entry, but the administration keeps \(code) itself since it released a draft."
                    : "The source has no such entry any more, but the administration keeps \(code) itself.")
        }
    }

    /// Carries the report out of a transaction that is rolled back on purpose.
    private struct DryRunEnded: Error { let report: ImportReport }
}

struct ImportPlan: Sendable {
    let added: Int
    let changed: Int
    let unchanged: Int
    let withdrawn: Int
    let inForce: Int

    var changesNothing: Bool { added + changed + withdrawn == 0 }
}
