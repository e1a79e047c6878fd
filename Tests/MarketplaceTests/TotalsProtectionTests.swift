import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct TotalsProtectionTests: DatedPurchases {
    @Test func `a value that tells of fewer than three enterprises is not given`() async throws {
        try await with { market, fixtures, database in
            _ = try await buy("OF-FLOOD-ONCE", for: fixtures.bank, at: day(3), in: market, database)
            try await count(market)
            let figure = try await market.adoption.figure(FigureRequest(metric: "transactions", by: "section"))
            #expect(!figure.cells.isEmpty && figure.cells.allSatisfy(\.isSuppressed))
        }
    }

    @Test func `whoever was refunded does not hide the one who was not`() async throws {
        try await with { market, fixtures, database in
            for enterprise in [fixtures.bank, fixtures.insurer, fixtures.carrier] {
                let purchase = try await buy("OF-FLOOD-ONCE", for: enterprise, at: day(3), in: market, database)
                guard enterprise != fixtures.bank else { continue }
                try await end(purchase, of: enterprise, as: .refunded, at: day(6), in: market, database)
            }
            try await count(market)
            #expect(try await value("transactions", "purchases", "market", asOf: day(5), in: market) == 3)
            #expect(try await value("transactions", "purchases", "market", asOf: day(8), in: market) == 1)
            let after = try await market.adoption.figure(FigureRequest(metric: "transactions", asOf: day(8)))
            #expect(!after.cells.isEmpty && after.cells.allSatisfy(\.isSuppressed))
        }
    }

    @Test func `behind a value are those who pay, and not those who take for free`() async throws {
        try await with { market, fixtures, database in
            let buyers = try await Fixtures.realBuyers(
                sections: String(repeating: "J", count: 9), in: database, recordedAt: Fixtures.day)
            for buyer in buyers { _ = try await buy("OF-FLOOD-FREE", for: buyer, at: day(3), in: market, database) }
            for (paying, isTold) in [(buyers.prefix(1), false), (buyers.dropFirst(1), true)] {
                for buyer in paying { _ = try await buy("OF-FLOOD-ONCE", for: buyer, at: day(4), in: market, database) }
                try await count(market)
                for version in [1, 2] {
                    let figure = try await market.adoption.figure(
                        FigureRequest(metric: "transactions", version: version))
                    #expect(figure.cells.first { $0.name == "purchases" }?.isSuppressed == false)
                    #expect(figure.cells.first { $0.name == "contracted" }?.isSuppressed == !isTold)
                }
            }
            #expect(try await market.totals.verify().allSatisfy { $0.wrong == 0 })
        }
    }

    @Test func `a market in which everyone was refunded once still tells what is left`() async throws {
        try await with { market, fixtures, database in
            let buyers = try await Fixtures.realBuyers(
                sections: String(repeating: "J", count: 24), in: database, recordedAt: Fixtures.day)
            for buyer in buyers {
                _ = try await buy("OF-FLOOD-ONCE", for: buyer, at: day(3), in: market, database)
                let refunded = try await buy("OF-FLOOD-ONCE", for: buyer, at: day(4), in: market, database)
                try await end(refunded, of: buyer, as: .refunded, at: day(6), in: market, database)
            }
            try await count(market)
            let left = try await market.adoption.figure(FigureRequest(metric: "transactions", asOf: day(8)))
            #expect(left.cells.first { $0.name == "purchases" }?.value == 24)
            #expect(try await market.totals.verify().allSatisfy { $0.wrong == 0 })
            try await market.totals.rebuild()
            #expect(try await market.totals.verify().allSatisfy { $0.wrong == 0 })
        }
    }
}
