import Foundation
import Postgres

/// How large a synthetic market is, and what decides its content: the same plan makes the same market.
public struct SyntheticPlan: Sendable {
    /// At scale 1: 2,500 entries, 200 products, 10,000 purchases.
    public static let base = (entries: 2_500, products: 200, purchases: 10_000)

    public var seed: Int
    public var entries: Int
    public var products: Int
    public var enterprises: Int
    public var purchases: Int
    /// Usage events, of all purchases together.
    public var usage: Int
    /// The last day of the market; everything happened in the three years before it.
    public var day: Date

    /// - Parameters:
    ///   - scale: 1 to 1,000.
    ///   - entries, products, purchases: nil for the scale's.
    ///   - enterprises: nil for one to a hundred purchases, 20 at least.
    ///   - usage: nil for one event to a purchase.
    /// - Throws: `InvalidInput` when a number is not usable.
    public init(
        scale: Int, seed: Int, entries: Int? = nil, products: Int? = nil, enterprises: Int? = nil,
        purchases: Int? = nil, usage: Int? = nil, day: Date
    ) throws {
        guard (1...1_000).contains(scale) else { throw InvalidInput("--scale", "A scale is 1 to 1,000.") }
        let limits: [(name: String, number: Int?, most: Int)] = [
            ("--entries", entries, 100_000_000), ("--products", products, 1_000_000),
            ("--enterprises", enterprises, 1_000_000), ("--purchases", purchases, 100_000_000),
            ("--usage", usage, 1_000_000_000),
        ]
        for (name, number, most) in limits where !(1...most).contains(number ?? 1) {
            throw InvalidInput(name, "This is 1 to \(most.formatted(.number.locale(Locale(identifier: "en")))).")
        }
        guard (0...1_000_000_000).contains(seed) else { throw InvalidInput("--seed", "A seed is 0 to 1,000,000,000.") }
        self.seed = seed
        self.entries = entries ?? Self.base.entries * scale
        self.products = products ?? Self.base.products * scale
        self.purchases = purchases ?? Self.base.purchases * scale
        self.enterprises = enterprises ?? max(20, self.purchases / 100)
        self.usage = usage ?? self.purchases
        self.day = day
    }

    public var departments: Int { max(10, entries / 250) }
    public var operators: Int { max(5, products / 100) }
    /// Their codes have three digits.
    public var scenarios: Int { min(999, max(3, products / 20)) }
}

public enum SyntheticError: MarketplaceError {
    case notEmpty

    public var code: RefusalCode { .conflict }
    public var message: String {
        "The database holds a market; a synthetic one is only made in an empty database."
    }
}

extension Operations {
    /// Makes a large synthetic market for benchmarks, set by set, in an empty database.
    /// - Parameter step: told what was made and how long it took.
    public func makeSynthetic(
        _ plan: SyntheticPlan, step: @Sendable (String, Duration) -> Void
    ) async throws {
        let free = try await store.database.first(store.statements["synthetic/is_free"]) { try $0.next(Bool.self) }
        guard free == true else { throw SyntheticError.notEmpty }
        let content = Array("place,value\n1,1\n".utf8)
        let seed = plan.seed
        let sets: [(String, String, [(any PostgresParameter)?])] = [
            (
                "parties", "synthetic/insert_parties",
                [seed, plan.departments, plan.operators, plan.enterprises, plan.day]
            ),
            ("entries", "synthetic/insert_directory", [seed, plan.entries, plan.day]),
            ("versions", "synthetic/insert_versions", [seed, plan.entries, plan.departments, plan.day]),
            (
                "responsibilities", "synthetic/insert_entry_responsibilities",
                [seed, plan.entries, plan.departments, plan.day]
            ),
            (
                "products", "synthetic/insert_products",
                [seed, plan.products, plan.entries, plan.operators, plan.day, content]
            ),
            ("scenarios", "synthetic/insert_scenarios", [seed, plan.scenarios, plan.products, plan.day]),
        ]
        let clock = ContinuousClock()
        try await store.database.withTransaction(lane: .report) { transaction in
            for (name, statement, values) in sets {
                let took = try await clock.measure {
                    _ = try await transaction.pipeline([(store.statements[statement], values)])
                }
                step(name, took)
            }
        }
        step("successions", try await clock.measure { try await mergeDepartments(plan) })
        try await buySynthetic(plan, bytes: content.count, step)
        step("statistics", try await clock.measure { try await takeStatistics() })
        step("totals", try await clock.measure { try await Totals(store: store).rebuild(withUse: true) })
    }

    private func takeStatistics() async throws {
        let tables = try await store.database.all(store.statements["synthetic/list_filled_tables"], lane: .report) {
            try $0.next(String.self)
        }
        try await store.database.script("ANALYZE " + tables.joined(separator: ", "))
        try await store.database.execute(store.statements["search/note_all"])
    }

    private func mergeDepartments(_ plan: SyntheticPlan) async throws {
        try await store.database.withTransaction(lane: .report) { transaction in
            let successions = try await transaction.all(
                store.statements["synthetic/insert_successions"], plan.seed, plan.departments, plan.day
            ) { try $0.next(UUID.self) }
            for succession in successions {
                _ = try await transaction.first(
                    store.statements["parties/hand_over"], succession, plan.day.addingTimeInterval(-170 * 86_400)
                ) { try $0.next(Int.self) }
            }
        }
    }

    /// Without keys and references, which one row after the other would cost more than the rows; they are made again at the end,
    /// which checks every row, in one transaction: a market that is cut off is none.
    private func buySynthetic(
        _ plan: SyntheticPlan, bytes: Int, _ step: @Sendable (String, Duration) -> Void
    ) async throws {
        _ = try await store.database.first(store.statements["synthetic/make_usage_partitions"], plan.day) {
            try $0.next(Int.self)
        }
        let clock = ContinuousClock()
        try await store.database.withTransaction(lane: .report) { transaction in
            try await transaction.script(
                "SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
            let constraints = try await transaction.all(store.statements["synthetic/list_bulk_constraints"]) {
                (leaving: try $0.next(String.self), coming: try $0.next(String.self))
            }
            try await transaction.script(constraints.map(\.leaving).joined(separator: ";"))
            let bought = try await clock.measure {
                for first in stride(from: 1, through: plan.purchases, by: Self.purchasesAtOnce) {
                    try await transaction.execute(
                        store.statements["synthetic/insert_purchases"], plan.seed, first,
                        min(first + Self.purchasesAtOnce - 1, plan.purchases), plan.purchases, plan.products,
                        plan.enterprises, plan.departments, plan.usage, plan.day, bytes)
                }
            }
            step("purchases and usage", bought)
            let checked = try await clock.measure {
                for constraint in constraints.reversed() { try await transaction.script(constraint.coming) }
            }
            step("their keys and references", checked)
        }
    }

    /// As many as, with ten uses each, stay within a gigabyte of temporary files.
    private static let purchasesAtOnce = 200_000
}
