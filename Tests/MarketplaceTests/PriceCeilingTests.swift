import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// Ceilings of government-guided prices: what they bind, when they fall, and when they end.
@Suite struct PriceCeilingTests {
    private let now = Fixtures.day.addingTimeInterval(3600)
    private let today = "2026-05-29"
    private let guided = #""conditions": [{"kind": "fee", "value": "guided", "basis": "NDRC Price 2025 No. 65"}]"#

    private func withProduct(_ work: (Market, Fixtures) async throws -> Void) async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await work(market, fixtures)
        }
    }

    private func record(
        _ unit: String, _ ceiling: Decimal, since: String, until: String = "2027-12-31", currency: String = "CNY",
        authority: String = Fixtures.administrationCode, of product: String = "DP-FLOOD-001", in market: Market,
        _ fixtures: Fixtures
    ) async throws -> [String: Any] {
        let stated = PriceCeiling(
            unit: unit, ceilingMinor: ceiling, currency: currency, approval: "Price 1", authority: authority,
            since: since, until: until)
        return try fields(
            await market.prices.record(stated, of: product, by: fixtures.administration, now: now))
    }

    private func buy(_ offer: String, for enterprise: UUID, in market: Market, at moment: Date) async throws {
        _ = try await market.purchases.buy(
            PurchaseRequest(offer: offer, purpose: "research"), for: enterprise,
            key: IdempotencyKey("\(offer) \(moment.timeIntervalSince1970)"), body: Array(offer.utf8), now: moment)
    }

    /// What of an offer is refused, by member.
    private func refused(_ plan: String, in market: Market, _ fixtures: Fixtures) async throws -> [String] {
        do {
            try await fixtures.offer(
                Fixtures.offer("OF-TRY-\(UUID().uuidString.prefix(8))", plan: plan), in: market, now: now)
            return []
        } catch let error as PriceError {
            return error.problems.map(\.field)
        }
    }

    @Test func `a guided fee cannot be accepted while no ceiling is in force`() async throws {
        try await withProduct { market, fixtures in
            let plan = #""kind": "one_off", "price_minor": 500, \#(guided)"#
            try await fixtures.offer(Fixtures.offer("OF-GUIDED", plan: plan), in: market, now: now)
            await #expect(throws: PurchaseError.self) {
                try await buy("OF-GUIDED", for: fixtures.bank, in: market, at: now)
            }
            _ = try await record("product", 500, since: today, until: "2026-06-30", in: market, fixtures)
            try await buy("OF-GUIDED", for: fixtures.bank, in: market, at: now)
            // The last day is the 30th of June in Beijing.
            let ended = try parsedTime("2026-07-01T00:00:00+08:00", field: "time")
            try await buy("OF-GUIDED", for: fixtures.bank, in: market, at: ended.addingTimeInterval(-1))
            do {
                try await buy("OF-GUIDED", for: fixtures.insurer, in: market, at: ended)
                Issue.record("it was bought after its ceiling had ended")
            } catch let error as PurchaseError {
                #expect(error.field == "offer" && error.message.contains("no ceiling is in force"), "\(error.message)")
            }
        }
    }

    @Test func `no price of an offer lies above a ceiling in force, and each that would is named`() async throws {
        try await withProduct { market, fixtures in
            _ = try await record("product", 1_000_000, since: today, in: market, fixtures)
            _ = try await record("month", 1000, since: today, in: market, fixtures)
            _ = try await record("call", 2.5, since: today, in: market, fixtures)
            let metered = { (usage: String) in
                #""kind": "metered", "price_minor": 0, "billing_period": "month", "usage": [\#(usage)]"#
            }
            let tier = { (price: String) in #"{"meter": "call", "mode": "per_unit", "tiers": [\#(price)]}"# }
            for (plan, members) in [
                (#""kind": "one_off", "price_minor": 1000000"#, []),
                (#""kind": "one_off", "price_minor": 1000001"#, ["price_minor"]),
                (#""kind": "subscription", "price_minor": 1001, "billing_period": "month""#, ["price_minor"]),
                // Another period and another meter have no ceiling, and the fee is not said to be guided.
                (#""kind": "subscription", "price_minor": 9000, "billing_period": "year""#, []),
                (metered(tier(#"{"above": 0, "unit_price": 2.5}"#)), []),
                (metered(tier(#"{"above": 0, "unit_price": 2.500001}"#)), ["usage: call above 0"]),
                (metered(tier(#"{"above": 0, "unit_price": 1}"#)) + #", "minimum_minor": 1001"#, ["minimum_minor"]),
                (
                    metered(
                        #"{"meter": "call", "mode": "volume", "tiers": [{"above": 0, "unit_price": 2}, {"above": 10, "unit_price": 2, "flat_minor": 6}]}"#
                    ), ["usage: call above 10"]
                ),
                (
                    metered(
                        #"{"meter": "call", "mode": "package", "package_size": 100, "tiers": [{"above": 0, "unit_price": 251}]}"#
                    ), ["usage: call above 0"]
                ),
                (metered(tier(#"{"above": 0, "unit_price": 0, "flat_minor": 1}"#)), ["usage: call above 0"]),
            ] as [(String, [String])] {
                #expect(try await refused(plan, in: market, fixtures) == members, "\(plan)")
            }
            // To call the fee the market's does not lift a ceiling.
            let free = #""conditions": [{"kind": "fee", "value": "market", "basis": "synthetic"}]"#
            let plan = #""kind": "one_off", "price_minor": 9000000, \#(free)"#
            #expect(try await refused(plan, in: market, fixtures) == ["price_minor"])
        }
    }

    @Test func `a ceiling that falls stops new purchases, keeps the old ones, and is told`() async throws {
        try await withProduct { market, fixtures in
            _ = try await record("product", 1_000_000, since: today, in: market, fixtures)
            try await buy("OF-FLOOD-ONCE", for: fixtures.bank, in: market, at: now)
            let fallen = try await record("product", 999_999, since: "2026-07-01", in: market, fixtures)
            #expect(fallen["offers_above"] as? [String] == ["OF-FLOOD-ONCE"])
            try await buy("OF-FLOOD-ONCE", for: fixtures.insurer, in: market, at: now)
            let later = try parsedTime("2026-07-01T00:00:00+08:00", field: "time")
            await #expect(throws: PurchaseError.self) {
                try await buy("OF-FLOOD-ONCE", for: fixtures.carrier, in: market, at: later)
            }
            let notices = try await market.notices.notices(to: fixtures.seller, cursor: nil, limit: nil).text
            #expect(notices.contains("cannot be accepted any more: OF-FLOOD-ONCE"))
            let listed = try fields(
                await market.prices.ceilings(
                    of: "DP-FLOOD-001", reader: nil, seesAll: false, cursor: nil, limit: nil, now: now))
            let items = listed["items"] as? [[String: Any]] ?? []
            let standing = items.filter { $0["in_force"] as? Bool == true }.map { $0["until"] as? String }
            let coming = items.filter { $0["in_force"] as? Bool == false }.map { $0["until"] as? String }
            #expect(standing == ["2026-06-30"] && coming == ["2027-12-31"])
            let own = try await market.catalog.ownProducts(of: fixtures.seller, cursor: nil, limit: nil, now: later)
            #expect(own.text.contains("price_above_ceiling") || own.text.contains("above the ceiling"))
        }
    }

    @Test func `a ceiling that cannot be is refused by name`() async throws {
        try await withProduct { market, fixtures in
            _ = try await record("product", 1, since: today, until: "2026-12-31", in: market, fixtures)
            let attempts: [(String, () async throws -> [String: Any])] = [
                ("unit", { try await record("smile", 1, since: today, in: market, fixtures) }),
                ("unit", { try await record("", 1, since: today, in: market, fixtures) }),
                ("ceiling_minor", { try await record("month", -1, since: today, in: market, fixtures) }),
                ("ceiling_minor", { try await record("month", .nan, since: today, in: market, fixtures) }),
                ("currency", { try await record("month", 1, since: today, currency: "yuan", in: market, fixtures) }),
                ("authority", { try await record("month", 1, since: today, authority: "X", in: market, fixtures) }),
                ("since", { try await record("month", 1, since: "2026-02-30", in: market, fixtures) }),
                // Before the rule that says how long a ceiling may hold.
                (
                    "since",
                    { try await record("month", 1, since: "2024-01-01", until: "2024-12-31", in: market, fixtures) }
                ),
                ("until", { try await record("month", 1, since: today, until: "2026-01-01", in: market, fixtures) }),
                (
                    "until",
                    { try await record("month", 1, since: "2026-06-01", until: "2029-06-01", in: market, fixtures) }
                ),
                ("since", { try await record("product", 2, since: today, in: market, fixtures) }),
                ("since", { try await record("product", 2, since: "2026-01-01", in: market, fixtures) }),
            ]
            for (member, attempt) in attempts {
                do {
                    _ = try await attempt()
                    Issue.record("recorded, but \(member) is wrong")
                } catch let error as any MarketplaceError {
                    #expect(error.field == member, "\(error.message)")
                }
            }
            _ = try await record("month", 1, since: "2026-06-01", until: "2029-05-31", in: market, fixtures)
            await #expect(throws: PriceError.self) {
                try await record("month", 1, since: today, of: "DP-NONE", in: market, fixtures)
            }
        }
    }
}
