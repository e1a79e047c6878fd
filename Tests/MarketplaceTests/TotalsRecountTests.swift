import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct TotalsRecountTests: DatedPurchases {
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
}
