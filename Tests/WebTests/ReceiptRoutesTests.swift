import Foundation
import Marketplace
import TestSupport
import Testing

@testable import Web

@Suite struct ReceiptRoutesTests {
    private let good = #"{"offer": "OF-FLOOD-ONCE", "purpose": "research"}"#

    private func bought(_ web: WebFixture) async throws -> String {
        try await web.buy(good).json["id"] as? String ?? ""
    }

    @Test func `buyer and seller get a receipt that verifies with the keys that anyone gets`() async throws {
        try await WebFixture.with { web in
            let id = try await bought(web)
            let receipt = try await web.send("GET", "/v1/purchases/\(id)/receipt", as: .enterprise)
            #expect(receipt.status == 200)
            let keys = try await web.send("GET", "/v1/keys")
            let agreement = try await web.send("GET", "/v1/purchases/\(id)/agreement", as: .operator)
            let check = ReceiptCheck(Array(receipt.body), keys: Array(keys.body), agreement: Array(agreement.body))
            #expect(check.problems == [])
            let same = try await web.send("GET", "/v1/receipts/0", as: .operator)
            #expect(same.body == receipt.body)
        }
    }

    @Test func `what belongs to others is not found, and nobody reads without a token`() async throws {
        try await WebFixture.with { web in
            let id = try await bought(web)
            let stranger = try await web.market.accounts.createToken(
                party: Fixtures.insurerCode, role: .enterprise, days: 1, now: Date()
            ).token
            for path in [
                "purchases/\(id)/receipt", "purchases/\(id)/receipts", "purchases/\(id)/agreement", "receipts/0",
            ] {
                let url = "\(web.base.absoluteString)/v1/\(path)"
                let answer = try await WebFixture.send("GET", url, headers: ["Authorization": "Bearer \(stranger)"])
                #expect(answer.status == 404, "\(path)")
                #expect(try await web.send("GET", "/v1/\(path)").status == 401, "\(path)")
                #expect(try await web.send("GET", "/v1/\(path)", as: .analyst).status == 403, "\(path)")
            }
            for name in ["7", "-1", "x", UUID().uuidString, "99999999999999999999"] {
                #expect(try await web.send("GET", "/v1/receipts/\(name)", as: .enterprise).status == 404, "\(name)")
            }
        }
    }

    @Test func `heads and proofs are for anyone, and wrong questions are told what is wrong`() async throws {
        try await WebFixture.with { web in
            #expect(try await web.send("GET", "/v1/log/heads/latest").status == 404)
            let id = try await bought(web)
            _ = try await web.send("GET", "/v1/purchases/\(id)/receipt", as: .enterprise)
            let head = try await web.send("GET", "/v1/log/heads/latest")
            #expect(head.status == 200 && head.json["size"] as? Int == 1)
            #expect(try await web.send("GET", "/v1/log/heads/1").body == head.body)
            let known = ["If-None-Match": head.headers["etag"] ?? ""]
            #expect(try await web.send("GET", "/v1/log/heads/latest", headers: known).status == 304)
            #expect(try await web.send("GET", "/v1/log/proofs/inclusion?position=0&size=1").json["path"] is [Any])
            #expect(try await web.send("GET", "/v1/log/proofs/consistency?from=1&to=1").json["path"] is [Any])
            let wrong = [
                ("inclusion?position=0", 400, "size"), ("inclusion?position=0&size=0", 400, "size"),
                ("inclusion?position=1&size=1", 400, "position"), ("inclusion?position=0&size=2", 422, "size"),
                ("inclusion?position=x&size=1", 400, "position"), ("consistency?from=2&to=1", 400, "from"),
                ("consistency?from=1&to=9", 422, "to"), ("consistency?from=-1&to=1", 400, "from"),
            ]
            for (query, status, field) in wrong {
                let answer = try await web.send("GET", "/v1/log/proofs/\(query)")
                #expect(answer.status == status && answer.json["field"] as? String == field, "\(query): \(answer.text)")
            }
            for size in ["0", "2", "x", "99999999999999999999"] {
                #expect(try await web.send("GET", "/v1/log/heads/\(size)").status == 404, "\(size)")
            }
        }
    }

    @Test func `the portal shows the receipt in both languages`() async throws {
        try await WebFixture.with { web in
            let id = try await bought(web)
            for (language, words) in [
                ("zh", ["凭证", "销售方", "责任链", "签名 SM2-SM3"]), ("en", ["Receipt", "Seller", "Proof"]),
            ] {
                let page = try await web.send("GET", "/purchases/\(id)/receipt?lang=\(language)", as: .enterprise)
                #expect(page.status == 200)
                for word in words { #expect(page.text.contains(word), "\(word)") }
            }
            #expect(try await web.send("GET", "/receipts/0?lang=en", as: .operator).text.contains("Leaf of the log"))
            let purchase = try await web.send("GET", "/purchases/\(id)?lang=en", as: .enterprise)
            #expect(purchase.text.contains("/purchases/\(id)/receipt"))
        }
    }
}
