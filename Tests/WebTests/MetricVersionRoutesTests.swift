import Foundation
import Marketplace
import TestSupport
import Testing

/// Versions of a metric in the API and on the pages.
@Suite struct MetricVersionRoutesTests {
    /// A panel of the bank, which bought; it is made up, so that nothing is hidden.
    private func with(_ work: @Sendable @escaping (WebFixture) async throws -> Void) async throws {
        try await WebFixture.with { web in
            try await Fixtures.panel(
                members: "enterprise_code,reason\n\(Fixtures.bankCode),large\n", in: web.market, now: Date() - 40)
            _ = try await web.market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-ONCE", purpose: "research"), for: web.fixtures.bank,
                key: IdempotencyKey("a"), body: [], now: Date())
            try await web.market.notary.recordAll(now: { Date() }, isCourteous: false)
            try await web.market.totals.catchUp()
            try await work(web)
        }
    }

    @Test func `a figure says by which version it is, as JSON and in every row of a table`() async throws {
        try await with { web in
            let list = try await web.send("GET", "/v1/adoption/metrics", as: .analyst).json
            let items = try #require(list["items"] as? [[String: Any]])
            for (path, name, version) in [
                ("adoption-rate?panel=test-panel", "adoption-rate", 2), ("transactions?by=section", "transactions", 1),
            ] {
                let earlier = items.first { $0["name"] as? String == name }?["earlier_versions"] as? [[String: Any]]
                let digest = try #require(
                    earlier?.first { $0["version"] as? Int == version }?["sha256"] as? String)
                let address = "/v1/adoption/metrics/\(path)&version=\(version)"
                let figure = try await web.send("GET", address, as: .analyst)
                #expect(figure.json["version"] as? Int == version && figure.json["sha256"] as? String == digest)
                let rows = try await web.send("GET", "\(address)&format=csv", as: .analyst).text.split(
                    separator: "\r\n")
                #expect(rows.dropFirst().allSatisfy { $0.hasPrefix("\(name),\(version),") && $0.hasSuffix(digest) })
            }
        }
    }

    @Test func `a workbook of an earlier version is made by its definition`() async throws {
        try await with { web in
            let answer = try await web.send(
                "GET", "/v1/adoption/metrics/adoption-rate?panel=test-panel&version=2&format=parquet", as: .analyst)
            // The metadata of a Parquet file stands in it as it is.
            #expect(answer.status == 200 && answer.body.range(of: Data("in the market by then".utf8)) != nil)
        }
    }

    @Test(arguments: ["3", "0", "-1", "two", "99999999"])
    func `a version that there is none of is refused by its name`(version: String) async throws {
        try await with { web in
            for path in ["adoption-rate?panel=test-panel", "transactions?by=section"] {
                let answer = try await web.send(
                    "GET", "/v1/adoption/metrics/\(path)&version=\(version)", as: .analyst)
                #expect(answer.status == 400 && answer.json["field"] as? String == "version", "\(answer.text)")
            }
        }
    }

    @Test func `a snapshot is of the version that is asked for`() async throws {
        try await with { web in
            func keep(_ version: String) async throws -> WebFixture.Answer {
                try await web.send(
                    "POST", "/v1/adoption/snapshots", as: .analyst,
                    headers: ["Content-Type": "application/json", "Idempotency-Key": "v-\(version)"],
                    body: Data(#"{"metric": "adoption-rate", "version": \#(version), "panel": "test-panel"}"#.utf8))
            }
            let early = try await keep("2")
            #expect(early.status == 201 && early.json["version"] as? Int == 2, "\(early.text)")
            for wrong in ["3", "\"two\""] {
                let refused = try await keep(wrong)
                #expect(refused.status == 400 && refused.json["field"] as? String == "version", "\(refused.text)")
            }
            let page = try await web.send(
                "GET", "/adoption/snapshots/\(early.json["id"] as? String ?? "")?lang=en", as: .analyst
            ).text
            #expect(page.contains("had accepted at least one purchase") && page.contains("Recomputed: the same"))
        }
    }

    @Test func `the page of a panel shows two times and two periods side by side, and how the rate came to be`()
        async throws
    {
        try await with { web in
            let times = try await web.send(
                "GET", "/adoption?panel=test-panel&as_of=2026-06-30&as_of2=2025-01-01&lang=en", as: .analyst
            ).text
            #expect(times.contains("as of 2026-07-01 00:00") && times.contains("as of 2025-01-02 00:00"))
            #expect(times.contains("History") && !times.contains("What differs"))
            let periods = try await web.send(
                "GET",
                "/adoption?panel=test-panel&from=2026-01-01&to=2026-06-30&from2=2025-01-01&to2=2025-12-31&lang=en",
                as: .analyst
            ).text
            #expect(periods.contains("from 2026-01-01") && periods.contains("from 2025-01-01"))
            for wrong in ["from=2026-02-01&to=2026-01-01", "as_of2=soon", "recorded_by=2999-01-01"] {
                let refused = try await web.send("GET", "/adoption?panel=test-panel&\(wrong)", as: .analyst)
                #expect(refused.status == 400, "\(wrong)")
            }
        }
    }

    @Test func `the page of the market shows two versions side by side, and what differs`() async throws {
        try await with { web in
            let path = "/adoption/market?metric=transactions&standing=synthetic&version=2&version2=1"
            let page = try await web.send("GET", "\(path)&by=scenario&lang=en", as: .analyst).text
            #expect(page.contains("What differs between the definitions") && page.contains("version 1"))
            #expect(page.contains("Both definitions in full") && page.contains("Change"))
            // A dimension that one of them does not have is left for one that both have.
            #expect(page.contains("by industry section"))
            let chinese = try await web.send("GET", "\(path)&lang=zh", as: .analyst).text
            #expect(chinese.contains("两版定义的不同之处") && chinese.contains("第1版"))
            let alone = try await web.send("GET", "/adoption/market?metric=transactions&lang=en", as: .analyst).text
            #expect(!alone.contains("What differs") && alone.contains("name=\"version2\""))
            let single = try await web.send("GET", "/adoption/market?metric=funnel&lang=en", as: .analyst).text
            #expect(!single.contains("name=\"version2\""))
        }
    }

    @Test func `the page of a panel shows two versions side by side, and what differs`() async throws {
        try await with { web in
            let page = try await web.send(
                "GET", "/adoption?panel=test-panel&version=4&version2=2&lang=en", as: .analyst
            ).text
            #expect(page.contains("What differs between the definitions") && page.contains("The whole panel"))
            #expect(page.contains("1 / 1 · 100%") && page.contains("0 points"))
            #expect(page.contains("Protected as version 4 is."))
            let chinese = try await web.send("GET", "/adoption?panel=test-panel&version2=2&lang=zh", as: .analyst).text
            #expect(chinese.contains("两版定义全文") && chinese.contains("第2版"))
            for wrong in ["version=3", "version2=3", "version2=2&count=group"] {
                let refused = try await web.send("GET", "/adoption?panel=test-panel&\(wrong)&lang=en", as: .analyst)
                #expect(refused.status == 400, "\(wrong)")
            }
        }
    }

    @Test func `a page by an earlier version says so, and what of it is taken otherwise now`() async throws {
        try await with { web in
            for (path, words) in [
                ("/adoption?panel=test-panel&version=2", "By version 2 of the definition; the newest is version 4."),
                ("/adoption/market?version=1", "By version 1 of the definition; the newest is version 2."),
            ] {
                let page = try await web.send("GET", "\(path)&lang=en", as: .analyst).text
                #expect(page.contains(words))
                let newest = try await web.send("GET", path.replacing(/version=./, with: "lang=en"), as: .analyst)
                #expect(newest.status == 200 && !newest.text.contains("of the definition; the newest"))
            }
        }
    }
}
