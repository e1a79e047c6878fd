import Foundation
import Postgres

/// The totals that figures of adoption are answered from. They follow the market's log, record by record, so that they hold
/// everything up to a place in it, and may be made anew from the purchases at any time.
public struct Totals: Sendable {
    let store: Store
    /// The more are added up at a time, the fewer rows of totals are written for each.
    private static let atOnce = 4_000
    /// What making everything anew may take for each of its statements.
    static let limit = Duration.seconds(6 * 3_600)
    /// Taken by a statement of its own: the next one sees what the turn before has added.
    private static let lock = "LOCK TABLE adoption_progress IN EXCLUSIVE MODE"

    /// A thing that changes the totals, as the view total_change names it.
    private struct Change: Sendable {
        let source: String
        let enterprise: UUID
        let subject: UUID
        var number = 0

        static let purchase = "purchase"
        static let use = "used"
    }

    /// Adds what was recorded since. Servers take turns, and a batch is added as a whole or not at all.
    /// - Returns: how far the totals follow the log: the place of its last record that they hold; nil before the first.
    @discardableResult
    public func catchUp() async throws -> Int? {
        try await follow()
        try await countDirectory()
        return try await progress()
    }

    /// Adds what was recorded, used and looked at since, a batch of each in turn, so that neither waits for all of the other.
    /// - Parameter waiting: whether to wait for whoever adds just now; else the turn is left to them.
    public func follow(waiting: Bool = true) async throws {
        if !waiting {
            do {
                try await store.database.withTransaction(lane: .report) { try await $0.script(Self.lock + " NOWAIT") }
            } catch let refused as PostgresError where refused.sqlState == "55P03" {
                return
            }
        }
        try await makeOnce()
        var hasMore = true
        while hasMore {
            let records = try await foldRecords()
            hasMore = try await foldFeed() || records
        }
    }

    /// The place of the last record that the totals hold.
    public func progress() async throws -> Int? {
        try await store.database.first(store.statements["adoption/find_progress"], lane: .read) {
            try $0.next(Int.self)
        }.flatMap { $0 < 0 ? nil : $0 }
    }

    /// Whether there are totals that hold what was recorded before they were first made, or since a release counts otherwise.
    func isMade() async throws -> Bool {
        try await store.database.first(store.statements["adoption/find_progress"], lane: .read, as: Self.madeness)
            ?? false
    }

    private func isMade(in transaction: Transaction) async throws -> Bool {
        try await transaction.first(store.statements["adoption/find_progress"], as: Self.madeness) ?? false
    }

    private static func madeness(_ row: inout Row) throws -> Bool {
        _ = try row.next(Int.self)
        return try row.next(Bool.self)
    }

    /// A market that is older than its totals has purchases that its log says too little of.
    private func makeOnce() async throws {
        if try await !isMade() { try await rebuild(.whatIsMissing) }
    }

    /// - Returns: whether there was anything to add.
    private func foldRecords() async throws -> Bool {
        // Most often there is nothing, and no need for a turn.
        guard try await hasNews("adoption/list_new_records") else { return false }
        return try await store.database.withTransaction(lane: .report) { transaction in
            try await transaction.script(Self.lock)
            let records = try await transaction.all(store.statements["adoption/list_new_records"], Self.atOnce) { row in
                let (position, source) = (try row.next(Int.self), try row.next(String?.self))
                let (enterprise, subject) = (try row.next(UUID?.self), try row.next(UUID?.self))
                let number = try row.next(Int?.self)
                guard let source, let enterprise, let subject, let number else { return (position, Change?.none) }
                return (position, Change(source: source, enterprise: enterprise, subject: subject, number: number))
            }
            guard let last = records.last?.0 else { return false }
            let changes = records.compactMap(\.1)
            let moved = changes.filter { $0.source == Change.purchase }
            if !moved.isEmpty {
                let steps = try await transaction.all(
                    store.statements["adoption/insert_purchase_steps"], moved.map(\.enterprise), moved.map(\.subject),
                    moved.map(\.number)
                ) {
                    Change(
                        source: try $0.next(String.self), enterprise: try $0.next(UUID.self),
                        subject: try $0.next(UUID.self))
                }
                try await add(changes + steps, in: transaction)
                let touched = try await transaction.all(
                    store.statements["adoption/list_restepped"], moved.map(\.enterprise), moved.map(\.subject),
                    moved.map(\.number)
                ) { try $0.next(UUID.self) }
                try await replaceSteps(of: touched, in: transaction)
                try await foldProducts(
                    of: (moved.map(\.enterprise), moved.map(\.subject), moved.map(\.number)), in: transaction)
            } else {
                try await add(changes, in: transaction)
            }
            try await transaction.execute(store.statements["adoption/note_progress"], last)
            return true
        }
    }

    /// Uses and views are not in the log: they wait in a table of their own.
    private func foldFeed() async throws -> Bool {
        guard try await hasNews("adoption/list_feed") else { return false }
        return try await store.database.withTransaction(lane: .report) { transaction in
            try await transaction.script(Self.lock)
            let taken = try await transaction.first(store.statements["adoption/take_feed"], Self.atOnce) { row in
                let count = try row.next(Int.self)
                let steps = zip(
                    try row.next([String].self), zip(try row.next([UUID].self), try row.next([UUID].self)))
                return (count, steps.map { Change(source: $0, enterprise: $1.0, subject: $1.1) })
            }
            guard let (count, steps) = taken else { return false }
            try await add(steps, in: transaction)
            let users = steps.filter { $0.source == Change.use }.map(\.enterprise)
            if !users.isEmpty {
                let touched = try await transaction.all(store.statements["adoption/list_earlier_users"], users) {
                    try $0.next(UUID.self)
                }
                try await replaceSteps(of: touched, in: transaction)
            }
            return count == Self.atOnce
        }
    }

    private func hasNews(_ statement: String) async throws -> Bool {
        try await store.database.first(store.statements[statement], 1, lane: .read) { try $0.next(Int.self) } != nil
    }

    // As values, so that PostgreSQL plans for a few and not for a part of the whole log.
    private func add(_ changes: [Change], in transaction: Transaction) async throws {
        guard !changes.isEmpty else { return }
        try await transaction.execute(
            store.statements["adoption/add_to_totals"], changes.map(\.source), changes.map(\.enterprise),
            changes.map(\.subject), changes.map(\.number))
    }

    private func replaceSteps(of enterprises: [UUID], in transaction: Transaction) async throws {
        guard !enterprises.isEmpty else { return }
        try await transaction.execute(store.statements["adoption/replace_steps"], enterprises)
    }

    /// What of the totals is made anew.
    private enum Extent {
        case allButUse, all
        /// Everything, where they were never made; what they hold of use stays.
        case whatIsMissing
    }

    /// Makes the totals anew from the market.
    /// - Parameter withUse: use, too; what was used is then taken as known on the day on which it was used, because its days of
    ///   recording are kept in the totals alone.
    public func rebuild(withUse: Bool = false) async throws {
        try await rebuild(withUse ? .all : .allButUse)
        try await rebuildDirectory()
    }

    private func rebuild(_ extent: Extent) async throws {
        // From one view of the market, which begins when nobody else adds any more: what gets its place in the log meanwhile is
        // added afterwards.
        try await store.database.withTransaction(.repeatableRead, lane: .report) { transaction in
            try await transaction.withStatementLimit(Self.limit) {
                try await transaction.script(Self.lock)
                var withUse = extent == .all
                if extent == .whatIsMissing {
                    if try await isMade(in: transaction) { return }
                    withUse =
                        try await transaction.first(store.statements["adoption/holds_use"]) {
                            try $0.next(Bool.self)
                        } != true
                }
                try await rebuild(withUse: withUse, in: transaction)
            }
        }
    }

    private func rebuild(withUse: Bool, in transaction: Transaction) async throws {
        // Not TRUNCATE: who reads meanwhile reads what was there. Many rows come together to few, which sorting all of them by
        // their names would take most of the time for. Each statement is planned for what it is given.
        try await transaction.script(
            """
            SET LOCAL work_mem = '256MB'; SET LOCAL jit = off; SET LOCAL enable_sort = off;
            SET LOCAL plan_cache_mode = force_custom_plan;
            DELETE FROM adoption_total WHERE measure <> 'metered';
            DELETE FROM enterprise_step;
            DELETE FROM product_step
            """)
        if withUse {
            try await transaction.script(
                """
                DELETE FROM adoption_total; DELETE FROM funnel_step WHERE step = 'used';
                DELETE FROM scenario_step WHERE step = 'used'
                """)
            try await transaction.execute(store.statements["adoption/rebuild_use"])
        }
        try await transaction.execute(store.statements["adoption/rebuild_purchase_steps"])
        try await transaction.execute(store.statements["adoption/rebuild_scenario_steps"])
        // What follows is planned by how much there is now.
        try await transaction.script("ANALYZE funnel_step, scenario_step, first_purchase")
        // One after the other, so that what is added up at a time stays in memory.
        for sources in Self.sources {
            try await transaction.execute(store.statements["adoption/rebuild_totals"], sources)
        }
        try await transaction.execute(store.statements["adoption/rebuild_steps"])
        try await transaction.execute(store.statements["adoption/rebuild_step_totals"])
        try await transaction.execute(store.statements["adoption/rebuild_product_steps"])
        try await transaction.script("ANALYZE adoption_total, enterprise_step, product_step")
        try await transaction.execute(store.statements["adoption/note_made"])
    }

    /// What tells of changes, as told_change names it.
    private static let sources = [
        [Change.purchase], ["invoice.issued", "invoice.paid", "creditnote.issued"], ["viewed"], ["requested"],
        ["agreed"],
        [Change.use], ["renewed"],
    ]

    /// Compares the totals with a recount of every purchase whose record they hold.
    public func verify() async throws -> [Operations.Check] {
        try await check(by: "adoption/verify_totals") + check(by: "adoption/verify_product_steps")
            + check(by: "adoption/verify_directory_totals")
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
