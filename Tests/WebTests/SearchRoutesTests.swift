import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct SearchRoutesTests {
    /// A market whose search is up to date.
    private func with(_ work: @Sendable @escaping (WebFixture) async throws -> Void) async throws {
        try await WebFixture.with { web in
            try await web.market.searchIndex.refresh(now: { Date() })
            try await work(web)
        }
    }

    @Test func `a search answers products and entries with facets, several values each`() async throws {
        try await with { (web) async throws in
            let found = try await web.send("GET", "/v1/search?q=flood&kind=entry&kind=product")
            #expect(found.status == 200)
            #expect(found.json["total"] as? Int == 2)
            let kinds = (found.json["items"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
            #expect(Set(kinds) == ["entry", "product"])
        }
    }

    @Test(arguments: ["q=\(String(repeating: "a", count: 101))", "kidn=entry", "limit=0", "cursor=x", "kind=%00"])
    func `what cannot be asked is refused`(query: String) async throws {
        try await with { (web) async throws in
            #expect(try await web.send("GET", "/v1/search?\(query)").status == 400)
        }
    }

    @Test func `only the administration states synonyms, and they act at once`() async throws {
        try await with { (web) async throws in
            let body = Data(#"{"synonyms": ["flood"]}"#.utf8)
            let type = ["Content-Type": "application/json"]
            let path = "/v1/search/synonyms/inundation"
            #expect(try await web.send("PUT", path, as: .enterprise, headers: type, body: body).status == 403)
            #expect(try await web.send("PUT", path, as: .administrator, headers: type, body: body).status == 204)
            #expect(try await web.send("GET", "/v1/search?q=inundation").json["total"] as? Int == 2)
            let listed = try await web.send("GET", "/v1/search/synonyms")
            #expect((listed.json["items"] as? [[String: Any]])?.first?["word"] as? String == "inundation")
            #expect(try await web.send("DELETE", path, as: .administrator).status == 204)
            #expect(try await web.send("DELETE", path, as: .administrator).status == 404)
        }
    }

    @Test func `the page of a search marks the words and links each facet`() async throws {
        try await with { (web) async throws in
            let page = try await web.send("GET", "/search?q=flood", headers: ["Accept-Language": "en"])
            #expect(page.status == 200)
            #expect(page.text.contains("<mark>Flood</mark> complaints"))
            #expect(page.text.contains("/search?q=flood&amp;kind=product"))
            let none = try await web.send("GET", "/search?q=zzzz", headers: ["Accept-Language": "en"])
            #expect(none.text.contains("Nothing found"))
        }
    }

    @Test func `an officer edits synonyms in the portal, and a refused form keeps what was typed`() async throws {
        try await with { (web) async throws in
            let type = ["Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "en"]
            let path = "/administration/synonyms"
            let refused = try await web.send(
                "POST", path, as: .administrator, headers: type, body: Data("word=bus&synonyms=".utf8))
            #expect(refused.status == 400)
            #expect(refused.text.contains("value=\"bus\""))
            let stated = try await web.send(
                "POST", path, as: .administrator, headers: type, body: Data("word=bus&synonyms=coach%0Aomnibus".utf8))
            #expect(stated.text.contains("coach, omnibus"))
            #expect(try await web.send("GET", "/v1/search?q=omnibus").json["total"] as? Int == 1)
        }
    }
}
