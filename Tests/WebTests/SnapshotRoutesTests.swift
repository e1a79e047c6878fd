import Foundation
import Marketplace
import TestSupport
import Testing

/// Snapshots in the API and on their pages.
@Suite struct SnapshotRoutesTests {
    private static func body(_ members: String = "") -> String {
        #"{"metric": "adoption-rate", "panel": "test-panel"\#(members)}"#
    }

    private func with(_ work: @Sendable @escaping (WebFixture) async throws -> Void) async throws {
        try await WebFixture.with { web in
            try await Fixtures.panel(
                members: "enterprise_code,reason\n\(Fixtures.bankCode),first\n", in: web.market, now: Date() - 40)
            try await work(web)
        }
    }

    private func keep(
        _ web: WebFixture, _ body: String = SnapshotRoutesTests.body(), key: String? = "k", as role: Role? = .analyst
    ) async throws -> WebFixture.Answer {
        var headers = ["Content-Type": "application/json"]
        if let key { headers["Idempotency-Key"] = key }
        return try await web.send("POST", "/v1/adoption/snapshots", as: role, headers: headers, body: Data(body.utf8))
    }

    @Test func `a snapshot is kept once for its key, listed, and read again as it was signed`() async throws {
        try await with { web in
            let made = try await keep(web)
            #expect(made.status == 201 && made.headers["idempotency-replayed"] == nil, "\(made.text)")
            let again = try await keep(web)
            #expect(again.status == 201 && again.body == made.body && again.headers["idempotency-replayed"] == "true")
            #expect(try await keep(web, Self.body(#", "by": "section""#)).status == 422)
            let id = try #require(made.json["id"] as? String)
            let read = try await web.send("GET", "/v1/adoption/snapshots/\(id)", as: .administrator)
            #expect(read.status == 200 && read.body == made.body)
            let list = try await web.send("GET", "/v1/adoption/snapshots", as: .analyst).json
            #expect((list["items"] as? [[String: Any]])?.map { $0["id"] as? String } == [id])
        }
    }

    @Test func `only analysts and the administration keep and read snapshots`() async throws {
        try await with { web in
            let statuses = [
                try await keep(web, as: nil).status, try await keep(web, as: .enterprise).status,
                try await web.send("GET", "/v1/adoption/snapshots", as: .operator).status,
            ]
            #expect(statuses == [401, 403, 403])
            for id in ["01900000-0000-7000-8000-000000000000", "none"] {
                let unknown = try await web.send("GET", "/v1/adoption/snapshots/\(id)", as: .analyst)
                #expect(unknown.status == 404, "\(id)")
            }
        }
    }

    @Test func `what a snapshot cannot be of is refused with the member`() async throws {
        try await with { web in
            let wrong = [
                (Self.body(#", "as_of": "2999-01-01""#), 400, "as_of"),
                (Self.body(#", "recorded_by": "2999-01-01""#), 400, "recorded_by"),
                (Self.body(#", "by": "colour""#), 400, "by"), (Self.body(#", "count": "heads""#), 400, "count"),
                (#"{"metric": "adoption-rate"}"#, 400, "panel"), (#"{"panel": "test-panel"}"#, 400, "metric"),
                (#"{"metric": "adoption-rate", "panel": "none"}"#, 404, nil),
                (#"{"metric": "none", "panel": "test-panel"}"#, 404, nil),
            ]
            for (body, status, field) in wrong {
                let refused = try await keep(web, body)
                #expect(refused.status == status, "\(body): \(refused.text)")
                #expect(refused.json["field"] as? String == field, "\(body)")
            }
            let keyless = try await keep(web, key: nil)
            #expect(keyless.status == 400 && keyless.json["field"] as? String == "Idempotency-Key")
        }
    }

    @Test func `several tables are kept as one document, read and listed`() async throws {
        try await with { web in
            let tables = """
                [{"metric": "adoption-rate", "panel": "test-panel", "by": "section", "from": "2026-01-01"},
                 {"metric": "transactions", "by": "section", "to": "2026-12-31"},
                 {"metric": "enterprises", "standing": "synthetic"}]
                """
            let early = Date().addingTimeInterval(-35).formatted(Date.ISO8601FormatStyle())
            let made = try await keep(web, #"{"tables": \#(tables), "recorded_by": "\#(early)"}"#)
            #expect(made.status == 201, "\(made.text)")
            #expect((made.json["tables"] as? [Any])?.count == 3)
            let id = try #require(made.json["id"] as? String)
            #expect(try await web.send("GET", "/v1/adoption/snapshots/\(id)", as: .analyst).body == made.body)
            let items = try await web.send("GET", "/v1/adoption/snapshots", as: .analyst).json["items"]
            let listed = (items as? [[String: Any]])?.first?["tables"] as? [[String: Any]]
            #expect(listed?.map { $0["metric"] as? String } == ["adoption-rate", "transactions", "enterprises"])
            for path in ["/adoption/snapshots", "/adoption/snapshots/\(id)"] {
                let page = try await web.send("GET", "\(path)?lang=en", as: .analyst)
                #expect(page.status == 200 && page.text.contains("3 tables"), "\(path)")
            }
        }
    }

    @Test func `a table that is wrong is refused with its place`() async throws {
        try await with { web in
            let rate = #"{"metric": "adoption-rate", "panel": "test-panel"}"#
            let wrong = [
                (#"{"tables": []}"#, "tables"), (#"{"tables": [1]}"#, "tables[0]"),
                (#"{"tables": [{}]}"#, "tables[0].metric"), (#"{"tables": [\#(rate), \#(rate)]}"#, "tables[1]"),
                (#"{"tables": [{"metric": "transactions", "as_of": "2026-01-01"}]}"#, "tables[0].as_of"),
                (#"{"tables": [{"metric": "transactions", "from": "soon"}]}"#, "tables[0].from"),
                (#"{"tables": [{"metric": "transactions", "by": "colour"}]}"#, "tables[0].by"),
                (#"{"tables": [\#(rate)], "metric": "transactions"}"#, "metric"),
                (#"{"metric": "transactions", "from": "2026-02-01", "to": "2026-01-01"}"#, "to"),
            ]
            for (body, field) in wrong {
                let refused = try await keep(web, body)
                #expect(refused.status == 400 && refused.json["field"] as? String == field, "\(body): \(refused.text)")
            }
        }
    }

    @Test func `the analyst keeps the figure of the page and sees that it is computed the same`() async throws {
        try await with { web in
            let page = try await web.send("GET", "/adoption?lang=en", as: .analyst).text
            #expect(page.contains("Keep the figure of this page"))
            let hidden = page.matches(of: /<input type="hidden" name="([a-z_]+)" value="([^"]*)">/)
            let form = hidden.map {
                "\($0.1)=\(String($0.2).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
            }
            let kept = try await web.send(
                "POST", "/adoption/snapshots", as: .analyst,
                headers: ["Content-Type": "application/x-www-form-urlencoded", "Cookie": "lang=en"],
                body: Data(form.joined(separator: "&").utf8))
            #expect(kept.status == 200 && kept.text.contains("Recomputed: the same"), "\(kept.text)")
            let list = try await web.send("GET", "/adoption/snapshots?lang=en", as: .analyst).text
            #expect(list.contains("Adoption rate") && list.contains("/adoption/snapshots/0"), "\(list)")
        }
    }
}
