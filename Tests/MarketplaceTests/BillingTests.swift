import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct BillingTests {
    private let begin = BillingFixture.time("2026-01-10T15:00:00+08:00")

    private func lines(_ invoice: [String: Any]) -> [[String: Any]] { invoice["lines"] as? [[String: Any]] ?? [] }
    private func net(_ value: [String: Any]) -> Int { value["net_minor"] as? Int ?? -1 }

    @Test func `a period becomes an issued invoice once it has passed, and closing again changes nothing`() async throws
    {
        try await BillingFixture.with { billing in
            try await billing.offer("OF-M", kind: "combined", price: 10_000, prices: ["call": "12.5"])
            let bought = try await billing.purchase("OF-M", by: billing.fixtures.bank, at: begin)
            try await billing.use(bought, "call", 3, at: BillingFixture.time("2026-02-09T23:59:59+08:00"))
            try await billing.use(bought, "call", 5, at: BillingFixture.time("2026-02-10T00:00:00+08:00"))
            let early = try await billing.market.billing.bill(now: BillingFixture.time("2026-02-10T00:09:00+08:00"))
            #expect(early.periods == 0)
            let now = BillingFixture.time("2026-02-10T00:11:00+08:00")
            let report = try await billing.market.billing.bill(now: now)
            #expect(report == .init(periods: 1, drafts: 1, events: 1, issued: 1, failed: []))
            #expect(try await billing.market.billing.bill(now: now) == .init())
            let invoice = try #require(try await billing.invoices().first)
            #expect(invoice["number"] as? String == "INV-000001" && invoice["state"] as? String == "issued")
            #expect(net(invoice) == 10_000 + 38 && invoice["vat_minor"] as? Int == 600 + 2)
            #expect(invoice["due_on"] as? String == "2026-03-12")
            let usage = lines(invoice).flatMap { $0["usage"] as? [[String: Any]] ?? [] }
            #expect(usage.map { $0["events"] as? Int } == [1])
            #expect((invoice["seller"] as? [String: Any])?["code"] as? String == Fixtures.sellerCode)
            #expect(try await billing.wrongChecks() == [])
            // What the log records of the invoice names its lines: one that is changed by force is found.
            try await billing.database.execute(
                Statement(name: "test/force", text: "UPDATE invoice_line SET unit_price = unit_price + 1"))
            #expect(try await billing.wrongChecks().contains { $0.contains("lines that were recorded") })
        }
    }

    @Test func `late usage goes to the next period as the difference it makes, and to a correction after the end`()
        async throws
    {
        try await BillingFixture.with { billing in
            try await billing.offer(
                "OF-M", kind: "combined", price: 1_000, prices: ["call": "10"], maximum: 1_100, days: 59)
            let bought = try await billing.purchase("OF-M", by: billing.fixtures.bank, at: begin)
            let day = BillingFixture.time("2026-01-20T12:00:00+08:00")
            try await billing.use(bought, "call", 8, at: day)
            _ = try await billing.market.billing.bill(now: BillingFixture.time("2026-02-11T00:00:00+08:00"))
            // Eight more calls of the first period come late; its maximum leaves room for two.
            try await billing.use(
                bought, "call", 8, at: day, recorded: BillingFixture.time("2026-02-15T12:00:00+08:00"))
            _ = try await billing.market.billing.bill(now: BillingFixture.time("2026-04-01T00:00:00+08:00"))
            let second = try await billing.invoices()[1]
            let late = lines(second).filter { $0["kind"] as? String == "late" }
            #expect(late.map(net) == [20] && late.first?["period"] as? Int == 1)
            try await billing.use(
                bought, "call", 1, at: BillingFixture.time("2026-03-01T12:00:00+08:00"),
                recorded: BillingFixture.time("2026-04-02T12:00:00+08:00"))
            _ = try await billing.market.billing.bill(now: BillingFixture.time("2026-04-03T00:00:00+08:00"))
            let invoices = try await billing.invoices()
            #expect(invoices.count == 3 && invoices.last.map(net) == 10)
            #expect((invoices.last?["days"] as? [String: Any])?["kind"] as? String == "correction")
            let third = try await billing.market.billing.bill(now: BillingFixture.time("2026-04-04T00:00:00+08:00"))
            #expect(third == .init())
            #expect(try await billing.wrongChecks() == [])
        }
    }

    @Test func `a trial costs nothing, and a price paid once is due when it begins`() async throws {
        try await BillingFixture.with { billing in
            try await billing.offer("OF-T", kind: "metered", prices: ["call": "10"], trialDays: 10)
            let tried = try await billing.purchase("OF-T", by: billing.fixtures.bank, at: begin)
            try await billing.use(tried, "call", 7, at: begin.addingTimeInterval(86_400))
            _ = try await billing.purchase("OF-FLOOD-ONCE", by: billing.fixtures.insurer, at: begin)
            _ = try await billing.purchase("OF-FLOOD-FREE", by: billing.fixtures.insurer, at: begin)
            let report = try await billing.market.billing.bill(now: begin.addingTimeInterval(700))
            #expect(report.issued == 1)
            _ = try await billing.market.billing.bill(now: BillingFixture.time("2026-01-21T00:00:00+08:00"))
            let invoices = try await billing.invoices()
            #expect(invoices.map(net) == [1_000_000, 0])
            #expect(invoices.last?["state"] as? String == "paid")
            #expect(try await billing.wrongChecks() == [])
        }
    }

    @Test func `two closers at once make each invoice once, with numbers without gaps`() async throws {
        try await BillingFixture.with { billing in
            try await billing.offer("OF-S", kind: "subscription", price: 999)
            for enterprise in [billing.fixtures.bank, billing.fixtures.insurer, billing.fixtures.carrier] {
                for _ in 0..<4 { _ = try await billing.purchase("OF-S", by: enterprise, at: begin) }
            }
            let now = BillingFixture.time("2026-06-15T00:00:00+08:00")
            let market = billing.market
            let reports = try await withThrowingTaskGroup(of: Billing.Report.self) { group in
                for _ in 0..<4 { group.addTask { try await market.billing.bill(now: now) } }
                return try await group.reduce(into: [Billing.Report]()) { $0.append($1) }
            }
            #expect(reports.reduce(0) { $0 + $1.issued } == 60)
            #expect(try await billing.number("SELECT count(*) FROM invoice") == 60)
            #expect(try await billing.number("SELECT max(number) FROM invoice") == 60)
            #expect(try await billing.wrongChecks() == [])
        }
    }

    @Test func `a run whose connections are cut again and again is completed by the next one`() async throws {
        try await BillingFixture.with { billing in
            try await billing.offer("OF-S", kind: "combined", price: 999, prices: ["call": "3.3333"])
            for enterprise in [billing.fixtures.bank, billing.fixtures.insurer, billing.fixtures.carrier] {
                let bought = try await billing.purchase("OF-S", by: enterprise, at: begin)
                try await billing.use(bought, "call", 1, at: begin.addingTimeInterval(86_400))
            }
            let (market, database) = (billing.market, billing.database)
            let cut = Statement(
                name: "test/cut",
                text: """
                    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%billing%'
                    """)
            for month in 2...9 {
                let now = BillingFixture.time("2026-0\(month)-11T00:00:00+08:00")
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { _ = try? await market.billing.bill(now: now) }
                    group.addTask {
                        for _ in 0..<3 { _ = try? await database.first(cut) { try $0.next(Int.self) } }
                    }
                }
            }
            _ = try await billing.market.billing.bill(now: BillingFixture.time("2026-10-11T00:00:00+08:00"))
            #expect(try await billing.number("SELECT count(*) FROM invoice WHERE state = 'issued'") == 27)
            #expect(try await billing.wrongChecks() == [])
        }
    }

    @Test func `an enterprise whose amounts are beyond their type is named, and the others are billed`() async throws {
        try await BillingFixture.with { billing in
            try await billing.offer("OF-HUGE", kind: "combined", price: Int64.max - 10, prices: ["call": "1000"])
            try await billing.offer("OF-S", kind: "subscription", price: 100)
            let huge = try await billing.purchase("OF-HUGE", by: billing.fixtures.bank, at: begin)
            try await billing.use(huge, "call", 1, at: begin)
            _ = try await billing.purchase("OF-S", by: billing.fixtures.insurer, at: begin)
            let report = try await billing.market.billing.bill(now: BillingFixture.time("2026-02-11T00:00:00+08:00"))
            #expect(report.failed == [billing.fixtures.bank] && report.issued == 1)
            #expect(try await billing.wrongChecks() == [])
        }
    }

    @Test func `thirds over nine hundred lines: the total is the sum of the lines, each rounded once`() async throws {
        try await BillingFixture.with { billing in
            try await billing.offer("OF-3", kind: "metered", prices: ["call": "33.333333"], days: 27_500)
            let bought = try await billing.purchase("OF-3", by: billing.fixtures.bank, at: begin)
            try await billing.run(
                """
                INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id,
                    revision, recorded_at)
                SELECT enterprise_id, at, gen_random_uuid(), id, 'call', 2, 1, product_id, 1, at
                FROM entitlement, generate_series($1::timestamptz, $1::timestamptz + interval '899 months', interval '1 month')
                    AS at
                """, begin.addingTimeInterval(86_400))
            try await billing.run(
                """
                INSERT INTO usage_total SELECT enterprise_id, entitlement_id, meter, legal_day(occurred_at), 1, quantity, bytes
                FROM usage_event
                """)
            try await billing.run(
                """
                INSERT INTO usage_window (enterprise_id, entitlement_id, meter, since, events, quantity, least, most, latest,
                    latest_at, latest_id)
                SELECT enterprise_id, entitlement_id, meter, date_bin('15 minutes', occurred_at, '2000-01-01T00:00:00Z'), 1,
                    quantity, quantity, quantity, quantity, occurred_at, id
                FROM usage_event
                """)
            _ = bought
            let report = try await billing.market.billing.bill(now: BillingFixture.time("2105-01-01T00:00:00+08:00"))
            #expect(report.issued == 900)
            // Twice 33.333333 is 66.666666, a line of 67; not 900 times 66.666666.
            #expect(try await billing.number("SELECT sum(net_minor)::bigint FROM invoice") == 900 * 67)
            #expect(try await billing.number("SELECT count(*) FROM invoice_line WHERE net_minor <> 67") == 0)
            #expect(try await billing.wrongChecks() == [])
        }
    }

    @Test func `a draft waits for its issuer, and one that is given up leaves no gap`() async throws {
        try await BillingFixture.with { billing in
            try await billing.offer("OF-S", kind: "subscription", price: 100)
            for _ in 0..<2 { _ = try await billing.purchase("OF-S", by: billing.fixtures.bank, at: begin) }
            let now = BillingFixture.time("2026-02-11T00:00:00+08:00")
            _ = try await billing.market.billing.bill(issues: false, now: now)
            let buyer = try await billing.account(.enterprise)
            _ = try await billing.market.billing.bill(now: now + 600)
            #expect(try await billing.invoices(seenBy: buyer).isEmpty)
            let seller = try await billing.account(.operator)
            let ids = try await billing.invoices().compactMap { UUID(uuidString: $0["id"] as? String ?? "") }
            _ = try await billing.market.billing.void(ids[0], reason: "not meant", by: seller, now: now)
            let issued = try fields(await billing.market.billing.issue(ids[1], by: seller, now: now))
            #expect(issued["number"] as? String == "INV-000001")
            await #expect(throws: BillingError.self) {
                try await billing.market.billing.issue(ids[0], by: seller, now: now)
            }
            #expect(try await billing.invoices(seenBy: buyer).count == 1)
            #expect(try await billing.wrongChecks() == [])
        }
    }
}
