import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct AdoptionTests {
    private let now = Fixtures.day + 3600

    private func with(_ work: (Market, Fixtures) async throws -> Void) async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let members = """
                enterprise_code,reason
                \(Fixtures.bankCode),first in section J
                \(Fixtures.insurerCode),second in section J
                \(Fixtures.carrierCode),first in section G
                """
            try await Fixtures.panel(members: members, in: market)
            try await work(market, fixtures)
        }
    }

    private func rate(_ market: Market, asOf: Date, by: String? = nil) async throws -> [String: Any] {
        try fields(
            try await market.adoption.figure(
                "adoption-rate", panel: "test-panel", by: by, asOf: asOf, recordedBy: asOf + 1_000_000
            ).figure)
    }

    @Test func `the adoption rate changes with a purchase and keeps its past`() async throws {
        try await with { market, fixtures in
            #expect(try await rate(market, asOf: now)["numerator"] as? Int == 0)
            _ = try await market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: fixtures.bank,
                key: IdempotencyKey("a"), body: [], now: now + 10)
            let after = try await rate(market, asOf: now + 20)
            #expect(after["numerator"] as? Int == 1 && after["denominator"] as? Int == 3)
            #expect(try await rate(market, asOf: now)["numerator"] as? Int == 0)
        }
    }

    @Test func `the breakdown by section adds up to the whole`() async throws {
        try await with { market, fixtures in
            _ = try await market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: fixtures.carrier,
                key: IdempotencyKey("a"), body: [], now: now)
            let figure = try await rate(market, asOf: now + 1, by: "section")
            let classes = figure["breakdown"] as? [[String: Any]] ?? []
            #expect(classes.map { $0["class"] as? String } == ["G", "J"])
            #expect(classes.map { $0["numerator"] as? Int } == [1, 0])
            #expect(classes.compactMap { $0["denominator"] as? Int }.reduce(0, +) == figure["denominator"] as? Int)
        }
    }

    @Test func `a figure says its panel's version, size and date, and the rule of counting`() async throws {
        try await with { market, _ in
            let figure = try await rate(market, asOf: now)
            let panel = try #require(figure["panel"] as? [String: Any])
            #expect(panel["version"] as? Int == 1 && panel["n"] as? Int == 3)
            #expect(panel["dated_on"] as? String == "2025-12-31" && figure["count"] as? String == "legal_entity")
        }
    }

    @Test func `before its panel was recorded there is no figure, and the refusal says why`() async throws {
        try await with { market, _ in
            await #expect {
                try await market.adoption.figure(
                    "adoption-rate", panel: "test-panel", by: nil, asOf: now, recordedBy: Fixtures.day - 1)
            } throws: {
                if case .panelNotYetKnown? = $0 as? AdoptionError { true } else { false }
            }
        }
    }

    @Test func `a dimension that the metric does not have is refused`() async throws {
        try await with { market, _ in
            await #expect(throws: InvalidInput.self) { try await rate(market, asOf: now, by: "colour") }
        }
    }

    @Test func `a metric states its definition in both languages and the digest of its file`() async throws {
        try await TestMarket.with { market, _ in
            let metrics = try fields(market.adoption.definitions())["items"] as? [[String: Any]] ?? []
            let definition = metrics.first?["definition"] as? [String: String]
            #expect(definition?["zh"] != nil && definition?["en"] != nil)
            #expect((metrics.first?["sha256"] as? String)?.count == 64)
        }
    }
}
