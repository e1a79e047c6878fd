import Foundation
import Postgres

/// The totals that figures of adoption are answered from. They follow the market's log, record by record, so that they hold
/// everything up to a place in it, and may be made anew from the purchases at any time.
public struct Totals: Sendable {
    let store: Store
    private static let atOnce = 1_000
    /// Taken by a statement of its own: the next one sees what the turn before has added.
    private static let lock = "LOCK TABLE adoption_progress IN EXCLUSIVE MODE"

    /// Adds what was recorded since. Servers take turns, and a batch is added as a whole or not at all.
    /// - Returns: how far the totals follow the log: the place of its last record that they hold; nil before the first.
    @discardableResult
    public func catchUp() async throws -> Int? {
        while try await foldBatch() {}
        return try await progress()
    }

    /// The place of the last record that the totals hold.
    public func progress() async throws -> Int? {
        try await store.database.first(store.statements["adoption/find_progress"], lane: .read) {
            try $0.next(Int.self)
        }.flatMap { $0 < 0 ? nil : $0 }
    }

    /// - Returns: whether there was anything to add.
    private func foldBatch() async throws -> Bool {
        // Most often there is nothing, and no need for a turn.
        let next = try await store.database.first(store.statements["adoption/list_new_records"], 1, lane: .read) {
            try $0.next(Int.self)
        }
        guard next != nil else { return false }
        return try await store.database.withTransaction(lane: .report) { transaction in
            try await transaction.script(Self.lock)
            // A market that is older than its totals has purchases that its log says too little of.
            let held = try await transaction.first(store.statements["adoption/find_progress"]) { try $0.next(Int.self) }
            if held == -1 {
                try await rebuild(in: transaction)
                return true
            }
            let records = try await transaction.all(store.statements["adoption/list_new_records"], Self.atOnce) {
                (
                    position: try $0.next(Int.self), enterprise: try $0.next(UUID?.self),
                    purchase: try $0.next(UUID?.self), number: try $0.next(Int?.self)
                )
            }
            guard let last = records.last else { return false }
            // As values, so that PostgreSQL plans for a few and not for a part of the whole log.
            let moved = records.filter { $0.number != nil }
            let touched = try await transaction.all(
                store.statements["adoption/fold_transitions"], moved.compactMap(\.enterprise),
                moved.compactMap(\.purchase), moved.map(\.number), last.position
            ) { try $0.next(UUID.self) }
            if !touched.isEmpty {
                try await transaction.execute(store.statements["adoption/replace_steps"], touched)
            }
            try await foldProducts(
                of: (moved.compactMap(\.enterprise), moved.compactMap(\.purchase), moved.map(\.number)), in: transaction
            )
            return true
        }
    }

    /// Makes the totals anew from the purchases, for markets that were filled without the log.
    public func rebuild() async throws {
        try await store.database.withTransaction(lane: .report) { transaction in
            try await transaction.script(Self.lock)
            try await rebuild(in: transaction)
        }
    }

    private func rebuild(in transaction: Transaction) async throws {
        // Not TRUNCATE: who reads meanwhile reads what was there.
        try await transaction.script("DELETE FROM adoption_total; DELETE FROM enterprise_step")
        try await transaction.execute(store.statements["adoption/rebuild_totals"])
        try await transaction.execute(store.statements["adoption/rebuild_steps"])
        try await rebuildProducts(in: transaction)
    }

    /// Compares the totals with a recount of every purchase whose record they hold.
    public func verify() async throws -> [Operations.Check] {
        try await check(by: "adoption/verify_totals") + check(by: "adoption/verify_product_steps")
    }

    private func check(by statement: String) async throws -> [Operations.Check] {
        try await store.database.all(store.statements[statement], lane: .report) { row in
            let (name, checked, wrong) = (
                try row.next(String.self), try row.next(Int.self), try row.next(Int.self)
            )
            let named = try row.next(String?.self).map { $0.split(separator: "\n").map(String.init) } ?? []
            return Operations.Check(name: name, checked: checked, wrong: wrong, named: named)
        }
    }
}
