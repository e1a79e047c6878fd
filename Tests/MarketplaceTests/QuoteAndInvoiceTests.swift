import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct QuoteAndInvoiceTests {
    @Test func `an invoice asks, line by line, for what the quote of the same use said`() async throws {
        try await BillingFixture.with { billing in
            let begin = BillingFixture.time("2026-01-10T15:00:00+08:00")
            var random = SystemRandomNumberGenerator()
            var quoted: [[Int]] = []
            for number in 0..<12 {
                let plan = RandomPlan(using: &random)
                let fixed = Int.random(in: 1...100_000, using: &random)
                let use = Int.random(in: 1...3_000, using: &random)
                let code = "OF-RANDOM-\(number)"
                let offer = try Fixtures.offer(
                    code,
                    plan: """
                        "kind": "combined", "price_minor": \(fixed), "billing_period": "month", "usage": [\(plan.json)],
                        "minimum_minor": 20000, "maximum_minor": 200000
                        """)
                try await billing.fixtures.offer(
                    offer, in: billing.market, now: BillingFixture.time("2025-12-02T10:00:00+08:00"))
                let bought = try await billing.purchase(code, by: billing.fixtures.bank, at: begin)
                try await billing.use(bought, "download", use, at: begin.addingTimeInterval(86_400))
                let request = QuoteRequest(usage: .each(["download": Decimal(use)]))
                let quote = try fields(await billing.market.catalog.quote(code, request, for: nil, now: begin))
                let period = try #require((quote["periods"] as? [[String: Any]])?.first)
                quoted.append(Self.amounts(period))
            }
            _ = try await billing.market.billing.bill(now: BillingFixture.time("2026-02-10T00:11:00+08:00"))
            let invoices = try await billing.invoices()
            let order = { (one: [Int], other: [Int]) in one.lexicographicallyPrecedes(other) }
            #expect(invoices.map(Self.amounts).sorted(by: order) == quoted.sorted(by: order))
        }
    }

    /// Net and tax, and the net of each line.
    private static func amounts(_ document: [String: Any]) -> [Int] {
        let lines = document["lines"] as? [[String: Any]] ?? []
        return [document["net_minor"], document["vat_minor"]].map { $0 as? Int ?? -1 }
            + lines.map { $0["net_minor"] as? Int ?? -1 }
    }
}
