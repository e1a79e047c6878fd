import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct SyntheticMarketTests {
    private func plan(seed: Int = 1) throws -> SyntheticPlan {
        try SyntheticPlan(scale: 1, seed: seed, entries: 300, products: 20, purchases: 200, day: Fixtures.day)
    }

    @Test func `a synthetic market has the size it was asked for, and every check of it holds`() async throws {
        try await TestMarket.with { market, _ in
            try await market.operations.makeSynthetic(plan()) { _, _ in }
            let checks = try await market.operations.verify()
            #expect(checks.filter { $0.wrong > 0 }.map(\.name).isEmpty)
            let counts = Dictionary(uniqueKeysWithValues: checks.map { ($0.name, $0.checked) })
            #expect(counts["entry versions have the digest of their document"] ?? 0 >= 300)
            #expect(counts["product revisions lead back to a directory entry version"] ?? 0 >= 20)
        }
    }

    @Test func `a market that holds something is not mixed with a synthetic one`() async throws {
        try await TestMarket.with { market, _ in
            _ = try await Fixtures.make(in: market)
            await #expect(throws: SyntheticError.self) {
                try await market.operations.makeSynthetic(plan()) { _, _ in }
            }
        }
    }
}
