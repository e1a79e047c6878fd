import Foundation
import Marketplace
import TestSupport
import Testing

@testable import Web

@Suite struct MeterRoutesTests {
    private func right(in web: WebFixture) async throws -> String {
        let bought = try await web.buy(#"{"offer":"OF-FLOOD-FREE","purpose":"research"}"#)
        return try #require((bought.json["entitlement"] as? [String: Any])?["id"] as? String)
    }

    private func post(
        _ path: String, _ body: String, type: String = "application/json", as role: Role = .operator, in web: WebFixture
    ) async throws -> WebFixture.Answer {
        try await web.send("POST", path, as: role, headers: ["Content-Type": type], body: Data(body.utf8))
    }

    private func event(_ right: String, _ id: String, _ data: String = #"{"quantity":2}"#, type: String = "call")
        -> String
    {
        #"{"specversion":"1.0","id":"\#(id)","source":"urn:g","type":"\#(type)","subject":"\#(right)","data":\#(data)}"#
    }

    private let tokens =
        #"{"code":"tokens","title_zh":"词元","title_en":"Tokens","unit":"{token}","event_type":"chat","#
        + #""aggregation":"sum","value":"tokens","dimensions":["model"],"product":"DP-FLOOD-001"}"#

    @Test func `a meter is made, shown and counts, and one that cannot be right names its member`() async throws {
        try await WebFixture.with { web in
            #expect(try await post("/v1/meters", tokens, as: .enterprise, in: web).status == 403)
            let made = try await post("/v1/meters", tokens, in: web)
            #expect(made.status == 201 && made.json["accepted_for_hours"] as? Int == 840)
            #expect(try await post("/v1/meters", tokens, in: web).status == 409)
            for (change, field) in [
                (("{\"code\":\"tokens", "{\"code\":\"Tokens"), "code"), (("\"sum\"", "\"median\""), "aggregation"),
                (("\"sum\"", "\"count\""), "value"), (("\"model\"", "\"a b\""), "dimensions[0]"),
                (("DP-FLOOD-001", "DP-NONE"), "product"),
            ] {
                let body = tokens.replacingOccurrences(of: change.0, with: change.1)
                #expect(try await post("/v1/meters", body, in: web).json["field"] as? String == field, "\(field)")
            }
            #expect(try await web.send("GET", "/v1/meters/tokens").json["event_type"] as? String == "chat")
            #expect(try await web.send("GET", "/v1/meters/none").status == 404)
        }
    }

    @Test func `OpenMeter's calls report, list and query the same usage`() async throws {
        try await WebFixture.with { web in
            let right = try await right(in: web)
            _ = try await post("/v1/meters", tokens, in: web)
            let (one, batch) = ("application/cloudevents+json", "application/cloudevents-batch+json")
            let first = event(right, "1", #"{"tokens":3,"model":"a b"}"#, type: "chat")
            #expect(try await post("/api/v1/events", first, type: one, in: web).status == 204)
            let more = "[\(first),\(event(right, "2", #"{"tokens":4}"#, type: "chat"))]"
            #expect(try await post("/api/v1/events", more, type: batch, in: web).status == 204)
            let bad = "[\(event(right, "3", "{}", type: "chat")),\(event(right, "4", #"{"tokens":1}"#, type: "chat"))]"
            let refused = try await post("/api/v1/events", bad, in: web)
            #expect(refused.status == 400 && refused.text.contains("[0].data.tokens"))

            let ask = { (query: String, role: Role) in
                let answer = try await web.send("GET", "/api/v1/meters/tokens/query?\(query)", as: role)
                return (answer.json["data"] as? [[String: Any]] ?? []).compactMap { $0["value"] as? Int }
            }
            #expect(try await ask("", .enterprise) == [8])
            #expect(try await ask("groupBy=model&groupBy=subject", .operator) == [5, 3])
            #expect(try await ask("groupBy=model,subject", .operator) == [5, 3])
            #expect(try await ask("filterGroupBy%5Bmodel%5D=a%20b", .enterprise) == [3])
            #expect(try await ask("filterGroupBy=%7B%27model%27%3A%20%27a%20b%27%7D", .enterprise) == [3])
            #expect(try await ask("windowSize=MONTH&windowTimeZone=Asia%2FShanghai", .enterprise).reduce(0, +) == 8)
            let filtered = try await web.send(
                "GET", "/v1/meters/tokens/query?filterGroupBy%5Bmodel%5D=a%20b&from=2026-01-01", as: .enterprise)
            #expect((filtered.json["data"] as? [[String: Any]])?.first?["value"] as? Int == 3)
            for (query, field) in [
                ("groupBy=colour", "groupBy"), ("windowSize=YEAR", "windowSize"),
                ("windowTimeZone=Mars", "windowTimeZone"),
                ("subject=x", "subject"), ("filterGroupBy=x", "filterGroupBy"), ("from=2030-01-01", "to"),
                ("windowSize=MINUTE", "windowSize"),
            ] {
                let answer = try await web.send("GET", "/v1/meters/tokens/query?\(query)", as: .enterprise)
                #expect(answer.json["field"] as? String == field, "\(query): \(answer.text)")
            }
            let events = try await web.send("GET", "/api/v1/events?subject=\(right)", as: .operator)
            let listed = try JSONSerialization.jsonObject(with: events.body) as? [[String: Any]] ?? []
            #expect(
                listed.compactMap { ($0["event"] as? [String: Any])?["id"] as? String }.sorted() == ["1", "2", "4"])
            #expect(try await web.send("GET", "/api/v1/meters").text.contains(#""slug":"tokens""#))
        }
    }

    @Test func `the buyer exports the events behind its totals, of a range and a meter, in both forms`() async throws {
        try await WebFixture.with { web in
            let right = try await right(in: web)
            let sent = (0..<2_500).map { event(right, "e\($0)") }.joined(separator: ",")
            _ = try await post("/v1/usage/events", "[\(sent)]", type: "application/cloudevents-batch+json", in: web)
            let path = "/v1/entitlements/\(right)/usage/export"
            let table = try await web.send("GET", path, as: .enterprise)
            let rows = table.text.split(separator: "\r\n")
            #expect(rows.count == 2_501 && rows[0].hasPrefix("occurred_at,id,meter,quantity"))
            #expect(Set(rows.dropFirst().map { $0.split(separator: ",")[1] }).count == 2_500)
            let lines = try await web.send("GET", "\(path)?format=jsonl&meter=call", as: .enterprise)
            #expect(lines.text.split(separator: "\n").count == 2_500)
            #expect(try await web.send("GET", "\(path)?format=jsonl&to=2024-01-01", as: .enterprise).text.isEmpty)
            #expect(try await web.send("GET", "\(path)?format=xml", as: .enterprise).status == 400)
            let other = "/v1/entitlements/\(UUID().uuidString)/usage/export"
            #expect(try await web.send("GET", other, as: .enterprise).status == 404)
            let totals = try await web.send("GET", "/v1/entitlements/\(right)/usage?from=2024-01-01", as: .enterprise)
            #expect((totals.json["totals"] as? [[String: Any]])?.first?["quantity"] as? Int == 5_000)
        }
    }
}
