import Testing

@testable import Marketplace

@Suite struct TableSeparationTests {
    private func market(_ dimension: String?, _ from: String?, _ to: String?, _ standing: String = "market") throws
        -> TableRequest
    {
        TableRequest(metric: "enterprises", by: dimension, period: try Period(from: from, to: to), standing: standing)
    }

    @Test func `tables of one period divide the same whole and stand side by side`() throws {
        #expect(
            try TableSeparation.objection(market("section", nil, nil), market("month", nil, nil), over: .market)
                == nil)
    }

    @Test func `periods that overlap without being the same do not`() throws {
        let year = try market("month", "2026-01-01", "2026-12-31")
        for (from, to) in [("2026-06-01", "2026-06-30"), ("2026-12-31", nil), (nil, nil), (nil, "2026-01-01")] {
            #expect(try TableSeparation.objection(year, market(nil, from, to), over: .market) != nil)
        }
        for (from, to) in [("2027-01-01", "2027-12-31"), (nil, "2025-12-31"), ("2027-01-01", nil)] {
            #expect(try TableSeparation.objection(year, market(nil, from, to), over: .market) == nil)
        }
    }

    @Test func `tables of other metrics or standings, or of enterprises that are made up, are no matter`() throws {
        let (ever, year) = (try market(nil, nil, nil), try market(nil, "2026-01-01", nil))
        var other = year
        other.metric = "transactions"
        #expect(TableSeparation.objection(ever, other, over: .market) == nil)
        other = year
        other.standing = "trial"
        #expect(TableSeparation.objection(ever, other, over: .market) == nil)
        let synthetic = try (market(nil, nil, nil, "synthetic"), market(nil, "2026-01-01", nil, "synthetic"))
        #expect(TableSeparation.objection(synthetic.0, synthetic.1, over: .market) == nil)
        #expect(TableSeparation.objection(ever, year, over: .public) == nil)
    }

    @Test func `enterprises of scenarios do not stand beside what they did with the products of each`() {
        func table(_ metric: String, _ dimension: String?) -> TableRequest {
            TableRequest(metric: metric, by: dimension, standing: "market")
        }
        let enterprises = table("scenario-enterprises", "scenario")
        for related in ["scenario-reach", "funnel"] {
            #expect(TableSeparation.objection(enterprises, table(related, "scenario"), over: .market) != nil)
        }
        #expect(TableSeparation.objection(enterprises, table("funnel", "domain"), over: .market) != nil)
        for other in [table("funnel", "section"), table("funnel", nil), table("use", "scenario")] {
            #expect(TableSeparation.objection(enterprises, other, over: .market) == nil)
        }
        let months = table("scenario-enterprises", "month")
        #expect(TableSeparation.objection(months, table("funnel", "month"), over: .market) == nil)
    }

    @Test func `scenarios and the domains that they are of do not stand side by side`() {
        func table(_ dimension: String) -> TableRequest {
            TableRequest(metric: "funnel", by: dimension, standing: "market")
        }
        #expect(TableSeparation.objection(table("scenario"), table("domain"), over: .market) != nil)
        #expect(TableSeparation.objection(table("scenario"), table("section"), over: .market) == nil)
    }

    @Test func `two versions of a metric of one period do not, because the difference may be one enterprise`() throws {
        func version(_ number: Int, _ to: String?, _ standing: String = "market") throws -> TableRequest {
            TableRequest(
                metric: "enterprises", version: number, period: try Period(from: nil, to: to), standing: standing)
        }
        let (one, two) = (try version(1, nil), try version(2, nil))
        #expect(TableSeparation.objection(one, two, over: .market)?.contains("two versions") == true)
        #expect(TableSeparation.objection(one, one, over: .market) == nil)
        #expect(TableSeparation.objection(one, two, over: .public) == nil)
        #expect(
            try TableSeparation.objection(version(1, nil, "synthetic"), version(2, nil, "synthetic"), over: .market)
                == nil)
    }

    @Test func `a panel, whose members are known, is divided once, counted by one rule`() {
        func panel(_ dimension: String?, _ count: CountingRule = .legalEntity, of code: String = "A") -> TableRequest {
            TableRequest(metric: "adoption-rate", by: dimension, panel: code, count: count)
        }
        #expect(TableSeparation.objection(panel(nil), panel("section"), over: .panel) == nil)
        for other in [panel("province"), panel("section", .group), panel("section", of: "B")] {
            #expect(TableSeparation.objection(panel("section"), other, over: .panel) != nil)
        }
    }
}
