import Foundation

extension Drafts {
    /// Records that law or duties changed on a day; the provider of the entry then has to update it in due time.
    /// - Returns: the change with the due day, and whether it was reported before.
    public func reportChange(
        of code: String, on day: String, reason: String, by party: UUID, now: Date
    ) async throws -> (change: JSONDocument, repeated: Bool) {
        guard day.utf8.count == 10, try parsedTime(day, field: "happened_on") <= now else {
            throw InvalidInput("happened_on", "'\(day.prefix(40))' is not a day like 2025-08-01 that has begun.")
        }
        let base = try await store.database.first(store.statements["drafts/find_base"], code, now, party) { row in
            let entry = try row.next(UUID.self)
            _ = (try row.next(UUID.self), try row.next(Int.self), try row.next(Bool.self), try row.next(String.self))
            return (entry: entry, allowed: try row.next(Bool.self))
        }
        guard let base else { throw DraftError.unknownEntry(code) }
        guard base.allowed else { throw DraftError.notYours(code) }
        let change = try await store.database.first(
            store.statements["drafts/report_change"], UUID.version7(at: now), base.entry, day, reason, party, now,
            UUID.version7(at: now), UUID.version7(at: now)
        ) { (isNew: try $0.next(Bool.self), document: JSONDocument(text: try $0.next(String.self))) }
        guard let change else { throw DraftError.unknownEntry(code) }
        return (change.document, !change.isNew)
    }
}
