import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct TotalsTests: DatedPurchases {
    @Test func `a purchase counts from its day on, and stays counted in what was asked for before`() async throws {
        try await with { market, fixtures, database in
            _ = try await buy("OF-FLOOD-FREE", for: fixtures.bank, at: day(3) + 3_600, in: market, database)
            try await count(market)
            #expect(try await value("transactions", "purchases", "market", asOf: day(3), in: market) == 0)
            #expect(try await value("transactions", "purchases", "market", asOf: day(4), in: market) == 1)
            #expect(try await value("enterprises", "bought", "market", asOf: day(4), in: market) == 1)
        }
    }

    @Test func `a late record shows in the past as it is known now, and not as it was known then`() async throws {
        try await with { market, fixtures, database in
            _ = try await buy(
                "OF-FLOOD-ONCE", for: fixtures.bank, at: day(3) + 60, knownAfter: 10 * 86_400, in: market, database)
            try await count(market)
            for metric in [("transactions", "purchases"), ("enterprises", "bought")] {
                let (name, value) = metric
                #expect(
                    try await self.value(name, value, "market", asOf: day(5), recordedBy: day(5), in: market) == 0)
                #expect(
                    try await self.value(name, value, "market", asOf: day(5), recordedBy: day(20), in: market) == 1)
            }
        }
    }

    @Test func `a refund moves a purchase out of the market from its day on`() async throws {
        try await with { market, fixtures, database in
            let purchase = try await buy("OF-FLOOD-ONCE", for: fixtures.bank, at: day(3) + 60, in: market, database)
            try await end(purchase, of: fixtures.bank, as: .refunded, at: day(6) + 60, in: market, database)
            try await count(market)
            #expect(try await value("transactions", "contracted", "market", asOf: day(5), in: market) == 1_000_000)
            #expect(try await value("transactions", "contracted", "market", asOf: day(8), in: market) == 0)
            #expect(try await value("transactions", "contracted", "refunded", asOf: day(8), in: market) == 1_000_000)
            #expect(try await value("enterprises", "bought", "refunded", asOf: day(8), in: market) == 1)
            #expect(try await value("enterprises", "bought", "market", asOf: day(8), in: market) == 0)
        }
    }

    @Test func `a trial becomes a purchase of the market when it is over, unless it ends before`() async throws {
        try await with { market, fixtures, database in
            _ = try await buy("OF-TRIAL", for: fixtures.bank, at: day(1) + 60, in: market, database)
            let given = try await buy("OF-TRIAL", for: fixtures.insurer, at: day(1) + 60, in: market, database)
            try await end(given, of: fixtures.insurer, as: .cancelled, at: day(3), in: market, database)
            try await count(market)
            #expect(try await value("transactions", "purchases", "trial", asOf: day(5), in: market) == 2)
            #expect(try await value("transactions", "purchases", "trial", asOf: day(20), in: market) == 1)
            #expect(try await value("transactions", "purchases", "market", asOf: day(20), in: market) == 1)
            #expect(try await value("enterprises", "bought", "trial", asOf: day(20), in: market) == 1)
        }
    }

    @Test func `a trial that runs is no purchase of the market yet`() async throws {
        try await with { market, fixtures, database in
            _ = try await buy("OF-TRIAL", for: fixtures.bank, at: Date(), in: market, database)
            try await count(market)
            for metric in [("transactions", "purchases"), ("enterprises", "bought")] {
                let (name, value) = metric
                #expect(try await self.value(name, value, "trial", in: market) == 1)
                #expect(try await self.value(name, value, "market", in: market) == 0)
            }
        }
    }

    @Test func `a trial beside two purchases shows when one of them is taken back, and not before`() async throws {
        try await with { market, fixtures, database in
            let first = try await buy("OF-FLOOD-ONCE", for: fixtures.bank, at: day(1), in: market, database)
            _ = try await buy("OF-FLOOD-FREE", for: fixtures.bank, at: day(2), in: market, database)
            try await count(market)
            _ = try await buy("OF-TRIAL", for: fixtures.bank, at: day(4), in: market, database)
            try await count(market)
            func returned(_ standing: String, asOf number: Int) async throws -> Int {
                try await value("enterprises", "returned", standing, asOf: day(number), in: market)
            }
            #expect(try await returned("market", asOf: 7) == 1)
            #expect(try await returned("trial", asOf: 7) == 0)
            try await end(first, of: fixtures.bank, as: .refunded, at: day(6), in: market, database)
            try await count(market)
            #expect(try await returned("market", asOf: 5) == 1)
            #expect(try await returned("trial", asOf: 7) == 1)
            #expect(try await returned("market", asOf: 7) == 0)
            // The trial is over after seven days.
            #expect(try await returned("market", asOf: 12) == 1)
            #expect(try await market.totals.verify().allSatisfy { $0.wrong == 0 })
        }
    }

    @Test func `until the totals are made the market has no figures rather than empty ones`() async throws {
        try await with { market, fixtures, database in
            _ = try await buy("OF-FLOOD-ONCE", for: fixtures.bank, at: day(3), in: market, database)
            try await market.notary.recordAll(now: { Fixtures.day }, isCourteous: false)
            await #expect {
                try await market.adoption.figure(FigureRequest(metric: "transactions"))
            } throws: {
                ($0 as? AdoptionError)?.code == .unavailable
            }
            try await market.totals.catchUp()
            #expect(try await !market.adoption.figure(FigureRequest(metric: "transactions")).cells.isEmpty)
        }
    }

    @Test func `servers that count at once count everything once`() async throws {
        try await with { market, fixtures, database in
            for number in 0..<40 {
                _ = try await buy(
                    "OF-FLOOD-FREE", for: number % 2 == 0 ? fixtures.bank : fixtures.carrier,
                    at: day(3) + Double(number), in: market, database)
            }
            try await market.notary.recordAll(now: { Fixtures.day }, isCourteous: false)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await market.totals.catchUp() } }
                try await group.waitForAll()
            }
            #expect(try await value("transactions", "purchases", "market", in: market) == 40)
            #expect(try await value("enterprises", "returned", "market", in: market) == 2)
            #expect(
                try await market.totals.verify().allSatisfy {
                    $0.wrong == 0 && ($0.checked > 0 || $0.name.contains("directory"))
                })
        }
    }
}
