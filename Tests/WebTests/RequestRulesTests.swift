import Foundation
import Marketplace
import TestSupport
import Testing

@testable import Web

/// What holds for every route, whatever it does.
@Suite struct RequestRulesTests {
    @Test func `bad parameters are refused by name`() async throws {
        try await WebFixture.with { web in
            for (path, field) in [
                ("/v1/products?limit=0", "limit"), ("/v1/products?limit=x", "limit"),
                ("/v1/products?cursor=%25", "cursor"),
                ("/v1/products?q=%00", "q"), ("/v1/scenarios?domain=sport", "domain"),
                ("/v1/products/DP-FLOOD-001/lineage?as_of=2025-02-30", "as_of"),
                ("/v1/products?q=a&q=b", "q"),
            ] {
                let answer = try await web.send("GET", path)
                #expect(answer.status == 400 && answer.json["field"] as? String == field, "\(path): \(answer.text)")
            }
        }
    }

    @Test func `those who watch the service are answered whatever token they send`() async throws {
        try await WebFixture.with { web in
            for path in ["/health/live", "/health/ready", "/metrics", "/openapi.json"] {
                let answer = try await web.send("GET", path, headers: ["Authorization": "Bearer bad"])
                #expect(answer.status == 200)
            }
            let refused = try await web.send("GET", "/v1/products", headers: ["Authorization": "Bearer bad"])
            #expect(refused.status == 401)
        }
    }

    @Test(arguments: [
        ("/v1/products?limt=5", "limt"), ("/v1/products?q=%ff%fe", "q"), ("/v1/products/%ff", "code"),
        ("/v1/parties/91110000MA00000A1X", "code"), ("/v1/products/DP-FLOOD-001?q=x", "q"),
    ])
    func `what a route cannot understand is refused by name`(path: String, field: String) async throws {
        try await WebFixture.with { web in
            let answer = try await web.send("GET", path)
            #expect(answer.status == 400 && answer.json["field"] as? String == field, "\(answer.text)")
        }
    }

    @Test func `a coding with the weight zero is not used`() {
        #expect(CompressionMiddleware.acceptsGzip("br, gzip;q=0.5") && CompressionMiddleware.acceptsGzip("*"))
        #expect(!CompressionMiddleware.acceptsGzip("gzip;q=0") && !CompressionMiddleware.acceptsGzip("identity"))
        #expect(!CompressionMiddleware.acceptsGzip("*;q=0") && !CompressionMiddleware.acceptsGzip(nil))
    }

    @Test func `a command ends at its limit, and an import has a longer one`() async throws {
        try await WebFixture.with(requestTimeout: .milliseconds(200)) { web in
            try await web.database.withTransaction { transaction in
                try await transaction.script("LOCK TABLE purchase, directory_source")
                async let imported = importing(web)
                let bought = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#)
                #expect(bought.status == 503 && bought.text.contains("the same Idempotency-Key"))
                try await Task.sleep(for: .milliseconds(400))
                try await transaction.script("ROLLBACK; BEGIN")
                let answer = try await imported
                #expect(answer.status == 201, "\(answer.text)")
            }
        }
    }

    @Test func `an import has an id in lower case, and without a change none and no 201`() async throws {
        try await WebFixture.with { web in
            let id = try await importing(web).json["id"] as? String ?? ""
            #expect(!id.isEmpty && id == id.lowercased())
            let again = try await importing(web)
            #expect(again.status == 200 && again.json["id"] == nil, "\(again.text)")
        }
    }

    private func importing(_ web: WebFixture) async throws -> WebFixture.Answer {
        try await web.send(
            "POST", "/v1/directory/imports?file_name=one.data.json&source=ONE", as: .administrator,
            body: Data(#"{"dataset": [{"identifier": "1", "title": "One"}]}"#.utf8))
    }

    @Test func `a method that a path does not have is refused with those it has`() async throws {
        try await WebFixture.with { web in
            let answer = try await web.send("DELETE", "/v1/purchases")
            #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD, POST")
            #expect(answer.json["code"] as? String == "invalid")
            let nothing = try await web.send("DELETE", "/v1/nothing")
            #expect(nothing.status == 404)
        }
    }

    @Test(arguments: ["/v1/products", "/v1/products/DP-FLOOD-001/offers", "/v1/products/DP-FLOOD-001/lineage"])
    func `an answer says that it depends on who asks`(path: String) async throws {
        try await WebFixture.with { web in
            let vary = try await web.send("GET", path).headers["vary"] ?? ""
            #expect(vary.contains("Authorization") && vary.contains("Cookie"), "\(vary)")
        }
    }

    @Test func `a large answer that was not compressed says that it might have been`() async throws {
        try await WebFixture.with { web in
            let plain = try await web.send("GET", "/openapi.json", headers: ["Accept-Encoding": "gzip;q=0"])
            #expect(plain.headers["content-encoding"] == nil)
            #expect(plain.headers["vary"]?.contains("Accept-Encoding") ?? false)
        }
    }
}
