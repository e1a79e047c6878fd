import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// A plan that cannot be stated, and the member that its refusal names.
struct Unstatable: Sendable, CustomTestStringConvertible {
    let plan, member: String
    var testDescription: String { "\(member): \(plan)" }

    init(_ member: String, _ plan: String) { (self.plan, self.member) = (plan, member) }

    private static let use =
        #""usage": [{"meter": "call", "mode": "per_unit", "tiers": [{"above": 0, "unit_price": 1}]}]"#
    private static func metered(_ usage: String) -> String {
        #""kind": "metered", "price_minor": 0, "billing_period": "month", "usage": [\#(usage)]"#
    }

    static let all: [Unstatable] = [
        .init("kind", #""kind": "rent", "price_minor": 1"#),
        .init("price_minor", #""kind": "free", "price_minor": 1"#),
        .init("price_minor", #""kind": "one_off", "price_minor": 0"#),
        .init("price_minor", #""kind": "one_off", "price_minor": 1000000000000000"#),
        .init("price_minor", #""kind": "metered", "price_minor": 5, "billing_period": "month", \#(use)"#),
        .init("billing_period", #""kind": "subscription", "price_minor": 5"#),
        .init("billing_period", #""kind": "one_off", "price_minor": 5, "billing_period": "month""#),
        .init("billing_period", #""kind": "subscription", "price_minor": 5, "billing_period": "week""#),
        .init("usage", #""kind": "metered", "price_minor": 0, "billing_period": "month""#),
        .init("usage", #""kind": "subscription", "price_minor": 5, "billing_period": "month", \#(use)"#),
        .init("minimum_minor", #""kind": "one_off", "price_minor": 5, "minimum_minor": 3"#),
        .init(
            "maximum_minor", #""kind": "subscription", "price_minor": 5, "billing_period": "year", "maximum_minor": 4"#),
        .init("vat_rate", #""kind": "one_off", "price_minor": 5, "vat_rate": 1"#),
        .init("vat_rate", #""kind": "one_off", "price_minor": 5, "vat_rate": 0.12345"#),
        .init("trial_days", #""kind": "one_off", "price_minor": 5, "trial_days": 7"#),
        .init("trial_days", #""kind": "subscription", "price_minor": 5, "billing_period": "year", "trial_days": 365"#),
        .init("places", #""kind": "one_off", "price_minor": 5, "places": 0"#),
        .init("approval", #""kind": "one_off", "price_minor": 5, "approval": "nobody""#),
        .init("offered_until", #""kind": "one_off", "price_minor": 5, "offered_until": "soon""#),
        .init("offered_until", #""kind": "one_off", "price_minor": 5, "offered_until": "2020-01-01""#),
        .init("replaces", #""kind": "one_off", "price_minor": 5, "replaces": "OF-NEVER""#),
        .init("replaces", #""kind": "one_off", "price_minor": 5, "replaces": "OF-NEW""#),
        .init("reserved_for", #""kind": "one_off", "price_minor": 5, "reserved_for": "91110000MA000000XX""#),
        .init(
            "usage[0].meter",
            metered(#"{"meter": "smile", "mode": "per_unit", "tiers": [{"above": 0, "unit_price": 1}]}"#)),
        .init(
            "usage[0].mode", metered(#"{"meter": "call", "mode": "haggled", "tiers": [{"above": 0, "unit_price": 1}]}"#)
        ),
        .init("usage[0].tiers", metered(#"{"meter": "call", "mode": "graduated", "tiers": []}"#)),
        .init(
            "usage[0].tiers",
            metered(
                #"{"meter": "call", "mode": "per_unit", "tiers": [{"above": 0, "unit_price": 1}, {"above": 1, "unit_price": 1}]}"#
            )),
        .init(
            "usage[0].tiers[0].above",
            metered(#"{"meter": "call", "mode": "volume", "tiers": [{"above": 1, "unit_price": 1}]}"#)),
        .init(
            "usage[0].tiers[1].above",
            metered(
                #"{"meter": "call", "mode": "volume", "tiers": [{"above": 0, "unit_price": 1}, {"above": 0, "unit_price": 2}]}"#
            )),
        .init(
            "usage[0].tiers[0].unit_price",
            metered(#"{"meter": "call", "mode": "volume", "tiers": [{"above": 0, "unit_price": -1}]}"#)),
        .init(
            "usage[0].package_size",
            metered(#"{"meter": "call", "mode": "package", "tiers": [{"above": 0, "unit_price": 1}]}"#)),
        .init("quotas[0].meter", #""kind": "free", "price_minor": 0, "quotas": [{"meter": "smile", "quantity": 1}]"#),
        .init("quotas[0].quantity", #""kind": "free", "price_minor": 0, "quotas": [{"meter": "call", "quantity": 0}]"#),
        .init(
            "quotas[0].trial",
            #""kind": "free", "price_minor": 0, "quotas": [{"meter": "call", "quantity": 1, "trial": true}]"#),
        .init(
            "quotas[0].carry_over",
            #""kind": "free", "price_minor": 0, "quotas": [{"meter": "call", "quantity": 1, "carry_over": 1}]"#),
        .init(
            "quotas[1].meter",
            #""kind": "free", "price_minor": 0, "quotas": [{"meter": "call", "quantity": 1}, {"meter": "call", "quantity": 2}]"#
        ),
    ]
}

@Suite struct OfferTests {
    private let now = Fixtures.day.addingTimeInterval(3600)

    private func withProduct(_ work: (Market, Database, Fixtures) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await work(market, database, fixtures)
        }
    }

    private func shown(_ code: String, in market: Market, now: Date) async throws -> [String: Any]? {
        let offers = try fields(
            await market.catalog.offers(of: "DP-FLOOD-001", for: nil, cursor: nil, limit: nil, now: now))
        return (offers["items"] as? [[String: Any]])?.first { $0["code"] as? String == code }
    }

    @Test func `a product of public benefit takes no offer that costs something`() async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            var listing = try Fixtures.listing()
            (listing.code, listing.useClass) = ("DP-BENEFIT-001", "public_benefit")
            listing.offers = [try Fixtures.offer("OF-BENEFIT-FREE", kind: "free", price: 0)]
            try await fixtures.list(listing, in: market, now: Fixtures.day + 5)
            let paid = try Fixtures.offer("OF-BENEFIT-PAID", kind: "one_off", price: 100)
            await #expect {
                try await market.catalog.offer(paid, of: "DP-BENEFIT-001", by: fixtures.seller, now: Fixtures.day + 6)
            } throws: { ($0 as? InvalidInput)?.field == "kind" }
        }
    }

    @Test func `an offer that cannot be stated is refused by the name of its member, and nothing is written`()
        async throws
    {
        try await withProduct { market, database, fixtures in
            for unstatable in Unstatable.all {
                let refusal = await #expect(throws: InvalidInput.self, "\(unstatable)") {
                    try await market.catalog.offer(
                        Fixtures.offer("OF-NEW", plan: unstatable.plan), of: "DP-FLOOD-001", by: fixtures.seller,
                        now: now)
                }
                #expect(refusal?.field == unstatable.member, "\(unstatable.plan): \(refusal?.message ?? "")")
            }
            let made = try await shown("OF-NEW", in: market, now: now)
            #expect(made == nil)
            let standing = Statement(
                name: "test/standing", text: "SELECT count(*) FROM offer WHERE withdrawn_at IS NULL")
            #expect(try await database.first(standing) { try $0.next(Int.self) } == 2)
        }
    }

    @Test func `an offer is shown with its tax, tiers, quotas, trial, validity and places`() async throws {
        try await withProduct { market, _, fixtures in
            let plan = #"""
                "kind": "combined", "price_minor": 9950, "billing_period": "quarter", "vat_rate": 0.13, "maximum_minor": 90000,
                "trial_days": 14, "places": 20, "offered_until": "2030-01-01", "approval": "operator",
                "usage": [{"meter": "download", "mode": "graduated", "tiers":
                    [{"above": 0, "unit_price": 100.5}, {"above": 10, "unit_price": 50, "flat_minor": 7}]}],
                "quotas": [{"meter": "download", "quantity": 5, "trial": true},
                    {"meter": "download", "quantity": 500, "period": "month", "hard": false, "carry_over": 50}]
                """#
            try await fixtures.offer(Fixtures.offer("OF-ALL", plan: plan), in: market, now: now)
            let offer = try #require(try await shown("OF-ALL", in: market, now: now))
            #expect(
                (offer["price_with_tax"] as? [String: Any])?["minor_units"] as? Int == 11_244, "1293.5 → 1294 of tax")
            #expect(offer["billing_period"] as? String == "quarter" && offer["trial_days"] as? Int == 14)
            #expect((offer["places"] as? [String: Int]) == ["all": 20, "left": 20])
            let tiers = (offer["usage"] as? [[String: Any]])?.first?["tiers"] as? [[String: Any]]
            #expect(tiers?.compactMap { $0["unit_price"] as? Double } == [100.5, 50])
            #expect((offer["quotas"] as? [[String: Any]])?.compactMap { $0["quantity"] as? Int } == [500, 5])
            let end = try #require(ISO8601DateFormatter().date(from: "2030-01-01T00:00:00Z"))
            #expect(try await shown("OF-ALL", in: market, now: end) == nil, "the end is not part of the validity")
        }
    }

    @Test func `an offer priced by use is exported with its prices and needs the price approval`() async throws {
        try await withProduct { market, database, fixtures in
            let plan = #"""
                "kind": "combined", "price_minor": 2000, "billing_period": "quarter", "usage": [{"meter": "row",
                    "mode": "package", "package_size": 1000, "tiers": [{"above": 0, "unit_price": 250.5}]}]
                """#
            try await fixtures.offer(Fixtures.offer("OF-ROWS", plan: plan), in: market, now: now)
            let turtle = try await market.export.product(
                "DP-FLOOD-001", .turtle, base: "https://market.example", now: now)
            let text = String(decoding: turtle, as: UTF8.self)
            for part in [
                "odrl:rightOperand 20.00 ;", "\"P3M\"^^xsd:duration", "odrl:rightOperand 2.505 ;", "\"1000 row\"",
            ] {
                #expect(text.contains(part), "\(part)")
            }
            let metered = #"""
                "kind": "metered", "price_minor": 0, "billing_period": "month", "usage": [{"meter": "row",
                    "mode": "per_unit", "tiers": [{"above": 0, "unit_price": 1}]}]
                """#
            try await fixtures.offer(Fixtures.offer("OF-ROW", plan: metered), in: market, now: now)
            let need = Statement(
                name: "test/need",
                text: "SELECT count(*) FROM offer_need JOIN offer ON offer.id = offer_id "
                    + "WHERE offer.code = 'OF-ROW' AND offer_need.kind = 'price_approval'")
            let approvals = try await database.first(need) { try $0.next(Int.self) }
            #expect(approvals == 1)
        }
    }

    @Test func `one offer replaces another in one moment, and what was bought keeps its terms`() async throws {
        try await withProduct { market, database, fixtures in
            let old = try fields(
                await market.purchases.buy(
                    PurchaseRequest(offer: "OF-FLOOD-ONCE", purpose: "research"), for: fixtures.bank,
                    key: IdempotencyKey("k"), body: [], now: now
                ).purchase)
            let plan = #""kind": "one_off", "price_minor": 2000000, "replaces": "OF-FLOOD-ONCE""#
            try await fixtures.offer(
                Fixtures.offer("OF-FLOOD-TWICE", plan: plan), in: market, now: now.addingTimeInterval(1))
            #expect(try await shown("OF-FLOOD-ONCE", in: market, now: now) == nil)
            #expect(try await shown("OF-FLOOD-TWICE", in: market, now: now)?["replaces"] as? String == "OF-FLOOD-ONCE")
            let price = Statement(
                name: "test/price", text: "SELECT price_minor FROM purchase WHERE id = $1::text::uuid")
            let paid = try await database.first(price, old["id"] as? String) { try $0.next(Int.self) }
            #expect(paid == 1_000_000)
            await #expect(throws: InvalidInput.self, "it was replaced already") {
                try await market.catalog.offer(
                    Fixtures.offer("OF-FLOOD-THRICE", plan: plan), of: "DP-FLOOD-001", by: fixtures.seller, now: now)
            }
        }
    }

    @Test func `while an offer is replaced, each buyer has it or is refused, and nobody buys it afterwards`()
        async throws
    {
        try await withProduct { market, database, fixtures in
            let plan = #""kind": "free", "price_minor": 0, "replaces": "OF-FLOOD-FREE""#
            let bought = try await withThrowingTaskGroup(of: Bool.self) { tasks in
                for number in 0..<40 {
                    if number == 20 {
                        tasks.addTask {
                            try await fixtures.offer(Fixtures.offer("OF-NEXT", plan: plan), in: market, now: now)
                            return false
                        }
                    }
                    tasks.addTask {
                        do {
                            _ = try await market.purchases.buy(
                                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: fixtures.bank,
                                key: IdempotencyKey("k\(number)"), body: [], now: now)
                            return true
                        } catch is PurchaseError { return false }
                    }
                }
                return try await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            let count = Statement(name: "test/count", text: "SELECT count(*) FROM purchase")
            #expect(try await database.first(count) { try $0.next(Int.self) } == bought)
            await #expect(throws: PurchaseError.self) {
                try await market.purchases.buy(
                    PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: fixtures.bank,
                    key: IdempotencyKey("late"), body: [], now: now)
            }
            #expect(try await shown("OF-NEXT", in: market, now: now) != nil)
        }
    }
}
