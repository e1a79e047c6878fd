import Foundation
import Marketplace
import TestSupport
import Testing

@testable import Web

@Suite struct EntitlementCheckRoutesTests {
    private let good = #"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#

    private func check(_ uses: String, in web: WebFixture) async throws -> WebFixture.Answer {
        try await web.send(
            "POST", "/v1/entitlements/checks", as: .enterprise, headers: ["Content-Type": "application/json"],
            body: Data(#"{"uses": [\#(uses)]}"#.utf8))
    }

    @Test func `many uses are checked at once, each as it is one by one and in their order`() async throws {
        try await WebFixture.with { web in
            let bought = try await web.buy(good)
            let id = (bought.json["entitlement"] as? [String: Any])?["id"] as? String ?? ""
            let answer = try await check(
                """
                {"entitlement": "\(id)", "meter": "download"}, {"entitlement": "\(id)", "purpose": "resale"},
                {"entitlement": "\(UUID().uuidString)"}, {"entitlement": "\(id)", "meter": null}
                """, in: web)
            let items = answer.json["items"] as? [[String: Any]] ?? []
            #expect(items.map { $0["refused_for"] as? [String] } == [[], ["purpose"], ["unknown"], []])
            #expect(items.map { $0["allowed"] as? Bool } == [true, false, false, true])
            let alone = try await web.send("GET", "/v1/entitlements/\(id)?meter=download", as: .enterprise)
            #expect(NSDictionary(dictionary: alone.json) == NSDictionary(dictionary: items.first ?? [:]))
        }
    }

    @Test func `as many uses as may be asked about fit, as long as their members may be`() async throws {
        try await WebFixture.with { web in
            let use =
                #"{"entitlement": "\#(UUID().uuidString)", "meter": "\#(String(repeating: "m", count: 40))", "#
                + #""quantity": "999999999999999999.999999999", "purpose": "\#(String(repeating: "用", count: 200))"}"#
            let answer = try await check(Array(repeating: use, count: 500).joined(separator: ","), in: web)
            #expect(answer.status == 200 && (answer.json["items"] as? [Any])?.count == 500)
        }
    }

    @Test func `who sells or administers checks one by one`() async throws {
        try await WebFixture.with { web in
            for role in [Role.operator, .administrator] {
                let answer = try await web.send(
                    "POST", "/v1/entitlements/checks", as: role, headers: ["Content-Type": "application/json"],
                    body: Data(#"{"uses": [{"entitlement": "\#(UUID().uuidString)"}]}"#.utf8))
                #expect(answer.status == 403)
            }
        }
    }

    @Test func `another's entitlement is unknown to who checks`() async throws {
        try await WebFixture.with { web in
            let bought = try await web.market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: web.fixtures.insurer,
                key: IdempotencyKey("x"), body: [], now: Date())
            let id = (try fields(bought.purchase)["entitlement"] as? [String: Any])?["id"] as? String ?? ""
            let answer = try await check(#"{"entitlement": "\#(id)"}"#, in: web)
            let items = answer.json["items"] as? [[String: Any]] ?? []
            #expect(items.map { $0["refused_for"] as? [String] } == [["unknown"]])
        }
    }

    @Test func `a refusal names the use and the member`() async throws {
        try await WebFixture.with { web in
            let id = UUID().uuidString
            for (uses, field) in [
                ("", "uses"), ("1", "uses[0]"),
                (#"{"entitlement": "\#(id)"}, {"meter": "download"}"#, "uses[1].entitlement"),
                (#"{"entitlement": "x"}"#, "uses[0].entitlement"),
                (#"{"entitlement": "\#(id)", "quantity": "2"}"#, "uses[0].meter"),
                (#"{"entitlement": "\#(id)", "meter": "download", "quantity": "NaN"}"#, "uses[0].quantity"),
                (#"{"entitlement": "\#(id)", "more": 1}"#, "uses[0].more"),
                (#"{"entitlement": "\#(id)", "meter": null, "meter": "download"}"#, "uses[0].meter"),
            ] {
                let answer = try await check(uses, in: web)
                #expect(answer.status == 400, "\(uses): \(answer.text)")
                #expect(answer.json["field"] as? String == field, "\(uses): \(answer.text)")
            }
            let many = Array(repeating: #"{"entitlement": "\#(id)"}"#, count: 501).joined(separator: ",")
            #expect(try await check(many, in: web).status == 400)
        }
    }
}
