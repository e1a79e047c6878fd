import Foundation
import Postgres
import TestSupport
import Testing

@testable import Marketplace

/// Earlier versions of metrics beside the newest.
@Suite struct MetricVersionTests {
    private let now = Fixtures.day + 3_600

    /// Three real enterprises of the market, and one that is not in it, in a panel; the bank bought.
    private func with(_ work: (AdoptionFixture) async throws -> Void) async throws {
        try await AdoptionFixture.with { fixture in
            let absent = try await fixture.database.first(
                Statement(name: "test/absent", text: "SELECT credit_code_of('91110000000000099')")
            ) { try $0.next(String.self) }
            let codes = [Fixtures.bankCode, Fixtures.insurerCode, Fixtures.carrierCode, try #require(absent)]
            try await Fixtures.panel(
                members: "enterprise_code,reason\n" + codes.map { "\($0),leading\n" }.joined(), in: fixture.market)
            try await fixture.buy("OF-FLOOD-ONCE", for: fixture.fixtures.bank, at: now)
            try await fixture.count()
            try await work(fixture)
        }
    }

    private func rate(
        _ version: Int?, by dimension: String? = nil, count: CountingRule? = nil, period: Period = .ever,
        exactly: ExactReading? = nil, in market: Market
    ) async throws -> [String: Any] {
        let table = TableRequest(
            metric: "adoption-rate", version: version, by: dimension, period: period, panel: "test-panel", count: count)
        return try fields(
            await market.adoption.figure(
                table, asOf: now + 60, recordedBy: now + 60, exactly: exactly, now: now + 120
            ).figure)
    }

    private func account(_ role: Role, in market: Market) async throws -> Account {
        let token = try await market.accounts.createToken(
            party: Fixtures.administrationCode, role: role, days: 30, now: Fixtures.day
        ).token
        return try #require(try await market.accounts.account(token: token, now: Fixtures.day))
    }

    @Test func `every earlier version stands under its metric with its own text and digest`() async throws {
        try await TestMarket.with { market, _ in
            let items = try fields(market.adoption.definitions())["items"] as? [[String: Any]] ?? []
            let earlier = items.flatMap { $0["earlier_versions"] as? [[String: Any]] ?? [] }
            #expect(items.count == Metric.files.count && earlier.count == Metric.earlier.count)
            for item in items {
                let own = item["earlier_versions"] as? [[String: Any]] ?? []
                let numbers = ([item] + own).compactMap { $0["version"] as? Int }
                #expect(numbers == Set(numbers).sorted(by: >))
                #expect(own.allSatisfy { $0["name"] as? String == item["name"] as? String })
                #expect(own.allSatisfy { $0["sha256"] as? String != item["sha256"] as? String })
            }
            for version in earlier {
                // Only what had to be carried over to today's tables says so.
                let texts = [version["definition"], version["ported"]].compactMap { $0 as? [String: String] }
                #expect(texts.count == (version["ported"] == nil ? 1 : 2))
                #expect(texts.allSatisfy { $0["zh"]?.isEmpty == false && $0["en"]?.isEmpty == false })
            }
        }
    }

    @Test func `the adoption rate of before leaves out members that are not in the market`() async throws {
        try await with { fixture in
            let exactly = try ExactReading(by: await account(.administrator, in: fixture.market), reason: "audit")
            for (version, members) in [(2, 3), (4, 4), (nil, 4)] {
                let figure = try await rate(version, exactly: exactly, in: fixture.market)
                #expect(figure["numerator"] as? Int == 1 && figure["denominator"] as? Int == members)
                #expect(figure["version"] as? Int == version ?? 4 && (figure["sha256"] as? String)?.count == 64)
            }
        }
    }

    @Test func `the adoption rate of before hides what the newest hides`() async throws {
        try await with { fixture in
            for dimension in [nil, "section", "province", "enterprise_kind"] {
                let both = try await [
                    rate(2, by: dimension, in: fixture.market), rate(4, by: dimension, in: fixture.market),
                ]
                for figure in both {
                    let classes = figure["breakdown"] as? [[String: Any]] ?? []
                    #expect(figure["numerator"] is NSNull && figure["rate"] is NSNull)
                    #expect(classes.allSatisfy { $0["numerator"] is NSNull && $0["suppressed"] as? Bool == true })
                }
            }
        }
    }

    @Test func `purchases and value are in both versions of transactions, invoices in the newest only`() async throws {
        try await BillingFixture.with { billing in
            let market = billing.market
            try await market.totals.rebuild(withUse: true)
            try await billing.offer("OF-S", kind: "subscription", price: 10_000)
            _ = try await billing.purchase(
                "OF-S", by: billing.fixtures.bank, at: BillingFixture.time("2026-01-10T15:00:00+08:00"))
            _ = try await market.billing.bill(now: BillingFixture.time("2026-02-11T00:00:00+08:00"))
            try await market.notary.recordAll(now: { Fixtures.day }, isCourteous: false)
            try await market.totals.catchUp()
            var values: [Int: [String: Decimal?]] = [:]
            for version in [1, 2] {
                let cells = try await market.adoption.exactCells(
                    FigureRequest(metric: "transactions", version: version, standing: "synthetic"))
                values[version] = Dictionary(uniqueKeysWithValues: cells.map { ($0.name, $0.value) })
            }
            #expect(values[2]?.keys.sorted() == ["contracted", "invoiced", "purchases"])
            #expect(values[1] == values[2]?.filter { $0.key != "invoiced" } && values[1]?["purchases"] == 1)
        }
    }

    @Test func `enterprises of before tell who bought and came back, as the newest does`() async throws {
        try await with { fixture in
            try await fixture.buy("OF-FLOOD-FREE", for: fixture.fixtures.bank, at: now + 10)
            try await fixture.count()
            for version in [1, 3] {
                let values = try await fixture.values(
                    FigureRequest(metric: "enterprises", version: version, by: "section"))
                #expect(values == ["bought": 1, "J bought": 1, "returned": 1, "J returned": 1], "\(version)")
            }
        }
    }

    @Test func `a version that is not kept is refused with those that are`() async throws {
        try await with { fixture in
            for version in [0, 1, 3, 9] {
                await #expect {
                    try await rate(version, in: fixture.market)
                } throws: {
                    let refusal = $0 as? InvalidInput
                    return refusal?.field == "version" && refusal?.message.contains("4, 2") == true
                }
            }
        }
    }

    @Test func `what a version does not know is refused by its name`() async throws {
        try await with { fixture in
            let adoption = fixture.market.adoption
            let wrong = [
                (TableRequest(metric: "transactions", version: 1, by: "scenario"), "by"),
                (TableRequest(metric: "enterprises", version: 1, by: "cohort"), "by"),
                (TableRequest(metric: "adoption-rate", version: 2, panel: "test-panel", count: .group), "count"),
                (
                    TableRequest(
                        metric: "adoption-rate", version: 2, period: try Period(from: "2026-01-01", to: nil),
                        panel: "test-panel"), "from"
                ),
                (
                    TableRequest(
                        metric: "adoption-rate", version: 2, period: try Period(from: nil, to: "2026-01-01"),
                        panel: "test-panel"), "to"
                ),
            ]
            for (table, field) in wrong {
                #expect {
                    try adoption.completed(table)
                } throws: { ($0 as? InvalidInput)?.field == field }
            }
        }
    }

    private func keep(_ tables: [TableRequest], in fixture: AdoptionFixture) async throws -> [String: Any] {
        let later = Fixtures.day + 3 * 86_400
        let request = tables.count == 1 ? SnapshotRequest(tables[0]) : SnapshotRequest(tables: tables)
        return try fields(
            await fixture.market.snapshots.keep(
                request, by: account(.analyst, in: fixture.market), key: IdempotencyKey(UUID().uuidString), body: [],
                now: later
            ).snapshot)
    }

    @Test func `a snapshot of an earlier version is recomputed by that version`() async throws {
        try await with { fixture in
            let kept = try await [
                keep([TableRequest(metric: "adoption-rate", version: 2, panel: "test-panel")], in: fixture),
                keep([TableRequest(metric: "transactions", version: 1, by: "section")], in: fixture),
            ]
            #expect(kept.map { $0["version"] as? Int } == [2, 1])
            #expect((kept[0]["result"] as? [String: Any])?["denominator"] as? Int == 3)
            let adoption = fixture.market.adoption
            let digests = try [
                adoption.metrics.metric("adoption-rate", version: 2),
                adoption.metrics.metric("transactions", version: 1),
            ].map(\.digest)
            #expect(kept.map { $0["definition"] as? String } == digests)
            var checks: [Snapshots.Check] = []
            try await fixture.market.snapshots.verify { checks.append($0) }
            #expect(checks.count == 2 && checks.allSatisfy(\.isSame) && checks.allSatisfy { !$0.recomputed.isEmpty })
        }
    }

    @Test func `a result that the earlier version no longer gives is named`() async throws {
        try await with { fixture in
            _ = try await keep([TableRequest(metric: "adoption-rate", version: 2, panel: "test-panel")], in: fixture)
            try await fixture.run(
                "UPDATE party SET recorded_at = '2099-01-01' WHERE identifier = '\(Fixtures.carrierCode)'")
            var problems: [String] = []
            try await fixture.market.snapshots.verify { problems += $0.problems.map(\.description) }
            #expect(problems.contains("its result differs at denominator: kept 3, recomputed 2"), "\(problems)")
        }
    }

    @Test func `two versions are not kept together where somebody could be given away`() async throws {
        try await with { fixture in
            func both(_ standing: String) -> [TableRequest] {
                [1, 2].map { TableRequest(metric: "transactions", version: $0, standing: standing) }
            }
            await #expect {
                try await keep(both("market"), in: fixture)
            } throws: {
                let refusal = $0 as? InvalidInput
                return refusal?.field == "tables[1]" && refusal?.message.contains("two versions") == true
            }
            let kept = try await keep(both("synthetic"), in: fixture)["tables"] as? [[String: Any]]
            #expect(kept?.map { $0["version"] as? Int } == [1, 2])
        }
    }

    @Test func `the newest version by its number is the same table as without it`() async throws {
        try await with { fixture in
            let tables = [TableRequest(metric: "transactions"), TableRequest(metric: "transactions", version: 2)]
            await #expect {
                try await keep(tables, in: fixture)
            } throws: { ($0 as? InvalidInput)?.message.contains("are the same") == true }
        }
    }
}
