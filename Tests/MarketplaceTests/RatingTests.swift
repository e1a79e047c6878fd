import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct RatingTests {
    private let now = Fixtures.day.addingTimeInterval(3600)

    private func metered(_ usage: String, more: String = "") -> String {
        #""kind": "metered", "price_minor": 0, "billing_period": "month", "usage": [\#(usage)]\#(more)"#
    }

    private static let tiers =
        #"[{"above": 0, "unit_price": 10}, {"above": 10, "unit_price": 5, "flat_minor": 100}, {"above": 100, "unit_price": 1.5}]"#

    private func withOffers(
        _ plans: [String: String], _ work: (Market, Database, Fixtures) async throws -> Void
    ) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            for (code, plan) in plans {
                try await fixtures.offer(Fixtures.offer(code, plan: plan), in: market, now: now)
            }
            try await work(market, database, fixtures)
        }
    }

    /// The net amounts of the lines of one period of a quote.
    private func nets(_ offer: String, _ downloads: Decimal, trial: Bool = false, in market: Market) async throws
        -> [Int]
    {
        let use = ["download": downloads]
        let request = trial ? QuoteRequest(trial: use) : QuoteRequest(usage: .each(use))
        let quote = try fields(await market.catalog.quote(offer, request, for: nil, now: now))
        let period = (quote["periods"] as? [[String: Any]])?.first
        return (period?["lines"] as? [[String: Any]] ?? []).compactMap { $0["net_minor"] as? Int }
    }

    /// The net amounts of a period of which a share is covered.
    private func rated(_ offer: String, share: String, use: String, in database: Database) async throws -> [Int] {
        try await database.all(
            Statement(
                name: "test/rate",
                text: "SELECT net_minor FROM offer, rate_period(offer.id, false, $2::text::numeric, $3::text::jsonb) "
                    + "WHERE code = $1 ORDER BY line"),
            offer, share, use
        ) { try $0.next(Int.self) }
    }

    @Test func `each way to price use is right at nothing, at the end of a tier and above it`() async throws {
        let plans = [
            "OF-UNIT": metered(
                #"{"meter": "download", "mode": "per_unit", "tiers": [{"above": 0, "unit_price": 33.333333}]}"#),
            "OF-GRAD": metered(#"{"meter": "download", "mode": "graduated", "tiers": \#(Self.tiers)}"#),
            "OF-VOL": metered(#"{"meter": "download", "mode": "volume", "tiers": \#(Self.tiers)}"#),
            "OF-PACK": metered(
                #"{"meter": "download", "mode": "package", "package_size": 50, "tiers": [{"above": 0, "unit_price": 700}]}"#
            ),
        ]
        let expected: [(offer: String, use: String, nets: [Int])] = [
            ("OF-UNIT", "0", []), ("OF-UNIT", "1", [33]), ("OF-UNIT", "3", [100]),
            ("OF-GRAD", "0", []), ("OF-GRAD", "10", [100]), ("OF-GRAD", "10.5", [100, 3, 100]),
            ("OF-GRAD", "100", [100, 450, 100]), ("OF-GRAD", "101", [100, 450, 100, 2]),
            ("OF-VOL", "0", []), ("OF-VOL", "10", [100]), ("OF-VOL", "10.5", [53, 100]), ("OF-VOL", "100", [500, 100]),
            ("OF-VOL", "101", [152]),
            ("OF-PACK", "0", []), ("OF-PACK", "1", [700]), ("OF-PACK", "50", [700]), ("OF-PACK", "51", [1400]),
        ]
        try await withOffers(plans) { market, _, _ in
            for (offer, use, lines) in expected {
                let quantity = try #require(Decimal(string: use))
                let rated = try await nets(offer, quantity, in: market)
                #expect(rated == lines, "\(offer) \(use)")
            }
        }
    }

    @Test func `a period costs at least the minimum and at most the maximum, as much of them as it covers`()
        async throws
    {
        let plan = #"""
            "kind": "combined", "price_minor": 1000, "billing_period": "month", "minimum_minor": 1500, "maximum_minor": 3000,
            "trial_days": 14,
            "usage": [{"meter": "download", "mode": "per_unit", "tiers": [{"above": 0, "unit_price": 100}]}]
            """#
        try await withOffers(["OF-BOTH": plan]) { market, database, _ in
            let expected: [(use: Decimal, nets: [Int])] = [
                (0, [1000, 500]), (7, [1000, 700]), (40, [1000, 4000, -2000]),
                // Exactly at the minimum and at the maximum nothing is added.
                (5, [1000, 500]), (20, [1000, 2000]),
            ]
            for (use, lines) in expected {
                let quoted = try await nets("OF-BOTH", use, in: market)
                #expect(quoted == lines, "\(use)")
            }
            let third = try await rated("OF-BOTH", share: "0.3333", use: #"{"download": 40}"#, in: database)
            #expect(third == [333, 4000, -3333])
            let half = try await rated("OF-BOTH", share: "0.5", use: "{}", in: database)
            #expect(half == [500, 250])
            let trial = try await nets("OF-BOTH", 40, trial: true, in: market)
            #expect(trial == [0, 0], "a trial has no minimum")
        }
    }

    @Test func `thirds over a thousand lines add up to the lines, not to the product`() async throws {
        let plan = metered(
            #"{"meter": "download", "mode": "per_unit", "tiers": [{"above": 0, "unit_price": 33.3333333333}]}"#)
        try await withOffers(["OF-THIRD": plan]) { market, database, _ in
            let sum = try await database.first(
                Statement(
                    name: "test/thirds",
                    text: """
                        SELECT sum(net_minor)::bigint, sum(vat_minor)::bigint FROM offer, generate_series(1, 1000),
                            rate_period(offer.id, false, 1, '{"download": 1}') WHERE code = 'OF-THIRD'
                        """)
            ) { (net: try $0.next(Int.self), vat: try $0.next(Int.self)) }
            #expect(sum?.net == 33_000 && sum?.vat == 2_000)
            let request = QuoteRequest(periods: 120, usage: .each(["download": 1]))
            let quote = try fields(await market.catalog.quote("OF-THIRD", request, for: nil, now: now))
            #expect(quote["net_minor"] as? Int == 3_960 && quote["vat_minor"] as? Int == 240)
            #expect(quote["gross_minor"] as? Int == 4_200)
        }
    }

    @Test func `the largest amount that fits is rated, one more is refused by name`() async throws {
        let plan = metered(
            #"{"meter": "download", "mode": "per_unit", "tiers": [{"above": 0, "unit_price": 9223372036.854775807}]}"#)
        try await withOffers(["OF-MOST": plan]) { market, database, _ in
            let most = try await rated("OF-MOST", share: "1", use: #"{"download": 1000000000}"#, in: database)
            #expect(most == [.max])
            let refusal = await #expect(throws: InvalidInput.self) {
                try await nets("OF-MOST", 1_000_000_001, in: market)
            }
            #expect(refusal?.field == "usage")
        }
    }

    @Test func `what is rated is what an independent reckoning of the plan gives`() async throws {
        var random = SystemRandomNumberGenerator()
        let cases = (0..<60).map { _ in RandomPlan(using: &random) }
        let plans = Dictionary(
            uniqueKeysWithValues: cases.enumerated().map { ("OF-RANDOM-\($0.offset)", metered($0.element.json)) })
        try await withOffers(plans) { market, database, _ in
            for (index, plan) in cases.enumerated() {
                for use in plan.uses {
                    let code = "OF-RANDOM-\(index)"
                    let expected = plan.nets(of: use)
                    let quoted = try await nets(code, use, in: market)
                    let rated = try await rated(code, share: "1", use: #"{"download": \#(use)}"#, in: database)
                    #expect(quoted == expected && rated == expected, "\(plan.json) for \(use)")
                }
            }
        }
    }
}

/// A plan drawn at random, and what it costs by arithmetic of its own.
struct RandomPlan {
    let mode: String
    let size: Decimal
    var tiers: [(above: Decimal, price: Decimal, flat: Int)] = []

    init(using random: inout some RandomNumberGenerator) {
        mode = ["per_unit", "graduated", "volume", "package"].randomElement(using: &random) ?? ""
        size = Decimal(Int.random(in: 1...400, using: &random)) / 4
        let count = ["graduated", "volume"].contains(mode) ? Int.random(in: 1...5, using: &random) : 1
        var above = Decimal(0)
        for _ in 0..<count {
            let price = Decimal(Int.random(in: 0...1_000_000, using: &random)) / 1000
            tiers.append((above, price, [0, 0, 7, 1000].randomElement(using: &random) ?? 0))
            above += Decimal(Int.random(in: 1...1000, using: &random)) / 8
        }
    }

    var json: String {
        let list = tiers.map { #"{"above": \#($0.above), "unit_price": \#($0.price), "flat_minor": \#($0.flat)}"# }
        let package = mode == "package" ? #""package_size": \#(size), "# : ""
        return #"{"meter": "download", "mode": "\#(mode)", \#(package)"tiers": [\#(list.joined(separator: ", "))]}"#
    }

    /// Nothing, each bound, just beside it, and far above.
    var uses: [Decimal] {
        [0, Decimal(123_457) / 8] + tiers.dropFirst().flatMap { [$0.above, $0.above - 0.125, $0.above + 0.125] }
    }

    func nets(of use: Decimal) -> [Int] {
        guard use > 0 else { return [] }
        var lines: [Int] = []
        for (index, tier) in tiers.enumerated() where tier.above < use {
            let end = index + 1 < tiers.count ? tiers[index + 1].above : use
            if mode == "volume" && end < use { continue }
            let quantity =
                switch mode {
                case "graduated": min(use, end) - tier.above
                case "package": Decimal(Self.rounded(use / size, .up))
                default: use
                }
            lines.append(Self.rounded(quantity * tier.price, .plain))
            if tier.flat > 0 { lines.append(tier.flat) }
        }
        return lines
    }

    private static func rounded(_ value: Decimal, _ mode: NSDecimalNumber.RoundingMode) -> Int {
        var (value, rounded) = (value, Decimal())
        NSDecimalRound(&rounded, &value, 0, mode)
        return NSDecimalNumber(decimal: rounded).intValue
    }
}
