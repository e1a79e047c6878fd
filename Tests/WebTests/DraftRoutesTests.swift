import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct DraftRoutesTests {
    private let good = """
        {"kind": "new", "source": "OWN", "provider": "\(Fixtures.administrationCode)", "reason": "r", "basis": "b",
         "fields": {"sharing_class": "conditional", "titles": [{"text": "Bus stops", "language": "en"}]}}
        """

    private func with(_ work: @Sendable @escaping (WebFixture) async throws -> Void) async throws {
        try await WebFixture.with { web in
            try await web.market.drafts.stateCompetentBody(
                web.fixtures.administration, of: "OWN", title: "Own", basis: "Plan", now: Date())
            try await work(web)
        }
    }

    private func post(_ web: WebFixture, _ path: String, _ body: String, key: String? = nil) async throws
        -> WebFixture.Answer
    {
        var headers = ["Content-Type": "application/json"]
        headers["Idempotency-Key"] = key
        return try await web.send(
            "POST", "/v1/directory/\(path)", as: .administrator, headers: headers, body: Data(body.utf8))
    }

    @Test func `an entry goes through every step over HTTP and the portal shows it`() async throws {
        try await with { web in
            let made = try await post(web, "drafts", good, key: "k")
            #expect(made.status == 201, "\(made.text)")
            #expect(try await post(web, "drafts", good, key: "k").headers["idempotency-replayed"] == "true")
            let id = made.json["id"] as? String ?? ""
            let steps = [
                (
                    "assessment",
                    #"{"secrecy": "none", "personal_information": false, "grade": "general", "basis": "g"}"#
                ),
                ("submission", "{}"), ("decision", #"{"outcome": "approved", "reason": "Plan: both"}"#),
                ("release", "{}"),
            ]
            for (step, body) in steps {
                let answer = try await post(web, "drafts/\(id)/\(step)", body)
                #expect(answer.status == 200, "\(step): \(answer.text)")
            }
            #expect(try await post(web, "drafts/\(id)/release", "{}").status == 409)
            let entry = try await web.send("GET", "/v1/directory/entries/OWN-000001")
            #expect(entry.status == 200 && entry.json["grade"] as? String == "general")
            let page = try await web.send("GET", "/directory/OWN-000001", headers: ["Accept-Language": "en"])
            #expect(page.status == 200 && page.text.contains("Sharing class"))
            let change = try await post(
                web, "entries/OWN-000001/changes", #"{"happened_on": "2026-01-05", "reason": "New law"}"#)
            #expect(change.status == 201 && change.json["due_on"] as? String == "2026-01-19")
        }
    }

    @Test func `the officer compiles and decides with the portal's forms`() async throws {
        try await with { web in
            let form = { (path: String, body: String) in
                try await web.send(
                    "POST", path, as: .administrator, headers: ["Content-Type": "application/x-www-form-urlencoded"],
                    body: Data(body.utf8))
            }
            let refused = try await form(
                "/administration/drafts", "key=1&kind=new&source=OWN&title_en=Bus&items=a+%7C+text")
            #expect(refused.status == 400 && refused.text.contains("items[0].description"))
            let shown = try await form(
                "/administration/drafts",
                "key=2&kind=new&source=OWN&title_en=Bus&reason=r&basis=b&items=a+%7C+text+%7C+the+street")
            #expect(shown.status == 200 && shown.text.contains("OWN-000001"), "\(shown.text.prefix(300))")
            let list = try await web.send("GET", "/v1/directory/drafts?state=draft", as: .administrator)
            let id = (list.json["items"] as? [[String: Any]])?.first?["id"] as? String ?? ""
            let assessed = try await form(
                "/administration/drafts/\(id)/assessment", "secrecy=none&personal_information=false&grade=core&basis=g")
            #expect(assessed.status == 200 && assessed.text.contains("/submission"))
        }
    }

    @Test func `bad drafts are refused with every field, and strangers see nothing`() async throws {
        try await with { web in
            let bad = try await post(web, "drafts", #"{"kind": "new", "fields": {"titles": 7}, "x": 1}"#, key: "b")
            #expect(bad.status == 400 && bad.json["field"] as? String == "x", "\(bad.text)")
            let worse = try await post(web, "drafts", #"{"kind": "new", "fields": {"titles": 7}}"#, key: "b")
            let places = (worse.json["problems"] as? [[String: Any]] ?? []).map { $0["field"] as? String ?? "" }
            #expect(Set(places) == ["reason", "basis", "source", "fields.titles"], "\(worse.text)")
            #expect(try await web.send("GET", "/v1/directory/drafts").status == 401)
            #expect(try await web.send("GET", "/v1/directory/drafts", as: .enterprise).status == 403)
            #expect(try await post(web, "drafts/\(UUID().uuidString)/submission", "{}").status == 404)
            #expect(try await post(web, "releases", #"{"drafts": ["x"]}"#).status == 400)
        }
    }
}
