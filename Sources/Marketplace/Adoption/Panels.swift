import Foundation
import Postgres

/// Panels: dated lists of enterprises with a reason for each. A panel is corrected by a new version of it; its earlier ones
/// stay.
public struct Panels: Sendable {
    let store: Store

    /// Records the next version of a panel. Bad lines are left out and named, unless all or nothing was asked for.
    /// - Parameters:
    ///   - party: who records it; nil for the command.
    ///   - key: the party's `Idempotency-Key`; the same key and import answer what was answered first.
    /// - Throws: `PanelError` when nothing can be taken.
    public func record(_ wanted: PanelImport, by party: UUID? = nil, key: IdempotencyKey? = nil, now: Date)
        async throws -> (report: PanelReport, repeated: Bool)
    {
        if let earlier = try await earlier(wanted, by: party, key: key) { return (earlier, true) }
        let wanted = try await checked(wanted)
        do {
            return (try await insert(wanted, by: party, key: key, now: now), false)
        } catch is KeyTaken {
            guard let earlier = try await earlier(wanted, by: party, key: key) else {
                throw RowMissing(statement: "adoption/find_panel_import")
            }
            return (earlier, true)
        }
    }

    /// Another command with the key was first.
    private struct KeyTaken: Error {}

    private func earlier(_ wanted: PanelImport, by party: UUID?, key: IdempotencyKey?) async throws -> PanelReport? {
        guard let party, let key else { return nil }
        let found = try await store.database.first(
            store.statements["adoption/find_panel_import"], party, key.text
        ) { (answer: try $0.next(String.self), digest: try $0.next([UInt8].self)) }
        guard let found else { return nil }
        guard found.digest == wanted.digest else { throw PanelError.keyUsedForAnother }
        return try JSONDecoder().decode(PanelReport.self, from: Data(found.answer.utf8))
    }

    /// The import with all lines refused that cannot be taken in this market.
    private func checked(_ wanted: PanelImport) async throws -> PanelImport {
        var wanted = wanted
        let bodies = try await store.database.all(
            store.statements["adoption/list_public_bodies"], wanted.file.members.map(\.code)
        ) { (code: try $0.next(String.self), kind: try $0.next(String.self)) }
        wanted.file.refuse(publicBodies: Dictionary(uniqueKeysWithValues: bodies.map { ($0.code, $0.kind) }))
        let refused = wanted.file.refused
        guard wanted.file.rows > 0 else { throw PanelError.emptyFile }
        guard !wanted.file.members.isEmpty else { throw PanelError.noGoodLine(refused) }
        guard refused.isEmpty || !wanted.allOrNothing else { throw PanelError.badLines(refused) }
        return wanted
    }

    private func insert(_ wanted: PanelImport, by party: UUID?, key: IdempotencyKey?, now: Date) async throws
        -> PanelReport
    {
        try await store.database.withTransaction { transaction in
            let panel = try await transaction.first(
                store.statements["adoption/lock_panel"], UUID.version7(at: now), wanted.code
            ) { try $0.next(UUID.self) }
            guard let panel else { throw RowMissing(statement: "adoption/lock_panel") }
            let report = try await insertVersion(of: panel, wanted, by: party, in: transaction, now: now)
            guard let party, let key else { return report }
            let kept = try await transaction.first(
                store.statements["adoption/insert_panel_import"], party, key.text, wanted.digest, report.document.text,
                now
            ) { try $0.next(String.self) }
            guard kept != nil else { throw KeyTaken() }
            return report
        }
    }

    private func insertVersion(
        of panel: UUID, _ wanted: PanelImport, by party: UUID?, in transaction: Transaction, now: Date
    ) async throws -> PanelReport {
        let members = wanted.file.members
        let report = { (version: Int, made: Bool) in
            PanelReport(
                code: wanted.code, version: version, made: made, rows: wanted.file.rows, members: members.count,
                refused: wanted.file.refused)
        }
        let version = try await transaction.first(
            store.statements["adoption/insert_panel_version"], panel, wanted.titleZh, wanted.titleEn, wanted.datedOn,
            now, party, wanted.file.sha256, members.count
        ) { try $0.next(Int.self) }
        guard let version else {
            let newest = try await transaction.first(
                store.statements["adoption/find_panel_version"], wanted.code, Int?.none
            ) { try $0.next(Int.self) }
            guard let newest else { throw RowMissing(statement: "adoption/find_panel_version") }
            return report(newest, false)
        }
        try await transaction.execute(
            store.statements["adoption/insert_panel_members"], panel, version, members.map(\.code),
            members.map(\.name), members.map(\.reason), members.map(\.section), members.map(\.province),
            members.map(\.kind), members.map(\.group))
        return report(version, true)
    }
}

/// Reading.
extension Panels {
    /// Every panel, as its newest version is.
    public func list(cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "panels", key: [.code], cursor: cursor, limit: limit)
        return try await store.page("adoption/list_panels", request.cursor?.key, request: request).json()
    }

    /// A panel as its newest version is, with the page of its versions, newest first.
    public func panel(_ code: String, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "panel \(code)", key: [.number], cursor: cursor, limit: limit)
        let newest = try await version(nil, of: code)
        let versions = try await store.page(
            "adoption/list_panel_versions", code, request.cursor.flatMap { Int($0.key) }, request: request)
        return versions.json(head: "\"panel\":\(newest.document.text),")
    }

    /// The members of a version by credit code. - Parameter number: nil for the newest.
    public func members(of code: String, version number: Int?, cursor: String?, limit: Int?) async throws
        -> JSONDocument
    {
        let version = try await version(number, of: code)
        let request = try PageRequest(
            query: "members of \(code) \(version.number)", key: [.code], cursor: cursor, limit: limit)
        let members = try await store.page(
            "adoption/list_panel_members", code, version.number, request.cursor?.key, request: request)
        return members.json(head: "\"panel\":\(version.document.text),")
    }

    /// All members of a version by credit code. - Parameter number: nil for the newest.
    public func allMembers(of code: String, version number: Int?) async throws -> JSONDocument {
        let version = try await version(number, of: code)
        let members = try await store.database.all(
            store.statements["adoption/list_panel_members"], code, version.number, String?.none, PanelFile.mostRows,
            lane: .report
        ) { row in
            _ = try row.next(String.self)
            return try row.next(String.self)
        }
        let items = members.joined(separator: ",")
        return JSONDocument(text: "{\"panel\":\(version.document.text),\"items\":[\(items)],\"next\":null}")
    }

    private func version(_ number: Int?, of code: String) async throws -> (number: Int, document: JSONDocument) {
        let found = try await store.database.first(store.statements["adoption/find_panel_version"], code, number) {
            (number: try $0.next(Int.self), document: JSONDocument(text: try $0.next(String.self)))
        }
        if let found { return found }
        guard let number, try await isKnown(code) else { throw AdoptionError.unknownPanel(code) }
        throw PanelError.unknownVersion(code, number)
    }

    private func isKnown(_ code: String) async throws -> Bool {
        try await store.database.first(store.statements["operations/find_panel"], code) { try $0.next(Bool.self) }
            ?? false
    }
}
