import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// Asking, deciding, completing and cancelling in the portal, with the reason of a refusal beside its field.
@Suite struct PurchasePagesTests {
    private func form(
        _ path: String, _ body: String, as role: Role, in web: WebFixture, language: String = "en"
    ) async throws -> WebFixture.Answer {
        try await web.send(
            "POST", path, as: role,
            headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept-Language": language],
            body: Data(body.utf8))
    }

    private func with(_ work: @Sendable @escaping (WebFixture, String) async throws -> Void) async throws {
        try await WebFixture.with { web in
            _ = try await web.database.execute(
                Statement(
                    name: "test/approval", text: "UPDATE offer SET approval = 'operator' WHERE code = 'OF-FLOOD-ONCE'"))
            // From the day after tomorrow: tomorrow has begun in Beijing already when it is evening in UTC.
            let day = { (days: Double) in (Date() + days * 86_400).formatted(.iso8601.year().month().day()) }
            try await work(web, "scope=A+study&from=\(day(2))&until=\(day(9))")
        }
    }

    private let offer = "offer=OF-FLOOD-ONCE&purpose=research"

    @Test func `a request goes back and forth between the pages of its buyer and its seller`() async throws {
        try await with { web, use in
            let page = try await web.send("GET", "/products/DP-FLOOD-001?lang=en", as: .enterprise)
            #expect(page.text.contains("The operator decides") && page.text.contains(#"name="scope""#))
            let asked = try await form(
                "/products/DP-FLOOD-001/purchases", "key=k1&\(offer)&\(use)", as: .enterprise, in: web)
            #expect(asked.text.contains("requested") && asked.text.contains("A study"), "\(asked.text)")
            let listed = try await web.send("GET", "/v1/purchases", as: .enterprise)
            let id = (listed.json["items"] as? [[String: Any]])?.first?["id"] as? String ?? ""

            #expect(try await web.send("GET", "/sales?lang=en", as: .operator).text.contains("waits for you"))
            #expect(try await web.send("GET", "/sales?lang=zh", as: .operator).text.contains("待您审批"))
            let returned = try await form(
                "/sales/\(id)/decision", "key=k2&decision=return&reason=Which+study", as: .operator, in: web)
            #expect(returned.text.contains("returned") && returned.text.contains("Which study"), "\(returned.text)")
            let shown = try await web.send("GET", "/purchases/\(id)?lang=en", as: .enterprise)
            #expect(shown.text.contains("Complete the request") && shown.text.contains("Which study"))
            let again = try await form(
                "/purchases/\(id)/completion", "key=k4&purpose=research&\(use.replacing("A+study", with: "Drains"))",
                as: .enterprise, in: web)
            #expect(again.text.contains("Drains"), "\(again.text)")
            let decide = try await web.send("GET", "/sales/\(id)?lang=en", as: .operator)
            #expect(decide.text.contains("Approve") && !decide.text.contains("Return to be completed"))
            let approved = try await form(
                "/sales/\(id)/decision", "key=k5&decision=approve&reason=Sound", as: .operator, in: web)
            #expect(approved.text.contains("agreed") && approved.text.contains("Terminate for breach"))
            let cancelled = try await form(
                "/purchases/\(id)/cancellation", "key=k6&reason=No+need", as: .enterprise, in: web, language: "zh")
            #expect(cancelled.text.contains("已结束（取消）") && cancelled.text.contains("No need"), "\(cancelled.text)")
        }
    }

    @Test func `a price stands with its tax where it is asked for, and a sale shows what was used of it`() async throws
    {
        try await WebFixture.with { web in
            let page = try await web.send("GET", "/products/DP-FLOOD-001?lang=en", as: .enterprise)
            #expect(page.text.contains("¥10,600.00 with tax (¥10,000.00 without)"), "\(page.text)")
            let bought = try await form(
                "/products/DP-FLOOD-001/purchases", "key=k1&\(offer)", as: .enterprise, in: web)
            #expect(bought.text.contains("¥10,600.00") && bought.text.contains("¥10,000.00"), "\(bought.text)")
            let purchase =
                (try await web.send("GET", "/v1/purchases", as: .enterprise).json["items"] as? [[String: Any]])?
                .first
            let right = (purchase?["entitlement"] as? [String: Any])?["id"] as? String ?? ""
            for _ in 1...2 {
                #expect(try await web.send("GET", "/v1/entitlements/\(right)/content", as: .enterprise).status == 200)
            }
            let sale = try await web.send("GET", "/v1/sales/\(purchase?["id"] ?? "")", as: .operator).json
            let used = (sale["usage"] as? [[String: Any]])?.first
            #expect(used?["meter"] as? String == "download" && used?["quantity"] as? Int == 2, "\(sale)")
        }
    }

    @Test func `what is paid by use or by period is never said to be free or paid once`() async throws {
        try await WebFixture.with { web in
            let billing = BillingFixture(market: web.market, database: web.database, fixtures: web.fixtures)
            try await billing.offer("OF-USE", kind: "metered", prices: ["call": "5"])
            try await billing.offer("OF-MONTH", kind: "subscription", price: 333)
            for (offer, words) in [("OF-USE", "by use"), ("OF-MONTH", "¥3.53 a month")] {
                let bought = try await form(
                    "/products/DP-FLOOD-001/purchases", "key=\(offer)&offer=\(offer)&purpose=research", as: .enterprise,
                    in: web)
                #expect(bought.text.contains(words) && !bought.text.contains(">free<"), "\(bought.text)")
                let id = try String(#require(bought.text.firstMatch(of: /\/purchases\/([0-9a-f-]{36})\/receipt/)).1)
                let receipt = try await web.send("GET", "/purchases/\(id)/receipt?lang=en", as: .enterprise)
                #expect(receipt.text.contains(words), "\(receipt.text)")
            }
        }
    }

    @Test func `a refused purchase gives its own form back open, before those of the other offers`() async throws {
        try await with { web, _ in
            let refused = try await form(
                "/products/DP-FLOOD-001/purchases", "key=k1&\(offer)&place=12", as: .enterprise, in: web)
            let first = refused.text.firstMatch(of: /<form[^>]* id="buy-([A-Z-]+)"/)?.1
            #expect(refused.status == 422 && first == "OF-FLOOD-ONCE", "\(refused.text)")
            #expect(refused.text.contains(#"<form class="card" id="buy-OF-FLOOD-ONCE""#), "\(refused.text)")
            #expect(refused.text.contains(#"<summary>Buy: "#) && refused.text.contains(#"value="12" aria-invalid"#))
        }
    }

    @Test func `what is missing stands beside its field, in the reader's language`() async throws {
        try await with { web, _ in
            let refused = try await form(
                "/products/DP-FLOOD-001/purchases", "key=k1&\(offer)&place=12", as: .enterprise, in: web, language: "zh"
            )
            #expect(refused.status == 422 && refused.text.contains("使用地为六位行政区划代码"), "\(refused.text)")
            let lacking = try await form(
                "/products/DP-FLOOD-001/purchases", "key=k2&\(offer)", as: .enterprise, in: web, language: "zh")
            for words in ["请说明数据用途。", "请填写使用起始日。", "请填写使用截止日。"] {
                #expect(lacking.text.contains(words), "\(words)")
            }
            let foreign = try await web.send("GET", "/sales/\(UUID())?lang=en", as: .operator)
            #expect(foreign.status == 404)
        }
    }
}
