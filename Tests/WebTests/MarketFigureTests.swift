import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// Metrics over the whole market.
@Suite struct MarketFigureTests {
    /// Sixteen enterprises of two sections that bought, and the totals brought up to date.
    private func with(_ work: @Sendable @escaping (WebFixture) async throws -> Void) async throws {
        try await WebFixture.with { web in
            let buyers = try await web.database.all(
                Statement(
                    name: "test/buyers",
                    text: """
                        INSERT INTO party (id, code, scheme, identifier, name, kind, enterprise_kind, industry_section, province,
                            synthetic, recorded_at)
                        SELECT gen_random_uuid(), code, 'uscc', code, 'Buyer ' || place, 'enterprise', 'private',
                            CASE WHEN place <= 8 THEN 'J' ELSE 'G' END, '110000', false, now()
                        FROM generate_series(1, 16) AS place,
                            LATERAL (SELECT credit_code_of('9111000' || lpad(place::text, 10, '0')) AS code) AS coded
                        RETURNING id
                        """)
            ) { try $0.next(UUID.self) }
            for buyer in buyers {
                _ = try await web.market.purchases.buy(
                    PurchaseRequest(offer: "OF-FLOOD-ONCE", purpose: "research"), for: buyer, key: IdempotencyKey("a"),
                    body: [], now: Date())
            }
            try await web.market.notary.recordAll(now: { Date() }, isCourteous: false)
            try await web.market.totals.catchUp()
            try await work(web)
        }
    }

    @Test func `an analyst reads the value of the market's purchases by section, with what it holds`() async throws {
        try await with { web in
            let figure = try await web.send(
                "GET", "/v1/adoption/metrics/transactions?by=section&as_of=2100-01-01", as: .analyst
            ).json
            #expect(figure["holds"] as? String == "market" && figure["counted_to"] as? Int == 15)
            let whole = figure["whole"] as? [[String: Any]] ?? []
            #expect(whole.first { $0["name"] as? String == "contracted" }?["value"] as? Int == 16_000_000)
            let classes = figure["breakdown"] as? [[String: Any]] ?? []
            #expect(classes.map { $0["class"] as? String } == ["G", "J"])
        }
    }

    @Test func `the same as CSV has its definition in every row`() async throws {
        try await with { web in
            let table = try await web.send(
                "GET", "/v1/adoption/metrics/enterprises?by=section&format=csv", as: .analyst
            ).text
            let rows = table.split(separator: "\r\n").dropFirst()
            #expect(rows.count == 3 && rows.allSatisfy { $0.hasPrefix("enterprises,3,") && $0.contains("market") })
            #expect(table.contains("section,J,bought,count,8,false"))
        }
    }

    @Test func `an administrator reads exact figures for a reason, and who did stands in a list`() async throws {
        try await with { web in
            let path = "/v1/adoption/metrics/enterprises?by=month&exact=true"
            #expect(try await web.send("GET", "\(path)&reason=audit", as: .analyst).status == 403)
            let unreasoned = try await web.send("GET", path, as: .administrator)
            #expect(unreasoned.status == 400 && unreasoned.json["field"] as? String == "reason")
            let answer = try await web.send("GET", "\(path)&reason=Audit+of+2026", as: .administrator)
            #expect(answer.status == 200 && answer.json["exact"] as? Bool == true, "\(answer.text)")
            let list = try await web.send("GET", "/v1/adoption/exact-figures", as: .administrator).json
            let items = try #require(list["items"] as? [[String: Any]])
            #expect(items.map { $0["reason"] as? String } == ["Audit of 2026"])
            #expect((items[0]["parameters"] as? [String: Any])?["by"] as? String == "month")
            #expect((items[0]["read_by"] as? [String: Any])?["code"] as? String != nil)
            #expect(try await web.send("GET", "/v1/adoption/exact-figures", as: .analyst).status == 403)
        }
    }

    @Test func `an exact figure has what is suppressed for others`() async throws {
        try await with { web in
            let path = "/v1/adoption/metrics/adoption-rate?panel=test-panel"
            let codes = try await web.database.all(
                Statement(name: "test/codes", text: "SELECT identifier FROM party WHERE name LIKE 'Buyer %' LIMIT 2")
            ) { try $0.next(String.self) }
            let members = codes.map { "\($0),leading\n" }.joined()
            try await Fixtures.panel(members: "enterprise_code,reason\n" + members, in: web.market, now: Date())
            let protected = try await web.send("GET", path, as: .administrator).json
            #expect(protected["numerator"] is NSNull && protected["suppressed"] as? Bool == true)
            #expect(protected["denominator"] as? Int == 2 && protected["exact"] as? Bool == false)
            let exact = try await web.send("GET", "\(path)&exact=true&reason=audit", as: .administrator).json
            #expect(exact["numerator"] as? Int == 2 && exact["suppressed"] as? Bool == false)
            let table = try await web.send("GET", "\(path)&format=csv", as: .analyst).text
            #expect(table.contains(",,2,,") && table.contains("true"), "\(table)")
        }
    }

    @Test func `a figure says whether what was known by then can still change`() async throws {
        try await with { web in
            let now = Date().formatted(Date.ISO8601FormatStyle())
            for (query, isSettled) in [("", false), ("&recorded_by=2025-01-01", true), ("&recorded_by=\(now)", false)] {
                let path = "/v1/adoption/metrics/enterprises?by=month\(query)"
                let figure = try await web.send("GET", path, as: .analyst).json
                #expect(figure["settled"] as? Bool == isSettled, "\(query)")
            }
        }
    }

    @Test func `a table's money stands in minor units, and in units of the currency`() async throws {
        try await with { web in
            let table = try await web.send("GET", "/v1/adoption/metrics/transactions?format=csv", as: .analyst).text
            let lines = table.split(separator: "\r\n").map {
                $0.split(separator: ",", omittingEmptySubsequences: false)
            }
            let named = lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
            let money = named.first { $0["unit"] == "CNY" }
            #expect(money?["value"] == "16000000" && money?["amount"] == "160000")
            #expect(named.first { $0["unit"] == "count" }?["amount"] == "")
        }
    }

    @Test(arguments: [
        ("recorded_by=2999-01-01", "recorded_by"), ("reason=audit", "reason"), ("exact=maybe", "exact"),
        ("by=colour", "by"), ("standing=all", "standing"), ("from=2026-02-30", "from"), ("to=yesterday", "to"),
        ("from=2026-03-02&to=2026-03-01", "to"), ("panel=any", "panel"),
    ])
    func `what it cannot be asked for is refused by its name`(query: String, field: String) async throws {
        try await WebFixture.with { web in
            let answer = try await web.send("GET", "/v1/adoption/metrics/transactions?\(query)", as: .analyst)
            #expect(answer.status == 400 && answer.text.contains("\"\(field)\""), "\(answer.text)")
            #expect(try await web.send("GET", "/v1/adoption/metrics/transactions", as: .enterprise).status == 403)
        }
    }

    @Test func `the portal shows each standing apart, and the classes of one with their definition`() async throws {
        try await with { web in
            let page = try await web.send("GET", "/adoption/market?lang=en&metric=enterprises", as: .analyst).text
            #expect(page.contains("Enterprises that bought") && page.contains("place 15 of the log"))
            #expect(page.contains("enterprises that bought") && page.contains("By standing of the purchase"))
            let small = try await web.send("GET", "/adoption/market?lang=zh&by=month&standing=trial", as: .analyst).text
            #expect(small.contains("没有这样的数据"))
        }
    }

    @Test func `the portal shows how a figure came to be, and two periods side by side`() async throws {
        try await with { web in
            let path = "/adoption/market?lang=en&metric=transactions&by=section"
            let page = try await web.send("GET", path, as: .analyst).text
            #expect(page.contains("History · purchases") && page.contains("By its end"))
            let both = try await web.send("GET", path + "&from=2000-01-01&to2=1999-12-31", as: .analyst).text
            #expect(both.contains("from 2000-01-01") && both.contains("to 2000-01-01") && both.contains("Change"))
        }
    }

    @Test func `a slider asks for the end of a month before`() async throws {
        try await with { web in
            let now = try await web.send("GET", "/adoption/market?lang=en", as: .analyst).text
            #expect(now.contains("type=\"range\"") && now.contains("History"))
            let before = try await web.send("GET", "/adoption/market?lang=en&back=24", as: .analyst).text
            #expect(before.contains("There is nothing yet") && !before.contains("History"))
        }
    }
}
