import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct PriceRoutesTests {
    private let json = ["Content-Type": "application/json"]
    private let form = ["Content-Type": "application/x-www-form-urlencoded"]

    private func ceiling(_ unit: String = "product", _ more: String = "") -> Data {
        Data(
            #"""
            {"unit": "\#(unit)", "ceiling_minor": 1000000, "currency": "CNY", "approval": "Price 7",
             "authority": "\#(Fixtures.administrationCode)", "since": "2026-01-01", "until": "2028-12-31"\#(more)}
            """#.utf8)
    }

    @Test func `an administrator records a ceiling, and everybody reads it`() async throws {
        try await WebFixture.with { web in
            let path = "/v1/products/DP-FLOOD-001/price-ceilings"
            let others = try await web.send("POST", path, as: .operator, headers: json, body: ceiling())
            #expect(others.status == 403)
            let made = try await web.send("POST", path, as: .administrator, headers: json, body: ceiling())
            #expect(made.status == 201, "\(made.text)")
            #expect(made.json["offers_above"] as? [String] == [])
            let wrong = try await web.send(
                "POST", path, as: .administrator, headers: json, body: ceiling("product", #", "prize": 1"#))
            #expect(wrong.status == 400 && wrong.text.contains("prize"))
            let again = try await web.send("POST", path, as: .administrator, headers: json, body: ceiling())
            #expect(again.status == 409, "\(again.text)")
            let read = try await web.send("GET", path)
            #expect((read.json["items"] as? [[String: Any]])?.first?["approval"] as? String == "Price 7")
            let page = try await web.send("GET", "/products/DP-FLOOD-001?lang=en")
            #expect(page.text.contains("Ceilings of guided prices") && page.text.contains("¥10,000.00"))
            let dear = #"""
                {"code": "OF-DEAR", "kind": "one_off", "price_minor": 1000001, "currency": "CNY",
                 "title": {"zh": "贵", "en": "Dear"}, "purposes": ["research"], "term_days": 30}
                """#
            let refused = try await web.send(
                "POST", "/v1/products/DP-FLOOD-001/offers", as: .operator, headers: json, body: Data(dear.utf8))
            #expect(refused.status == 409 && refused.text.contains("price_minor"), "\(refused.text)")
        }
    }

    @Test func `a product's page works out what a use would cost, in both languages`() async throws {
        let offer = #"""
            {"code": "OF-METER", "kind": "combined", "price_minor": 1000, "currency": "CNY", "billing_period": "month",
             "title": {"zh": "按量", "en": "Metered"}, "purposes": ["research"], "term_days": 365, "trial_days": 7,
             "maximum_minor": 2000, "places": 5, "quotas": [{"meter": "download", "quantity": 40, "period": "month"}],
             "usage": [{"meter": "download", "mode": "per_unit", "tiers": [{"above": 0, "unit_price": 33.333}]}]}
            """#
        try await WebFixture.with { web in
            let made = try await web.send(
                "POST", "/v1/products/DP-FLOOD-001/offers", as: .operator, headers: json, body: Data(offer.utf8))
            #expect(made.status == 201, "\(made.text)")
            let page = try await web.send("GET", "/products/DP-FLOOD-001?lang=en")
            for part in ["¥10.00 a month", "¥0.33333", "7 days of trial", "5 of 5 places left", "¥10.60 a month"] {
                #expect(page.text.contains(part), "\(part)")
            }
            let body = "offer=OF-METER&periods=2&meter-download=40"
            for (language, total) in [("en", "Total"), ("zh", "合计")] {
                let quote = try await web.send(
                    "POST", "/products/DP-FLOOD-001/quote?lang=\(language)", headers: form, body: Data(body.utf8))
                // Down to the maximum of 20.00 in each of two periods, and tax of 6 %.
                #expect(quote.status == 200 && quote.text.contains(total), "\(quote.status)")
                #expect(quote.text.contains("−¥3.33") && quote.text.contains("¥40.00"))
            }
            for (typed, status) in [("offer=OF-METER&meter-download=many", 400), ("offer=OF-NONE", 404)] {
                let refused = try await web.send(
                    "POST", "/products/DP-FLOOD-001/quote?lang=en", headers: form, body: Data(typed.utf8))
                #expect(refused.status == status)
            }
        }
    }
}
