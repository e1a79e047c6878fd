import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct PriceReportFigureTests {
    private func at(_ day: String) -> Date { (try? Date("\(day)T00:00:00+08:00", strategy: .iso8601)) ?? .distantPast }

    /// One operator, whose costs of a million in 2025 allow a revenue of 1,080,000, and which invoiced 1,200,000 in it, 90,000 of
    /// which became known in 2026.
    private func with(_ work: (AdoptionFixture) async throws -> Void) async throws {
        try await AdoptionFixture.with { market async throws in
            for (year, cost, recorded) in [(2025, 1_000_000, "2026-03-01"), (2026, 2_000_000, "2027-03-01")] {
                try await market.run(
                    """
                    INSERT INTO price_statement_version (operator_id, year, currency, cost_minor, subsidies_minor, tax_minor,
                        deducted_minor, profit_rate, recorded_at)
                    VALUES ('\(market.fixtures.seller)', \(year), 'CNY', \(cost), 0, 20000, 0, 0.06, '\(recorded)')
                    """)
            }
            for (happened, recorded, amount) in [
                ("2025-05-01", "2025-05-01", 1_110_000), ("2025-12-31", "2026-02-01", 90_000),
                ("2026-01-01", "2026-01-01", 2_100_000),
            ] {
                try await market.run(
                    """
                    INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times,
                        amount, came, went)
                    SELECT grain, 'invoiced', 'seller', '\(Fixtures.sellerCode)', 'market', 'CNY', happened_in, recorded_in, 1,
                        \(amount), 7, 0
                    FROM total_grain('\(happened)', '\(recorded)')
                    """)
            }
            try await work(market)
        }
    }

    private func values(_ market: AdoptionFixture, _ dimension: String? = nil, asOf: String, known: String? = nil)
        async throws -> [String: Decimal]
    {
        try await market.values(
            .init(metric: "price-report", by: dimension, asOf: at(asOf), recordedBy: known.map(at)))
    }

    @Test func `revenue is held against what the report allows, year by year`() async throws {
        try await with { market async throws in
            let first = try await values(market, asOf: "2026-06-01")
            #expect(first["reports_CNY"] == 1 && first["allowed_revenue"] == 1_080_000)
            // 120,000 above 1,080,000.
            #expect(first["revenue"] == 1_200_000 && first["deviation_CNY"] == Decimal(string: "0.1111"))
            #expect(first["above_bound_CNY"] == 1)
            let years = try await values(market, "year", asOf: "2027-06-01")
            #expect(years["reports_CNY"] == 2 && years["2026 allowed_revenue"] == 2_140_000)
            #expect(years["2026 deviation_CNY"] == Decimal(string: "-0.0187") && years["2026 above_bound_CNY"] == 0)
        }
    }

    @Test func `what was known by a time is what was stated and invoiced by then`() async throws {
        try await with { market async throws in
            try await market.run(
                """
                INSERT INTO price_statement_version SELECT operator_id, year, currency, 1200000, 0, 20000, 0, 0.06, '2026-05-01'
                FROM price_statement_version WHERE year = 2025
                """)
            let before = try await values(market, asOf: "2026-06-01", known: "2026-04-01")
            #expect(before["allowed_revenue"] == 1_080_000)
            #expect(try await values(market, asOf: "2026-06-01")["allowed_revenue"] == 1_292_000)
            #expect(try await values(market, asOf: "2026-06-01", known: "2026-02-20").isEmpty)
        }
    }

    @Test func `what one operator states and earns is hidden, and not told by operator`() async throws {
        try await with { market async throws in
            let shown = try await market.shown(.init(metric: "price-report", asOf: at("2026-06-01")))
            #expect(shown["allowed_revenue"] == .some(nil) && shown["revenue"] == .some(nil))
            #expect(shown["deviation_CNY"] == .some(nil) && shown["above_bound_CNY"] == .some(nil))
            let refusal = await #expect(throws: InvalidInput.self) {
                _ = try await market.market.adoption.figure(.init(metric: "price-report", by: "operator"))
            }
            #expect(refusal?.field == "by")
        }
    }

    @Test func `operators that earned nothing do not give the one away that did`() async throws {
        try await with { market async throws in
            for identifier in ["91110000000000012", "91110000000000013", "91110000000000014"] {
                try await market.run(
                    """
                    INSERT INTO party (id, kind, code, scheme, identifier, name, synthetic, recorded_at)
                    SELECT gen_random_uuid(), 'operator', code, 'uscc', code, 'Operator', false, '2025-01-01'
                    FROM credit_code_of('\(identifier)') AS code
                    """)
                try await market.run(
                    """
                    INSERT INTO price_statement_version SELECT party.id, year, currency, 500000, 0, 0, 0, 0.06, version.recorded_at
                    FROM price_statement_version AS version, party
                    WHERE operator_id = '\(market.fixtures.seller)' AND party.code = credit_code_of('\(identifier)')
                    """)
            }
            let shown = try await market.shown(.init(metric: "price-report", asOf: at("2026-06-01")))
            #expect(shown["allowed_revenue"] == 2_670_000)
            #expect(shown["revenue"] == .some(nil) && shown["deviation_CNY"] == .some(nil))
        }
    }
}
