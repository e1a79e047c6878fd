import Foundation
import Marketplace
import TestSupport
import Testing

@testable import Web

/// Signing in to the portal, and what its forms must hold from then on.
@Suite struct SignInPagesTests {
    private let urlencoded = "application/x-www-form-urlencoded"
    private let password = "a demonstration password"

    /// What a browser sends from a form of the market's own page.
    private func post(
        _ path: String, _ body: String, cookie: String? = nil, language: String = "en",
        headers: [String: String] = [:], in web: WebFixture
    ) async throws -> WebFixture.Answer {
        var headers = headers.merging(["Content-Type": urlencoded, "Accept-Language": language]) { own, _ in own }
        headers["Accept"] = "text/html"
        headers["Cookie"] = cookie
        return try await web.post(path, headers: headers, body: Data(body.utf8))
    }

    /// Signs in, and gives the cookie that the answer sets.
    private func signIn(_ body: String, in web: WebFixture) async throws -> String {
        let answer = try await post("/sign-in", body, in: web)
        #expect(answer.status == 303 && answer.headers["location"] == "/", "\(answer.text)")
        let set = answer.headers["set-cookie"] ?? ""
        #expect(set.hasSuffix("; Path=/; HttpOnly; SameSite=Lax"), "\(set)")
        return String(set.prefix { $0 != ";" })
    }

    private func formToken(_ page: String) throws -> String {
        try String(#require(page.firstMatch(of: /name="form_token" value="([0-9a-f]{64})"/)).1)
    }

    @Test func `a token or a password opens a session, and signing out ends it`() async throws {
        try await WebFixture.with { web in
            try await web.market.accounts.setPassword(
                password, of: "seller", party: Fixtures.sellerCode, role: .operator, now: Date())
            let token = web.tokens[.operator] ?? ""
            for body in ["token=\(token)&name=&password=", "name=Seller&password=\(password.escapedForURL)"] {
                let cookie = try await signIn(body, in: web)
                #expect(!cookie.contains(token))
                let page = try await web.send("GET", "/operator?lang=en", headers: ["Cookie": cookie])
                #expect(page.status == 200 && page.text.contains("· operator"), "\(page.text)")
                let out = try await post("/sign-out", "form_token=\(formToken(page.text))", cookie: cookie, in: web)
                #expect(out.status == 303 && out.headers["set-cookie"]?.contains("Max-Age=0") ?? false)
                #expect(try await web.send("GET", "/operator", headers: ["Cookie": cookie]).status == 401)
            }
        }
    }

    @Test func `who is not signed in is told what to do in both languages, with the name as it was typed`()
        async throws
    {
        try await WebFixture.with { web in
            for (body, language, words) in [
                ("name=Li%26Wei&password=wrong+password", "en", "do not belong together. Check both"),
                ("name=Li%26Wei&password=wrong+password", "zh-CN", "用户名或密码不正确。请检查后重试"),
                ("name=Li%26Wei&token=dm_0", "en", "unknown, expired or revoked. Check it"),
                ("name=Li%26Wei&token=dm_0", "zh-CN", "令牌不正确、已过期或已撤销。请检查后重试"),
            ] {
                let answer = try await post("/sign-in", body, language: language, in: web)
                #expect(answer.status == 401 && answer.text.contains(words), "\(answer.text)")
                #expect(answer.text.contains(#"value="Li&amp;Wei""#) && !answer.text.contains("wrong password"))
                #expect(answer.headers["set-cookie"] == nil)
            }
            let empty = try await post("/sign-in", "name=&password=&token=", in: web)
            #expect(empty.status == 400 && empty.text.contains("This field is empty."), "\(empty.text)")
        }
    }

    @Test func `a cookie that is no session's shows the page as to anyone`() async throws {
        try await WebFixture.with { web in
            for cookie in [
                "market_session=x", "market_session=1.2.3.4.5.6", "market_token=\(web.tokens[.operator] ?? "")",
            ] {
                let page = try await web.send("GET", "/?lang=en", headers: ["Cookie": cookie])
                #expect(page.status == 200 && page.text.contains(#"<a href="/sign-in">"#), "\(cookie)")
            }
        }
    }

    @Test func `signing in leads on to the page that was asked for, and to no other site`() async throws {
        try await WebFixture.with { web in
            let asked = try await web.send("GET", "/sales?state=active", headers: ["Accept": "text/html"])
            #expect(asked.status == 401 && asked.text.contains(#"href="/sign-in?next=%2Fsales%3Fstate%3Dactive""#))
            #expect(asked.text.contains(#"href="/sales?lang=zh&amp;state=active""#), "\(asked.text)")
            let page = try await web.send("GET", "/sign-in?next=%2Fsales%3Fstate%3Dactive")
            #expect(page.text.contains(#"name="next" value="/sales?state=active""#), "\(page.text)")
            let token = "token=\(web.tokens[.operator] ?? "")"
            for (next, address) in [
                ("%2Fsales%3Fstate%3Dactive", "/sales?state=active"), ("https%3A%2F%2Fexample.org", "/"),
                ("%2F%2Fexample.org", "/"), ("%2F%5Cexample.org", "/"), ("%2Fx%0D%0ASet-Cookie", "/"), ("", "/"),
            ] {
                let answer = try await post("/sign-in", "\(token)&next=\(next)", in: web)
                #expect(answer.status == 303 && answer.headers["location"] == address, "\(next)")
            }
        }
    }

    @Test func `what is refused is said in the portal's own layout, to who is signed in as to anyone`() async throws {
        try await WebFixture.with { web in
            let cookie = try await signIn("token=\(web.tokens[.analyst] ?? "")", in: web)
            for (path, status, words) in [
                ("/products/NONE", 404, "没有此在售产品"), ("/nothing", 404, "没有此页面"), ("/sales", 403, "您的角色不能这样做"),
            ] {
                let page = try await web.send(
                    "GET", path, headers: ["Accept": "text/html", "Cookie": cookie, "Accept-Language": "zh-CN"])
                #expect(page.status == status && page.text.contains(words), "\(path): \(page.text)")
                #expect(page.text.contains("· 分析人员") && page.text.contains("请求编号"), "\(path)")
            }
        }
    }

    @Test func `an error page leads nowhere but on, and never to another site`() async throws {
        try await WebFixture.with { web in
            let html = ["Accept": "text/html", "Accept-Language": "en"]
            let elsewhere = try await web.send("GET", "//example.org/x", headers: html)
            #expect(elsewhere.status == 404 && !elsewhere.text.contains("//example.org/x?"), "\(elsewhere.text)")
            let cookie = try await signIn("token=\(web.tokens[.enterprise] ?? "")", in: web)
            let referrer = ["Referer": "https://example.org/products/DP-FLOOD-001?lang=en"]
            let stale = try await post(
                "/products/DP-FLOOD-001/purchases", "form_token=x", cookie: cookie, headers: referrer, in: web)
            #expect(
                stale.status == 403 && stale.text.contains(#"href="/products/DP-FLOOD-001?lang=en">Back to the form"#))
            #expect(!stale.text.contains("another role") && !stale.text.contains("example.org"), "\(stale.text)")
            let wrongRole = try await web.send("GET", "/sales", headers: html.merging(["Cookie": cookie]) { $1 })
            #expect(wrongRole.status == 403 && wrongRole.text.contains("another role"), "\(wrongRole.text)")
        }
    }

    @Test func `a refused sign-in still knows where it was to lead`() async throws {
        try await WebFixture.with { web in
            let answer = try await post("/sign-in", "token=dm_0&next=%2Fsales", in: web)
            #expect(answer.status == 401 && answer.text.contains(#"name="next" value="/sales""#), "\(answer.text)")
            #expect(answer.text.contains(#"href="/sign-in?lang=zh&amp;next=%2Fsales""#), "\(answer.text)")
        }
    }

    @Test func `no other site signs a reader in`() async throws {
        try await WebFixture.with { web in
            let answer = try await post(
                "/sign-in", "token=\(web.tokens[.operator] ?? "")", headers: ["Origin": "https://example.org"], in: web)
            #expect(answer.status == 403 && answer.headers["set-cookie"] == nil)
        }
    }

    @Test(arguments: [Role.enterprise, .operator, .administrator, .analyst])
    func `every form that commands something holds the session's token, and no other does`(role: Role) async throws {
        try await WebFixture.with { web in
            let cookie = try await signIn("token=\(web.tokens[role] ?? "")", in: web)
            let paths: [Role: [String]] = [
                .enterprise: ["/products/DP-FLOOD-001", "/webhooks", "/sign-in"],
                .operator: ["/operator", "/operator/products/DP-FLOOD-001", "/income", "/consents"],
                .administrator: ["/administration", "/administration/drafts", "/administration/synonyms"],
                .analyst: ["/adoption"],
            ]
            for path in ["/", "/search"] + (paths[role] ?? []) {
                let page = try await web.send("GET", path, headers: ["Cookie": cookie]).text
                let token = try formToken(page)
                let forms = page.matches(of: /<form[^>]*method="([a-z]+)"[\s\S]*?<\/form>/)
                #expect(!forms.isEmpty)
                for form in forms {
                    let held = form.0.contains(#"name="form_token" value="\#(token)""#)
                    #expect(held == (form.1 == "post"), "\(path): \(form.0)")
                }
            }
        }
    }

    @Test func `a command of a session without its form's token is refused, and nothing is done`() async throws {
        try await WebFixture.with { web in
            let cookie = try await signIn("token=\(web.tokens[.administrator] ?? "")", in: web)
            let other = try await signIn("token=\(web.tokens[.administrator] ?? "")", in: web)
            let page = { try await web.send("GET", "/administration/synonyms?lang=en", headers: ["Cookie": $0]).text }
            let (own, foreign) = (try formToken(try await page(cookie)), try formToken(try await page(other)))
            let body = "word=sluice&synonyms=weir"
            for sent in [body, body + "&form_token=", body + "&form_token=\(foreign)"] {
                for (language, words) in [("en", "Reload its page and try again"), ("zh-CN", "请重新载入原页面后再试")] {
                    let answer = try await post(
                        "/administration/synonyms", sent, cookie: cookie, language: language, in: web)
                    #expect(answer.status == 403 && answer.text.contains(words), "\(answer.text)")
                }
            }
            let elsewhere = try await post(
                "/administration/synonyms", body + "&form_token=\(own)", cookie: cookie,
                headers: ["Origin": "https://example.org"], in: web)
            #expect(elsewhere.status == 403)
            #expect(try await !page(cookie).contains("sluice"))
            let done = try await post("/administration/synonyms", body + "&form_token=\(own)", cookie: cookie, in: web)
            #expect(done.status == 303)
            #expect(try await page(cookie).contains("sluice"))
        }
    }

    @Test func `a form with a file holds the token too`() async throws {
        try await WebFixture.with { web in
            let cookie = try await signIn("token=\(web.tokens[.operator] ?? "")", in: web)
            let token = try formToken(try await web.send("GET", "/income", headers: ["Cookie": cookie]).text)
            for (sent, status) in [(token, 200), ("0", 403)] {
                let body = """
                    --x\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n\(sent)\r\n--x\r\n\
                    Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n\
                    reference,received_on,amount,currency,payer\r\n--x--\r\n
                    """
                let answer = try await post(
                    "/income/statements", body, cookie: cookie,
                    headers: ["Content-Type": "multipart/form-data; boundary=x"], in: web)
                #expect((answer.status == 403) == (status == 403), "\(answer.text)")
            }
        }
    }

    @Test func `a session commands nothing through the API, where a bearer token needs no form`() async throws {
        try await WebFixture.with { web in
            let cookie = try await signIn("token=\(web.tokens[.enterprise] ?? "")", in: web)
            let body = Data(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#.utf8)
            let headers = ["Content-Type": "application/json", "Idempotency-Key": "k"]
            let refused = try await web.send(
                "POST", "/v1/purchases", headers: headers.merging(["Cookie": cookie]) { $1 }, body: body)
            #expect(refused.status == 403 && refused.json["code"] as? String == "forbidden", "\(refused.text)")
            #expect(
                try await web.send("POST", "/v1/purchases", as: .enterprise, headers: headers, body: body).status == 201
            )
            #expect(try await web.send("GET", "/v1/purchases", headers: ["Cookie": cookie]).status == 200)
        }
    }

    @Test func `where the market is reached over https, so is its cookie alone`() {
        #expect(
            SessionCookie(isSecure: true).holding("x") == "market_session=x; Path=/; HttpOnly; SameSite=Lax; Secure")
    }
}
