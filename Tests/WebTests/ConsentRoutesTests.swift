import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct ConsentRoutesTests {
    private let json = ["Content-Type": "application/json"]

    @Test func `the administration withdraws a consent with a reason, once, and the product is no longer sold`()
        async throws
    {
        try await WebFixture.with { web in
            try await state(#"{"receivedFrom": "\#(Fixtures.carrierCode)"}"#, of: "Flood complaints", in: web.database)
            let product = try await web.send("GET", "/v1/products/DP-FLOOD-001")
            let entry = (product.json["directory_entries"] as? [[String: Any]])?.first?["code"] as? String ?? ""
            let wanted = #"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#
            let early = try await web.buy(wanted, key: "early")
            #expect(early.status == 409 && early.text.contains("no consent of the provider"), "\(early.text)")
            let asked = try await web.send(
                "POST", "/v1/consents", as: .operator, headers: json, body: Data(#"{"entry": "\#(entry)"}"#.utf8))
            let path = "/v1/consents/\(asked.json["id"] as? String ?? "")"
            let reason = Data(#"{"reason": "the purpose changed"}"#.utf8)
            let ungiven = try await web.send(
                "POST", "\(path)/withdrawal", as: .administrator, headers: json, body: reason)
            #expect(ungiven.status == 409)
            let answer =
                Data(
                    #"{"answer": "given", "since": "2025-01-01", "until": "2999-12-31", "document": "Letter 7", "#.utf8)
                + Data(#""document_sha256": "\#(String(repeating: "ab", count: 32))"}"#.utf8)
            let given = try await web.send(
                "POST", "\(path)/answer", as: .administrator, headers: json, body: answer)
            #expect(given.status == 200, "\(given.text)")
            #expect(try await web.buy(wanted, key: "given").status == 201)

            for (role, body, status) in [
                (.operator, reason, 403), (.administrator, Data("{}".utf8), 400), (.administrator, reason, 200),
                (.administrator, reason, 409),
            ] as [(Role, Data, Int)] {
                let sent = try await web.send("POST", "\(path)/withdrawal", as: role, headers: json, body: body)
                #expect(sent.status == status, "\(sent.text)")
            }
            let late = try await web.buy(wanted, key: "late")
            #expect(late.status == 409 && late.text.contains("withdrew its consent"), "\(late.text)")
            let unknown = try await web.send(
                "POST", "/v1/consents/\(UUID())/withdrawal", as: .administrator, headers: json, body: reason)
            #expect(unknown.status == 404)
        }
    }
}
