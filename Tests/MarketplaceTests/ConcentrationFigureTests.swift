import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct ConcentrationFigureTests {
    private func day(_ number: Int) -> Date { AdoptionFixture.day(number) }

    /// Three purchases of one seller's product, one of a second's and one, for free, of a third's.
    private func with(_ work: (AdoptionFixture) async throws -> Void) async throws {
        try await AdoptionFixture.with { market async throws in
            try await market.list("DP-SECOND", at: day(1))
            try await market.list("DP-THIRD", useClass: "public_benefit", at: day(1))
            for (product, code) in zip(["DP-SECOND", "DP-THIRD"], Fixtures.strangerCodes) {
                let other = try await market.market.parties.record(
                    .init(
                        code: CreditCode(code), nameZh: "运营机构", nameEn: "Operator of \(product)", kind: "operator",
                        province: "110000", synthetic: true), now: Fixtures.day)
                try await market.run(
                    """
                    UPDATE responsibility SET party_id = '\(other)' WHERE role = 'operator'
                        AND product_id = (SELECT id FROM product WHERE code = '\(product)')
                    """)
            }
            for enterprise in market.enterprises {
                try await market.buy("OF-FLOOD-ONCE", for: enterprise, at: day(5))
            }
            try await market.buy("OF-DP-SECOND", for: market.fixtures.bank, at: day(40))
            try await market.buy("OF-DP-THIRD", for: market.fixtures.insurer, at: day(40))
            try await market.count()
            try await work(market)
        }
    }

    @Test func `shares are of the sellers' purchases and of their value`() async throws {
        try await with { market async throws in
            let all = try await market.values(.init(metric: "concentration", asOf: day(60)))
            #expect(all["sellers"] == 3 && all["top_ten_share"] == 1)
            // 3/5, 1/5 and 1/5 of the purchases; 3/4 and 1/4 of the value.
            #expect(all["herfindahl"] == Decimal(string: "0.44"))
            #expect(all["herfindahl_of_value_CNY"] == Decimal(string: "0.625"))
            let early = try await market.values(.init(metric: "concentration", asOf: day(10)))
            #expect(early["sellers"] == 1 && early["herfindahl"] == 1)
            let known = try await market.values(.init(metric: "concentration", asOf: day(60), recordedBy: day(10)))
            #expect(known["sellers"] == 1)
            let months = try await market.values(.init(metric: "concentration", by: "month", asOf: day(60)))
            #expect(months["2026-06 sellers"] == 1 && months["2026-07 herfindahl"] == Decimal(string: "0.5"))
        }
    }

    @Test func `what has fewer than three sellers behind it is hidden`() async throws {
        try await with { market async throws in
            let shown = try await market.shown(.init(metric: "concentration", asOf: day(60)))
            #expect(shown["sellers"] == 3 && shown["herfindahl"] == Decimal(string: "0.44"))
            #expect(shown["herfindahl_of_value_CNY"] == .some(nil))
            let early = try await market.shown(.init(metric: "concentration", asOf: day(10)))
            #expect(early["sellers"] == .some(nil))
        }
    }

    @Test func `a dimension that it has not is refused by name`() async throws {
        try await AdoptionFixture.with { market async throws in
            let refusal = await #expect(throws: InvalidInput.self) {
                _ = try await market.market.adoption.figure(.init(metric: "concentration", by: "section"))
            }
            #expect(refusal?.field == "by")
        }
    }
}
