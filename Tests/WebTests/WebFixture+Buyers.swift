import Foundation
import Marketplace
import Postgres
import TestSupport

/// Enterprises that exist, whom figures must not give away.
extension WebFixture {
    /// - Parameter sections: the section of GB/T 4754 of each.
    func realBuyers(sections: String) async throws -> [UUID] {
        try await database.all(
            Statement(
                name: "test/real-buyers",
                text: """
                    INSERT INTO party (id, code, scheme, identifier, name, kind, enterprise_kind, industry_section, province,
                        synthetic, recorded_at)
                    SELECT gen_random_uuid(), code, 'uscc', code, 'Buyer ' || place, 'enterprise', 'private', section, '110000',
                        false, now() - interval '1 minute'
                    FROM string_to_table($1, NULL) WITH ORDINALITY AS wanted (section, place),
                        LATERAL (SELECT credit_code_of('9111000' || lpad(place::text, 10, '0')) AS code) AS coded
                    RETURNING id
                    """), sections
        ) { try $0.next(UUID.self) }
    }

    func buy(for buyer: UUID, at moment: Date) async throws {
        _ = try await market.purchases.buy(
            PurchaseRequest(offer: "OF-FLOOD-ONCE", purpose: "research"), for: buyer,
            key: IdempotencyKey(UUID().uuidString), body: [], now: moment)
    }

    /// Brings the market's log, the search, which the directory's totals wait for, and the totals up to date.
    func count() async throws {
        try await market.searchIndex.refresh(now: { Date() })
        try await market.notary.recordAll(now: { Date() }, isCourteous: false)
        try await market.totals.catchUp()
    }
}
