import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct QuoteRoutesTests {
    private let json = ["Content-Type": "application/json"]

    private func makeOffer(_ web: WebFixture, reservedFor enterprise: String? = nil) async throws {
        let reserved = enterprise.map { #", "reserved_for": "\#($0)""# } ?? ""
        let offer = #"""
            {"code": "OF-METER", "kind": "combined", "price_minor": 1000, "currency": "CNY", "billing_period": "month",
             "title": {"zh": "按量", "en": "Metered"}, "purposes": ["research"], "term_days": 365, "trial_days": 7,
             "usage": [{"meter": "download", "mode": "per_unit", "tiers": [{"above": 0, "unit_price": 33.333}]}]\#(reserved)}
            """#
        let made = try await web.send(
            "POST", "/v1/products/DP-FLOOD-001/offers", as: .operator, headers: json, body: Data(offer.utf8))
        #expect(made.status == 201, "\(made.text)")
    }

    private func quote(_ web: WebFixture, _ body: String, offer: String = "OF-METER", as role: Role? = nil) async throws
        -> WebFixture.Answer
    {
        try await web.send("POST", "/v1/offers/\(offer)/quote", as: role, headers: json, body: Data(body.utf8))
    }

    @Test func `anyone is told line by line what a use would cost, and nothing is recorded`() async throws {
        try await WebFixture.with { web in
            try await makeOffer(web)
            let answer = try await quote(
                web, #"{"periods": 3, "usage": {"download": 10}, "trial": {"download": 2}}"#)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(
                answer.json["net_minor"] as? Int == 3 * (1000 + 333)
                    && answer.json["vat_minor"] as? Int == 3 * (60 + 20))
            let periods = answer.json["periods"] as? [[String: Any]] ?? []
            #expect(periods.map { $0["trial"] as? Bool } == [true, false, false, false])
            #expect(periods.first?["net_minor"] as? Int == 0)
            let listed = try await quote(web, #"{"usage": [{"download": 1}, {}, {"call": 5}]}"#)
            let nets = (listed.json["periods"] as? [[String: Any]])?.map { $0["net_minor"] as? Int }
            #expect(nets == [1033, 1000, 1000] && listed.json["unpriced"] as? [String] == ["call"], "\(listed.text)")
            #expect(try await quote(web, "{}").json["net_minor"] as? Int == 1000)
        }
    }

    @Test func `a use that cannot be is refused by name`() async throws {
        let refusals = [
            (#"{"usage": {"smile": 1}}"#, "usage.smile"), (#"{"usage": {"download": -1}}"#, "usage.download"),
            (#"{"usage": {"download": 1000000000000000}}"#, "usage.download"),
            (#"{"usage": {"download": 1e400}}"#, nil), (#"{"usage": {"download": NaN}}"#, "body"),
            (#"{"usage": {"download": "NaN"}}"#, nil),
            (#"{"usage": [{"download": 1}, {"smile": 1}]}"#, "usage[1].smile"),
            (#"{"periods": 0}"#, "periods"), (#"{"periods": 121}"#, "periods"),
            (#"{"periods": 2, "usage": [{}]}"#, "usage"), (#"{"use": {}}"#, "use"),
        ]
        try await WebFixture.with { web in
            try await makeOffer(web)
            for (body, field) in refusals {
                let answer = try await quote(web, body)
                #expect(answer.status == 400, "\(body): \(answer.text)")
                if let field { #expect(answer.json["field"] as? String == field, "\(body): \(answer.text)") }
            }
            let once = try await quote(web, #"{"periods": 2}"#, offer: "OF-FLOOD-ONCE")
            #expect(once.status == 400 && once.json["field"] as? String == "periods", "\(once.text)")
            let trial = try await quote(web, #"{"trial": {}}"#, offer: "OF-FLOOD-ONCE")
            #expect(trial.status == 400 && trial.json["field"] as? String == "trial", "\(trial.text)")
            #expect(try await quote(web, "{}", offer: "OF-NEVER").status == 404)
        }
    }

    @Test func `an offer reserved for one enterprise is quoted to it alone`() async throws {
        try await WebFixture.with { web in
            try await makeOffer(web, reservedFor: Fixtures.bankCode)
            #expect(try await quote(web, "{}").status == 404)
            #expect(try await quote(web, "{}", as: .enterprise).status == 200)
        }
    }
}
