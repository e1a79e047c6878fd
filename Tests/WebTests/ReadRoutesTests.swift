import Foundation
import Logging
import Marketplace
import Postgres
import TestSupport
import Testing

@testable import Web

@Suite struct ReadRoutesTests {
    @Test func `a catalogue read has an ETag and answers 304 to who has it`() async throws {
        try await WebFixture.with { web in
            let first = try await web.send("GET", "/v1/products/DP-FLOOD-001")
            let tag = try #require(first.headers["etag"])
            let again = try await web.send("GET", "/v1/products/DP-FLOOD-001", headers: ["If-None-Match": tag])
            #expect(again.status == 304 && again.body.isEmpty)
        }
    }

    @Test func `a listing pages by key to its end without doubles`() async throws {
        try await WebFixture.with { web in
            let many = (1...7).map { #"{"identifier": "\#($0)", "title": "Entry \#($0)"}"# }
            _ = try await web.market.directory.importCatalogue(
                ImportRequest(
                    fileName: "many.data.json", bytes: Array("{\"dataset\": [\(many.joined(separator: ","))]}".utf8)),
                by: web.fixtures.administration, now: Date())
            var codes: [String] = []
            var path: String? = "/v1/directory/entries?q=Entry&limit=3"
            while let current = path {
                let page = try await web.send("GET", current)
                #expect(page.json["total"] as? Int == 7)
                codes += (page.json["items"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
                path = (page.json["next"] as? String).map { "/v1/directory/entries?q=Entry&limit=3&cursor=\($0)" }
            }
            #expect(codes.count == 7 && Set(codes).count == 7)
        }
    }

    @Test func `a cursor of another query is refused`() async throws {
        try await WebFixture.with { web in
            let page = try await web.send("GET", "/v1/directory/entries?limit=1")
            let cursor = page.json["next"] as? String ?? ""
            let other = try await web.send("GET", "/v1/directory/entries?q=bus&limit=1&cursor=\(cursor)")
            #expect(other.status == 400 && other.json["field"] as? String == "cursor")
        }
    }

    @Test func `what does not exist is a problem document with the request's id`() async throws {
        try await WebFixture.with { web in
            for path in ["/v1/products/NONE", "/v1/parties/NONE", "/v1/directory/entries/NONE", "/v1/nothing"] {
                let answer = try await web.send("GET", path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.json["request_id"] as? String == answer.headers["x-request-id"])
            }
        }
    }

    @Test func `the administration imports over HTTP, and a dry run changes nothing`() async throws {
        try await WebFixture.with { web in
            let body = Data(#"{"dataset": [{"identifier": "x", "title": "New one"}]}"#.utf8)
            let path = "/v1/directory/imports?file_name=other.data.json"
            let dry = try await web.send("POST", path + "&dry_run=true", as: .administrator, body: body)
            #expect(dry.status == 200 && dry.json["added"] as? Int == 1)
            let done = try await web.send("POST", path, as: .administrator, body: body)
            #expect(done.status == 201 && done.json["added"] as? Int == 1)
            #expect(try await web.send("POST", path, as: .enterprise, body: body).status == 403)
            let broken = try await web.send("POST", path, as: .administrator, body: Data("{\"dataset\": [".utf8))
            #expect(broken.status == 400)
        }
    }

    @Test func `an import is listed with its state, and its problems are paged in their order`() async throws {
        try await WebFixture.with { web in
            let bad = (1...12).map { #"{"identifier": "\#($0)", "title": " "}"# }.joined(separator: ",")
            let body = Data("{\"dataset\": [\(bad), {\"identifier\": \"x\", \"title\": \"Good\"}]}".utf8)
            let path = "/v1/directory/imports"
            let done = try await web.send("POST", path + "?file_name=bad.data.json", as: .administrator, body: body)
            let id = try #require(done.json["id"] as? String)
            let state = try await web.send("GET", "\(path)/\(id)", as: .administrator)
            #expect(state.json["state"] as? String == "landed" && state.json["rows"] as? Int == 13)
            let list = try await web.send("GET", path + "?source=bad", as: .administrator)
            #expect((list.json["items"] as? [Any])?.count == 1)
            var positions: [Int] = []
            var next: String? = ""
            while let cursor = next {
                let page = try await web.send(
                    "GET", "\(path)/\(id)/problems?limit=5&cursor=\(cursor)", as: .administrator)
                positions += (page.json["items"] as? [[String: Any]] ?? []).compactMap { $0["position"] as? Int }
                next = page.json["next"] as? String
            }
            #expect(positions == positions.sorted() && Set(positions) == Set(1...13))
            #expect(try await web.send("GET", "\(path)/\(id)", as: .enterprise).status == 403)
            let inside = try await web.send("POST", path + "?source=X&url=\(web.base)/x.json", as: .administrator)
            #expect(inside.status == 400 && inside.text.contains("own network"))
        }
    }

    @Test func `metrics are written for Prometheus, with help and type`() async throws {
        try await WebFixture.with { web in
            let answer = try await web.send("GET", "/metrics")
            #expect(answer.status == 200 && answer.headers["content-type"]?.hasPrefix("text/plain") ?? false)
        }
    }

    @Test func `without PostgreSQL requests answer 503 with a problem document and readiness says so`() async throws {
        var configuration = PostgresConfiguration(url: "postgresql:///none?host=/nonexistent")
        configuration.acquireTimeout = .seconds(1)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let database = Database(configuration, logger: logger)
        let market = try Market(database: database)
        try await WebFixture.serve(market) { base in
            let product = try await WebFixture.send("GET", base.absoluteString + "/v1/products/X", headers: [:])
            #expect(product.status == 503 && product.headers["retry-after"] != nil)
            #expect(product.json["code"] as? String == "unavailable")
            let ready = try await WebFixture.send("GET", base.absoluteString + "/health/ready", headers: [:])
            #expect(ready.status == 503)
            let live = try await WebFixture.send("GET", base.absoluteString + "/health/live", headers: [:])
            #expect(live.status == 200)
        }
        await database.close()
    }

    @Test func `a directory entry keeps its ETag, and tells the times only when asked for them`() async throws {
        try await WebFixture.with { web in
            let product = try await web.send("GET", "/v1/products/DP-FLOOD-001")
            let made = product.json["directory_entries"] as? [[String: Any]]
            let path = "/v1/directory/entries/\(made?.first?["code"] as? String ?? "")"
            let first = try await web.send("GET", path)
            let again = try await web.send("GET", path, headers: ["If-None-Match": first.headers["etag"] ?? ""])
            #expect(first.status == 200 && again.status == 304)
            #expect(first.json["as_of"] == nil)
            let asked = try await web.send("GET", path + "?as_of=2999-01-01")
            #expect(asked.json["as_of"] is String)
        }
    }

    @Test func `a product and its chain say on what ground it is made of its entries`() async throws {
        try await WebFixture.with { web in
            for path in ["/v1/products/DP-FLOOD-001", "/v1/products/DP-FLOOD-001/lineage"] {
                let answer = try await web.send("GET", path)
                let entries = answer.json["directory_entries"] as? [[String: Any]] ?? []
                #expect(entries.first?["basis"] as? String == "stated by the operator in the listing of DP-FLOOD-001")
            }
        }
    }

    @Test func `before its first revision a product has no chain, and the answer says so`() async throws {
        try await WebFixture.with { web in
            let answer = try await web.send("GET", "/v1/products/DP-FLOOD-001/lineage?as_of=0001-01-01")
            #expect(answer.status == 404 && answer.text.contains("no revision"))
        }
    }

    @Test func `a figure comes as a table that says what it is`() async throws {
        try await WebFixture.with { web in
            try await Fixtures.panel(
                "small", members: "enterprise_code,reason\n\(Fixtures.bankCode),large\n", in: web.market,
                now: Date() - 10)
            let answer = try await web.send(
                "GET", "/v1/adoption/metrics/adoption-rate?panel=small&by=section", as: .analyst,
                headers: ["Accept": "text/csv"])
            let linked = try await web.send(
                "GET", "/v1/adoption/metrics/adoption-rate?panel=small&by=section&format=csv", as: .analyst)
            #expect(linked.headers["content-type"] == "text/csv; charset=utf-8")
            let odd = try await web.send(
                "GET", "/v1/adoption/metrics/adoption-rate?panel=small&format=xls", as: .analyst)
            #expect(odd.status == 400 && odd.json["field"] as? String == "format")
            let lines = answer.text.split(separator: "\r\n")
            #expect(answer.status == 200 && answer.text.hasPrefix("\u{FEFF}metric,version,panel,n,as_of"))
            #expect(lines.count == 3 && lines[2].contains(",section,J,0,1,"), "\(answer.text)")
        }
    }

    @Test func `two servers on one database make one purchase of one key`() async throws {
        try await WebFixture.with { web in
            try await WebFixture.serve(web.market) { other in
                let body = #"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#
                let headers = [
                    "Authorization": "Bearer \(web.tokens[.enterprise] ?? "")", "Idempotency-Key": "one",
                    "Content-Type": "application/json",
                ]
                let ids = try await withThrowingTaskGroup(of: String?.self) { group in
                    for number in 0..<16 {
                        let base = number % 2 == 0 ? web.base : other
                        group.addTask {
                            let answer = try await WebFixture.send(
                                "POST", base.absoluteString + "/v1/purchases", headers: headers, body: Data(body.utf8))
                            return answer.json["id"] as? String
                        }
                    }
                    return try await group.reduce(into: Set<String>()) { if let id = $1 { $0.insert(id) } }
                }
                #expect(ids.count == 1)
            }
        }
    }
}
