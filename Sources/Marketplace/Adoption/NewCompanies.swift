import Foundation
import Postgres

/// Companies that central enterprises established: one list of the market. A company is corrected by stating it anew, and what was
/// believed of it before stays.
public struct NewCompanies: Sendable {
    let store: Store

    /// Takes what can be read, together; the same again changes nothing.
    /// - Parameters:
    ///   - party: who states it.
    ///   - now: asked when the file's turn has come: what waited for another file became known after it.
    public func state(_ file: NewCompanyFile, by party: UUID, now: @Sendable () -> Date) async throws -> ImportedLines {
        guard !file.companies.isEmpty else {
            return ImportedLines(new: 0, corrected: 0, known: 0, refused: file.refused)
        }
        return try await store.database.withTransaction(lane: .report) { transaction in
            // Two files at once with one company would both be the first to state it.
            try await transaction.script("LOCK TABLE new_company IN SHARE ROW EXCLUSIVE MODE")
            var file = file
            let others = try await transaction.all(
                store.statements["adoption/list_not_central"], Array(Set(file.companies.map(\.groupCode)))
            ) { (code: try $0.next(String.self), kind: try $0.next(String.self)) }
            file.refuse(notCentral: Dictionary(uniqueKeysWithValues: others.map { ($0.code, $0.kind) }))
            let rows = file.companies
            let counts = try await transaction.first(
                store.statements["adoption/state_new_companies"], party, rows.map(\.code), rows.map(\.name),
                rows.map(\.groupCode), rows.map(\.groupName), rows.map(\.establishedOn), rows.map(\.section),
                rows.map(\.province), rows.map(\.source), rows.map(\.isSynthetic), rows.map(\.isWithdrawn), now()
            ) { (try $0.next(Int.self), try $0.next(Int.self)) }
            let (new, corrected) = counts ?? (0, 0)
            return ImportedLines(
                new: new, corrected: corrected, known: rows.count - new - corrected, refused: file.refused)
        }
    }

    /// The companies behind the figure, by credit code.
    /// - Parameter recordedBy: as was believed by then; nil: now.
    public func list(recordedBy: Date?, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let query = "new companies \(recordedBy.map(SnapshotTimes.text) ?? "")"
        let request = try PageRequest(query: query, key: [.code], cursor: cursor, limit: limit)
        return try await store.page(
            "adoption/list_new_companies", recordedBy, request.cursor?.key, request: request
        ).json()
    }
}
