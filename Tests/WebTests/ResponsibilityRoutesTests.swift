import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct ResponsibilityRoutesTests {
    private let digest = String(repeating: "ab", count: 32)

    private func post(_ web: WebFixture, _ path: String, _ body: String, as role: Role = .administrator) async throws
        -> WebFixture.Answer
    {
        try await web.send(
            "POST", path, as: role, headers: ["Content-Type": "application/json"], body: Data(body.utf8))
    }

    private func entry(_ web: WebFixture) async throws -> String {
        let page = try await web.send("GET", "/v1/directory/entries?q=Flood")
        return (page.json["items"] as? [[String: Any]])?.first?["code"] as? String ?? ""
    }

    @Test func `a counted use leads to the chain of its purchase`() async throws {
        try await WebFixture.with { web in
            let bought = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#)
            let entitlement = (bought.json["entitlement"] as? [String: Any])?["id"] as? String ?? ""
            _ = try await web.send("GET", "/v1/entitlements/\(entitlement)/content", as: .enterprise)
            let usage = try await web.send("GET", "/v1/entitlements/\(entitlement)/usage", as: .enterprise)
            let event = (usage.json["items"] as? [[String: Any]])?.first?["id"] as? String ?? ""
            let chain = try await web.send("GET", "/v1/usage/\(event)/responsibility", as: .enterprise)
            #expect(chain.status == 200)
            #expect(chain.json["purchase"] as? String == bought.json["id"] as? String)
            #expect((chain.json["usage"] as? [String: Any])?["id"] as? String == event)
            for unknown in [UUID().uuidString, "nothing"] {
                let answer = try await web.send("GET", "/v1/usage/\(unknown)/responsibility", as: .enterprise)
                #expect(answer.status == 404)
            }
        }
    }

    @Test func `a chain is PROV-O in JSON-LD when asked for`() async throws {
        try await WebFixture.with { web in
            let answer = try await web.send(
                "GET", "/v1/products/DP-FLOOD-001/lineage", headers: ["Accept": "application/ld+json"])
            #expect(answer.headers["content-type"] == "application/ld+json")
            let graph = answer.json["@graph"] as? [[String: Any]] ?? []
            let product = graph.first { $0["@id"] as? String == "urn:datamarket:product:DP-FLOOD-001:1" }
            let sources = product?["prov:wasDerivedFrom"] as? [[String: String]] ?? []
            #expect(sources.count == 1)
            #expect(graph.contains { $0["@id"] as? String == sources.first?["@id"] })
            let attributions = product?["prov:qualifiedAttribution"] as? [[String: Any]] ?? []
            #expect(attributions.count == 3)
            for attribution in attributions {
                let agent = (attribution["prov:agent"] as? [String: String])?["@id"]
                #expect(graph.contains { $0["@id"] as? String == agent })
            }
        }
    }

    @Test func `a merger is recorded once, and shows in both directions`() async throws {
        try await WebFixture.with { web in
            let code = try await entry(web)
            let before = try await web.send("GET", "/v1/directory/entries/\(code)/responsibility")
            let source = (before.json["links"] as? [[String: Any]])?.first?["party"] as? [String: Any]
            let bureau = source?["code"] as? String ?? ""
            let body = """
                {"kind": "merged", "effective_on": "2020-01-01", "basis": "Notice 7", "basis_sha256": "\(digest)",
                 "successors": [{"party": "\(Fixtures.administrationCode)"}]}
                """
            let path = "/v1/parties/\(bureau)/successions"
            #expect(try await post(web, path, body, as: .operator).status == 403)
            #expect(try await post(web, path, body).status == 201)
            #expect(try await post(web, path, body).status == 200)
            let other = body.replacingOccurrences(of: "2020-01-01", with: "2020-01-02")
            #expect(try await post(web, path, other).status == 409)
            let listed = try await web.send("GET", "/v1/parties/\(Fixtures.administrationCode)/responsibilities")
            let roles = (listed.json["items"] as? [[String: Any]] ?? []).compactMap { $0["role"] as? String }
            #expect(roles.sorted() == ["provider", "publisher", "publisher"])
            let known = try await web.send("GET", "/v1/parties/\(Fixtures.administrationCode)/successions")
            #expect((known.json["items"] as? [Any])?.count == 1)
        }
    }

    @Test func `a merger recorded wrongly is corrected once, with a reason, by who recorded it`() async throws {
        try await WebFixture.with { web in
            let code = try await entry(web)
            let before = try await web.send("GET", "/v1/directory/entries/\(code)/responsibility")
            let source = (before.json["links"] as? [[String: Any]])?.first?["party"] as? [String: Any]
            let bureau = source?["code"] as? String ?? ""
            let merger = """
                {"kind": "merged", "effective_on": "2020-01-01", "basis": "Notice 7", "basis_sha256": "\(digest)",
                 "successors": [{"party": "\(Fixtures.bankCode)"}]}
                """
            let path = "/v1/parties/\(bureau)/successions"
            let wrong = try await post(web, path, merger)
            let id = (wrong.json["items"] as? [[String: Any]])?.first?["id"] as? String ?? ""
            let right = merger.replacingOccurrences(of: Fixtures.bankCode, with: Fixtures.carrierCode)
                .replacingOccurrences(of: "{\"kind\"", with: "{\"reason\": \"misread\", \"kind\"")
            for (part, body, role, status) in [
                (id, right, .operator, 403), (id, "{}", .administrator, 400),
                (id, #"{"reason": "misread", "kind": "merged"}"#, .administrator, 400),
                (UUID().uuidString, right, .administrator, 404), ("nothing", right, .administrator, 404),
                (id, right, .administrator, 201), (id, right, .administrator, 409),
            ] as [(String, String, Role, Int)] {
                let answer = try await post(web, "\(path)/\(part)/corrections", body, as: role)
                #expect(answer.status == status, "\(part) \(body): \(answer.text)")
            }
            let listed = try await web.send("GET", "/v1/parties/\(Fixtures.carrierCode)/responsibilities")
            let roles = (listed.json["items"] as? [[String: Any]] ?? []).compactMap { $0["role"] as? String }
            #expect(roles == ["provider"])
        }
    }

    @Test func `bad statements are refused with the member they are about`() async throws {
        let basis = #""basis": "N", "basis_sha256": "\#(digest)""#
        let cases: [(String, String, Int, String)] = [
            (
                "successions", #"{"kind": "eaten", "effective_on": "2020-01-01", \#(basis), "successors": []}"#, 400,
                "kind"
            ),
            (
                "successions", #"{"kind": "merged", "effective_on": "1", \#(basis), "successors": [{"party": "X"}]}"#,
                400,
                "effective_on"
            ),
            (
                "successions", #"{"kind": "merged", "effective_on": "2020-01-01", \#(basis), "successors": {}}"#, 400,
                "successors"
            ),
            (
                "successions",
                #"{"kind": "merged", "effective_on": "2020-01-01", \#(basis), "successors": [{"party": "X"}]}"#,
                422, "successors"
            ),
            (
                "successions",
                #"{"kind": "split", "effective_on": "2020-01-01", \#(basis), "successors": [{"party": "X", "roles": ["king"]}]}"#,
                400, "successors[0].roles"
            ),
            (
                "successions",
                #"{"kind": "merged", "effective_on": "2999-01-01", \#(basis), "successors": [{"party": "\#(Fixtures.bankCode)"}]}"#,
                422, "effective_on"
            ),
            (
                "names", #"{"name_zh": "新", "since": "2020-01-01", "basis": "N", "basis_sha256": "zz"}"#, 400,
                "basis_sha256"
            ),
            ("names", #"{"name_zh": "新", "since": "2999-01-01", \#(basis)}"#, 400, "since"),
            (
                "responsibilities", #"{"role": "king", "subject": "DP-FLOOD-001", "since": "2020-01-01", \#(basis)}"#,
                400, "role"
            ),
            (
                "responsibilities", #"{"role": "security", "subject": "NONE", "since": "2020-01-01", \#(basis)}"#, 422,
                "subject"
            ),
        ]
        try await WebFixture.with { web in
            for (path, body, status, field) in cases {
                let answer = try await post(web, "/v1/parties/\(Fixtures.sellerCode)/\(path)", body)
                #expect(answer.status == status, "\(body): \(answer.text)")
                #expect(answer.json["field"] as? String == field, "\(body): \(answer.text)")
            }
        }
    }
}
