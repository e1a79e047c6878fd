import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// What the totals hold besides purchases. The enterprises of the fixtures are synthetic, and so is what they do.
@Suite struct MeasureTests {
    private let now = DealFixture.now + 3_600

    private func cells(
        _ metric: String, by dimension: String? = nil, from: Date? = nil, asOf: Date? = nil, recordedBy: Date? = nil,
        in market: Market
    ) async throws -> [String: String] {
        try await market.notary.recordAll(now: { DealFixture.now }, isCourteous: false)
        try await market.totals.catchUp()
        let cells = try await market.adoption.exactCells(
            FigureRequest(
                metric: metric, by: dimension, from: from, asOf: asOf, recordedBy: recordedBy, standing: "synthetic"))
        return Dictionary(
            cells.map { cell in
                let name = [cell.className.map { "\(dimension ?? "") \($0)" }, cell.name, cell.unit].compactMap { $0 }
                return (name.joined(separator: " "), cell.value.map { "\($0)" } ?? "null")
            }
        ) { first, _ in first }
    }

    private func use(_ right: UUID, _ id: String, of calls: Int, at time: Date, told: Date, in it: DealFixture)
        async throws
    {
        let event = """
            [{"specversion":"1.0","source":"/gateways/1","id":"\(id)","type":"call","subject":"\(right.uuidString)",\
            "time":"\(time.formatted(.iso8601))","data":{"quantity":\(calls)}}]
            """
        let outcome = try await it.market.metering.report(Array(event.utf8), by: it.seller.partyID, now: told)
        guard case .counted = outcome.first?.outcome else { throw NotCounted() }
    }

    private struct NotCounted: Error {}

    private func isSound(_ it: DealFixture) async throws -> Bool {
        try await it.market.totals.verify().allSatisfy { $0.wrong == 0 }
    }

    @Test func `each step of the funnel counts once for an enterprise and a product, and the second agreement renews`()
        async throws
    {
        try await DealFixture.with { it in
            for _ in 0..<3 { it.market.productViews.note("DP-FLOOD-001", by: it.buyer, now: DealFixture.now) }
            it.market.productViews.note("DP-FLOOD-001", by: it.officer, now: DealFixture.now)
            it.market.productViews.note("DP-FLOOD-001", by: nil, now: DealFixture.now)
            try await it.market.productViews.write()
            #expect(try await cells("funnel", in: it.market) == ["viewed count": "1"])
            _ = try await it.request()
            #expect(try await cells("funnel", in: it.market) == ["viewed count": "1", "requested count": "1"])
            let statement = UseStatement(purpose: "research")
            let free = try await it.request(statement, offer: "OF-FLOOD-FREE", key: "b")
            #expect(
                try await cells("funnel", in: it.market) == [
                    "viewed count": "1", "requested count": "1", "agreed count": "1",
                ])
            let right = try await it.right(of: free)
            try await use(right, "1", of: 1, at: now, told: now, in: it)
            try await use(right, "2", of: 1, at: now, told: now, in: it)
            for key in ["c", "d"] { _ = try await it.request(statement, offer: "OF-FLOOD-FREE", key: key) }
            #expect(
                try await cells("funnel", in: it.market) == [
                    "viewed count": "1", "requested count": "1", "agreed count": "1", "used count": "1",
                    "renewed count": "1",
                ])
            #expect(try await isSound(it))
        }
    }

    @Test func `use counts on its day by meter, and late use as known when it was told`() async throws {
        try await DealFixture.with { it in
            let right = try await it.right(
                of: it.request(UseStatement(purpose: "research"), offer: "OF-FLOOD-FREE", key: "k"))
            _ = try await cells("use", in: it.market)
            try await use(right, "1", of: 3, at: now, told: now, in: it)
            try await use(right, "2", of: 4, at: now + 60, told: now + 10 * 86_400, in: it)
            let all = try await cells("use", by: "product_kind", in: it.market)
            #expect(all["call count"] == "2" && all["call {call}"] == "7")
            #expect(all.filter { $0.key.hasPrefix("product_kind") && $0.key.hasSuffix("{call}") }.map(\.value) == ["7"])
            let then = try await cells(
                "use", asOf: now + 3 * 86_400, recordedBy: now + 3 * 86_400, in: it.market)
            #expect(then["call {call}"] == "3")
            #expect(try await cells("enterprises", in: it.market)["used count"] == "1")
            #expect(try await isSound(it))
        }
    }

    @Test func `an earlier first use that comes later is the first`() async throws {
        try await DealFixture.with { it in
            let right = try await it.right(
                of: it.request(UseStatement(purpose: "research"), offer: "OF-FLOOD-FREE", key: "k"))
            _ = try await cells("use", in: it.market)
            try await use(right, "1", of: 3, at: now + 60, told: now + 60, in: it)
            try await it.market.totals.follow()
            // Of another product, and known a minute before the one that was added first.
            try await it.run(
                """
                INSERT INTO adoption_feed (enterprise_id, product_id, entitlement_id, meter, happened_at, recorded_at, events, quantity)
                SELECT enterprise_id, gen_random_uuid(), entitlement_id, 'call', happened_at - interval '1 minute',
                    recorded_at - interval '1 minute', 1, 1
                FROM funnel_step CROSS JOIN (SELECT id AS entitlement_id FROM entitlement) AS held WHERE step = 'used'
                """)
            try await it.market.totals.follow()
            let steps = try await it.market.totals.verify().filter { $0.name.hasPrefix("steps of enterprises") }
            #expect(steps.map(\.wrong) == [0] && steps[0].checked > 0)
            #expect(try await it.value("SELECT count(*) FROM funnel_step WHERE step = 'used'") == "2")
            #expect(
                try await it.value(
                    "SELECT bool_and(step.happened_at = (SELECT min(happened_at) FROM funnel_step WHERE step = 'used'))::text"
                        + " FROM enterprise_step AS step WHERE measure = 'used'") == "true")
        }
    }

    @Test func `from request to first data is told by how soon it came`() async throws {
        try await DealFixture.with { it in
            let right = try await it.right(
                of: it.request(UseStatement(purpose: "research"), offer: "OF-FLOOD-FREE", key: "k"))
            _ = try await cells("first-data", in: it.market)
            try await use(right, "1", of: 1, at: DealFixture.now + 7_200, told: DealFixture.now + 7_200, in: it)
            let told = try await cells("first-data", in: it.market)
            #expect(told["within_hour count"] == "0" && told["within_day count"] == "1")
            #expect(told["reached count"] == "1" && told["mean seconds"] == "7200")
        }
    }

    @Test func `a purchase is first or a repeat, and of what its product was of when it was bought`() async throws {
        try await DealFixture.with { it in
            for key in ["a", "b", "c"] {
                _ = try await it.request(UseStatement(purpose: "research"), offer: "OF-FLOOD-FREE", key: key)
            }
            let order = try await cells("transactions", by: "order", in: it.market)
            #expect(order["order first purchases count"] == "1" && order["order repeat purchases count"] == "2")
            let origin = try await it.value(
                """
                SELECT party.province FROM responsibility JOIN party ON party.id = party_id
                WHERE role = 'provider' AND entry_id = (SELECT entry_id FROM product_revision_source LIMIT 1)
                """)
            let origins = try await cells("transactions", by: "origin_province", in: it.market)
            #expect(origins["origin_province \(origin) purchases count"] == "3")
            let channels = try await cells("transactions", by: "channel", in: it.market)
            #expect(channels["channel on_exchange purchases count"] == "3")
        }
    }

    @Test func `what is invoiced and settled counts on its day, less what is credited`() async throws {
        try await BillingFixture.with { billing in
            let (market, day) = (billing.market, BillingFixture.time("2026-02-11T00:00:00+08:00"))
            // From the first turn on, so that what follows is added and not made anew.
            try await market.totals.rebuild(withUse: true)
            try await billing.offer("OF-S", kind: "subscription", price: 10_000)
            _ = try await billing.purchase(
                "OF-S", by: billing.fixtures.bank, at: BillingFixture.time("2026-01-10T15:00:00+08:00"))
            _ = try await market.billing.bill(now: day)
            let id = try #require(try await billing.invoices().first?["id"] as? String)
            #expect(try await cells("transactions", in: market)["invoiced CNY"] == "10000")
            let seller = try await billing.account(.operator)
            func credit(_ amount: Int64, _ key: String, at time: Date) async throws {
                _ = try await market.billing.credit(
                    try #require(UUID(uuidString: id)), CreditRequest(line: nil, amount: amount, reason: "agreed"),
                    by: seller, key: IdempotencyKey(key), body: [], now: time)
            }
            try await credit(636, "a", at: day + 60)
            var told = try await cells("transactions", in: market)
            #expect(told["invoiced CNY"] == "9400")
            #expect(told["settled CNY"] == nil)
            let table = try CSVTable(
                Array("date,amount,currency,payer,reference\n2026-02-12,99.64,CNY,Bank,INV-000001\n".utf8))
            _ = try await market.billing.record(
                BankStatement(table, now: day + 40 * 86_400), of: billing.fixtures.seller, now: day + 120)
            #expect(try await cells("transactions", in: market)["settled CNY"] == "9400")
            try await credit(424, "b", at: day + 180)
            told = try await cells("transactions", in: market)
            #expect(told["invoiced CNY"] == "9000")
            #expect(told["settled CNY"] == "9000")
            #expect(try await market.totals.verify().allSatisfy { $0.wrong == 0 })
        }
    }

    @Test func `totals made anew say the same`() async throws {
        try await DealFixture.with { it in
            let right = try await it.right(
                of: it.request(UseStatement(purpose: "research"), offer: "OF-FLOOD-FREE", key: "k"))
            try await use(right, "1", of: 3, at: now, told: now + 10 * 86_400, in: it)
            it.market.productViews.note("DP-FLOOD-001", by: it.buyer, now: now)
            try await it.market.productViews.write()
            var before: [[String: String]] = []
            for metric in ["funnel", "use", "transactions", "first-data", "enterprises"] {
                before.append(try await cells(metric, by: "month", in: it.market))
            }
            try await it.market.totals.rebuild()
            for (metric, was) in zip(["funnel", "use", "transactions", "first-data", "enterprises"], before) {
                #expect(!was.isEmpty)
                #expect(try await cells(metric, by: "month", in: it.market) == was)
            }
            #expect(try await isSound(it))
        }
    }
}
