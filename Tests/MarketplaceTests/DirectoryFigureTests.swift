import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// Day 0 is 29 May 2026. The directory has two entries from then on, without themes and update frequencies, last updated on
/// 1 March 2025. On day 20 one gets both and an update of 10 June 2026, another is withdrawn, and a third is new.
@Suite struct DirectoryFigureTests {
    private func day(_ number: Int) -> Date { AdoptionFixture.day(number) }

    private static let later = """
        {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [
          {"identifier": "flood", "title": "Flood complaints", "description": "Complaints by street",
           "publisher": {"name": "District data bureau"}, "modified": "2026-06-10", "theme": ["Water"],
           "keyword": ["flood"], "accrualPeriodicity": "R/P1Y", "accessLevel": "public"},
          {"identifier": "air", "title": "Air", "description": "Air by hour",
           "publisher": {"name": "District data bureau"}, "modified": "2026-06-15"}]}
        """

    private func with(_ work: (AdoptionFixture) async throws -> Void) async throws {
        try await AdoptionFixture.with { market async throws in
            try await market.run("UPDATE party SET province = '320000' WHERE name = 'District data bureau'")
            try await count(market)
            _ = try await market.market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(Self.later.utf8), maxWithdrawnShare: 1),
                by: market.fixtures.administration, now: day(20))
            _ = try await market.market.searchIndex.refresh(now: { Fixtures.day })
            try await market.market.totals.rebuild()
            try await work(market)
        }
    }

    private func count(_ market: AdoptionFixture) async throws {
        _ = try await market.market.searchIndex.refresh(now: { Fixtures.day })
        try await market.market.totals.catchUp()
    }

    private func values(
        _ market: AdoptionFixture, _ dimension: String? = nil, asOf: Int, known: Int? = nil
    ) async throws -> [String: Decimal] {
        try await market.values(
            .init(
                metric: "directory", by: dimension, asOf: day(asOf), recordedBy: known.map(day), standing: nil))
    }

    @Test func `entries are counted with what they state, as of the last day that had ended`() async throws {
        try await with { market async throws in
            let before = try await values(market, asOf: 10)
            #expect(before["in_force"] == 2 && before["published"] == 2 && before["withdrawn"] == 0)
            // Five of six required elements each, and of the optional ones the day of the last update, 463 days before.
            #expect(before["required_share"] == Decimal(string: "0.8333") && before["complete"] == 0)
            #expect(before["optional_share"] == Decimal(string: "0.1667") && before["median_days"] == 463)
            #expect(before["with_frequency"] == 0 && before["fresh_share"] == nil)
        }
    }

    @Test func `a version that changed, one that ended and one that is new show from their day on`() async throws {
        try await with { market async throws in
            let after = try await values(market, asOf: 30)
            #expect(after["in_force"] == 2 && after["published"] == 3 && after["withdrawn"] == 1)
            #expect(after["complete"] == 1 && after["complete_share"] == Decimal(string: "0.5"))
            // Three optional elements of one and one of the other.
            #expect(after["optional_share"] == Decimal(string: "0.3333"))
            #expect(after["with_frequency"] == 1 && after["overdue"] == 0 && after["fresh_share"] == 1)
            // As of 27 June 2026: 12 and 17 days.
            #expect(after["median_days"] == 12)
        }
    }

    @Test func `an entry is overdue when an interval has passed since its last update`() async throws {
        try await with { market async throws in
            // A year of 366 days since 10 June 2026 ends on 11 June 2027, day 378.
            #expect(try await values(market, asOf: 379)["overdue"] == 0)
            #expect(try await values(market, asOf: 380)["overdue"] == 1)
        }
    }

    @Test func `what was known before the import is what was believed then`() async throws {
        try await with { market async throws in
            let believed = try await values(market, asOf: 30, known: 20)
            #expect(believed["in_force"] == 2 && believed["withdrawn"] == 0 && believed["complete"] == 0)
        }
    }

    @Test func `classes are those of the provider, the sharing class, the theme, the source and the month`()
        async throws
    {
        try await with { market async throws in
            let province = try await values(market, "province", asOf: 10)
            #expect(province["320000 in_force"] == 1 && province[" in_force"] == 1)
            #expect(try await values(market, "theme", asOf: 30)["Water complete"] == 1)
            #expect(try await values(market, "sharing_class", asOf: 30)["unconditional in_force"] == 1)
            #expect(try await values(market, "source", asOf: 30)["CITY in_force"] == 2)
            let month = try await values(market, "month", asOf: 30)
            #expect(month["2026-05 published"] == 2 && month["2026-06 published"] == 1)
            #expect(month["2026-06 withdrawn"] == 1 && month["2026-06 in_force"] == nil)
        }
    }

    @Test func `a period has what was published and withdrawn within it, and is published whole`() async throws {
        try await with { market async throws in
            let request = FigureRequest(
                metric: "directory", from: day(15), until: day(25), asOf: day(100), standing: nil)
            let within = try await market.values(request)
            #expect(within["published"] == 1 && within["withdrawn"] == 1 && within["in_force"] == 2)
            #expect(try await market.shown(request).values.allSatisfy { $0 != nil })
        }
    }

    @Test func `what a total has that its entries have not is found, and made right`() async throws {
        try await with { market async throws in
            let wrong = {
                try await market.market.totals.verify().filter { $0.name.contains("directory") }.map(\.wrong)
            }
            #expect(try await wrong() == [0])
            try await market.run("UPDATE directory_total SET entries = entries + 1 WHERE dimension = 'theme'")
            #expect(try await wrong() != [0])
            try await market.market.totals.rebuild()
            #expect(try await wrong() == [0])
        }
    }

    @Test func `a dimension that it has not is refused by name`() async throws {
        try await AdoptionFixture.with { market async throws in
            let refusal = await #expect(throws: InvalidInput.self) {
                _ = try await market.market.adoption.figure(.init(metric: "directory", by: "section", standing: nil))
            }
            #expect(refusal?.field == "by")
        }
    }
}
