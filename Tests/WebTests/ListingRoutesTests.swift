import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct ListingRoutesTests {
    private func draft(_ code: String, entry: String, offer: String, conditions: String = "[]") -> Data {
        Data(
            """
            {"code": "\(code)", "title": {"zh": "公交", "en": "Bus"}, "description": {"zh": "公交", "en": "Bus"},
             "kind": "data_set", "use_class": "industry", "table": "bus.csv",
             "source": {"title": "fixture", "url": "https://example.org"},
             "columns": [{"name": "stop", "type": "text", "zh": "站", "en": "stop"}], "entries": [{"code": "\(entry)"}],
             "offers": [{"code": "\(offer)", "kind": "free", "price_minor": 0, "currency": "CNY",
                "title": {"zh": "免费", "en": "Free"}, "purposes": ["research"], "term_days": 30,
                "conditions": \(conditions)}],
             "credentials": [{"kind": "resource_registration", "issuer": "\(Fixtures.administrationCode)"},
                {"kind": "product_registration", "issuer": "\(Fixtures.administrationCode)"},
                {"kind": "authorisation", "issuer": "\(Fixtures.administrationCode)"}],
             "content": "\(Data("stop\nGulou\n".utf8).base64EncodedString())"}
            """.utf8)
    }

    private func entryCode(_ web: WebFixture) async throws -> String {
        let found = try await web.send("GET", "/v1/directory/entries?q=Bus")
        return (found.json["items"] as? [[String: Any]])?.first?["code"] as? String ?? ""
    }

    private let json = ["Content-Type": "application/json"]

    @Test func `an operator drafts a product, the administration decides, and the gate lets it through`() async throws {
        try await WebFixture.with { web in
            let body = draft("DP-BUS-001", entry: try await entryCode(web), offer: "OF-BUS")
            let drafted = try await web.send("POST", "/v1/products", as: .operator, headers: json, body: body)
            #expect(drafted.status == 201, "\(drafted.text)")
            #expect(try await web.send("GET", "/v1/products/DP-BUS-001").status == 404)
            #expect(try await web.send("GET", "/v1/products/DP-BUS-001/conditions").status == 404)
            let blocked = try await web.send("POST", "/v1/products/DP-BUS-001/listing", as: .operator)
            #expect(blocked.status == 409 && (blocked.json["problems"] as? [Any])?.count == 4, "\(blocked.text)")

            let flags = try await web.send("GET", "/v1/conditions/flags?state=open", as: .administrator)
            for flag in flags.json["items"] as? [[String: Any]] ?? [] {
                let path = "/v1/conditions/flags/\(flag["id"] as? String ?? "")/decision"
                let answer = Data(#"{"decision": "accept", "basis": "agreement, article 3"}"#.utf8)
                #expect(try await web.send("POST", path, as: .operator, headers: json, body: answer).status == 403)
                #expect(try await web.send("POST", path, as: .administrator, headers: json, body: answer).status == 204)
                #expect(try await web.send("POST", path, as: .administrator, headers: json, body: answer).status == 409)
            }
            let papers = try await web.send("GET", "/v1/products/DP-BUS-001/credentials", as: .operator)
            for paper in papers.json["items"] as? [[String: Any]] ?? [] {
                let step = Data(
                    #"{"state": "in_force", "reason": "issued", "number": "Q", "since": "2025-06-01", "until": "2027-05-31"}"#
                        .utf8)
                let path = "/v1/credentials/\(paper["id"] as? String ?? "")/steps"
                #expect(try await web.send("POST", path, as: .administrator, headers: json, body: step).status == 204)
            }
            let listed = try await web.send("POST", "/v1/products/DP-BUS-001/listing", as: .operator)
            #expect(listed.status == 200, "\(listed.text)")
            let credentials = try await web.send("GET", "/v1/products/DP-BUS-001/credentials")
            #expect(credentials.json["sellable_until"] as? String == "2027-05-31")
            #expect(try await web.buy(#"{"offer": "OF-BUS", "purpose": "research"}"#).status == 201)
            let own = try await web.send("GET", "/v1/listings", as: .operator)
            #expect(
                (own.json["items"] as? [[String: Any]])?.compactMap { $0["state"] as? String } == ["listed", "listed"])
        }
    }

    @Test func `a bad listing is refused by its member`() async throws {
        try await WebFixture.with { web in
            let good = String(
                decoding: draft("DP-BUS-002", entry: try await entryCode(web), offer: "OF-BUS-2"), as: UTF8.self)
            for (before, after, field) in [
                (#""price_minor": 0"#, #""price_minor": "0""#, "offers[0].price_minor"),
                (#""price_minor": 0"#, #""price_minor": 5"#, "offers[0].price_minor"),
                (#""price_minor": 0"#, #""price_minor": 0.5"#, "offers[0].price_minor"),
                (#""price_minor": 0"#, #""vat_rate": 0.06, "price_minor": 1e30"#, "offers[0].price_minor"),
                (#""currency": "CNY""#, #""currency": "ZZZ""#, "offers[0].currency"),
                (#""term_days": 30"#, #""term_days": 30, "colour": 1"#, "offers[0].colour"),
                (
                    #""conditions": []"#, #""conditions": [{"kind": "retention", "value": "x"}]"#,
                    "offers[0].conditions[0].value"
                ),
                (#""conditions": []"#, #""conditions": [{"kind": "mood"}]"#, "offers[0].conditions[0].kind"),
                (#""use_class": "industry", "#, "", "use_class"),
                (#""kind": "authorisation""#, #""kind": "seal""#, "credentials[2].kind"),
                (#""entries": [{"code": ""#, #""entries": [{"code": "NO-"#, "entries[0]"),
            ] {
                let body = Data(good.replacingOccurrences(of: before, with: after).utf8)
                let answer = try await web.send("POST", "/v1/products", as: .operator, headers: json, body: body)
                #expect(answer.status == 400 && answer.json["field"] as? String == field, "\(field): \(answer.text)")
            }
            #expect(
                try await web.send("POST", "/v1/products", as: .operator, headers: json, body: Data("{".utf8)).status
                    == 400)
            #expect(
                try await web.send("POST", "/v1/products", as: .enterprise, headers: json, body: Data(good.utf8)).status
                    == 403)
        }
    }

    @Test func `a condition of the directory is shown with its basis there, each cell with its header`() async throws {
        try await WebFixture.with { web in
            try await state(
                #"{"conditions": [{"kind": "purpose", "value": ["research", "risk_assessment"], "basis": "Rule 7"}]}"#,
                of: "Flood complaints", in: web.database)
            for (language, origin, header) in [("en", "from the directory", "Basis"), ("zh", "来自目录", "依据")] {
                let page = try await web.send("GET", "/products/DP-FLOOD-001?lang=\(language)")
                #expect(page.text.contains(">\(origin)</td>"), "\(page.text)")
                #expect(page.text.contains(#"data-label="\#(header)">Rule 7</td>"#))
            }
        }
    }

    @Test func `the pages show conditions, credentials, own products and flags`() async throws {
        try await WebFixture.with { web in
            let product = try await web.send("GET", "/products/DP-FLOOD-001?lang=en")
            #expect(product.text.contains("added, basis accepted") && product.text.contains("SYNTHETIC-authorisation"))
            let own = try await web.send("GET", "/operator?lang=en", as: .operator)
            #expect(own.status == 200 && own.text.contains("DP-FLOOD-001"))
            let offer = Data(
                #"{"code": "OF-MORE", "kind": "free", "price_minor": 0, "currency": "CNY", "title": {"zh": "x", "en": "x"}, "purposes": ["research"], "term_days": 3}"#
                    .utf8)
            let made = try await web.send(
                "POST", "/v1/products/DP-FLOOD-001/offers", as: .operator, headers: json, body: offer)
            #expect(made.status == 201, "\(made.text)")
            let flags = try await web.send("GET", "/administration/conditions?lang=en", as: .administrator)
            #expect(flags.text.contains("OF-MORE") && flags.text.contains("Accept the basis"))
            #expect(try await web.send("POST", "/v1/offers/OF-MORE/withdrawal", as: .operator).status == 204)
            #expect(try await web.send("POST", "/v1/offers/OF-MORE/withdrawal", as: .operator).status == 404)
        }
    }
}
