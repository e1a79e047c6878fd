import Foundation
import Postgres

/// Keeps the search up to date with what was noted as changed.
public struct SearchIndex: Sendable {
    let store: Store
    let kept: KeptAnswers
    /// The channel on which other servers hear that what is found changed.
    public static let channel = "search_index"
    /// Large enough that its own statements are few beside those of people.
    private static let batch = 2_000

    /// Brings up to date what was noted as changed, in batches, until nothing is left or another session is at it.
    /// - Returns: how many documents were looked at.
    @discardableResult
    public func refresh(now: @Sendable () -> Date) async throws -> Int {
        try await store.database.execute(store.statements["search/note_stale"], now())
        var done = 0
        var courtesy = Courtesy(to: store.database)
        while !Task.isCancelled {
            let time = now()
            let count = try await store.database.withTransaction(lane: .report) { transaction in
                try await refreshBatch(in: transaction, now: time)
            }
            guard let count else { break }
            done += count
            if count > 0 { await kept.indexChanged() }
            if let rest = courtesy.rest() { try await Task.sleep(for: .seconds(rest)) }
        }
        if done > 0 {
            _ = try await store.database.first(store.statements["search/sort_index"], lane: .report) {
                try $0.next(Int.self)
            }
        }
        return done
    }

    /// - Returns: nil when nothing was left, or another session does the work.
    private func refreshBatch(in transaction: Transaction, now: Date) async throws -> Int? {
        let free = try await transaction.first(store.statements["search/lock_index"]) { try $0.next(Bool.self) }
        guard free == true else { return nil }
        let pending = try await transaction.all(store.statements["search/take_pending"], Self.batch) {
            (kind: try $0.next(String.self), id: try $0.next(UUID.self))
        }
        guard !pending.isEmpty else { return nil }
        let ids = { (kind: String) in Array(Set(pending.filter { $0.kind == kind }.map(\.id))) }
        if !ids("source").isEmpty || !ids("party").isEmpty {
            try await transaction.execute(store.statements["search/expand_pending"], ids("source"), ids("party"))
        }
        let subjects = ids("subject")
        guard !subjects.isEmpty else { return 0 }
        let records = try await records(of: subjects, in: transaction, now: now)
        let known = try await digests(of: subjects, in: transaction)
        let changed = subjects.filter { id in records[id]?.digest != known[id] }
        try await write(changed.compactMap { records[$0] }, ids: changed, in: transaction)
        try await transaction.execute(store.statements["search/note_dependents"], changed)
        try await transaction.execute(store.statements["adoption/note_stale_sources"], subjects)
        // Also where the index is as it was: an answer shows prices and names, which it does not hold.
        try await transaction.execute(store.statements["search/tell_changed"], Self.channel)
        return subjects.count
    }

    private func write(_ records: [SearchRecord], ids: [UUID], in transaction: Transaction) async throws {
        guard !ids.isEmpty else { return }
        let facets = Array(Set(records.flatMap(\.facets)))
        let phrases = Dictionary(
            records.flatMap(\.spelled).map { ($0.folded, $0) }, uniquingKeysWith: { first, _ in first }
        )
        .values.sorted { $0.folded < $1.folded }
        let sets = try JSONEncoder().encode(Set(records.map(\.facets)))
        let documents = String(decoding: try JSONEncoder().encode(records), as: UTF8.self)
        _ = try await transaction.pipeline([
            (store.statements["search/insert_facets"], [facets.map { $0[0] }, facets.map { $0[1] }]),
            (store.statements["search/insert_facet_sets"], [String(decoding: sets, as: UTF8.self)]),
            (
                store.statements["search/insert_phrases"],
                [phrases.map(\.folded), phrases.map(\.text), phrases.map(\.isWord)]
            ),
            (store.statements["search/write_documents"], [ids, documents]),
        ])
    }

    /// Makes every document anew and compares; what waits to be brought up to date is done first.
    public func verify(now: Date) async throws -> Operations.Check {
        try await refresh(now: { now })
        var (checked, wrong, after): (Int, Int, UUID?) = (0, 0, nil)
        while true {
            let start = after
            let page = try await store.database.withTransaction(.repeatableRead, lane: .report) { transaction in
                let ids = try await transaction.all(store.statements["search/list_subjects"], start, Self.batch) {
                    try $0.next(UUID.self)
                }
                let records = try await records(of: ids, in: transaction, now: now)
                let known = try await digests(of: ids, in: transaction)
                return (ids: ids, wrong: ids.count { records[$0]?.digest != known[$0] })
            }
            guard let last = page.ids.last else { break }
            (checked, wrong, after) = (checked + page.ids.count, wrong + page.wrong, last)
        }
        let phrases = try await store.database.first(
            store.statements["search/count_wrong_phrases"], lane: .report
        ) { try $0.next(Int.self) }
        return .init(name: "search documents and phrases", checked: checked, wrong: wrong + (phrases ?? 0))
    }

    private func records(of ids: [UUID], in transaction: Transaction, now: Date) async throws -> [UUID: SearchRecord] {
        let decode: @Sendable (inout Row) throws -> SearchSubject = { row in
            try JSONDecoder().decode(SearchSubject.self, from: Data(try row.next(String.self).utf8))
        }
        var subjects = try await transaction.all(store.statements["search/read_entries"], ids, as: decode)
        let entries = Set(subjects.map(\.id))
        let others = ids.filter { !entries.contains($0) }
        if !others.isEmpty {
            subjects += try await transaction.all(store.statements["search/read_products"], others, now, as: decode)
            subjects += try await transaction.all(store.statements["search/read_scenarios"], others, as: decode)
        }
        let parties = try await transaction.all(
            store.statements["search/read_names"], Array(Set(subjects.flatMap(\.parties)))
        ) {
            (
                id: try $0.next(UUID.self),
                party: NamedParty(code: try $0.next(String.self), names: try $0.next([String].self).sorted())
            )
        }
        let named = Dictionary(uniqueKeysWithValues: parties.map { ($0.id, $0.party) })
        return try Dictionary(uniqueKeysWithValues: subjects.map { ($0.id, try SearchRecord($0, parties: named)) })
    }

    private func digests(of ids: [UUID], in transaction: Transaction) async throws -> [UUID: String] {
        let known = try await transaction.all(store.statements["search/list_digests"], ids) {
            (id: try $0.next(UUID.self), digest: try $0.next([UInt8].self).hexadecimal)
        }
        return Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0.digest) })
    }
}
