import Foundation
import Postgres
import TestSupport
import Testing

@testable import Marketplace

/// Snapshots of metrics over the whole market, and of several tables.
@Suite struct MarketSnapshotTests {
    private struct Desk: Sendable {
        let market: Market
        let database: Database
        let buyers: [UUID]
        let analyst: Account

        func buy(_ places: Range<Int>, at moment: Date) async throws {
            for place in places {
                _ = try await market.purchases.buy(
                    PurchaseRequest(offer: "OF-FLOOD-ONCE", purpose: "research"), for: buyers[place],
                    key: IdempotencyKey("\(place) \(moment)"), body: [], now: moment)
            }
        }

        func count() async throws {
            try await market.notary.recordAll(now: { Fixtures.day }, isCourteous: false)
            try await market.totals.catchUp()
        }

        func keep(_ request: SnapshotRequest, now: Date, patience: Int = 2) async throws -> [String: Any] {
            try fields(
                await market.snapshots.keep(
                    request, by: analyst, key: IdempotencyKey(UUID().uuidString), body: [], now: now,
                    patience: patience
                ).snapshot)
        }

        func problems() async throws -> [String] {
            var problems: [String] = []
            try await market.snapshots.verify { problems += $0.problems.map(\.description) }
            return problems
        }

        func change(_ sql: String) async throws {
            try await database.withConnection { try await $0.script(sql) }
        }
    }

    /// Sixteen enterprises, eight of each of two sections, and a panel of the first twelve.
    private func with(_ work: (Desk) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let buyers = try await database.all(
                Statement(
                    name: "test/buyers",
                    text: """
                        INSERT INTO party (id, code, scheme, identifier, name, kind, enterprise_kind, industry_section, province,
                            synthetic, recorded_at)
                        SELECT uuid7($1, place), code, 'uscc', code, 'Buyer ' || place, 'enterprise', 'private',
                            CASE WHEN place % 2 = 0 THEN 'J' ELSE 'G' END,
                            CASE WHEN place < 6 THEN '110000' ELSE '350000' END, false, $1
                        FROM generate_series(1, 16) AS place,
                            LATERAL (SELECT credit_code_of('9111000' || lpad(place::text, 10, '0')) AS code) AS coded
                        ORDER BY place RETURNING id, code
                        """), Fixtures.day
            ) { (id: try $0.next(UUID.self), code: try $0.next(String.self)) }
            let members = buyers.prefix(12).map { "\($0.code),leading" }
            try await Fixtures.panel(members: "enterprise_code,reason\n" + members.joined(separator: "\n"), in: market)
            let token = try await market.accounts.createToken(
                party: Fixtures.administrationCode, role: .analyst, days: 30, now: Fixtures.day
            ).token
            let analyst = try #require(try await market.accounts.account(token: token, now: Fixtures.day))
            try await work(Desk(market: market, database: database, buyers: buyers.map(\.id), analyst: analyst))
        }
    }

    private let later = Fixtures.day + 3 * 86_400

    private func transactions(by dimension: String? = "section", from: String? = nil, to: String? = nil) throws
        -> TableRequest
    {
        TableRequest(metric: "transactions", by: dimension, period: try Period(from: from, to: to))
    }

    private func whole(_ snapshot: [String: Any]) -> Int? {
        let values = (snapshot["result"] as? [String: Any])?["whole"] as? [[String: Any]]
        return values?.first { $0["name"] as? String == "purchases" }?["value"] as? Int
    }

    @Test func `a figure over the market is kept with how far the totals went, suppressed, and recomputed`()
        async throws
    {
        try await with { desk in
            try await desk.buy(0..<9, at: Fixtures.day + 60)
            try await desk.count()
            let kept = try await desk.keep(SnapshotRequest(try transactions(by: "province")), now: later)
            #expect(whole(kept) == 9)
            let watermark = try #require(kept["watermark"] as? [String: Any])
            #expect(watermark["counted_to"] as? Int == (watermark["log_size"] as? Int).map { $0 - 1 })
            let parameters = try #require(kept["parameters"] as? [String: Any])
            #expect(parameters["standing"] as? String == "market" && parameters["by"] as? String == "province")
            #expect((kept["result"] as? [String: Any])?["settled"] == nil)
            #expect(try await desk.problems() == [])
        }
    }

    @Test func `what is too small is kept as suppressed`() async throws {
        try await with { desk in
            try await desk.buy(0..<2, at: Fixtures.day + 60)
            try await desk.count()
            let kept = try await desk.keep(SnapshotRequest(try transactions()), now: later)
            #expect(whole(kept) == nil && "\(kept)".contains("suppressed"))
        }
    }

    @Test func `it is the same after later purchases, a late record and totals made anew`() async throws {
        try await with { desk in
            try await desk.buy(0..<9, at: Fixtures.day + 60)
            try await desk.count()
            for metric in ["transactions", "enterprises"] {
                _ = try await desk.keep(
                    SnapshotRequest(TableRequest(metric: metric, by: "section"), asOf: later), now: later)
            }
            try await desk.buy(0..<16, at: later + 60)
            // What had happened before, and became known after.
            try await desk.buy(9..<12, at: Fixtures.day + 120)
            try await desk.change(
                "UPDATE purchase SET recorded_at = '2026-06-20' WHERE accepted_at = to_timestamp(\(Int((Fixtures.day + 120).timeIntervalSince1970)))"
            )
            try await desk.count()
            #expect(try await desk.problems() == [])
            try await desk.market.totals.rebuild()
            #expect(try await desk.problems() == [])
        }
    }

    @Test func `nothing is kept while the totals do not hold what was recorded by then`() async throws {
        try await with { desk in
            try await desk.buy(0..<9, at: Fixtures.day + 60)
            await #expect(throws: AdoptionError.self) {
                try await desk.keep(SnapshotRequest(try transactions()), now: later)
            }
            // What was recorded after is not waited for.
            let before = SnapshotRequest(try transactions(), recordedBy: Fixtures.day + 30)
            #expect(try await whole(desk.keep(before, now: later)) == nil)
            try await desk.count()
            #expect(try await whole(desk.keep(SnapshotRequest(try transactions()), now: later)) == 9)
        }
    }

    @Test func `of a snapshot nothing is said while the totals are being made`() async throws {
        try await with { desk in
            try await desk.buy(0..<9, at: Fixtures.day + 60)
            try await desk.count()
            _ = try await desk.keep(SnapshotRequest(try transactions()), now: later)
            try await desk.change("UPDATE adoption_progress SET position = -1, is_made = false")
            await #expect(throws: AdoptionError.self) { try await desk.problems() }
            try await desk.count()
            #expect(try await desk.problems() == [])
        }
    }

    @Test func `a total that was tampered with is named, with the place in the table`() async throws {
        try await with { desk in
            try await desk.buy(0..<9, at: Fixtures.day + 60)
            try await desk.count()
            _ = try await desk.keep(SnapshotRequest(try transactions()), now: later)
            _ = try await desk.keep(
                SnapshotRequest(tables: [TableRequest(metric: "enterprises"), try transactions()]), now: later)
            try await desk.change(
                "UPDATE adoption_total SET times = times + 1 WHERE measure = 'purchased' AND dimension = 'section' AND class = 'J'"
            )
            let problems = try await desk.problems()
            #expect(problems.contains("its result differs at breakdown J purchases value: kept 4, recomputed 5"))
            #expect(problems.contains { $0.contains("tables[1] transactions by section of market, whole purchases") })
        }
    }

    @Test func `several tables are one signed document by the same times`() async throws {
        try await with { desk in
            try await desk.buy(0..<9, at: Fixtures.day + 60)
            try await desk.count()
            let request = SnapshotRequest(
                tables: [
                    try transactions(), try transactions(by: "month"),
                    TableRequest(metric: "adoption-rate", by: "section", panel: "test-panel"),
                ], asOf: later - 60, recordedBy: later - 60)
            let kept = try await desk.keep(request, now: later)
            #expect(kept["format"] as? String == "datamarket-snapshot/2")
            let tables = try #require(kept["tables"] as? [[String: Any]])
            #expect(tables.map { $0["metric"] as? String } == ["transactions", "transactions", "adoption-rate"])
            let times = tables.map { ($0["parameters"] as? [String: Any])?["recorded_by"] as? String }
            #expect(Set(times) == [(kept["parameters"] as? [String: Any])?["recorded_by"] as? String])
            #expect((kept["signatures"] as? [Any])?.count == 2)
            let panels = (kept["watermark"] as? [String: Any])?["panels"] as? [[String: Any]]
            // How many its members made is what the figure may hide.
            #expect(panels?.first?["purchases"] is NSNull)
            #expect(try await desk.problems() == [])
            try await desk.change(
                """
                UPDATE adoption_snapshot SET (document, sha256) = (SELECT changed, sha256(changed) FROM (SELECT
                    convert_to(replace(convert_from(document, 'UTF8'), '"value":9', '"value":8'), 'UTF8')) AS c (changed))
                """)
            #expect(try await desk.problems().contains("the hash of its result is not that of its result"))
        }
    }

    @Test func `tables that can be subtracted from each other are refused, both named`() async throws {
        try await with { desk in
            try await desk.buy(0..<9, at: Fixtures.day + 60)
            try await desk.count()
            let rate = { (dimension: String) in
                TableRequest(metric: "adoption-rate", by: dimension, panel: "test-panel")
            }
            let wrong: [[TableRequest]] = [
                [try transactions(by: "month"), try transactions(by: nil, from: "2026-05-01", to: "2026-05-31")],
                [try transactions(), try transactions()], [rate("section"), rate("province")],
            ]
            for tables in wrong {
                await #expect {
                    try await desk.keep(SnapshotRequest(tables: tables), now: later)
                } throws: {
                    let refusal = $0 as? InvalidInput
                    return refusal?.field == "tables[1]" && refusal?.message.contains("tables[0] (") == true
                        && refusal?.message.contains("and tables[1] (") == true
                }
            }
            // Of enterprises that are made up, nobody is given away.
            try await desk.change("UPDATE panel_member SET synthetic = true")
            _ = try await desk.keep(SnapshotRequest(tables: [rate("section"), rate("province")]), now: later)
        }
    }

    @Test func `a table that cannot be asked for so is refused with its place`() async throws {
        try await with { desk in
            let wrong = [
                (TableRequest(metric: "transactions", by: "colour"), "tables[1].by"),
                (TableRequest(metric: "transactions", panel: "test-panel"), "tables[1].panel"),
                (TableRequest(metric: "transactions", count: .group), "tables[1].count"),
                (TableRequest(metric: "transactions", standing: "all"), "tables[1].standing"),
                (TableRequest(metric: "adoption-rate", panel: "test-panel", standing: "trial"), "tables[1].standing"),
                (TableRequest(metric: "adoption-rate"), "tables[1].panel"),
            ]
            for (table, field) in wrong {
                await #expect {
                    try await desk.keep(SnapshotRequest(tables: [try transactions(), table]), now: later)
                } throws: { ($0 as? InvalidInput)?.field == field }
            }
            for count in [0, 21] {
                let tables = [TableRequest](repeating: try transactions(), count: count)
                await #expect {
                    try await desk.keep(SnapshotRequest(tables: tables), now: later)
                } throws: { ($0 as? InvalidInput)?.field == "tables" }
            }
        }
    }

    @Test func `the rate of a panel is also of a period, and protected`() async throws {
        try await with { desk in
            try await desk.buy(0..<6, at: Fixtures.day + 60)
            try await desk.buy(5..<9, at: Fixtures.day + 40 * 86_400)
            func rate(_ from: String?, _ to: String?, by dimension: String? = nil) async throws -> [String: Any] {
                let table = TableRequest(
                    metric: "adoption-rate", by: dimension, period: try Period(from: from, to: to), panel: "test-panel")
                let moment = Fixtures.day + 60 * 86_400
                return try fields(
                    await desk.market.adoption.figure(table, asOf: moment, recordedBy: moment, now: moment + 60).figure)
            }
            let ever = try await rate(nil, nil)
            #expect(ever["numerator"] as? Int == 9 && ever["suppressed"] as? Bool == false)
            #expect(try await rate(nil, "2026-05-31")["numerator"] as? Int == 6)
            #expect(try await rate("2026-06-01", nil)["numerator"] as? Int == 4)
            #expect(try await rate("2026-06-01", nil)["settled"] as? Bool == true)
            // Of six in each section, five and four bought: one and two did not.
            let sections = try await rate(nil, nil, by: "section")
            let shares = try #require(sections["breakdown"] as? [[String: Any]])
            #expect(shares.allSatisfy { $0["suppressed"] as? Bool == true && $0["numerator"] is NSNull })
            #expect(shares.map { $0["denominator"] as? Int } == [6, 6] && sections["numerator"] as? Int == 9)
        }
    }
}
