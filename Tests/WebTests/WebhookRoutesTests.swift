import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct WebhookRoutesTests {
    private func send(
        _ web: WebFixture, _ method: String, _ path: String, _ body: String? = nil, as role: Role = .enterprise
    ) async throws -> WebFixture.Answer {
        try await web.send(
            method, path, as: role, headers: ["Content-Type": "application/json"], body: body.map { Data($0.utf8) })
    }

    @Test func `a webhook is registered, read, changed and deleted, and its secret is shown once`() async throws {
        try await WebFixture.with { web in
            let made = try await send(web, "POST", "/v1/webhooks", #"{"url": "https://example.org/a"}"#)
            #expect(made.status == 201 && (made.json["secret"] as? String)?.hasPrefix("whsec_") == true)
            let path = "/v1/webhooks/\(made.json["id"] as? String ?? "")"
            let read = try await send(web, "GET", path)
            #expect(read.status == 200 && read.json["secret"] == nil && read.json["types"] is NSNull)
            let changed = try await send(
                web, "PATCH", path, #"{"types": ["invoice.issued"], "state": "paused", "description": "books"}"#)
            #expect(
                changed.json["state"] as? String == "paused" && changed.json["types"] as? [String] == ["invoice.issued"]
            )
            #expect(changed.json["url"] as? String == "https://example.org/a")
            let all = try await send(web, "PATCH", path, #"{"types": null}"#)
            #expect(all.json["types"] is NSNull && all.json["description"] as? String == "books")
            let rotated = try await send(web, "POST", path + "/secret")
            #expect(rotated.json["secret"] as? String != made.json["secret"] as? String)
            #expect(try await send(web, "DELETE", path).status == 204)
            #expect(try await send(web, "GET", path).status == 404)
        }
    }

    @Test func `what another party has is not found, and who is no party to purchases may not ask`() async throws {
        try await WebFixture.with { web in
            let made = try await send(web, "POST", "/v1/webhooks", #"{"url": "https://example.org/a"}"#)
            let path = "/v1/webhooks/\(made.json["id"] as? String ?? "")"
            for (method, rest, body) in [
                ("GET", "", nil), ("PATCH", "", #"{"state": "paused"}"#), ("DELETE", "", nil), ("POST", "/secret", nil),
                ("POST", "/test", nil), ("GET", "/deliveries", nil), ("POST", "/replay", "{}"),
                ("POST", "/deliveries/\(UUID())/replay", nil),
            ] as [(String, String, String?)] {
                #expect(
                    try await send(web, method, path + rest, body, as: .operator).status == 404, "\(method) \(rest)")
                #expect(try await send(web, method, path + rest, body, as: .analyst).status == 403, "\(method) \(rest)")
            }
            let others = try await send(web, "GET", "/v1/webhooks", as: .operator)
            #expect((others.json["items"] as? [Any])?.isEmpty == true)
            #expect(try await send(web, "GET", path).json["state"] as? String == "active")
        }
    }

    @Test func `bad input is named, and a party has twenty webhooks at most`() async throws {
        try await WebFixture.with { web in
            for (body, field) in [
                ("{}", "url"), (#"{"url": "http://example.org"}"#, "url"), (#"{"url": "https://10.0.0.1"}"#, "url"),
                (#"{"url": "https://example.org", "types": []}"#, "types"),
                (#"{"url": "https://example.org", "types": ["a.b", "Nonsense"]}"#, "types[1]"),
                (#"{"url": "https://example.org", "state": "paused"}"#, "state"),
            ] {
                let refused = try await send(web, "POST", "/v1/webhooks", body)
                #expect(refused.status == 400 && refused.text.contains(field), "\(body): \(refused.text)")
            }
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<30 {
                    group.addTask {
                        try await send(web, "POST", "/v1/webhooks", #"{"url": "https://example.org/a"}"#).status
                    }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect((answers[201] ?? 0) + (answers[409] ?? 0) == 30 && (answers[201] ?? 0) <= 20)
            for _ in 0..<20 { _ = try await send(web, "POST", "/v1/webhooks", #"{"url": "https://example.org/a"}"#) }
            let list = try await send(web, "GET", "/v1/webhooks?limit=200")
            #expect((list.json["items"] as? [Any])?.count == 20)
        }
    }
}
