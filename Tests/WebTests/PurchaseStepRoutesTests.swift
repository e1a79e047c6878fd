import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct PurchaseStepRoutesTests {
    private func with(_ work: @Sendable @escaping (WebFixture, String) async throws -> Void) async throws {
        try await WebFixture.with { web in
            _ = try await web.database.execute(
                Statement(
                    name: "test/approval", text: "UPDATE offer SET approval = 'operator' WHERE code = 'OF-FLOOD-ONCE'"))
            let (from, until) = (Date().formatted(.iso8601), (Date() + 5 * 86_400).formatted(.iso8601))
            let asked = try await web.buy(
                """
                {"offer": "OF-FLOOD-ONCE", "purpose": "research", "scope": "a study", "from": "\(from)", "until": "\(until)"}
                """)
            #expect(asked.status == 201 && asked.json["state"] as? String == "requested", "\(asked.text)")
            try await work(web, asked.json["id"] as? String ?? "")
        }
    }

    private func post(
        _ path: String, _ body: String, as role: Role, key: String? = "k", _ web: WebFixture
    ) async throws -> WebFixture.Answer {
        var headers = ["Content-Type": "application/json"]
        if let key { headers["Idempotency-Key"] = key }
        return try await web.send("POST", path, as: role, headers: headers, body: Data(body.utf8))
    }

    @Test func `a request is seen by its seller first, approved, used, and cancelled by its buyer`() async throws {
        try await with { web, id in
            _ = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#, key: "free")
            let sales = try await web.send("GET", "/v1/sales?limit=1", as: .operator)
            let first = (sales.json["items"] as? [[String: Any]])?.first
            #expect(first?["id"] as? String == id && first?["awaits_you"] as? Bool == true)
            let cursor = sales.json["next"] as? String ?? ""
            let rest = try await web.send("GET", "/v1/sales?cursor=\(cursor)", as: .operator)
            #expect((rest.json["items"] as? [[String: Any]])?.map { $0["state"] as? String } == ["active"])

            let approval = #"{"decision": "approve", "reason": "a good study"}"#
            let approved = try await post("/v1/purchases/\(id)/decision", approval, as: .operator, web)
            #expect(approved.status == 200 && approved.json["state"] as? String == "active", "\(approved.text)")
            let again = try await post("/v1/purchases/\(id)/decision", approval, as: .operator, web)
            #expect(again.status == 200 && again.headers["idempotency-replayed"] == "true")
            let other = try await post(
                "/v1/purchases/\(id)/decision", #"{"decision": "reject", "reason": "no"}"#, as: .operator, web)
            #expect(other.status == 422 && other.json["code"] as? String == "idempotency_key_reused")

            let sale = try await web.send("GET", "/v1/sales/\(id)", as: .operator)
            #expect((sale.json["buyer"] as? [String: Any])?["code"] as? String == Fixtures.bankCode)
            let accepted = try await web.send("GET", "/v1/purchases/\(id)?view=accepted", as: .enterprise)
            #expect(accepted.json["scope"] as? String == "a study")
            let cancelled = try await post(
                "/v1/purchases/\(id)/cancellation", #"{"reason": "done", "at": "at_once"}"#, as: .enterprise, web)
            #expect(cancelled.json["ended_as"] as? String == "cancelled")
            let moved = try await web.send("GET", "/v1/purchases/\(id)/transitions", as: .operator)
            #expect((moved.json["items"] as? [Any])?.count == 5)
            let ended = try await web.send("GET", "/v1/purchases?state=ended", as: .enterprise)
            #expect((ended.json["items"] as? [[String: Any]])?.map { $0["id"] as? String } == [id])
        }
    }

    @Test func `each command is refused by name to those it is not for, and when it cannot be read`() async throws {
        try await with { web, id in
            let decision = "/v1/purchases/\(id)/decision"
            let cases: [(String, String, Role, Int, String)] = [
                (decision, #"{"decision": "approve", "reason": "x"}"#, .enterprise, 403, ""),
                (decision, #"{"decision": "approve", "reason": "x"}"#, .administrator, 409, ""),
                (decision, #"{"decision": "perhaps", "reason": "x"}"#, .operator, 400, "decision"),
                (decision, #"{"decision": "approve"}"#, .operator, 400, "reason"),
                (decision, #"{"decision": "approve", "reason": "x", "party": "A"}"#, .operator, 400, "basis"),
                ("/v1/purchases/\(id)/completion", #"{"purpose": "research"}"#, .enterprise, 409, ""),
                ("/v1/purchases/\(id)/completion", #"{"place": "x", "purpose": "y"}"#, .enterprise, 409, ""),
                ("/v1/purchases/\(id)/cancellation", #"{"reason": "x", "at": "soon"}"#, .enterprise, 400, "at"),
                ("/v1/purchases/\(id)/cancellation", #"{}"#, .enterprise, 400, "reason"),
                ("/v1/purchases/\(id)/termination", #"{"reason": "x"}"#, .operator, 400, "document"),
                ("/v1/purchases/\(id)/termination", #"{"reason": "x", "document": "y"}"#, .operator, 409, ""),
                ("/v1/purchases/\(UUID())/cancellation", #"{"reason": "x"}"#, .enterprise, 404, ""),
            ]
            for (path, body, role, status, field) in cases {
                let answer = try await post(path, body, as: role, key: "\(path) \(body)".hashValue.description, web)
                #expect(
                    answer.status == status && answer.json["field"] as? String ?? "" == field, "\(body): \(answer.text)"
                )
            }
            let keyless = try await post(
                decision, #"{"decision": "approve", "reason": "x"}"#, as: .operator, key: nil, web)
            #expect(keyless.status == 400 && keyless.json["field"] as? String == "Idempotency-Key")
            for (path, role) in [
                ("/v1/purchases/\(id)?view=other", Role.enterprise), ("/v1/purchases?state=sold", .enterprise),
                ("/v1/sales?state=sold", .operator),
            ] { #expect(try await web.send("GET", path, as: role).status == 400, "\(path)") }
            #expect(try await web.send("GET", "/v1/purchases/\(id)?view=accepted", as: .enterprise).status == 404)
            #expect(try await web.send("GET", "/v1/sales/\(UUID())", as: .operator).status == 404)
        }
    }

    @Test func `a request that lacks much is answered by one problem document`() async throws {
        try await with { web, _ in
            let answer = try await web.buy(
                #"{"offer": "OF-FLOOD-ONCE", "purpose": "resale", "place": "100000"}"#, key: "new")
            let problems = answer.json["problems"] as? [[String: Any]] ?? []
            #expect(answer.status == 422, "\(answer.text)")
            #expect(problems.map { $0["field"] as? String } == ["from", "purpose", "scope", "until"])
            let malformed = try await web.buy(
                #"{"offer": "OF-FLOOD-ONCE", "purpose": "resale", "place": "Fuzhou", "from": "2036-01-02", "until": "2036-01-01"}"#,
                key: "newer")
            let all = malformed.json["problems"] as? [[String: Any]] ?? []
            #expect(all.map { $0["field"] as? String } == ["place", "from", "purpose", "scope", "until"])
        }
    }

    @Test func `an entitlement tells what is allowed, and stops when it is suspended`() async throws {
        try await WebFixture.with { web in
            let bought = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#)
            let id = (bought.json["entitlement"] as? [String: Any])?["id"] as? String ?? ""
            let path = "/v1/entitlements/\(id)"
            let check = { (query: String) in try await web.send("GET", path + query, as: .enterprise).json }
            #expect(try await check("?meter=download&quantity=3&purpose=research")["allowed"] as? Bool == true)
            #expect(try await check("?purpose=resale")["refused_for"] as? [String] == ["purpose"])
            #expect(try await check("?meter=nothing")["refused_for"] as? [String] == ["meter"])
            for query in [
                "?quantity=1", "?meter=download&quantity=-1", "?meter=download&quantity=1e9", "?meter=a&quantity=0",
            ] {
                #expect(try await web.send("GET", path + query, as: .enterprise).status == 400, "\(query)")
            }
            let refused = try await post(
                "\(path)/top-ups", #"{"meter": "download", "quantity": 5, "reason": "x"}"#, as: .operator, web)
            #expect(refused.status == 409, "\(refused.text)")
            let suspended = try await post("\(path)/suspension", #"{"reason": "audit"}"#, as: .administrator, web)
            #expect(suspended.json["suspension_reason"] as? String == "audit", "\(suspended.text)")
            #expect(try await web.send("GET", "\(path)/content", as: .enterprise).status == 403)
            #expect(try await check("?meter=download")["refused_for"] as? [String] == ["suspended"])
            let twice = try await post("\(path)/suspension", #"{"reason": "audit"}"#, as: .operator, web)
            #expect(twice.status == 409)
            let resumed = try await post("\(path)/resumption", #"{"reason": "clean"}"#, as: .operator, web)
            #expect(resumed.json["in_force"] as? Bool == true)
            #expect(try await web.send("GET", "\(path)/content", as: .enterprise).status == 200)
            #expect(try await web.send("GET", "/v1/entitlements/\(UUID())", as: .operator).status == 404)
        }
    }
}
