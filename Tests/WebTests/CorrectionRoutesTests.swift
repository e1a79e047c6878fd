import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct CorrectionRoutesTests {
    private func raise(
        _ members: String, key: String = "c1", in web: WebFixture, as role: Role = .enterprise
    ) async throws -> WebFixture.Answer {
        let bought = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#)
        let body = "{\"purchase\": \"\(bought.json["id"] as? String ?? "")\", \(members)}"
        return try await web.send(
            "POST", "/v1/corrections", as: role, headers: Self.json.merging(["Idempotency-Key": key]) { $1 },
            body: Data(body.utf8))
    }

    private func step(_ body: String, of correction: String, in web: WebFixture, as role: Role) async throws
        -> WebFixture.Answer
    {
        try await web.send(
            "POST", "/v1/corrections/\(correction)/steps", as: role, headers: Self.json, body: Data(body.utf8))
    }

    private static let json = ["Content-Type": "application/json"]
    private let wrongUnit = #""kind": "wrong_unit", "field": "complaints", "description": "Counted twice""#
    private let wrongValue = #""kind": "wrong_value", "field": "street", "row_key": "Gulou", "description": "Misspelt""#

    private func id(_ answer: WebFixture.Answer) -> String { answer.json["id"] as? String ?? "" }

    @Test func `the operator checks, returns once, corrects twice and feeds back`() async throws {
        try await WebFixture.with { web in
            let raised = try await raise(wrongUnit, in: web)
            #expect(raised.status == 201 && raised.json["link"] as? String == "processing", "\(raised.text)")
            let id = id(raised)
            try await web.database.execute(
                Statement(
                    name: "test/revision",
                    text: """
                        INSERT INTO product_revision SELECT product_id, 2, file_name, media_type, sha256, rows, columns, source,
                            published_at + interval '1 second' FROM product_revision
                        """))
            let steps: [(String, Role, Int, String)] = [
                (#"{"step": "feed_back", "text": "too early"}"#, .operator, 409, ""),
                (#"{"step": "check", "text": "We look"}"#, .operator, 201, "checking"),
                (#"{"step": "return", "text": "Which row?"}"#, .operator, 201, "returned"),
                (#"{"step": "correct", "text": "x"}"#, .operator, 409, ""),
                (#"{"step": "complete", "text": "Row Gulou"}"#, .enterprise, 201, "checking"),
                (#"{"step": "return", "text": "Again?"}"#, .operator, 409, ""),
                (#"{"step": "extend", "text": "Consent 12"}"#, .operator, 201, "extended"),
                (#"{"step": "correct", "text": "x", "fixed_revision": 9}"#, .operator, 409, ""),
                (#"{"step": "confirm_correct", "text": "It is right"}"#, .operator, 201, "confirmed_correct"),
                // The revision that was wrong puts nothing right.
                (#"{"step": "correct", "text": "No, wrong", "fixed_revision": 1}"#, .operator, 409, ""),
                (#"{"step": "correct", "text": "No, wrong", "fixed_revision": 2}"#, .operator, 201, "corrected"),
                (#"{"step": "feed_back", "text": "See the revision"}"#, .operator, 201, "fed_back"),
                (#"{"step": "check", "text": "x"}"#, .operator, 409, ""),
            ]
            for (body, role, status, state) in steps {
                let answer = try await step(body, of: id, in: web, as: role)
                #expect(answer.status == status, "\(body): \(answer.text)")
                if status == 201 { #expect(answer.json["state"] as? String == state) }
            }
            let shown = try await web.send("GET", "/v1/corrections/\(id)", as: .enterprise)
            let answers = (shown.json["steps"] as? [[String: Any]])?.compactMap { $0["answer"] as? Int }
            #expect(answers == [1, 2] && shown.json["fixed_revision"] as? Int == 2)
            let met = try await web.send("GET", "/v1/deadlines?state=met", as: .operator)
            #expect((met.json["items"] as? [[String: Any]])?.first?["extension_basis"] as? String == "Consent 12")
            let told = try await web.send("GET", "/v1/notices?limit=200", as: .enterprise)
            let kinds = (told.json["items"] as? [[String: Any]])?.compactMap { $0["kind"] as? String } ?? []
            #expect(kinds.count { $0.hasPrefix("correction") } == 8)
        }
    }

    @Test func `a wrong value goes to the provider, for whom the administration acts with a basis`() async throws {
        try await WebFixture.with { web in
            let raised = try await raise(wrongValue, in: web)
            #expect(raised.json["link"] as? String == "source")
            #expect((raised.json["responsible"] as? [String: Any])?["name"] as? String == "District data bureau")
            let id = id(raised)
            let check = #"{"step": "check", "text": "Looked up"}"#
            #expect(try await step(check, of: id, in: web, as: .operator).status == 403)
            let bare = try await step(check, of: id, in: web, as: .administrator)
            #expect(bare.status == 400 && bare.json["field"] as? String == "basis")
            let based = #"{"step": "check", "text": "Looked up", "basis": "letter 3 of the bureau"}"#
            #expect(try await step(based, of: id, in: web, as: .administrator).status == 201)
            let moved = #"{"step": "pass_on", "text": "Ours after all", "link": "processing"}"#
            let passed = try await step(moved, of: id, in: web, as: .operator)
            #expect(passed.status == 201 && passed.json["state"] as? String == "raised", "\(passed.text)")
            #expect((passed.json["responsible"] as? [String: Any])?["code"] as? String == Fixtures.sellerCode)
            let duties = try await web.send("GET", "/v1/deadlines", as: .operator)
            #expect((duties.json["items"] as? [Any])?.count == 1)
            #expect(try await step(moved, of: id, in: web, as: .operator).status == 409)
        }
    }

    @Test func `the same key and body answer the first correction again`() async throws {
        try await WebFixture.with { web in
            let first = try await raise(wrongUnit, in: web)
            let again = try await raise(wrongUnit, in: web)
            #expect(id(again) == id(first) && again.headers["idempotency-replayed"] == "true")
            #expect(try await raise(wrongValue, in: web).status == 422)
            let list = try await web.send("GET", "/v1/corrections", as: .administrator)
            #expect((list.json["items"] as? [Any])?.count == 1)
        }
    }

    @Test func `a correction does not show the links of the purchase's chain twice`() async throws {
        try await WebFixture.with { web in
            let bought = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#)
            let path = "/v1/purchases/\(bought.json["id"] as? String ?? "")/responsibility"
            let before = try await web.send("GET", path, as: .enterprise)
            #expect(try await raise(wrongValue, in: web).status == 201)
            let after = try await web.send("GET", path, as: .enterprise)
            let links = { (answer: WebFixture.Answer) in
                (answer.json["links"] as? [[String: Any]] ?? []).map { $0["link"] as? String ?? "" }
            }
            #expect(links(before).count > 4 && links(before) == links(after), "\(after.text)")
        }
    }

    @Test func `a refused form of a correction comes back with what was typed and the reason`() async throws {
        try await WebFixture.with { web in
            let bought = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#)
            let path = "/purchases/\(bought.json["id"] as? String ?? "")/corrections"
            for (language, words) in [("zh", "此栏未填。"), ("en", "This field is empty.")] {
                let answer = try await web.send(
                    "POST", path, as: .enterprise,
                    headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept-Language": language],
                    body: Data("key=1&kind=missing_row&row_key=Gulou&description=".utf8))
                #expect(answer.status == 400 && answer.text.contains(#"id="description-problem">\#(words)"#))
                #expect(answer.text.contains(#"value="Gulou""#) && answer.text.contains(#""missing_row" selected"#))
            }
        }
    }

    @Test func `what is another enterprise's answers 404`() async throws {
        try await WebFixture.with { web in
            let outcome = try await web.market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: web.fixtures.insurer,
                key: IdempotencyKey("x"), body: [], now: Date())
            let purchase = try fields(outcome.purchase)["id"] as? String ?? ""
            let request = try CorrectionRequest(
                purchase: UUID(uuidString: purchase) ?? UUID(), kind: "outdated", description: "Old")
            let raised = try await web.market.corrections.raise(
                request, by: web.fixtures.insurer, key: IdempotencyKey("y"), body: [], now: Date())
            let id = try fields(raised.correction)["id"] as? String ?? ""
            #expect(try await web.send("GET", "/v1/corrections/\(id)", as: .enterprise).status == 404)
            let complete = #"{"step": "complete", "text": "x"}"#
            #expect(try await step(complete, of: id, in: web, as: .enterprise).status == 404)
            let body = #"{"purchase": "\#(purchase)", "kind": "outdated", "description": "Old"}"#
            let foreign = try await web.send(
                "POST", "/v1/corrections", as: .enterprise, headers: Self.json.merging(["Idempotency-Key": "z"]) { $1 },
                body: Data(body.utf8))
            #expect(foreign.status == 404)
        }
    }

    @Test(arguments: [
        (#""kind": "odd", "description": "x""#, "kind"), (#""kind": "outdated""#, "description"),
        (#""kind": "outdated", "description": "x", "field": "colour""#, "field"),
        (#""kind": "outdated", "description": "x", "link": "use""#, "link"),
        (#""kind": "outdated", "description": "x", "price": 1"#, "price"),
    ])
    func `a bad correction is refused by its member`(members: String, field: String) async throws {
        try await WebFixture.with { web in
            let answer = try await raise(members, in: web)
            #expect(answer.status == 400 && answer.json["field"] as? String == field, "\(answer.text)")
        }
    }

    @Test func `deadlines are iCalendar too, and a party sees its own only`() async throws {
        try await WebFixture.with { web in
            _ = try await raise(wrongUnit, in: web)
            let calendar = try await web.send("GET", "/v1/deadlines.ics", as: .operator)
            #expect(calendar.headers["content-type"]?.hasPrefix("text/calendar") ?? false)
            #expect(calendar.text.hasPrefix("BEGIN:VCALENDAR\r\n") && calendar.text.hasSuffix("END:VCALENDAR\r\n"))
            #expect(calendar.text.contains("\r\nDTSTART;VALUE=DATE:"))
            let own = try await web.send("GET", "/v1/deadlines", as: .enterprise)
            #expect((own.json["items"] as? [Any])?.isEmpty ?? false)
            let all = try await web.send("GET", "/v1/deadlines?party=\(Fixtures.sellerCode)", as: .administrator)
            #expect((all.json["items"] as? [Any])?.count == 1)
            #expect(try await web.send("GET", "/v1/deadlines?band=soon", as: .operator).status == 400)
            #expect(try await web.send("GET", "/v1/deadlines").status == 401)
        }
    }
}
