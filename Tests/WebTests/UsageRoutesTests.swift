import Foundation
import Marketplace
import TestSupport
import Testing

@testable import Web

@Suite struct UsageRoutesTests {
    private func right(in web: WebFixture) async throws -> String {
        let bought = try await web.buy(#"{"offer":"OF-FLOOD-FREE","purpose":"research"}"#)
        return try #require((bought.json["entitlement"] as? [String: Any])?["id"] as? String)
    }

    private func send(
        _ web: WebFixture, type: String?, _ body: String, headers: [String: String] = [:], as role: Role = .operator
    ) async throws -> WebFixture.Answer {
        var headers = headers
        if let type { headers["Content-Type"] = type }
        return try await web.send("POST", "/v1/usage/events", as: role, headers: headers, body: Data(body.utf8))
    }

    private func event(_ right: String, id: String = "1", quantity: Int = 2) -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"urn:gateway","type":"call","subject":"\#(right)","data":{"quantity":\#(quantity)}}"#
    }

    @Test func `an event is the same in structured and in binary mode, and the buyer sees it`() async throws {
        try await WebFixture.with { web in
            let right = try await right(in: web)
            let structured = try await send(web, type: "application/cloudevents+json; charset=utf-8", event(right))
            #expect(structured.status == 200 && structured.json["status"] as? String == "counted")
            let attributes = [
                "ce-specversion": "1.0", "ce-id": "1", "ce-source": "urn:gateway", "ce-type": "call",
                "ce-subject": right,
            ]
            let binary = try await send(
                web, type: "application/json", #"{"quantity":2}"#, headers: attributes)
            #expect(binary.status == 200 && binary.json["status"] as? String == "repeated")
            let labelled = event(right).replacingOccurrences(
                of: #""data""#, with: #""datacontenttype":"application/json","data""#)
            let again = try await send(web, type: "application/cloudevents+json", labelled)
            #expect(again.json["status"] as? String == "repeated")
            #expect(binary.json["usage_event"] as? String == structured.json["usage_event"] as? String)
            let seen = try await web.send("GET", "/v1/entitlements/\(right)/usage", as: .enterprise)
            let items = try #require(seen.json["items"] as? [[String: Any]])
            #expect(items.map { $0["id"] as? String } == [structured.json["usage_event"] as? String])
            #expect(items[0]["source"] as? String == "urn:gateway" && items[0]["source_id"] as? String == "1")
        }
    }

    @Test func `another event under the same name is a conflict that names both digests`() async throws {
        try await WebFixture.with { web in
            let right = try await right(in: web)
            _ = try await send(web, type: "application/cloudevents+json", event(right))
            let other = try await send(web, type: "application/cloudevents+json", event(right, quantity: 3))
            #expect(other.status == 409)
            let digests = (other.json["detail"] as? String ?? "").matches(of: /[0-9a-f]{64}/)
            #expect(digests.count == 2)
        }
    }

    @Test func `a batch answers for each event, in order`() async throws {
        try await WebFixture.with { web in
            let right = try await right(in: web)
            let body =
                "[\(event(right)),\(event(right, id: "2", quantity: 0)),\(event(right)),\(event(right, id: "3"))]"
            let answer = try await send(web, type: "application/cloudevents-batch+json", body)
            #expect(answer.status == 200)
            let items = answer.json["items"] as? [[String: Any]] ?? []
            #expect(items.map { $0["status"] as? String } == ["counted", "refused", "repeated", "counted"])
            #expect(items[1]["field"] as? String == "data.quantity")
            #expect(answer.json["counted"] as? Int == 2 && answer.json["refused"] as? Int == 1)
        }
    }

    @Test func `what is no event, too much, of another type or not from an operator is refused whole`() async throws {
        try await WebFixture.with { web in
            let right = try await right(in: web)
            let (one, batch) = ("application/cloudevents+json", "application/cloudevents-batch+json")
            #expect(try await send(web, type: "application/json", event(right)).status == 415)
            #expect(try await send(web, type: "text/csv", event(right)).status == 415)
            #expect(try await send(web, type: one, "[\(event(right))]").status == 400)
            #expect(try await send(web, type: batch, event(right)).status == 400)
            #expect(try await send(web, type: one, #"{"data":NaN}"#).status == 400)
            #expect(try await send(web, type: one, event(right), as: .enterprise).status == 403)
            let many = "[" + Array(repeating: "{}", count: 100_000).joined(separator: ",") + "]"
            let refused = try await send(web, type: batch, many)
            #expect(refused.status == 413 && refused.json["code"] as? String == "too_large")
            #expect(try await send(web, type: batch, "[]").json["counted"] as? Int == 0)
            let seen = try await web.send("GET", "/v1/entitlements/\(right)/usage", as: .enterprise)
            #expect((seen.json["items"] as? [Any])?.isEmpty == true)
        }
    }
}
