import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct AuthorisedOperationFigureTests {
    private func day(_ number: Int) -> Date { AdoptionFixture.day(number) }

    /// One authorisation for two years from day 0 on, for industry, and one from day 40 on, for public benefit; both products are
    /// made of the same entry.
    private func with(_ work: (AdoptionFixture) async throws -> Void) async throws {
        try await AdoptionFixture.with { market async throws in
            try await market.list("DP-OPEN", useClass: "public_benefit", at: day(40) + 60)
            try await work(market)
        }
    }

    private func values(
        _ market: AdoptionFixture, _ dimension: String? = nil, asOf: Int, known: Int? = nil
    ) async throws -> [String: Decimal] {
        try await market.values(
            .init(
                metric: "authorised-operation", by: dimension, asOf: day(asOf), recordedBy: known.map(day),
                standing: nil))
    }

    @Test func `authorisations in force count with their products and the entries behind them`() async throws {
        try await with { market async throws in
            let before = try await values(market, asOf: 10)
            #expect(before["authorisations"] == 1 && before["products"] == 1 && before["entries"] == 1)
            let after = try await values(market, "use_class", asOf: 50)
            #expect(after["authorisations"] == 2 && after["products"] == 2 && after["entries"] == 1)
            #expect(after["institutions"] == 1 && after["operators"] == 1 && after["ending_within_year"] == 0)
            #expect(after["public_benefit authorisations"] == 1 && after["industry entries"] == 1)
            let institution = try await values(market, "institution", asOf: 50)
            #expect(institution["\(Fixtures.administrationCode) products"] == 2)
            #expect(try await values(market, "operator", asOf: 50)["\(Fixtures.sellerCode) products"] == 2)
        }
    }

    @Test func `an authorisation ends with its term, and is told a year before`() async throws {
        try await with { market async throws in
            #expect(try await values(market, asOf: 400)["ending_within_year"] == 1)
            #expect(try await values(market, asOf: 500)["ending_within_year"] == 2)
            #expect(try await values(market, asOf: 750)["authorisations"] == 1)
        }
    }

    @Test func `one that was ended counts until then, and as it was known then`() async throws {
        try await with { market async throws in
            try await market.run(
                """
                WITH ended AS (
                    UPDATE credential SET state = 'terminated' WHERE kind = 'authorisation'
                        AND product_id = (SELECT id FROM product WHERE code = 'DP-OPEN') RETURNING id, procedure
                )
                INSERT INTO credential_step (credential_id, number, procedure, from_state, to_state, reason, taken_at)
                SELECT id, 9, procedure, 'in_force', 'terminated', 'given back', '\(day(60))' FROM ended
                """)
            #expect(try await values(market, asOf: 59)["authorisations"] == 2)
            #expect(try await values(market, asOf: 61)["authorisations"] == 1)
            #expect(try await values(market, asOf: 61, known: 59)["authorisations"] == 2)
        }
    }

    @Test func `a dimension that it has not is refused by name`() async throws {
        try await AdoptionFixture.with { market async throws in
            let refusal = await #expect(throws: InvalidInput.self) {
                _ = try await market.market.adoption.figure(
                    .init(metric: "authorised-operation", by: "section", standing: nil))
            }
            #expect(refusal?.field == "by")
        }
    }
}
