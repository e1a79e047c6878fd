import Foundation
import TestSupport
import Testing

@Suite struct ExportRoutesTests {
    @Test func `the catalogue comes in the syntax that is asked for`() async throws {
        try await WebFixture.with { web in
            for (accept, type) in [
                ("text/turtle", "text/turtle"), ("application/rdf+xml", "application/rdf+xml"),
                ("application/ld+json", "application/ld+json"), ("*/*", "application/ld+json"),
                ("text/turtle;q=0.5, application/rdf+xml", "application/rdf+xml"),
            ] {
                let answer = try await web.send("GET", "/catalog", headers: ["Accept": accept])
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"]?.hasPrefix(type) ?? false, "\(accept)")
                #expect(answer.text.contains("DP-FLOOD-001"))
            }
            let none = try await web.send("GET", "/catalog", headers: ["Accept": "image/png"])
            #expect(none.status == 406)
            let unknown = try await web.send("GET", "/catalog.ttl?source=nobody")
            #expect(unknown.status == 404 && unknown.json["field"] as? String == "source")
        }
    }

    @Test func `an entry and a product are JSON, or RDF for who asks for it`() async throws {
        try await WebFixture.with { web in
            let entries = try await web.send("GET", "/v1/directory/entries?limit=1")
            let code = (entries.json["items"] as? [[String: Any]])?.first?["code"] as? String ?? ""
            for path in ["/v1/directory/entries/\(code)", "/v1/products/DP-FLOOD-001"] {
                let json = try await web.send("GET", path, headers: ["Accept": "text/html, */*;q=0.8"])
                #expect(json.json["code"] is String)
                let turtle = try await web.send("GET", path, headers: ["Accept": "text/turtle"])
                #expect(turtle.text.contains("prov:qualifiedAttribution"))
                let tag = turtle.headers["etag"] ?? ""
                let again = try await web.send(
                    "GET", path, headers: ["Accept": "text/turtle", "If-None-Match": tag])
                #expect(again.status == 304)
            }
        }
    }

    @Test func `a search of packages refuses what it does not understand, and says which parameter`() async throws {
        try await WebFixture.with { web in
            let found = try await web.send("GET", "/api/3/action/package_search?q=flood+complaints")
            #expect((found.json["result"] as? [String: Any])?["count"] as? Int == 1)
            for (query, field) in [
                ("q=title:x", "q"), ("q=a%20OR%20b", "q"), ("fq=groups:x", "fq"), ("sort=title%20asc", "sort"),
                ("rows=1001", "rows"), ("start=-1", "start"), ("facet.field=tags", "facet.field"),
            ] {
                let answer = try await web.send("GET", "/api/3/action/package_search?\(query)")
                let error = answer.json["error"] as? [String: Any]
                #expect(answer.status == 409 && error?["__type"] as? String == "Validation Error", "\(query)")
                #expect(error?[field] is [String], "\(query)")
            }
            // What harvesters of CKAN ask.
            for (query, count) in [
                ("rows=100&start=0&sort=id%20asc", 2), ("fq=metadata_modified:%5B2026-01-01T00:00:00Z%20TO%20*%5D", 2),
                ("fq=metadata_modified:%5B*%20TO%202026-01-01T00:00:00Z%5D", 0), ("fq=-organization:nobody", 2),
                ("fq=organization:(nobody%20OR%20none)", 0), ("fq=organization:nobody%20OR%20organization:none", 0),
            ] {
                let answer = try await web.send("GET", "/api/3/action/package_search?\(query)")
                let result = answer.json["result"] as? [String: Any]
                #expect(result?["count"] as? Int == count, "\(query): \(answer.text)")
            }
            let named = try await web.send("GET", "/api/3/action/organization_list")
            let all = (named.json["result"] as? [String] ?? []).joined(separator: "%20OR%20")
            for (query, count) in [("organization:(\(all))", 2), ("-organization:(\(all))", 0)] {
                let answer = try await web.send("GET", "/api/3/action/package_search?fq=\(query)")
                #expect((answer.json["result"] as? [String: Any])?["count"] as? Int == count, "\(answer.text)")
            }
            let unknown = try await web.send("GET", "/api/3/action/package_create")
            #expect(unknown.status == 404 && unknown.json["success"] as? Bool == false)
        }
    }
}
