import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@testable import Web

/// The printed report. Its PDF is looked at by script/test-figures.
@Suite struct ReportTests {
    private static let now = Date(timeIntervalSince1970: 1_796_011_200)

    @Test(arguments: [
        ("2026", "2025-12-31T16:00:00Z", "2026-12-31T16:00:00Z", 12),
        ("2025-Q4", "2025-09-30T16:00:00Z", "2025-12-31T16:00:00Z", 3),
        ("2026-02", "2026-01-31T16:00:00Z", "2026-02-28T16:00:00Z", 1),
        ("2026-12", "2026-11-30T16:00:00Z", "2026-12-31T16:00:00Z", 1),
    ])
    func `a period is a year, a quarter or a month of Beijing`(text: String, from: String, until: String, months: Int)
        throws
    {
        let period = try ReportPeriod(text, field: "--period")
        #expect(period.from.formatted(.iso8601) == from && period.until.formatted(.iso8601) == until)
        #expect(period.months.count == months && period.months.allSatisfy { $0.count == 7 })
    }

    @Test(arguments: ["", "26", "2026-13", "2026-Q5", "2026-1", "2026-Q0", "0001", "2026-02-01", "next year"])
    func `what is no period is refused by its name`(text: String) throws {
        let refusal = #expect(throws: InvalidInput.self) { try ReportPeriod(text, field: "--period") }
        #expect(refusal?.field == "--period")
    }

    @Test func `a period that has not begun is refused`() throws {
        let period = try ReportPeriod("2027", field: "--period")
        #expect(throws: InvalidInput.self) {
            try ReportRequest(
                period: period, panel: "leading", now: Self.now)
        }
    }

    @Test func `of a period that is over, a report says what had happened by its end, else by half a minute ago`()
        throws
    {
        func asOf(_ text: String) throws -> Date {
            try ReportRequest(period: ReportPeriod(text, field: ""), panel: "leading", now: Self.now).asOf
        }
        #expect(try asOf("2025").formatted(.iso8601) == "2025-12-31T16:00:00Z")
        #expect(try asOf("2026") == Self.now - 30)
    }

    @Test func `all figures of a report are by what was known half a minute ago, or by the time that is stated`() throws
    {
        func recordedBy(_ stated: Date?) throws -> Date {
            try ReportRequest(
                period: ReportPeriod("2026", field: ""), panel: "leading", recordedBy: stated, now: Self.now
            ).recordedBy
        }
        #expect(try recordedBy(nil) == Self.now - 30)
        #expect(try recordedBy(Self.now - 3_600) == Self.now - 3_600)
        let refusal = #expect(throws: InvalidInput.self) { _ = try recordedBy(Self.now + 1) }
        #expect(refusal?.field == "--recorded-by")
    }

    /// Sixteen enterprises that bought, two of them in section H, and a panel of them.
    private func with(
        synthetic: Bool = false, _ look: @Sendable @escaping (WebFixture, [UUID]) async throws -> Void
    ) async throws {
        try await WebFixture.with { web in
            let buyers = try await web.database.all(
                Statement(
                    name: "test/buyers",
                    text: """
                        INSERT INTO party (id, code, scheme, identifier, name, kind, enterprise_kind, industry_section, province,
                            synthetic, recorded_at)
                        SELECT gen_random_uuid(), code, 'uscc', code, 'Buyer ' || place, 'enterprise', 'private',
                            CASE WHEN place <= 6 THEN 'J' WHEN place <= 14 THEN 'G' ELSE 'H' END, '110000', \(synthetic), now()
                        FROM generate_series(1, 16) AS place,
                            LATERAL (SELECT credit_code_of('9111000' || lpad(place::text, 10, '0')) AS code) AS coded
                        RETURNING id, identifier
                        """)
            ) { (id: try $0.next(UUID.self), code: try $0.next(String.self)) }
            for buyer in buyers.map(\.id) {
                _ = try await web.market.purchases.buy(
                    PurchaseRequest(offer: "OF-FLOOD-ONCE", purpose: "research"), for: buyer, key: IdempotencyKey("a"),
                    body: [], now: Date())
            }
            try await web.count()
            try await Fixtures.panel(
                "leading", members: "enterprise_code,reason\n" + buyers.map { "\($0.code),large\n" }.joined(),
                in: web.market, now: Date())
            try await look(web, buyers.map(\.id))
        }
    }

    /// The report of the year, made a little after everything was settled.
    private func report(
        _ web: WebFixture, at now: Date = Date() + 60, recordedBy: Date? = nil, patience: Int = 20
    ) async throws -> String {
        var beijing = Calendar(identifier: .gregorian)
        beijing.timeZone = try #require(TimeZone(secondsFromGMT: 8 * 3_600))
        let request = try ReportRequest(
            period: ReportPeriod("\(beijing.component(.year, from: now))", field: ""), panel: "leading",
            recordedBy: recordedBy, now: now)
        let page = try await PrintedReport(market: web.market).page(request, now: now, patience: patience)
        return String(decoding: page, as: UTF8.self)
    }

    private func page(
        synthetic: Bool = false, _ look: @Sendable @escaping (String, Market) async throws -> Void
    ) async throws {
        try await with(synthetic: synthetic) { web, _ in try await look(report(web), web.market) }
    }

    @Test func `a report has every metric with its definition in both languages, version and digest`() async throws {
        try await page { page, market in
            let published = try JSONNode(market.adoption.definitions())["items"].list
            #expect(published.count >= 3)
            for metric in published {
                for text in [
                    metric["title"]["zh"], metric["title"]["en"], metric["definition"]["zh"],
                    metric["definition"]["en"],
                    metric["sha256"],
                ].map(\.string) {
                    let escaped: HTML = "\(text)"
                    #expect(page.contains(String(decoding: escaped.bytes, as: UTF8.self)), "\(text)")
                }
            }
        }
    }

    @Test func `no rate stands without its numerator, denominator and the panel's n`() async throws {
        try await page { page, _ in
            let body = try #require(page.components(separatedBy: "</style>").last)
            let rates = body.matches(of: /[0-9.]+%/).count
            #expect(rates > 0 && body.matches(of: /[0-9.]+% \([0-9,]+\/[0-9,]+\)/).count == rates)
            let sizes = page.components(separatedBy: "n\u{A0}=\u{A0}16, ").count - 1
            // Beside the title, in the key figures, at the whole, and at each chart.
            #expect(sizes >= 4, "\(sizes)")
        }
    }

    @Test func `what would give an enterprise away is said to be withheld, in both languages`() async throws {
        try await page { page, _ in
            #expect(page.contains("不公布：为保护企业") && page.contains("not given, to protect enterprises"))
            #expect(!page.contains("合成企业均") && page.contains("<svg"))
        }
    }

    @Test
    func `a panel whose members can be given away is divided by one dimension, and the others are said to be left out`()
        async throws
    {
        try await page { page, _ in
            #expect(page.contains("By industry section") && !page.contains("By province"))
            #expect(page.contains("Not by province, kind of enterprise: the members are known"))
        }
        try await page(synthetic: true) { page, _ in
            #expect(page.contains("By province") && !page.contains("the members are known"))
        }
    }

    @Test func `a panel's rate is told ever and within the period`() async throws {
        try await page { page, _ in
            #expect(page.contains("By the time asked about") && page.contains("Within 20"))
            #expect(page.components(separatedBy: "100% (16/16)").count - 1 >= 4)
        }
    }

    @Test func `a market of synthetic enterprises only says so in bold`() async throws {
        try await page(synthetic: true) { page, _ in
            #expect(page.contains("<strong lang=\"en\">The metrics over the market hold synthetic enterprises"))
            #expect(page.contains("没有此类采购：市场、试用"))
        }
    }

    @Test func `a page to print needs nothing else`() async throws {
        try await page { page, _ in
            #expect(
                page.contains("@page") && !page.contains("<link") && !page.contains("<script") && !page.contains("src=")
            )
            #expect(!page.contains("HTML(bytes"))
        }
    }

    @Test func `a report names both times, what they mean, and that it is settled`() async throws {
        try await with { web, _ in
            let now = Date() + 60
            let page = try await report(web, at: now)
            #expect(page.contains(SnapshotRequest.text(SnapshotRequest.settled(now))), "\(page.suffix(2_000))")
            #expect(page.contains("what the market had recorded by then") && page.contains("其时市场已记录的"))
            #expect(page.contains("These hold days that had ended: what happened up to "))
            #expect(page.contains("Settled: made again by the same two times") && !page.contains("Not settled"))
        }
    }

    @Test func `a report by the same times is the same after more was recorded`() async throws {
        try await with { web, buyers in
            let now = Date() + 60
            let first = try await report(web, at: now)
            // Known after the report's time.
            for buyer in buyers { try await web.buy(for: buyer, at: now + 60) }
            try await web.count()
            let again = try await report(web, at: now)
            func figures(_ page: String) -> String {
                // How far the log went meanwhile is another.
                page.replacing(/<tr><th scope="row"><span lang="zh-Hans">计至市场日志位置.*?<\/tr>/, with: "")
            }
            #expect(first != again && figures(first) == figures(again))
        }
    }

    @Test func `a report says when the totals do not hold yet what was known by its time`() async throws {
        try await with { web, buyers in
            try await web.buy(for: buyers[0], at: Date())
            let page = try await report(web, patience: 1)
            #expect(page.contains("<p class=\"notice\"><strong>") && page.contains("尚未确定：汇总还没有计入"))
            #expect(
                page.contains("Not settled: the totals do not hold everything yet")
                    && page.contains("these figures may change: "))
            try await web.count()
            #expect(!(try await report(web)).contains("Not settled"))
        }
    }

    @Test func `what was recorded in the last half minute is said not to be settled`() async throws {
        try await with { web, _ in
            let now = Date() + 60
            let page = try await report(web, at: now, recordedBy: now - 10)
            #expect(page.contains("Not settled: what was recorded in the last half minute"))
            #expect(page.contains("尚未确定：最近半分钟"))
        }
    }

    @Test func `a panel that there is none of is refused`() async throws {
        try await WebFixture.with { web in
            let request = try ReportRequest(
                period: ReportPeriod("2026", field: ""), panel: "none",
                now: Self.now)
            await #expect(throws: AdoptionError.self) {
                try await PrintedReport(market: web.market).page(request, now: Self.now)
            }
        }
    }
}
