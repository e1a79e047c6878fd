import Foundation
import Marketplace
import Postgres
import TestSupport

/// Enterprises that exist, whom figures must not give away.
extension WebFixture {
    /// - Parameter sections: the section of GB/T 4754 of each.
    func realBuyers(sections: String) async throws -> [UUID] {
        try await Fixtures.realBuyers(sections: sections, in: database, recordedAt: Date() - 60)
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
