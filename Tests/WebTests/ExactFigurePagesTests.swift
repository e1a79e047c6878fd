import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// Exact figures in the portal: the form, the answer and the list of who read which.
@Suite struct ExactFigurePagesTests {
    private let path = "/adoption/exact-figures"
    private let asked = "metric=enterprises&by=section&standing=market"

    /// Four real buyers in section G and two in J, of which a panel has the last two.
    private func with(_ work: @Sendable @escaping (WebFixture) async throws -> Void) async throws {
        try await WebFixture.with { web in
            let buyers = try await web.realBuyers(sections: "GGGGJJ")
            for buyer in buyers { try await web.buy(for: buyer, at: Date() - 40) }
            let codes = try await web.database.all(
                Statement(name: "test/codes", text: "SELECT identifier FROM party WHERE id = ANY($1)"),
                Array(buyers.suffix(2))
            ) { try $0.next(String.self) }
            try await Fixtures.panel(
                members: "enterprise_code,reason\n" + codes.map { "\($0),large\n" }.joined(), in: web.market,
                now: Date() - 40)
            try await web.count()
            try await work(web)
        }
    }

    private func post(
        _ web: WebFixture, _ form: String, as role: Role? = .administrator, language: String = "en"
    ) async throws -> WebFixture.Answer {
        try await web.send(
            "POST", path, as: role,
            headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept-Language": language],
            body: Data(form.utf8))
    }

    private func reasons(_ web: WebFixture) async throws -> [String] {
        let list = try await web.send("GET", "/v1/adoption/exact-figures", as: .administrator).json
        return (list["items"] as? [[String: Any]] ?? []).compactMap { $0["reason"] as? String }
    }

    @Test func `the pages of figures have the form for administrators only`() async throws {
        try await with { web in
            for page in ["/adoption/market?metric=enterprises", "/adoption?panel=test-panel"] {
                let form = #"action="/adoption/exact-figures""#
                let forAdministrators = try await web.send("GET", page, as: .administrator).text
                let forAnalysts = try await web.send("GET", page, as: .analyst).text
                #expect(forAdministrators.contains(form) && !forAnalysts.contains(form), "\(page)")
            }
        }
    }

    @Test func `an exact figure is noted, marked as exact with whom it is for, and kept by no cache`() async throws {
        try await with { web in
            let shown = try await web.send("GET", "/adoption/market?lang=en&\(asked)", as: .administrator).text
            #expect(shown.contains("not given, to protect enterprises"))
            let exact = try await post(web, "\(asked)&reason=Audit+of+2026")
            #expect(exact.status == 200 && exact.headers["cache-control"] == "private, no-store", "\(exact.text)")
            #expect(exact.text.contains("Exact · market, by industry section") && exact.text.contains(">2<"))
            #expect(exact.text.contains("for administrators of ") && exact.text.contains("Audit of 2026"))
            #expect(!exact.text.contains("not given, to protect enterprises"))
            #expect(try await reasons(web) == ["Audit of 2026"])
        }
    }

    @Test func `the exact figure of a panel has the numerators that are suppressed for others`() async throws {
        try await with { web in
            let page = try await web.send("GET", "/adoption?lang=en&panel=test-panel", as: .administrator).text
            let hidden = page.matches(of: /<input type="hidden" name="([a-z_]+)" value="([^"]*)">/)
            let names = ["metric", "panel", "by", "count", "as_of", "recorded_by"]
            let form = names.compactMap { name in hidden.last { $0.1 == name }.map { "\(name)=\($0.2)" } }
            #expect(form.count == names.count, "\(form)")
            let exact = try await post(web, form.joined(separator: "&") + "&reason=audit", language: "zh")
            #expect(exact.status == 200 && exact.text.contains("准确 · "), "\(exact.text)")
            #expect(exact.text.contains("100%") && exact.text.contains("本次查看已登记"))
        }
    }

    @Test(arguments: ["", "&reason=", "&reason=+++"])
    func `without a reason nothing is shown and nothing noted, and the form says why`(reason: String) async throws {
        try await with { web in
            let refused = try await post(web, asked + reason)
            #expect(refused.status == 400)
            #expect(
                refused.text.contains("An exact figure is given for a reason, which is kept.</span>"),
                "\(refused.text)")
            #expect(refused.text.contains(#"name="metric" value="enterprises""#), "what was asked for stays")
            let chinese = try await post(web, asked + reason, language: "zh")
            #expect(chinese.text.contains("查看准确数字须写明理由"))
            #expect(try await reasons(web).isEmpty)
        }
    }

    @Test(arguments: [
        ("metric=none", 404), ("metric=enterprises&by=colour", 400), ("metric=enterprises&standing=all", 400),
        ("metric=enterprises&from=2026-03-02&to=2026-03-01", 400), ("metric=adoption-rate&panel=none", 404),
        ("metric=enterprises&recorded_by=2999-01-01", 400), ("metric=enterprises&as_of=soon", 400), ("by=section", 400),
    ])
    func `a figure that cannot be asked for is refused and not noted`(form: String, status: Int) async throws {
        try await with { web in
            let refused = try await post(web, "\(form)&reason=audit")
            #expect(refused.status == status, "\(refused.text)")
            #expect(try await reasons(web).isEmpty)
        }
    }

    @Test func `others are refused, and so is a reason that is too long`() async throws {
        try await with { web in
            for (role, status) in [(Role.analyst, 403), (.enterprise, 403), (nil, 401)] {
                let refused = try await post(web, "\(asked)&reason=audit", as: role)
                #expect(refused.status == status)
            }
            let long = try await post(web, "\(asked)&reason=" + String(repeating: "a", count: 401))
            #expect(long.status == 400 && long.text.contains("longer than 400 characters"))
            #expect(try await reasons(web).isEmpty)
        }
    }

    @Test func `what is only fetched reads no exact figure`() async throws {
        try await with { web in
            let page = try await web.send("GET", "\(path)?lang=en&\(asked)&reason=audit", as: .administrator)
            #expect(page.status == 200 && page.text.contains("Nobody has read an exact figure yet"))
            #expect(try await reasons(web).isEmpty)
        }
    }

    @Test func `a page lists who read which figure and why, by key, for administrators only`() async throws {
        try await with { web in
            for number in 1...51 {
                #expect(try await post(web, "\(asked)&reason=Audit+\(number)").status == 200)
            }
            let first = try await web.send("GET", "\(path)?lang=en", as: .administrator).text
            #expect(
                first.contains("Audit 51")
                    && !first.contains("<td role=\"cell\" class=\"short\" data-label=\"Reason\">Audit 1<"))
            #expect(first.contains("Enterprises that bought") && first.contains("Dimension industry section"))
            let next = try #require(first.firstMatch(of: /href="(\/adoption\/exact-figures\?cursor=[^"]*)"/))
            let second = try await web.send("GET", String(next.1) + "&lang=en", as: .administrator).text
            #expect(second.contains(">Audit 1<") && !second.contains("Audit 51"))
            #expect(try await web.send("GET", path, as: .analyst).status == 403)
            #expect(try await web.send("GET", path).status == 401)
        }
    }
}
