import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// The yearly report: revenue held against what cost, profit and tax allow.
@Suite struct PriceReportTests {
    private let now = BillingFixture.time("2026-12-31T12:00:00+08:00")

    /// What the operator's report of 2026 says after a statement.
    private func report(_ statement: PriceStatement, in billing: BillingFixture) async throws -> [String: Any] {
        let document = try fields(
            await billing.market.prices.state(statement, for: 2026, by: billing.fixtures.seller, now: now))
        return (document["items"] as? [[String: Any]])?.first ?? [:]
    }

    @Test func `the allowed revenue is cost net of subsidies, profit on it, and tax, less what is deducted`()
        async throws
    {
        try await BillingFixture.with { billing in
            let stated = PriceStatement(
                cost: 1_000_001, subsidies: 200_000, tax: 5_000, deducted: 3_000, profitRate: Decimal(string: "0.05")!)
            let report = try await report(stated, in: billing)
            // 800001 × 0.05 = 40000.05
            #expect(report["allowed_profit_minor"] as? Int == 40_000)
            #expect(report["allowed_revenue_minor"] as? Int == 800_001 + 40_000 + 5_000 - 3_000)
            #expect(report["revenue_minor"] as? Int == 0 && report["follow_up"] as? String == "body_adjusts")
            #expect(report["due_on"] as? String == "2027-03-31" && (report["products"] as? [Any])?.isEmpty == true)
        }
    }

    @Test func `up to a tenth the operator adjusts its prices, beyond it the body adjusts the ceilings`() async throws {
        try await BillingFixture.with { billing in
            try await billing.offer("OF-S", kind: "subscription", price: 1100)
            _ = try await billing.purchase(
                "OF-S", by: billing.fixtures.bank, at: BillingFixture.time("2026-01-10T00:00:00+08:00"))
            _ = try await billing.market.billing.bill(now: BillingFixture.time("2026-02-11T00:00:00+08:00"))
            for (allowed, deviation, next) in [
                (Int64(1000), 0.1, "operator_adjusts"), (999, 0.1011, "body_adjusts"), (1100, 0, "none"),
                (1222, -0.0998, "operator_adjusts"), (1223, -0.1006, "body_adjusts"),
            ] {
                let stated = PriceStatement(cost: allowed, subsidies: 0, tax: 0, profitRate: 0)
                let report = try await report(stated, in: billing)
                #expect(report["revenue_minor"] as? Int == 1100)
                #expect(report["deviation"] as? Double == deviation, "\(allowed)")
                #expect(report["follow_up"] as? String == next, "\(allowed)")
                let product = (report["products"] as? [[String: Any]])?.first
                #expect(product?["income_minor"] as? Int == 1100 && product?["purchases"] as? Int == 1)
            }
            let before = try fields(
                await billing.market.prices.reports(of: 2025, operator: nil, cursor: nil, limit: nil))
            #expect((before["items"] as? [Any])?.isEmpty == true)
        }
    }

    @Test func `a profit above the yield of the year before the survey and six points is refused`() async throws {
        try await BillingFixture.with { billing in
            let state = { (rate: String, surveyed: Int?) in
                try await report(
                    PriceStatement(
                        cost: 100, subsidies: 0, tax: 0, profitRate: Decimal(string: rate)!, surveyedIn: surveyed),
                    in: billing)
            }
            _ = try await state("0.0775", 2026)
            for (rate, surveyed, member) in [
                ("0.07751", 2026, "profit_rate"), ("-0.01", 2026, "profit_rate"), ("0.01", 2028, "surveyed_in"),
                ("0.01", 1999, "surveyed_in"),
            ] {
                do {
                    _ = try await state(rate, surveyed)
                    Issue.record("\(rate) in \(surveyed) was taken")
                } catch let error as any MarketplaceError { #expect(error.field == member) }
            }
            do {
                _ = try await report(PriceStatement(cost: 1, subsidies: 2, tax: 0, profitRate: 0), in: billing)
                Issue.record("subsidies above the cost were taken")
            } catch let error as any MarketplaceError { #expect(error.field == "subsidies_minor") }
        }
    }
}
