import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct ScenarioFigureTests {
    private func day(_ number: Int) -> Date { AdoptionFixture.day(number) }

    /// Day 0 is 29 May 2026.
    private static func scenario(_ code: String, domain: String, on day: String?, products: [String]) throws
        -> ScenarioDocument
    {
        try ScenarioDocument(
            yaml: """
                code: \(code)
                batch: 1
                title: {zh: 场景, en: A scenario}
                domain: \(domain)
                \(day.map { "published_on: \"\($0)\"" } ?? "status: running")
                source: {confidence: official, note: made for a test}
                products: [\(products.joined(separator: ", "))]
                """)
    }

    /// One scenario of two products, one of the first of them in another domain, and one without a product and a day.
    private func with(_ work: (AdoptionFixture) async throws -> Void) async throws {
        try await AdoptionFixture.with { market async throws in
            try await market.list("DP-REPORT", kind: "report", at: day(1))
            for (code, domain, on, products) in [
                ("SC-2026-001", "livelihood", "2026-06-05", ["DP-FLOOD-001", "DP-REPORT"]),
                ("SC-2026-002", "social_governance", "2026-06-10", ["DP-FLOOD-001"]),
                ("SC-2026-003", "livelihood", nil, []),
            ] {
                _ = try await market.market.scenarios.publish(
                    Self.scenario(code, domain: domain, on: on, products: products), by: market.fixtures.administration,
                    now: day(2))
            }
            try await work(market)
        }
    }

    @Test func `a scenario is published from its day on, and without one from when the market got it`() async throws {
        try await with { market async throws in
            #expect(try await market.values(.init(metric: "scenarios", asOf: day(3)))["published"] == 1)
            let all = try await market.values(.init(metric: "scenarios", by: "domain", asOf: day(20)))
            #expect(all["published"] == 3 && all["with_products"] == 2 && all["never_sold"] == 3)
            #expect(all["livelihood published"] == 2 && all["livelihood with_products"] == 1)
            let period = FigureRequest(
                metric: "scenarios", by: "month", from: day(10), until: day(30), asOf: day(60))
            let june = try await market.values(period)
            #expect(june["published"] == 3 && june["newly_published"] == 1 && june["2026-06 newly_published"] == 1)
            #expect(try await market.values(.init(metric: "scenarios", by: "batch", asOf: day(20)))["1 published"] == 3)
        }
    }

    @Test func `a product that several scenarios name makes each of them sold, and counts once in the whole`()
        async throws
    {
        try await with { market async throws in
            for enterprise in market.enterprises {
                try await market.buy("OF-FLOOD-ONCE", for: enterprise, at: day(15))
            }
            try await market.count()
            let scenarios = try await market.values(.init(metric: "scenarios", by: "domain", asOf: day(20)))
            #expect(scenarios["sold"] == 2 && scenarios["never_sold"] == 1)
            #expect(scenarios["livelihood sold"] == 1 && scenarios["social_governance sold"] == 1)
            let products = try await market.values(.init(metric: "products", by: "domain", asOf: day(20)))
            #expect(products["several sold"] == 1 && products["livelihood never_sold"] == 1)
            #expect(try await market.values(.init(metric: "scenarios", asOf: day(14)))["sold"] == 0)
        }
    }

    @Test func `a scenario reaches the products that it names, and those who got one of them, or of several`()
        async throws
    {
        try await with { market async throws in
            for enterprise in market.enterprises {
                try await market.buy("OF-FLOOD-ONCE", for: enterprise, at: day(15))
                try await market.buy("OF-DP-REPORT", for: enterprise, at: day(16))
            }
            try await market.count()
            let request = FigureRequest(metric: "scenario-reach", by: "scenario", asOf: day(20))
            let reach = try await market.values(request)
            #expect(reach["products"] == 2 && reach["agreed"] == 6)
            #expect(reach["SC-2026-001 products"] == 2 && reach["SC-2026-001 agreed"] == 3)
            #expect(reach["SC-2026-002 products"] == 1 && reach["several agreed"] == 3)
            #expect(try await market.shown(request)["SC-2026-001 agreed"] == 3)
            let early = FigureRequest(metric: "scenario-reach", asOf: day(16))
            #expect(try await market.values(early)["agreed"] == 3)
        }
    }

    @Test func `an enterprise counts once in a scenario, in a domain and in the whole, however much it gets there`()
        async throws
    {
        try await with { market async throws in
            for enterprise in market.enterprises {
                try await market.buy("OF-FLOOD-ONCE", for: enterprise, at: day(15))
                try await market.buy("OF-DP-REPORT", for: enterprise, at: day(16))
                try await market.buy("OF-DP-REPORT", for: enterprise, at: day(17))
            }
            try await market.count()
            let request = FigureRequest(metric: "scenario-enterprises", by: "scenario", asOf: day(20))
            let behind = try await market.values(request)
            #expect(behind["agreed"] == 3 && behind["SC-2026-001 agreed"] == 3 && behind["SC-2026-002 agreed"] == 3)
            #expect(try await market.shown(request)["SC-2026-001 agreed"] == 3)
            #expect(try await market.values(.init(metric: "scenario-enterprises", asOf: day(15)))["agreed"] == nil)
            try await market.market.totals.rebuild(withUse: true)
            #expect(try await market.values(request) == behind)
            #expect(try await market.market.totals.verify().allSatisfy { $0.wrong == 0 })
        }
    }

    @Test func `a scenario that two enterprises came to is hidden, with another beside it`() async throws {
        try await with { market async throws in
            for enterprise in market.enterprises.prefix(2) {
                try await market.buy("OF-FLOOD-ONCE", for: enterprise, at: day(15))
            }
            try await market.buy("OF-DP-REPORT", for: market.enterprises[2], at: day(16))
            try await market.count()
            let request = FigureRequest(metric: "scenario-enterprises", by: "scenario", asOf: day(20))
            let exact = try await market.values(request)
            #expect(exact["SC-2026-001 agreed"] == 3 && exact["SC-2026-002 agreed"] == 2 && exact["agreed"] == 3)
            let shown = try await market.shown(request)
            #expect(
                shown["agreed"] == 3 && shown["SC-2026-001 agreed"] ?? nil == nil
                    && shown["SC-2026-002 agreed"] ?? nil == nil)
        }
    }

    @Test func `a scenario is of the products that it was known to name`() async throws {
        try await with { market async throws in
            _ = try await market.market.scenarios.publish(
                Self.scenario("SC-2026-001", domain: "livelihood", on: "2026-06-05", products: ["DP-REPORT"]),
                by: market.fixtures.administration, now: day(30))
            let reach = { (known: Int) in
                try await market.values(
                    .init(metric: "scenario-reach", by: "scenario", asOf: day(25), recordedBy: day(known)))
            }
            #expect(try await reach(29)["SC-2026-001 products"] == 2)
            #expect(try await reach(31)["SC-2026-001 products"] == 1)
        }
    }

    @Test func `what one enterprise made sold is hidden, and what is published is not`() async throws {
        try await with { market async throws in
            try await market.buy("OF-FLOOD-ONCE", for: market.fixtures.bank, at: day(15))
            try await market.count()
            let shown = try await market.shown(.init(metric: "scenarios", asOf: day(20)))
            #expect(shown["published"] == 3 && shown["sold"] == .some(nil) && shown["never_sold"] == .some(nil))
            let reach = try await market.shown(.init(metric: "scenario-reach", by: "domain", asOf: day(20)))
            #expect(reach["livelihood products"] == 2 && reach["agreed"] == .some(nil))
        }
    }

    @Test(arguments: ["scenarios", "scenario-reach"])
    func `a dimension that it has not is refused by name`(metric: String) async throws {
        try await AdoptionFixture.with { market async throws in
            let refusal = await #expect(throws: InvalidInput.self) {
                _ = try await market.market.adoption.figure(.init(metric: metric, by: "section"))
            }
            #expect(refusal?.field == "by")
        }
    }
}
