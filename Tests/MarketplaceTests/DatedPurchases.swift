import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// For suites in which purchases are made and ended on days that they choose, and counted then.
protocol DatedPurchases {}

extension DatedPurchases {
    /// The beginning of a day in Beijing, some days after the fixtures' first.
    func day(_ number: Int) -> Date {
        let first = (Fixtures.day.timeIntervalSince1970 + 8 * 3_600) / 86_400
        return Date(timeIntervalSince1970: (first.rounded(.down) + Double(number)) * 86_400 - 8 * 3_600)
    }

    /// A market with a free offer, one for money and one with a trial of a week, whose enterprises are taken for real ones.
    func with(_ work: (Market, Fixtures, Database) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await fixtures.offer(
                Fixtures.offer(
                    "OF-TRIAL",
                    plan: #""kind": "subscription", "price_minor": 5000, "billing_period": "month", "trial_days": 7"#),
                in: market, now: Fixtures.day)
            try await run("UPDATE party SET synthetic = false WHERE kind = 'enterprise'", in: database)
            try await work(market, fixtures, database)
        }
    }

    func run(_ sql: String, in database: Database) async throws {
        try await database.execute(Statement(name: "test/\(sql.hashValue)", text: sql))
    }

    func buy(
        _ offer: String, for enterprise: UUID, at moment: Date, knownAfter delay: TimeInterval = 0, in market: Market,
        _ database: Database
    ) async throws -> UUID {
        let purchase = try await market.purchases.buy(
            PurchaseRequest(offer: offer, purpose: "research"), for: enterprise,
            key: IdempotencyKey(UUID().uuidString), body: [], now: moment
        ).purchase
        let id = try #require(UUID(uuidString: fields(purchase)["id"] as? String ?? ""))
        try await run(
            "UPDATE purchase SET recorded_at = recorded_at + interval '\(delay) seconds' WHERE id = '\(id)'",
            in: database)
        return id
    }

    func end(
        _ purchase: UUID, of enterprise: UUID, as end: PurchaseEnd, at moment: Date, in market: Market,
        _ database: Database
    ) async throws {
        try await database.withTransaction { transaction in
            try await market.purchases.end(
                purchase, of: enterprise, as: end, by: nil, reason: "as told", in: transaction, now: moment)
        }
    }

    func count(_ market: Market) async throws {
        try await market.notary.recordAll(now: { Fixtures.day }, isCourteous: false)
        try await market.totals.catchUp()
    }

    /// The month of a moment in Beijing, as YYYY-MM.
    func month(of moment: Date) -> String {
        (moment + 8 * 3_600).formatted(Date.ISO8601FormatStyle().year().month())
    }

    /// Before anything is suppressed: the figure's numbers in this market are small.
    func value(
        _ metric: String, _ name: String, _ standing: String, asOf: Date? = nil, recordedBy: Date? = nil,
        in market: Market
    ) async throws -> Int {
        let cells = try await market.adoption.exactCells(
            FigureRequest(metric: metric, asOf: asOf, recordedBy: recordedBy, standing: standing))
        return cells.first { $0.className == nil && $0.name == name }.flatMap { $0.value.map { "\($0)" } }.flatMap(
            Int.init)
            ?? 0
    }
}
