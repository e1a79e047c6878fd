import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct SyntheticMarketTests {
    private func plan(seed: Int = 1) throws -> SyntheticPlan {
        try SyntheticPlan(
            scale: 1, seed: seed, entries: 300, products: 20, enterprises: 30, purchases: 500, usage: 4_321,
            day: Fixtures.day)
    }

    private func number(_ sql: String, in database: Database) async throws -> Int? {
        try await database.first(Statement(name: "test/number", text: sql)) { try $0.next(Int.self) }
    }

    @Test func `a synthetic market has the size it was asked for, and every check of it holds`() async throws {
        try await TestMarket.with { market, database in
            try await market.operations.makeSynthetic(plan()) { _, _ in }
            let checks = try await market.operations.verify() + market.totals.verify()
            #expect(checks.filter { $0.wrong > 0 }.map(\.name).isEmpty)
            let counts = Dictionary(uniqueKeysWithValues: checks.map { ($0.name, $0.checked) })
            #expect(counts["entry versions have the digest of their document"] ?? 0 >= 300)
            #expect(counts["product revisions lead back to a directory entry version"] ?? 0 >= 20)
            #expect(try await number("SELECT count(*) FROM party WHERE kind = 'enterprise'", in: database) == 30)
            #expect(try await number("SELECT count(*) FROM product", in: database) == 20)
            #expect(try await number("SELECT count(*) FROM purchase", in: database) == 500)
            #expect(try await number("SELECT count(*) FROM usage_event", in: database) == 4_321)
            #expect(try await number("SELECT count(*) FROM scenario", in: database) == 3)
        }
    }

    @Test func `a synthetic market holds what makes figures of a real one hard`() async throws {
        let counted = [
            "products that are bought three times as often as others":
                """
            SELECT count(*) FROM (SELECT count(*) AS n, avg(count(*)) OVER () AS mean FROM purchase GROUP BY product_id) AS c
            WHERE n > 3 * mean
            """,
            "products that nobody bought":
                "SELECT count(*) FROM product WHERE id NOT IN (SELECT product_id FROM purchase)",
            "enterprises that bought nothing": """
            SELECT count(*) FROM party WHERE kind = 'enterprise' AND id NOT IN (SELECT enterprise_id FROM purchase)
            """,
            "purchases of the administration":
                "SELECT count(*) FROM purchase JOIN party ON party.id = enterprise_id WHERE kind = 'department'",
            "purchases that were recorded late":
                "SELECT count(*) FROM purchase WHERE recorded_at > accepted_at + interval '1 day'",
            "refunds": "SELECT count(*) FROM purchase WHERE ended_as = 'refunded'",
            "trials that were cancelled": """
            SELECT count(*) FROM purchase JOIN offer ON offer.id = offer_id
            WHERE ended_as = 'cancelled' AND ended_at < accepted_at + make_interval(days => trial_days)
            """,
            "purchases that have expired": "SELECT count(*) FROM purchase WHERE ended_as = 'expired'",
            "uses that are paid for": "SELECT count(*) FROM usage_event WHERE meter = 'call'",
            "purchases that are used on several days":
                "SELECT count(*) FROM (SELECT FROM usage_total GROUP BY entitlement_id HAVING count(*) > 1) AS c",
            "purchases that nobody uses":
                "SELECT count(*) FROM entitlement WHERE id NOT IN (SELECT entitlement_id FROM usage_total)",
            "products of scenarios": "SELECT count(*) FROM scenario_product",
        ]
        try await TestMarket.with { market, database in
            try await market.operations.makeSynthetic(plan()) { _, _ in }
            for (what, sql) in counted {
                #expect(try await number(sql, in: database) ?? 0 > 0, "\(what)")
            }
        }
    }

    @Test(arguments: ["F", "1", "S", "M"])
    func `every kind of offer of a synthetic market can be bought`(kind: String) async throws {
        try await TestMarket.with { market, database in
            try await market.operations.makeSynthetic(plan()) { _, _ in }
            let buyer = try await database.first(
                Statement(
                    name: "test/buyer", text: "SELECT id FROM party WHERE kind = 'enterprise' ORDER BY id LIMIT 1")
            ) { try $0.next(UUID.self) }
            let bought = try await market.purchases.buy(
                PurchaseRequest(offer: "OF-SYN-0000001-\(kind)", purpose: "research"), for: try #require(buyer),
                key: IdempotencyKey("synthetic"), body: [], now: Fixtures.day)
            #expect(!bought.repeated)
        }
    }

    @Test func `the same seed makes the same market, and another seed another`() async throws {
        func content(seed: Int) async throws -> String? {
            try await TestMarket.with { market, database in
                try await market.operations.makeSynthetic(plan(seed: seed)) { _, _ in }
                return try await database.first(
                    Statement(
                        name: "test/content",
                        text: """
                            SELECT concat((SELECT md5(string_agg(party::text, ',' ORDER BY id)) FROM party),
                                (SELECT md5(string_agg(purchase::text, ',' ORDER BY id)) FROM purchase),
                                (SELECT md5(string_agg(usage_event::text, ',' ORDER BY id)) FROM usage_event))
                            """)
                ) { try $0.next(String.self) }
            }
        }
        let first = try await content(seed: 1)
        #expect(try await content(seed: 1) == first)
        #expect(try await content(seed: 2) != first)
    }

    @Test func `every key, reference and index is there again when a synthetic market was made`() async throws {
        try await TestMarket.with { market, database in
            let rules = Statement(
                name: "test/rules",
                text: """
                    SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                    WHERE conrelid <> 0 AND conrelid::regclass::text NOT LIKE 'usage_event_%'
                    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'usage_event_%'
                    ORDER BY 1
                    """)
            let before = try await database.all(rules) { try $0.next(String.self) }
            try await market.operations.makeSynthetic(plan()) { _, _ in }
            #expect(try await database.all(rules) { try $0.next(String.self) } == before)
        }
    }

    @Test func `a market that holds something is not mixed with a synthetic one`() async throws {
        try await TestMarket.with { market, _ in
            _ = try await Fixtures.make(in: market)
            await #expect(throws: SyntheticError.self) {
                try await market.operations.makeSynthetic(plan()) { _, _ in }
            }
        }
    }

    @Test(arguments: [
        ("--enterprises", 0, 1), ("--enterprises", 1_000_001, 1), ("--usage", 1, 0), ("--usage", 1, 1_000_000_001),
    ])
    func `a size that cannot be made is refused by its name`(field: String, enterprises: Int, usage: Int) throws {
        let refusal = #expect(throws: InvalidInput.self) {
            try SyntheticPlan(scale: 1, seed: 1, enterprises: enterprises, usage: usage, day: Fixtures.day)
        }
        #expect(refusal?.field == field)
    }
}
