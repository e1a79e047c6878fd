import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct DisclosureRoutesTests {
    private let path = "/v1/adoption/disclosures/authorised-operation"

    @Test func `an analyst reads who authorised whom, for how long, and what is made of which entries`() async throws {
        try await WebFixture.with { web async throws in
            let year = Calendar(identifier: .gregorian).component(.year, from: Date())
            let page = try await web.send("GET", "\(path)?year=\(year)", as: .analyst)
            let items = page.json["items"] as? [[String: Any]] ?? []
            #expect(page.status == 200 && items.count == 1, "\(page.text)")
            let row = items.first ?? [:]
            #expect(row["institution"] as? String == Fixtures.administrationCode)
            #expect(row["operator"] as? String == Fixtures.sellerCode && row["product"] as? String == "DP-FLOOD-001")
            #expect((row["entries"] as? [String])?.count == 1 && row["listed"] as? Bool == true)
            let table = try await web.send("GET", "\(path)?year=\(year)&format=csv", as: .analyst).text
            #expect(table.contains("\(Fixtures.sellerCode)") && table.contains("DP-FLOOD-001"))
            let before = try await web.send("GET", "\(path)?year=2001", as: .analyst).json["items"] as? [[String: Any]]
            #expect(before?.isEmpty == true)
        }
    }

    @Test(arguments: [("", "year"), ("?year=soon", "year"), ("?year=1999", "year"), ("?year=2026&limit=0", "limit")])
    func `what it cannot be asked for is refused by its name`(query: String, field: String) async throws {
        try await WebFixture.with { web async throws in
            let answer = try await web.send("GET", path + query, as: .analyst)
            #expect(answer.status == 400 && answer.json["field"] as? String == field, "\(answer.text)")
            #expect(try await web.send("GET", "\(path)?year=2026", as: .operator).status == 403)
        }
    }
}
