import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@testable import Web

/// The pages that anyone reads: what they show is what the market holds.
@Suite struct PortalPagesTests {
    @Test func `the home page shows what was published last and the figures of the market`() async throws {
        try await WebFixture.with { web in
            let page = try await web.send("GET", "/?lang=en").text
            #expect(page.contains(#"<a href="/products/DP-FLOOD-001">Flood complaints</a>"#), "\(page)")
            #expect(page.contains("<strong>1</strong> <span>Listed products</span>"))
            let chinese = try await web.send("GET", "/?lang=zh").text
            #expect(chinese.contains("最近发布的产品") && chinese.contains("<span>在售产品</span>"))
        }
    }

    @Test func `a product page shows how its table begins and what each revision changed`() async throws {
        try await WebFixture.with { web in
            let page = try await web.send("GET", "/products/DP-FLOOD-001?lang=en").text
            let first = String(decoding: Fixtures.table, as: UTF8.self).split(separator: "\n")[1]
            for cell in first.split(separator: ",") { #expect(page.contains(">\(cell)</td>"), "\(cell)") }
            #expect(page.contains("first publication"))
            // The next revision lost a column and has other rows.
            _ = try await web.database.execute(
                Statement(
                    name: "test/revision",
                    text: """
                        INSERT INTO product_revision SELECT product_id, 2, file_name, media_type, sha256, rows + 3,
                            columns - 0, source, published_at + interval '1 second' FROM product_revision
                        """))
            let later = try await web.send("GET", "/products/DP-FLOOD-001?lang=en").text
            #expect(later.contains("+3 rows; gone: "), "\(later)")
        }
    }

    @Test func `a product's page says how long it took beyond its queries`() async throws {
        try await WebFixture.with { web in
            let timing = try await web.send("GET", "/products/DP-FLOOD-001").headers["server-timing"]
            #expect(try #require(timing).wholeMatch(of: /render;dur=\d+(\.\d+)?/) != nil)
        }
    }

    @Test func `two products stand side by side, and one or five are refused with what to do`() async throws {
        try await WebFixture.with { web in
            var listing = try Fixtures.listing()
            listing.code = "DP-FLOOD-002"
            listing.offers = [try Fixtures.offer("OF-FLOOD-TWO", kind: "one_off", price: 250_000)]
            try await web.fixtures.list(listing, in: web.market, now: Date() - 10)
            let page = try await web.send("GET", "/compare?code=DP-FLOOD-002&code=DP-FLOOD-001&lang=en").text
            let prices = [page.range(of: "¥2,500.00"), page.range(of: "¥10,000.00")].compactMap { $0?.lowerBound }
            #expect(prices.count == 2 && prices[0] < prices[1], "in the order that was asked for: \(page)")
            for query in [
                "code=DP-FLOOD-001", "code=DP-FLOOD-001&code=DP-FLOOD-001", "code=a&code=b&code=c&code=d&code=e",
            ] {
                let refused = try await web.send("GET", "/compare?\(query)&lang=en").text
                #expect(refused.contains("Tick two to four different products"), "\(query)")
            }
            #expect(try await web.send("GET", "/compare?code=DP-FLOOD-001&code=DP-NONE").status == 404)
        }
    }

    @Test func `an offer that costs by use alone is never shown at a price of nothing`() async throws {
        try await WebFixture.with { web in
            let billing = BillingFixture(market: web.market, database: web.database, fixtures: web.fixtures)
            try await billing.offer("OF-USE", kind: "metered", prices: ["call": "5"])
            var listing = try Fixtures.listing()
            listing.code = "DP-FLOOD-002"
            listing.offers = [try Fixtures.offer("OF-FLOOD-TWO", kind: "one_off", price: 250_000)]
            try await web.fixtures.list(listing, in: web.market, now: Date() - 10)
            for (path, role) in [
                ("/compare?code=DP-FLOOD-001&code=DP-FLOOD-002&lang=en", nil),
                ("/products/DP-FLOOD-001?lang=en", Role.enterprise),
                ("/operator/products/DP-FLOOD-001?lang=en", .operator),
            ] {
                let page = try await web.send("GET", path, as: role).text
                #expect(page.contains(/OF-USE[^¥]{0,100}by use/), "\(path): \(page)")
            }
        }
    }

    @Test func `scripts come from the market alone, and every page says so`() async throws {
        try await WebFixture.with { web in
            let page = try await web.send("GET", "/")
            let policy = page.headers.first { $0.key.lowercased() == "content-security-policy" }?.value ?? ""
            #expect(policy.contains("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "\(policy)")
            for file in ["portal.js", "chart.min.js", "portal.css"] {
                #expect(try await web.send("GET", "/static/\(file)").status == 200, "\(file)")
            }
            #expect(try await web.send("GET", "/static/chart.LICENSE").status == 404)
        }
    }

    @Test func `a scenario shows its effects with their sources, or that none is stated`() async throws {
        try await WebFixture.with { web in
            let publish = { (effects: String) in
                let yaml =
                    "code: SC-2026-001\ntitle: {zh: 绿波, en: Green wave}\ndomain: livelihood\n"
                    + "source: {url: https://example.org/news, confidence: reported}\n" + effects
                return try await web.send(
                    "PUT", "/v1/scenarios/SC-2026-001", as: .administrator,
                    headers: ["Content-Type": "application/yaml"],
                    body: Data(yaml.utf8))
            }
            _ = try await publish("")
            #expect(
                try await web.send("GET", "/scenarios/SC-2026-001?lang=en").text.contains(
                    "Its sources state no effects."))
            let metric =
                "{metric: {zh: 户数, en: Homes}, value: 1234.5, of: 2000, unit: {zh: 户, en: homes}, as_of: 2026-01-31}"
            let own =
                "{metric: {zh: 次数, en: Rides}, value: 3, source: {url: https://example.com/a, confidence: official}}"
            let answer = try await publish("effects: [\(metric), \(own)]\n")
            #expect(answer.status < 300, "\(answer.text)")
            let page = try await web.send("GET", "/scenarios/SC-2026-001?lang=en").text
            #expect(page.contains("1,234.5 / 2,000 homes") && page.contains("2026-01-31"), "\(page)")
            #expect(page.contains(#"<a href="https://example.org/news">example.org</a>"#), "\(page)")
            #expect(page.contains(#"<a href="https://example.com/a">example.com</a>"#) && page.contains("official"))
        }
    }

    @Test func `a batch of scenarios is looked at, refused whole, published whole and changed from its page`()
        async throws
    {
        try await WebFixture.with { web in
            let scenario = { (code: String, domain: String) in
                "code: \(code)\ntitle: {zh: 排水, en: Drains}\ndomain: \(domain)\nsource: {confidence: weak}\n"
            }
            let send = { (yaml: String, step: String) in
                try await web.send(
                    "POST", "/administration/scenarios", as: .administrator,
                    headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"],
                    body: Data("document=\(yaml.escapedForURL)\(step)".utf8))
            }
            let batch = scenario("SC-2026-001", "livelihood") + "---\n" + scenario("SC-2026-002", "livelihood")
            let preview = try await send(batch, "&step=preview")
            #expect(preview.text.contains("Preview: not published yet") && preview.text.contains("SC-2026-002"))
            #expect(try await web.send("GET", "/v1/scenarios/SC-2026-001").status == 404)
            let wrong = try await send(
                scenario("SC-2026-001", "livelihood") + "---\n" + scenario("SC-2026-002", "x"), "")
            #expect(wrong.status == 400 && wrong.text.contains("documents[1].domain"), "\(wrong.text)")
            let linked = try await send(batch + "products: [DP-NONE]\n", "")
            #expect(linked.status == 400 && linked.text.contains("DP-NONE"))
            #expect(try await web.send("GET", "/v1/scenarios/SC-2026-001").status == 404, "all or nothing")
            _ = try await send(batch, "")
            #expect(try await web.send("GET", "/v1/scenarios/SC-2026-001").status == 200)
            let edit = try await web.send("GET", "/administration/scenarios/SC-2026-002?lang=en", as: .administrator)
                .text
            #expect(edit.contains("&quot;en&quot; : &quot;Drains&quot;"), "\(edit)")
            #expect(try await send(batch, "&step=preview").text.contains("no change"))
            #expect(try await web.send("GET", "/administration/scenarios/SC-2026-002", as: .operator).status == 403)
        }
    }

    @Test func `an operator offers, is told what is wrong with the form as typed, and withdraws`() async throws {
        try await WebFixture.with { web in
            let path = "/operator/products/DP-FLOOD-001"
            let send = { (path: String, body: String, role: Role) in
                try await web.send(
                    "POST", path, as: role,
                    headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"],
                    body: Data(body.utf8))
            }
            let form =
                "code=OF-FLOOD-NEW&title_zh=%E6%96%B0&title_en=New&term_days=90&research=yes&approval=operator&price="
            let wrong = try await send(path + "/offers", form + "12,8", .operator)
            #expect(wrong.status == 400 && wrong.text.contains("not an amount such as 12800"), "\(wrong.text)")
            #expect(wrong.text.contains(#"name="research" type="checkbox" value="yes" checked"#), "\(wrong.text)")
            let none = try await send(path + "/offers", form.replacing("&research=yes", with: "") + "5", .operator)
            #expect((400..<500).contains(none.status) && none.text.contains("purpose"), "\(none.text)")
            let made = try await send(path + "/offers", form + "128.5&replaces=OF-FLOOD-ONCE", .operator)
            #expect(made.text.contains("¥128.50") && !made.text.contains("(OF-FLOOD-ONCE)"), "\(made.text)")
            #expect(try await web.send("GET", path, as: .enterprise).status == 403)
            for (code, how, kind) in [
                ("OF-FLOOD-MONTH", "price=90&billing_period=month", "subscription"),
                ("OF-FLOOD-USE", "price=0&billing_period=month&download_price=2.50", "metered"),
                ("OF-FLOOD-BOTH", "price=90&billing_period=year&download_price=2.50&places=3", "combined"),
            ] {
                let body = form.replacing("OF-FLOOD-NEW", with: code).replacing("&price=", with: "&\(how)")
                let offered = try await send(path + "/offers", body, .operator)
                let product = try await web.send("GET", "/v1/products/DP-FLOOD-001").json
                let kept = (product["offers"] as? [[String: Any]])?.first { $0["code"] as? String == code }
                #expect(kept?["kind"] as? String == kind, "\(offered.text)")
                let tier = ((kept?["usage"] as? [[String: Any]])?.first?["tiers"] as? [[String: Any]])?.first
                #expect((tier?["unit_price"] as? NSNumber)?.intValue == (kind == "subscription" ? nil : 250))
            }
            let chinese = { (body: String) in
                try await web.send(
                    "POST", path + "/offers", as: .operator,
                    headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "zh-CN"],
                    body: Data(body.utf8))
            }
            let trial = try await chinese(form.replacing("OF-FLOOD-NEW", with: "OF-T") + "90&trial_days=5")
            #expect(trial.status == 400 && trial.text.contains("只有分期付费的挂牌才有试用期。</span>"), "\(trial.text)")
            let once = try await chinese(form.replacing("OF-FLOOD-NEW", with: "OF-T") + "0&download_price=2")
            #expect(once.status == 400 && once.text.contains("须选择每月、每季度或每年。</span>"), "\(once.text)")
            let gone = try await send(path + "/offers/OF-FLOOD-NEW/withdrawal", "", .operator)
            #expect(!gone.text.contains("¥128.50") && gone.text.contains("OF-FLOOD-FREE"), "\(gone.text)")
            #expect(try await web.send("GET", "/operator/products/DP-NONE", as: .operator).status == 404)
        }
    }
}
