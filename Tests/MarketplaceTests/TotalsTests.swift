import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct TotalsTests {
    /// The beginning of a day in Beijing, some days after the fixtures' first.
    private func day(_ number: Int) -> Date {
        let first = (Fixtures.day.timeIntervalSince1970 + 8 * 3_600) / 86_400
        return Date(timeIntervalSince1970: (first.rounded(.down) + Double(number)) * 86_400 - 8 * 3_600)
    }

    /// A market with a free offer, one for money and one with a trial of a week, whose enterprises are taken for real ones.
    private func with(_ work: (Market, Fixtures, Database) async throws -> Void) async throws {
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

    private func run(_ sql: String, in database: Database) async throws {
        try await database.execute(Statement(name: "test/\(sql.hashValue)", text: sql))
    }

    private func buy(
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

    private func end(
        _ purchase: UUID, of enterprise: UUID, as end: PurchaseEnd, at moment: Date, in market: Market,
        _ database: Database
    ) async throws {
        try await database.withTransaction { transaction in
            try await market.purchases.end(
                purchase, of: enterprise, as: end, by: nil, reason: "as told", in: transaction, now: moment)
        }
    }

    private func count(_ market: Market) async throws {
        try await market.notary.recordAll(now: { Fixtures.day }, isCourteous: false)
        try await market.totals.catchUp()
    }

    /// The month of a moment in Beijing, as YYYY-MM.
    private func month(of moment: Date) -> String {
        (moment + 8 * 3_600).formatted(Date.ISO8601FormatStyle().year().month())
    }

    /// Before anything is suppressed: the figure's numbers in this market are small.
    private func value(
        _ metric: String, _ name: String, _ standing: String, asOf: Date? = nil, recordedBy: Date? = nil,
        in market: Market
    ) async throws -> Int {
        let cells = try await market.adoption.exactCells(
            FigureRequest(metric: metric, asOf: asOf, recordedBy: recordedBy, standing: standing))
        return cells.first { $0.className == nil && $0.name == name }.flatMap { $0.value.map { "\($0)" } }.flatMap(
            Int.init)
            ?? 0
    }

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

    @Test func `a value that tells of fewer than three enterprises is not given`() async throws {
        try await with { market, fixtures, database in
            _ = try await buy("OF-FLOOD-ONCE", for: fixtures.bank, at: day(3), in: market, database)
            try await count(market)
            let figure = try await market.adoption.figure(FigureRequest(metric: "transactions", by: "section"))
            #expect(!figure.cells.isEmpty && figure.cells.allSatisfy(\.isSuppressed))
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

    @Test func `a month of use that its days do not come to is found`() async throws {
        try await with { market, fixtures, database in
            try await run(
                """
                INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times,
                    amount, came, went)
                SELECT grain, 'metered', dimension, class, 'market', 'call', happened_in, recorded_in, times, 0, 1, 0
                FROM (VALUES ('', '', 3), ('section', 'J', 2), ('section', 'K', 1)) AS part (dimension, class, times)
                CROSS JOIN total_grain('2026-06-10', '2026-06-10')
                """, in: database)
            func wrong() async throws -> [Int] {
                try await market.totals.verify().filter { $0.name == "totals by month and by year are those by day" }
                    .map(\.wrong)
            }
            #expect(try await wrong() == [0])
            try await run("UPDATE adoption_total SET times = 4 WHERE grain = 'month' AND class = 'J'", in: database)
            #expect(try await wrong() == [1])
            // A class that is gone is missing in its dimension, too.
            try await run("DELETE FROM adoption_total WHERE class = 'J'", in: database)
            #expect(try await wrong() == [1])
        }
    }

    @Test func `a wrong total is found and named`() async throws {
        try await with { market, fixtures, database in
            _ = try await buy("OF-FLOOD-FREE", for: fixtures.bank, at: day(3), in: market, database)
            try await count(market)
            try await run(
                "UPDATE adoption_total SET times = 2 WHERE grain = 'day' AND measure = 'purchased' AND dimension = 'section'",
                in: database)
            let wrong = try await market.totals.verify().filter { $0.wrong > 0 }
            #expect(wrong.map(\.wrong) == [1, 2] && wrong[0].named[0].hasPrefix("day purchased section "))
            try await market.totals.rebuild()
            #expect(try await market.totals.verify().allSatisfy { $0.wrong == 0 })
        }
    }

    // MARK: Against a recount that knows nothing of the totals

    private struct Deal {
        let id: UUID
        let enterprise: UUID
        let accepted: Date
        let known: Date
        let trialUntil: Date?
        var end: (at: Date, isRefund: Bool)?

        /// In which standing it is, as of a time and as known by one.
        func standing(asOf: Date, recordedBy: Date) -> String? {
            guard accepted < asOf, known < recordedBy else { return nil }
            let end = self.end.flatMap { max($0.at, known) < recordedBy ? $0 : nil }
            if let end, end.isRefund, end.at < asOf { return "refunded" }
            guard let trialUntil else { return "market" }
            if let end, end.at < trialUntil { return "trial" }
            return trialUntil < asOf ? "market" : "trial"
        }
    }

    @Test(arguments: [1, 2, 3])
    func `after any history, with late records and refunds, totals are what a recount finds`(seed: UInt64) async throws
    {
        try await with { market, fixtures, database in
            var random = SeededGenerator(state: seed)
            var deals: [Deal] = []
            for step in 0..<60 {
                // After the offers were made, on the day before.
                let moment = day(1 + random.next(40)) + Double(60 + random.next(80_000))
                if random.next(4) == 0,
                    let place = deals.indices.filter({ deals[$0].end == nil }).randomElement(using: &random)
                {
                    let deal = deals[place]
                    let end = (at: deal.accepted + Double(60 + random.next(15 * 86_400)), isRefund: random.next(2) == 0)
                    try await self.end(
                        deal.id, of: deal.enterprise, as: end.isRefund ? .refunded : .terminated, at: end.at,
                        in: market,
                        database)
                    deals[place].end = end
                } else {
                    let enterprise = [fixtures.bank, fixtures.insurer, fixtures.carrier][random.next(3)]
                    let offer = ["OF-FLOOD-FREE", "OF-FLOOD-ONCE", "OF-TRIAL"][random.next(3)]
                    let delay = random.next(3) == 0 ? Double(random.next(15 * 86_400)) : 0
                    let id = try await buy(
                        offer, for: enterprise, at: moment, knownAfter: delay, in: market, database)
                    deals.append(
                        Deal(
                            id: id, enterprise: enterprise, accepted: moment, known: moment + delay,
                            trialUntil: offer == "OF-TRIAL" ? moment + 7 * 86_400 : nil))
                }
                if step % 7 == 0 { try await count(market) }
            }
            try await count(market)
            for (asOf, recordedBy) in [(5, 60), (10, 12), (20, 20), (20, 60), (30, 25), (45, 33), (60, 60)] {
                let (asOf, recordedBy) = (day(asOf), day(recordedBy))
                let held = deals.map { ($0.enterprise, $0.standing(asOf: asOf, recordedBy: recordedBy)) }
                for standing in ["market", "trial", "refunded"] {
                    let found = try await value(
                        "transactions", "purchases", standing, asOf: asOf, recordedBy: recordedBy, in: market)
                    #expect(
                        found == held.count { $0.1 == standing }, "\(standing) as of \(asOf) known by \(recordedBy)")
                    for (name, least) in [("bought", 1), ("returned", 2)] {
                        let expected = Dictionary(grouping: held) { $0.0 }.values.count { own in
                            let ladder = ["market", "trial", "refunded"]
                            return ladder.first { step in
                                let best = ladder.prefix(through: ladder.firstIndex(of: step) ?? 0)
                                return own.count { $0.1.map(best.contains) ?? false } >= least
                            } == standing
                        }
                        let found = try await value(
                            "enterprises", name, standing, asOf: asOf, recordedBy: recordedBy, in: market)
                        #expect(found == expected, "\(name) \(standing) as of \(asOf) known by \(recordedBy)")
                    }
                }
                let cohorts = try await market.adoption.exactCells(
                    FigureRequest(
                        metric: "enterprises", by: "cohort", asOf: asOf, recordedBy: recordedBy, standing: "market"))
                let first = Dictionary(grouping: zip(deals, held).filter { $0.1.1 == "market" }) { $0.0.enterprise }
                    .keys.compactMap { enterprise in
                        deals.filter { $0.enterprise == enterprise && $0.known < recordedBy }.map(\.accepted).min()
                    }
                #expect(
                    Dictionary(
                        uniqueKeysWithValues: cohorts.filter {
                            $0.className != nil && $0.name == "bought" && $0.value != 0
                        }.map { ($0.className, $0.value) })
                        == Dictionary(grouping: first) { month(of: $0) }.mapValues { Decimal($0.count) },
                    "cohorts as of \(asOf) known by \(recordedBy)")
            }
            #expect(
                try await market.totals.verify().allSatisfy {
                    $0.wrong == 0 && ($0.checked > 0 || $0.name.contains("directory"))
                })
        }
    }

    @Test func `whole months and years are told by month and year, and come to what their days do`() async throws {
        try await TestMarket.with { _, database in
            try await run(
                """
                INSERT INTO adoption_total (grain, measure, dimension, class, standing, unit, happened_on, recorded_on, times,
                    amount, came, went)
                SELECT of.grain, 'viewed', 'section', 'J', 'market', '', of.happened_in, of.recorded_in, sum(place), 0, 0, 0
                FROM generate_series(1, 3000) AS place
                CROSS JOIN LATERAL (SELECT date '2024-11-10' + (place * 7919) % 780 AS happened_on) AS happened
                CROSS JOIN LATERAL total_grain(happened_on, happened_on + (place * 104729) % 40 - 3) AS of
                GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
                """, in: database)
            // From, until, as of and known by at days around both ends of months and years, and at none.
            let asked = Statement(
                name: "test/total_within",
                text: """
                    WITH moment AS (
                        SELECT day::timestamp AT TIME ZONE 'Asia/Shanghai' AS at FROM unnest('{2024-12-31, 2025-01-01, 2025-03-15,
                            2025-10-31, 2025-12-31, 2026-01-01, 2026-06-01, 2026-12-31}'::date[]) AS day UNION ALL SELECT NULL
                    )
                    SELECT count(*), count(*) FILTER (WHERE told.rows < days.rows), count(*) FILTER (WHERE
                        told.times IS DISTINCT FROM days.times)
                    FROM moment AS since (at) CROSS JOIN moment AS until (at) CROSS JOIN moment AS as_of (at)
                    CROSS JOIN moment AS known (at)
                    CROSS JOIN LATERAL (SELECT count(*) AS rows, sum(times) AS times
                        FROM total_within(ARRAY['viewed'], 'section', ARRAY['market'], since.at, until.at, as_of.at, known.at)) AS told
                    CROSS JOIN LATERAL (SELECT count(*) AS rows, sum(times) AS times FROM adoption_total
                        WHERE grain = 'day' AND COALESCE(happened_on >= legal_day(since.at), true)
                            AND COALESCE(happened_on < legal_day(until.at), true)
                            AND happened_on < COALESCE(legal_day(as_of.at), legal_day(now()) + 1)
                            AND COALESCE(recorded_on < legal_day(known.at), true)) AS days
                    """)
            let (all, shorter, wrong) = try #require(
                try await database.first(asked) {
                    (try $0.next(Int.self), try $0.next(Int.self), try $0.next(Int.self))
                })
            #expect(all == 6_561 && shorter > 1_000 && wrong == 0, "\(all) \(shorter) \(wrong)")
        }
    }
}
