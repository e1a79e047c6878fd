import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// A market whose figures are known by hand: its enterprises are taken for real ones.
struct AdoptionFixture {
    let market: Market
    let fixtures: Fixtures
    let database: Database

    static func with(_ work: (AdoptionFixture) async throws -> Void) async throws {
        // Enterprises are counted by bits that two of them may share: a market with such two is given back.
        var isMade = false
        while !isMade {
            isMade = try await withOne(work)
        }
    }

    private static func withOne(_ work: (AdoptionFixture) async throws -> Void) async throws -> Bool {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            let bits = try await database.first(
                Statement(
                    name: "test/bits",
                    text: """
                        SELECT count(DISTINCT uuid_hash_extended(id, 0) & 63) FROM party WHERE kind = 'enterprise'
                        """)
            ) { try $0.next(Int.self) }
            guard bits == 3 else { return false }
            try await fixtures.listProduct(in: market)
            let fixture = AdoptionFixture(market: market, fixtures: fixtures, database: database)
            try await fixture.run("UPDATE party SET synthetic = false WHERE kind = 'enterprise'")
            try await market.totals.catchUp()
            try await work(fixture)
            return true
        }
    }

    var enterprises: [UUID] { [fixtures.bank, fixtures.insurer, fixtures.carrier] }

    /// The beginning of a day in Beijing, some days after the fixtures' first.
    static func day(_ number: Int) -> Date {
        let first = (Fixtures.day.timeIntervalSince1970 + 8 * 3_600) / 86_400
        return Date(timeIntervalSince1970: (first.rounded(.down) + Double(number)) * 86_400 - 8 * 3_600)
    }

    func run(_ sql: String) async throws {
        try await database.execute(Statement(name: "test/\(sql.hashValue)", text: sql))
    }

    /// Lists a further product with one offer, whose code is `OF-` and the product's.
    func list(_ code: String, kind: String = "data_set", useClass: String = "industry", at moment: Date) async throws {
        var listing = try Fixtures.listing()
        listing.code = code
        listing.kind = kind
        listing.useClass = useClass
        listing.offers = [
            useClass == "industry"
                ? try Fixtures.offer("OF-\(code)", kind: "one_off", price: 1_000_000)
                : try Fixtures.offer("OF-\(code)", kind: "free", price: 0)
        ]
        try await fixtures.list(listing, in: market, now: moment)
    }

    @discardableResult
    func buy(
        _ offer: String, for enterprise: UUID, at moment: Date, knownAfter delay: TimeInterval = 0
    ) async throws -> UUID {
        let purchase = try await market.purchases.buy(
            PurchaseRequest(offer: offer, purpose: "research"), for: enterprise,
            key: IdempotencyKey(UUID().uuidString), body: [], now: moment
        ).purchase
        let id = try #require(UUID(uuidString: fields(purchase)["id"] as? String ?? ""))
        if delay > 0 {
            try await run(
                "UPDATE purchase SET recorded_at = recorded_at + interval '\(delay) seconds' WHERE id = '\(id)'")
        }
        return id
    }

    func end(_ purchase: UUID, of enterprise: UUID, as end: PurchaseEnd, at moment: Date) async throws {
        try await database.withTransaction { transaction in
            try await market.purchases.end(
                purchase, of: enterprise, as: end, by: nil, reason: "as told", in: transaction, now: moment)
        }
    }

    /// Brings the totals up to date.
    func count() async throws {
        try await market.notary.recordAll(now: { Fixtures.day }, isCourteous: false)
        try await market.totals.catchUp()
    }

    /// Values before anything is suppressed, by class and name: `"data_set sold"`, and `"sold"` of the whole.
    func values(_ request: FigureRequest) async throws -> [String: Decimal] {
        let cells = try await market.adoption.exactCells(request)
        return Dictionary(
            uniqueKeysWithValues: cells.map { cell in
                ([cell.className, cell.name].compactMap { $0 }.joined(separator: " "), cell.value ?? -1)
            })
    }

    /// What is shown of a figure, by class and name, nil where it is suppressed.
    func shown(_ request: FigureRequest) async throws -> [String: Decimal?] {
        let cells = try await market.adoption.figure(request).cells
        return Dictionary(
            uniqueKeysWithValues: cells.map { cell in
                ([cell.className, cell.name].compactMap { $0 }.joined(separator: " "), cell.value)
            })
    }
}
