import Foundation
import Marketplace
import TestSupport
import Testing

/// Consents in the portal: asked for, answered, withdrawn, with the reason of a refusal beside its field.
@Suite struct ConsentPagesTests {
    private func form(
        _ path: String, _ body: String, as role: Role, in web: WebFixture, language: String = "en"
    ) async throws -> WebFixture.Answer {
        try await web.send(
            "POST", path, as: role,
            headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept-Language": language],
            body: Data(body.utf8))
    }

    /// A market whose entry "Flood complaints" holds data that the administration shared.
    private func with(_ work: @Sendable @escaping (WebFixture, String) async throws -> Void) async throws {
        try await WebFixture.with { web in
            try await state(
                #"{"receivedFrom": "\#(Fixtures.administrationCode)"}"#, of: "Flood complaints", in: web.database)
            let found = try await web.send("GET", "/v1/directory/entries?q=Flood")
            try await work(web, (found.json["items"] as? [[String: Any]])?.first?["code"] as? String ?? "")
        }
    }

    private func newest(in web: WebFixture) async throws -> [String: Any] {
        let list = try await web.send("GET", "/v1/consents", as: .administrator)
        return (list.json["items"] as? [[String: Any]])?.last ?? [:]
    }

    private func ask(_ entry: String, in web: WebFixture) async throws -> String {
        let asked = try await form("/consents", "entry=\(entry)&product=DP-FLOOD-001", as: .operator, in: web)
        #expect(asked.status == 200 && asked.text.contains("to be answered"), "\(asked.text)")
        return try await newest(in: web)["id"] as? String ?? ""
    }

    private let given =
        "answer=given&since=2026-01-01&until=2036-12-31&document=No.+3&document_sha256="
        + String(repeating: "ab", count: 32)

    private func suspensions(in web: WebFixture) async throws -> [[String: Any]] {
        let list = try await web.send("GET", "/v1/products/DP-FLOOD-001/suspensions", as: .administrator)
        return (list.json["items"] as? [[String: Any]] ?? []).filter { $0["lifted_at"] is NSNull }
    }

    @Test func `withdrawing a consent suspends the listing, and a new one lifts it`() async throws {
        try await with { web, entry in
            let id = try await ask(entry, in: web)
            let shown = try await web.send("GET", "/consents/\(id)?lang=en", as: .administrator)
            #expect(shown.text.contains("Synthetic administration") && shown.text.contains("Record the answer"))
            let answered = try await form("/consents/\(id)/answer", given, as: .administrator, in: web)
            #expect(answered.text.contains("2036-12-31") && answered.text.contains("No. 3"), "\(answered.text)")
            #expect(try await suspensions(in: web).isEmpty)

            let empty = try await form("/consents/\(id)/withdrawal", "reason=+", as: .administrator, in: web)
            #expect(empty.status == 400 && empty.text.contains(#"id="reason-problem">This field is empty."#))
            let withdrawn = try await form("/consents/\(id)/withdrawal", "reason=Moved", as: .administrator, in: web)
            #expect(withdrawn.status == 200 && withdrawn.text.contains("Moved"), "\(withdrawn.text)")
            #expect(try await suspensions(in: web).first?["cause"] as? String == "consent")
            let bought = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#)
            #expect(bought.status == 409, "\(bought.text)")
            let told = try await web.send("GET", "/v1/notices", as: .operator)
            #expect(told.text.contains("consent.withdrawn"))

            let again = try await form("/consents/\(id)/withdrawal", "reason=Again", as: .administrator, in: web)
            #expect(again.status == 409, "\(again.text)")
            let next = try await ask(entry, in: web)
            _ = try await form("/consents/\(next)/answer", given, as: .administrator, in: web)
            #expect(try await suspensions(in: web).isEmpty)
            #expect(try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#, key: "2").status == 201)
        }
    }

    @Test(arguments: [
        ("answer=given", "since", "同意须有起止日期、文件及其 SHA-256。", "A consent has a period"),
        (
            "answer=given&since=2026-02-01&until=2026-01-01&document=d&document_sha256=x", "until", "截止日早于起始日。",
            "The last day"
        ),
        (
            "answer=given&since=2026-01-01&until=2026-02-01&document=d&document_sha256=x", "document_sha256",
            "SHA-256 为 64 位", "A SHA-256 has 64"
        ),
        ("answer=refused", "reason", "不同意须说明理由。", "A refusal has a reason."),
    ])
    func `a refused answer comes back with the reason beside its field`(
        body: String, field: String, chinese: String, english: String
    ) async throws {
        try await with { web, entry in
            let id = try await ask(entry, in: web)
            for (language, words) in [("zh", chinese), ("en", english)] {
                let answer = try await form(
                    "/consents/\(id)/answer", body, as: .administrator, in: web, language: language)
                let reason = #"id="\#(field)-problem">\#(words)"#
                #expect(answer.status == 400 && answer.text.contains(reason), "\(answer.text)")
                #expect(answer.text.contains(#"aria-describedby="\#(field)-problem""#))
                let chosen = body.contains("refused") ? "refused" : "given"
                #expect(answer.text.contains(#"<option value="\#(chosen)" selected"#))
            }
            #expect(try await newest(in: web)["state"] as? String == "asked")
        }
    }

    @Test func `an operator asks for its own products only and sees its own consents only`() async throws {
        try await with { web, entry in
            let unknown = try await form("/consents", "entry=NONE&product=", as: .operator, in: web, language: "zh")
            let reason = #"id="entry-problem">无法为此条目请求同意"#
            #expect(unknown.status == 409 && unknown.text.contains(reason), "\(unknown.text)")
            let foreign = try await form("/consents", "entry=\(entry)&product=DP-OTHER", as: .operator, in: web)
            #expect(foreign.status == 404, "\(foreign.text)")
            #expect(try await form("/consents", "entry=\(entry)", as: .administrator, in: web).status == 403)
            let id = try await ask(entry, in: web)
            #expect(try await form("/consents/\(id)/answer", given, as: .operator, in: web).status == 403)
            let own = try await web.send("GET", "/consents?lang=en", as: .operator)
            #expect(own.text.contains("Flood complaints") && own.text.contains("Ask for a consent"))
            let page = try await web.send("GET", "/consents/\(id)?lang=en", as: .operator)
            #expect(page.status == 200 && !page.text.contains("Record the answer"))
            #expect(try await web.send("GET", "/consents", as: .enterprise).status == 403)
            #expect(try await web.send("GET", "/consents").status == 401)
        }
    }

    @Test func `a consent is withdrawn over HTTP with a reason, by an administration, once`() async throws {
        try await with { web, entry in
            let id = try await ask(entry, in: web)
            let json = ["Content-Type": "application/json"]
            let withdraw = { (body: String, role: Role) in
                try await web.send(
                    "POST", "/v1/consents/\(id)/withdrawal", as: role, headers: json, body: Data(body.utf8))
            }
            #expect(try await withdraw(#"{"reason": "x"}"#, .administrator).status == 409)
            _ = try await form("/consents/\(id)/answer", given, as: .administrator, in: web)
            #expect(try await withdraw(#"{"reason": " "}"#, .administrator).json["field"] as? String == "reason")
            #expect(try await withdraw(#"{"reason": "x"}"#, .operator).status == 403)
            let done = try await withdraw(#"{"reason": "x"}"#, .administrator)
            #expect(done.status == 200 && done.json["state"] as? String == "withdrawn", "\(done.text)")
            #expect(done.json["until"] as? String == "2036-12-31" && done.json["withdrawal_reason"] as? String == "x")
        }
    }
}
