import Foundation
import Marketplace
import TestSupport
import Testing

/// An officer corrects a succession in the portal.
@Suite struct SuccessionPagesTests {
    private let digest = String(repeating: "ab", count: 32)

    private func send(
        _ path: String, _ body: String, as role: Role = .administrator, type: String, in web: WebFixture,
        language: String = "en"
    ) async throws -> WebFixture.Answer {
        try await web.send(
            "POST", path, as: role, headers: ["Content-Type": type, "Accept-Language": language],
            body: Data(body.utf8))
    }

    private func correct(
        _ page: String, _ body: String, as role: Role = .administrator, in web: WebFixture, language: String = "en"
    ) async throws -> WebFixture.Answer {
        try await send(
            "\(page)/corrections", body, as: role, type: "application/x-www-form-urlencoded", in: web,
            language: language)
    }

    /// A market in which the bureau that published "Flood complaints" was merged into the bank, by mistake.
    /// - Parameter work: is given the bureau's code and the page of the succession.
    private func with(_ work: @Sendable @escaping (WebFixture, String, String) async throws -> Void) async throws {
        try await WebFixture.with { web in
            let found = try await web.send("GET", "/v1/directory/entries?q=Flood")
            let entry = (found.json["items"] as? [[String: Any]])?.first?["code"] as? String ?? ""
            let chain = try await web.send("GET", "/v1/directory/entries/\(entry)/responsibility")
            let source = (chain.json["links"] as? [[String: Any]])?.first?["party"] as? [String: Any]
            let bureau = source?["code"] as? String ?? ""
            let merger = """
                {"kind": "merged", "effective_on": "2020-01-01", "basis": "Notice 7", "basis_sha256": "\(digest)",
                 "successors": [{"party": "\(Fixtures.bankCode)"}]}
                """
            let wrong = try await send(
                "/v1/parties/\(bureau)/successions", merger, type: "application/json", in: web)
            let id = (wrong.json["items"] as? [[String: Any]])?.first?["id"] as? String ?? ""
            try await work(web, bureau, "/parties/\(bureau)/successions/\(id)")
        }
    }

    private func form(_ kind: String, _ successors: String, reason: String = "Misread") -> String {
        "kind=\(kind)&effective_on=2020-01-01&basis=Notice+7&basis_sha256=\(digest)&reason=\(reason)"
            + "&successors=\(successors.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
    }

    private func successors(of bureau: String, in web: WebFixture) async throws -> [[String: Any]] {
        let known = try await web.send("GET", "/v1/parties/\(bureau)/successions")
        return (known.json["items"] as? [[String: Any]])?.first?["successors"] as? [[String: Any]] ?? []
    }

    @Test func `the form holds what is recorded, and what is sent stands in its place`() async throws {
        try await with { web, bureau, page in
            let party = try await web.send("GET", "/parties/\(bureau)?lang=en", as: .administrator)
            #expect(party.text.contains(page) && party.text.contains("Is it wrong?"), "\(party.text)")
            let shown = try await web.send("GET", "\(page)?lang=en", as: .administrator)
            #expect(shown.text.contains("Notice 7") && shown.text.contains(">\(Fixtures.bankCode)</textarea>"))

            let lines = """
                \(Fixtures.carrierCode)；publisher，contact

                \(Fixtures.insurerCode)
                """
            let sent = try await correct(page, form("split", lines), in: web)
            #expect(sent.status == 200 && sent.text.contains("Misread"), "\(sent.text)")
            let now = try await successors(of: bureau, in: web)
            let roles = Dictionary(
                uniqueKeysWithValues: now.map {
                    (($0["party"] as? [String: Any])?["code"] as? String, $0["roles"] as? [String] ?? [])
                })
            #expect(roles == [Fixtures.carrierCode: ["publisher", "contact"], Fixtures.insurerCode: []])

            let old = try await web.send("GET", "\(page)?lang=en", as: .administrator)
            #expect(old.text.contains("Reason of the correction") && !old.text.contains("<textarea"))
            #expect(try await correct(page, form("split", lines), in: web).status == 409)
        }
    }

    @Test func `a succession that never was needs a reason only`() async throws {
        try await with { web, bureau, page in
            let sent = try await correct(page, "kind=none&reason=Another+bureau&basis_sha256=x", in: web)
            #expect(sent.status == 200 && sent.text.contains("Another bureau"), "\(sent.text)")
            #expect(try await successors(of: bureau, in: web).isEmpty)
        }
    }

    @Test(arguments: [
        ("merged", "", "Misread", "successors", 400, "此栏未填。", "This field is empty."),
        ("merged", "; publisher", "Misread", "successors", 422, "没有此代码的主体", "No party has the code"),
        ("merged", "NOBODY", "Misread", "successors", 422, "没有此代码的主体", "No party has the code NOBODY"),
        ("split", "\(Fixtures.carrierCode); king", "Misread", "successors", 400, "king", "king"),
        ("eaten", Fixtures.carrierCode, "Misread", "kind", 400, "请选择更名", "This is not renamed"),
        ("merged", Fixtures.carrierCode, "", "reason", 400, "此栏未填。", "This field is empty."),
    ])
    func `a refused correction comes back with its reason beside the field`(
        kind: String, successors lines: String, reason: String, field: String, status: Int, chinese: String,
        english: String
    ) async throws {
        try await with { web, bureau, page in
            for (language, word) in [("zh", chinese), ("en", english)] {
                let sent = try await correct(page, form(kind, lines, reason: reason), in: web, language: language)
                #expect(sent.status == status, "\(sent.text)")
                let place = try #require(sent.text.range(of: "id=\"\(field)-problem\">"), "\(sent.text)")
                #expect(sent.text[place.upperBound...].prefix(300).contains(word), "\(sent.text)")
            }
            #expect(try await successors(of: bureau, in: web).count == 1)
        }
    }

    @Test func `only officers correct, and only what there is`() async throws {
        try await with { web, bureau, page in
            let read = try await web.send("GET", "\(page)?lang=en")
            #expect(read.status == 200 && read.text.contains("Notice 7") && !read.text.contains("<textarea"))
            #expect(try await correct(page, "kind=none&reason=x", as: .operator, in: web).status == 403)
            #expect(try await web.send("GET", "/parties/\(bureau)/successions/\(UUID())").status == 404)
            #expect(try await web.send("GET", "/parties/\(bureau)/successions/none").status == 404)
        }
    }
}
