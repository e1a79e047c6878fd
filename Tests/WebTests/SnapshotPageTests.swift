import Foundation
import Marketplace
import TestSupport
import Testing

/// The page of a snapshot with several tables.
@Suite struct SnapshotPageTests {
    private static let tables = """
        [{"metric": "adoption-rate", "panel": "test-panel", "by": "section"},
         {"metric": "enterprises", "by": "section", "from": "2026-01-01", "to": "2099-12-31"},
         {"metric": "directory"}]
        """

    /// Four real buyers in section G and two in J; a panel of a bank, which is made up and has not bought.
    private func with(_ work: @Sendable @escaping (WebFixture, String) async throws -> Void) async throws {
        try await WebFixture.with { web in
            let now = Date()
            for buyer in try await web.realBuyers(sections: "GGGGJJ") {
                try await web.buy(for: buyer, at: now - 40)
            }
            // Figures over the market hold days that have ended.
            try await web.database.script(
                """
                UPDATE purchase SET requested_at = requested_at - interval '2 days', accepted_at = accepted_at - interval '2 days',
                    recorded_at = recorded_at - interval '2 days'
                """)
            try await Fixtures.panel(
                members: "enterprise_code,reason\n\(Fixtures.bankCode),first\n", in: web.market, now: now - 40)
            try await web.count()
            let kept = try await web.send(
                "POST", "/v1/adoption/snapshots", as: .analyst,
                headers: ["Content-Type": "application/json", "Idempotency-Key": "k"],
                body: Data(#"{"tables": \#(Self.tables)}"#.utf8))
            let id = try #require(kept.json["id"] as? String, "\(kept.text)")
            try await work(web, "/adoption/snapshots/\(id)")
        }
    }

    @Test func `each table stands with its metric, parameters, version, digest and what it is over`() async throws {
        try await with { web, path in
            let page = try await web.send("GET", "\(path)?lang=en", as: .analyst).text
            let figure = try await web.send("GET", "/v1/adoption/metrics/enterprises", as: .analyst).json
            let (digest, version) = (figure["sha256"] as? String ?? "", figure["version"] as? Int ?? 0)
            #expect(
                page.contains("3 tables") && page.contains(">\(digest.prefix(12))<") && page.contains(">\(version)<"))
            for caption in [
                "Table 1: Adoption rate of a panel · Panel · version 1 · n = 1",
                "· by legal entity · by industry section",
                "Table 2: Enterprises that bought", "market · by industry section · 2026-01-01 – 2099-12-31",
                "what is public",
            ] {
                #expect(page.contains(caption), "\(caption)")
            }
            let chinese = try await web.send("GET", "\(path)?lang=zh", as: .analyst).text
            #expect(chinese.contains("3张表") && chinese.contains("表2：") && chinese.contains("市场 · 按行业门类"))
        }
    }

    @Test func `its rows are those of the figure, and a suppressed value is said in words`() async throws {
        try await with { web, path in
            let page = try await web.send("GET", "\(path)?lang=en", as: .analyst).text
            #expect(page.contains("finance") && page.contains("transport, storage, post"))
            #expect(page.contains("not given, to protect enterprises"))
            #expect(page.contains("enterprises that bought") && page.contains(">Whole<"))
            #expect(try await web.send("GET", "\(path)?lang=zh", as: .analyst).text.contains("不公布（保护企业）"))
        }
    }

    @Test func `it says how to verify, with each digest in full and where the public keys are`() async throws {
        try await with { web, path in
            let page = try await web.send("GET", "\(path)?lang=en", as: .analyst).text
            let kept = try await web.send("GET", "/v1\(path)", as: .analyst).json
            for table in kept["tables"] as? [[String: Any]] ?? [] {
                #expect(page.contains(table["definition"] as? String ?? "none"))
            }
            #expect(page.contains(kept["result_sha256"] as? String ?? "none") && page.contains("SM2"))
            #expect(page.contains("datamarket verify snapshots") && page.contains("href=\"/v1/keys\""))
            #expect(page.contains("Recomputed: the same") && !page.contains("⚠"))
        }
    }

    @Test func `a table that comes out otherwise is marked, with what comes out, and the others are the same`()
        async throws
    {
        try await with { web, path in
            // Slipped in behind its time.
            try await web.buy(for: web.fixtures.bank, at: Date() - 45)
            let page = try await web.send("GET", "\(path)?lang=en", as: .analyst).text
            #expect(page.contains("⚠ differs: Numerator: 1; Rate: 100%"), "\(page)")
            #expect(page.components(separatedBy: ">⚠ differs<").count == 2, "of three tables one")
        }
    }

    @Test func `a figure over the market that is kept alone has its values on its page`() async throws {
        try await with { web, _ in
            let kept = try await web.send(
                "POST", "/v1/adoption/snapshots", as: .analyst,
                headers: ["Content-Type": "application/json", "Idempotency-Key": "alone"],
                body: Data(#"{"metric": "enterprises"}"#.utf8))
            let id = try #require(kept.json["id"] as? String)
            let page = try await web.send("GET", "/adoption/snapshots/\(id)?lang=en", as: .analyst).text
            #expect(page.contains("Snapshot: Enterprises that bought") && page.contains(">6<"), "\(page)")
            #expect(!page.contains("n = "), "there is no panel")
        }
    }

    @Test func `only analysts and the administration see the page`() async throws {
        try await with { web, path in
            let statuses = [
                try await web.send("GET", path, as: .enterprise).status, try await web.send("GET", path).status,
            ]
            #expect(statuses == [403, 401])
        }
    }
}
