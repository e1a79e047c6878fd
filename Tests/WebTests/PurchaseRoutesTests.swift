import Foundation
import Marketplace
import TestSupport
import Testing

@testable import Postgres
@testable import Web

@Suite struct PurchaseRoutesTests {
    private let good = #"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#

    @Test func `a purchase is made, downloaded, counted and answered for`() async throws {
        try await WebFixture.with { web in
            let bought = try await web.buy(good)
            #expect(bought.status == 201)
            let id = bought.json["id"] as? String ?? ""
            let entitlement = (bought.json["entitlement"] as? [String: Any])?["id"] as? String ?? ""

            let content = try await web.send("GET", "/v1/entitlements/\(entitlement)/content", as: .enterprise)
            #expect(Array(content.body) == Fixtures.table)
            let usage = try await web.send("GET", "/v1/entitlements/\(entitlement)/usage", as: .enterprise)
            #expect((usage.json["items"] as? [Any])?.count == 1)

            let chain = try await web.send("GET", "/v1/purchases/\(id)/responsibility", as: .enterprise)
            #expect((chain.json["links"] as? [Any])?.count == 8)
        }
    }

    @Test func `the same key and body answer the first purchase again`() async throws {
        try await WebFixture.with { web in
            let first = try await web.buy(good)
            let again = try await web.buy(good)
            #expect(again.status == 201 && again.headers["idempotency-replayed"] == "true")
            #expect(again.json["id"] as? String == first.json["id"] as? String)
            let reordered = try await web.buy(#"{"purpose":"research","offer":"OF-FLOOD-FREE"}"#)
            #expect(reordered.headers["idempotency-replayed"] == "true", "\(reordered.text)")
            let other = try await web.buy(#"{"offer": "OF-FLOOD-ONCE", "purpose": "research"}"#)
            #expect(other.status == 422 && other.json["code"] as? String == "idempotency_key_reused")
            let against = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "resale"}"#, key: "new")
            #expect(against.status == 422 && against.json["code"] as? String == "unprocessable")
        }
    }

    @Test func `a failure tells who has a key to repeat the command with it`() {
        let unknown = PostgresError(.outcomeUnknown, "")
        for failure in [unknown, RequestTimedOut()] as [any Error] {
            let keyed = Problem(failure, path: "/v1/purchases", hasKey: true)
            #expect(keyed.status == .serviceUnavailable && keyed.detail.hasSuffix("the same Idempotency-Key."))
            #expect(Problem(failure, path: "/v1/purchases").detail.hasSuffix("please try again."))
        }
    }

    @Test func `a HEAD of the content counts nothing`() async throws {
        try await WebFixture.with { web in
            let bought = try await web.buy(good)
            let entitlement = (bought.json["entitlement"] as? [String: Any])?["id"] as? String ?? ""
            let head = try await web.send("HEAD", "/v1/entitlements/\(entitlement)/content", as: .enterprise)
            #expect(head.status == 200)
            let usage = try await web.send("GET", "/v1/entitlements/\(entitlement)/usage", as: .enterprise)
            #expect((usage.json["items"] as? [Any])?.isEmpty ?? false)
        }
    }

    @Test func `bad bodies are refused with the member they are about, and nothing is bought`() async throws {
        let cases: [(String, Int, String)] = [
            ("{", 400, "body"), ("[]", 400, "body"), ("\"x\"", 400, "body"), ("", 400, "body"),
            (#"{"offer": "OF-FLOOD-FREE"}"#, 400, "purpose"),
            (#"{"offer": "OF-FLOOD-FREE", "purpose": ""}"#, 400, "purpose"),
            (#"{"offer": 7, "purpose": "research"}"#, 400, "offer"),
            (#"{"offer": 1e400, "purpose": "research"}"#, 400, ""),
            (#"{"offer": 99999999999999999999999999999999, "purpose": "research"}"#, 400, "offer"),
            (#"{"offer": null, "purpose": "research"}"#, 400, "offer"),
            (#"{"offer": "OF\u0000", "purpose": "research"}"#, 400, "offer"),
            (#"{"offer": "OF-FLOOD-FREE", "purpose": "research", "price": 0}"#, 400, "price"),
            (#"{"offer": "OF-FLOOD-FREE", "purpose": "resale"}"#, 422, "purpose"),
            (#"{"offer": "OF-NONE", "purpose": "research"}"#, 404, "offer"),
        ]
        try await WebFixture.with { web in
            for (body, status, field) in cases {
                let answer = try await web.buy(body)
                #expect(answer.status == status, "\(body): \(answer.text)")
                #expect(answer.headers["content-type"] == "application/problem+json")
                #expect(field.isEmpty || answer.json["field"] as? String == field, "\(body): \(answer.text)")
            }
            let large = try await web.buy("{\"offer\": \"\(String(repeating: "x", count: 70_000))\"}")
            #expect(large.status == 413)
            let purchases = try await web.send("GET", "/v1/purchases", as: .enterprise)
            #expect((purchases.json["items"] as? [Any])?.isEmpty ?? false)
        }
    }

    @Test func `a body that is no JSON in UTF-8, or says a thing twice, buys nothing`() async throws {
        let cases: [(type: String, body: Data, status: Int, field: String?)] = [
            ("application/json-patch+json", Data(good.utf8), 415, nil),
            ("application/jsonx", Data(good.utf8), 415, nil),
            ("application/json; charset=utf-16", good.data(using: .utf16) ?? Data(), 415, nil),
            ("application/json", good.data(using: .utf16) ?? Data(), 400, "body"),
            ("application/json", good.data(using: .utf16LittleEndian) ?? Data(), 400, "body"),
            (
                "application/json", Data(#"{"offer": "A", "offer": "OF-FLOOD-FREE", "purpose": "research"}"#.utf8), 400,
                "offer"
            ),
            (
                "application/json",
                Data(#"{"offer": "OF-FLOOD-FREE", "\u006fffer" : "OF-FLOOD-FREE", "purpose": "research"}"#.utf8), 400,
                "offer"
            ),
        ]
        try await WebFixture.with { web in
            for (number, wrong) in cases.enumerated() {
                let headers = ["Content-Type": wrong.type, "Idempotency-Key": "\(number)"]
                let answer = try await web.send(
                    "POST", "/v1/purchases", as: .enterprise, headers: headers, body: wrong.body)
                #expect(answer.status == wrong.status, "\(number): \(answer.text)")
                #expect(answer.json["field"] as? String == wrong.field, "\(number): \(answer.text)")
            }
            let headers = ["Content-Type": "Application/JSON; Charset=\"UTF-8\"", "Idempotency-Key": "last"]
            let bought = try await web.send(
                "POST", "/v1/purchases", as: .enterprise, headers: headers, body: Data(good.utf8))
            #expect(bought.status == 201)
            let purchases = try await web.send("GET", "/v1/purchases", as: .enterprise)
            #expect((purchases.json["items"] as? [Any])?.count == 1)
        }
    }

    @Test func `a purchase needs a key, a token and the right role`() async throws {
        try await WebFixture.with { web in
            #expect(try await web.buy(good, key: nil).status == 400)
            #expect(try await web.buy(good, as: .analyst).status == 403)
            let nobody = try await web.send("POST", "/v1/purchases", body: Data(good.utf8))
            #expect(nobody.status == 401 && nobody.headers["www-authenticate"] != nil)
            let wrong = try await web.send("GET", "/v1/purchases", headers: ["Authorization": "Bearer dm_no"])
            #expect(wrong.status == 401)
        }
    }

    @Test func `what is another enterprise's answers 404`() async throws {
        try await WebFixture.with { web in
            let outcome = try await web.market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: web.fixtures.insurer,
                key: IdempotencyKey("x"), body: [], now: Date())
            let purchase = try fields(outcome.purchase)
            let id = purchase["id"] as? String ?? ""
            let entitlement = (purchase["entitlement"] as? [String: Any])?["id"] as? String ?? ""
            for path in [
                "/v1/purchases/\(id)", "/v1/purchases/\(id)/responsibility", "/v1/purchases/nonsense",
                "/v1/entitlements/\(entitlement)/content", "/v1/entitlements/\(entitlement)/usage",
            ] {
                #expect(try await web.send("GET", path, as: .enterprise).status == 404, "\(path)")
            }
        }
    }

    @Test func `a revoked token is refused at once`() async throws {
        try await WebFixture.with { web in
            let made = try await web.market.accounts.createToken(
                party: Fixtures.bankCode, role: .enterprise, days: 1, now: Date())
            let headers = ["Authorization": "Bearer \(made.token)"]
            let url = web.base.absoluteString + "/v1/purchases"
            #expect(try await WebFixture.send("GET", url, headers: headers).status == 200)
            #expect(try await web.market.accounts.revokeToken(made.id, now: Date()))
            #expect(try await WebFixture.send("GET", url, headers: headers).status == 401)
        }
    }
}
