import Foundation
import Postgres

/// How large a synthetic market is, and what decides its content: the same plan makes the same market.
public struct SyntheticPlan: Sendable {
    /// At scale 1: 2,500 entries, 200 products, 10,000 purchases.
    public static let base = (entries: 2_500, products: 200, purchases: 10_000)

    public var seed: Int
    public var entries: Int
    public var products: Int
    public var purchases: Int
    /// The last day of the market; everything happened in the three years before it.
    public var day: Date

    /// - Parameters: entries, products, purchases: nil for the scale's.
    /// - Throws: `InvalidInput` when a number is not usable.
    public init(scale: Int, seed: Int, entries: Int?, products: Int?, purchases: Int?, day: Date) throws {
        guard (1...1_000).contains(scale) else { throw InvalidInput("--scale", "A scale is 1 to 1,000.") }
        for (name, number) in [("--entries", entries), ("--products", products), ("--purchases", purchases)] {
            guard (1...100_000_000).contains(number ?? 1) else {
                throw InvalidInput(name, "This is 1 to 100,000,000.")
            }
        }
        guard (0...1_000_000_000).contains(seed) else { throw InvalidInput("--seed", "A seed is 0 to 1,000,000,000.") }
        self.seed = seed
        self.entries = entries ?? Self.base.entries * scale
        self.products = products ?? Self.base.products * scale
        self.purchases = purchases ?? Self.base.purchases * scale
        self.day = day
    }

    public var departments: Int { max(10, entries / 250) }
    public var operators: Int { max(5, products / 100) }
    public var enterprises: Int { max(20, purchases / 100) }
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
        step("purchases and usage", try await clock.measure { try await buySynthetic(plan, bytes: content.count) })
        step("statistics", try await clock.measure { try await takeStatistics() })
        step("totals", try await clock.measure { try await Totals(store: store).rebuild() })
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

    /// In transactions of 50,000, so that the checks at the end of each fit in memory.
    private func buySynthetic(_ plan: SyntheticPlan, bytes: Int) async throws {
        _ = try await store.database.first(store.statements["synthetic/make_usage_partitions"], plan.day) {
            try $0.next(Int.self)
        }
        for first in stride(from: 1, through: plan.purchases, by: 50_000) {
            try await store.database.withTransaction(lane: .report) { transaction in
                try await transaction.execute(
                    store.statements["synthetic/insert_purchases"], plan.seed, first,
                    min(first + 49_999, plan.purchases), plan.products, plan.enterprises, plan.day, bytes)
            }
        }
    }
}
