import Foundation
import Marketplace
import Postgres
import Synchronization
import TestSupport
import Testing

@Suite struct SearchTests {
    private let now = Fixtures.day.addingTimeInterval(100 * 86_400)

    private static let catalogue = """
        {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [
          {"identifier": "flood", "title": "Flood complaints", "description": "Complaints by street",
           "publisher": {"name": "District data bureau"}, "modified": "2025-03-01"},
          {"identifier": "air", "title": "臺中市空氣品質監測", "description": "各測站每小時的數值",
           "publisher": {"name": "環境保護局"}, "keyword": ["空氣", "環境"], "modified": "2025-03-01"},
          {"identifier": "quality", "title": "水質與空氣檢驗品質報告", "description": "報告", "publisher": {"name": "環境保護局"},
           "modified": "2025-03-01"},
          {"identifier": "metro", "title": "捷運車站", "description": "位置", "publisher": {"name": "交通局"},
           "modified": "2025-03-01"},
          {"identifier": "old", "title": "Restaurant inspections", "description": "Inspections of restaurants, in the city",
           "publisher": {"name": "Health department"}, "modified": "2015-03-01"},
          {"identifier": "new", "title": "Restaurant inspections", "description": "Inspections of restaurants, in the city",
           "publisher": {"name": "Health department"}, "modified": "2025-03-01"},
          {"identifier": "mention", "title": "Street names", "description": "Once a restaurant asked for inspections of streets",
           "publisher": {"name": "Transport department"}, "modified": "2025-03-01"}]}
        """

    /// A market with the catalogue, a product made of its first entry and a scenario, whose search is up to date.
    private func withCatalogue(_ work: (Market, Fixtures, Database) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await load(Self.catalogue, in: market, fixtures)
            var listing = try Fixtures.listing()
            listing.offers = [try Fixtures.offer("OF-FLOOD-ONCE", kind: "one_off", price: 1_000_000)]
            try await fixtures.list(listing, in: market, now: Fixtures.day + 10)
            let scenario = """
                code: SC-2025-900
                batch: 3
                title: {zh: 二手车交易, en: Used car trade}
                domain: industrial_development
                published_on: 2025-04-29
                source: {url: "https://example.org", confidence: reported}
                products: [DP-FLOOD-001]
                """
            _ = try await market.scenarios.publish(
                ScenarioDocument(yaml: scenario), by: fixtures.administration, now: Fixtures.day + 20)
            try await refresh(market)
            try await work(market, fixtures, database)
        }
    }

    private func load(_ catalogue: String, in market: Market, _ fixtures: Fixtures, after seconds: Double = 0)
        async throws
    {
        _ = try await market.directory.importCatalogue(
            ImportRequest(
                fileName: "city.data.json", bytes: Array(catalogue.utf8), source: "CITY", maxWithdrawnShare: 1),
            by: fixtures.administration, now: Fixtures.day + seconds)
    }

    private func refresh(_ market: Market) async throws {
        let now = now
        try await market.searchIndex.refresh(now: { now })
    }

    private func find(
        _ text: String?, _ filters: [SearchFacet: [String]] = [:], cursor: String? = nil, limit: Int? = nil,
        in market: Market
    ) async throws -> [String: Any] {
        try fields(
            await market.search.results(.init(text: text, filters: filters, cursor: cursor, limit: limit), now: now))
    }

    private func titles(_ found: [String: Any]) -> [String] {
        (found["items"] as? [[String: Any]] ?? []).compactMap {
            ($0["titles"] as? [[String: Any]])?.first?["text"] as? String
        }
    }

    private func codes(_ found: [String: Any]) -> [String] {
        (found["items"] as? [[String: Any]] ?? []).compactMap { $0["code"] as? String }
    }

    private func counts(_ facet: String, in found: [String: Any]) -> [String: Int] {
        let values = (found["facets"] as? [String: Any])?[facet] as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: values.map { ($0["value"] as? String ?? "", $0["count"] as? Int ?? 0) })
    }

    private func suggested(_ text: String, in market: Market) async throws -> [String] {
        try fields(await market.search.suggestions(for: text, limit: nil))["items"] as? [String] ?? []
    }

    private func foundTitles(_ text: String?, in market: Market) async throws -> [String] {
        titles(try await find(text, in: market))
    }

    private func foundCodes(_ text: String?, in market: Market) async throws -> [String] {
        codes(try await find(text, in: market))
    }

    private func foundCounts(_ facet: String, of text: String?, in market: Market) async throws -> [String: Int] {
        counts(facet, in: try await find(text, in: market))
    }

    // MARK: Words

    @Test func `a word of two characters finds titles in either kind of Chinese characters`() async throws {
        try await withCatalogue { (market, _, _) async throws in
            #expect(try await foundTitles("空气", in: market).contains("臺中市空氣品質監測"))
            #expect(try await foundTitles("空氣品質", in: market).first == "臺中市空氣品質監測")
            #expect(try await foundTitles("捷运", in: market) == ["捷運車站"])
        }
    }

    @Test func `English words are found in any of their forms and whatever their case`() async throws {
        try await withCatalogue { (market, _, _) async throws in
            #expect(try await foundCodes("COMPLAINT", in: market).contains("DP-FLOOD-001"))
        }
    }

    @Test func `a code finds what it names first`() async throws {
        try await withCatalogue { (market, _, _) async throws in
            #expect(try await foundCodes("dp-flood-001", in: market).first == "DP-FLOOD-001")
            #expect(try await foundCodes("SC-2025-900", in: market).first == "SC-2025-900")
        }
    }

    @Test func `a title that holds the words comes before a description that mentions them, and newer before older`()
        async throws
    {
        try await withCatalogue { (market, _, _) async throws in
            let found = try await find("restaurant inspections", in: market)
            #expect(titles(found) == ["Restaurant inspections", "Restaurant inspections", "Street names"])
            let dates = (found["items"] as? [[String: Any]] ?? []).compactMap { $0["updated"] as? String }
            #expect(dates.first == "2025-03-01")
        }
    }

    @Test func `a mistyped word is corrected, and the answer says to what`() async throws {
        try await withCatalogue { (market, _, _) async throws in
            let found = try await find("resturant", in: market)
            #expect(found["corrected"] as? String == "restaurant")
            #expect(titles(found).first == "Restaurant inspections")
        }
    }

    @Test func `what holds only some of the words follows, and the answer says how many hold all`() async throws {
        try await withCatalogue { (market, _, _) async throws in
            let found = try await find("flood inspections", in: market)
            #expect(found["total"] as? Int == 0)
            #expect(found["near"] as? Int == titles(found).count)
            #expect(titles(found).contains("Restaurant inspections"))
        }
    }

    @Test(arguments: ["", "   ", "the", "%", "'", "a' | 'b", "\\", "!!", "& |", "水"])
    func `what is no word is no error`(text: String) async throws {
        try await withCatalogue { (market, _, _) async throws in
            #expect(try await find(text, in: market)["total"] is Int)
        }
    }

    @Test func `the words stand marked in the titles`() async throws {
        try await withCatalogue { (market, _, _) async throws in
            let item = (try await find("空气", in: market)["items"] as? [[String: Any]])?.first { item in
                (item["titles"] as? [[String: Any]])?.first?["text"] as? String == "臺中市空氣品質監測"
            }
            let titles = (item?["highlights"] as? [String: Any])?["titles"] as? [[String: Any]]
            let parts = titles?.first?["parts"] as? [[String: Any]] ?? []
            #expect(parts.map { $0["text"] as? String } == ["臺中市", "空氣", "品質監測"])
            #expect(parts.map { $0["match"] as? Bool } == [false, true, false])
        }
    }

    // MARK: Synonyms and suggestions

    @Test func `synonyms that the administration states are found at once, and not after they are taken out`()
        async throws
    {
        try await withCatalogue { market, fixtures, _ in
            #expect(try await foundTitles("地铁", in: market).isEmpty)
            try await market.synonyms.put("地铁", synonyms: ["捷運", "metro"], by: fixtures.administration, now: now)
            #expect(try await foundTitles("地铁", in: market) == ["捷運車站"])
            #expect(try await foundTitles("metro", in: market) == ["捷運車站"])
            try await market.synonyms.remove("地铁")
            #expect(try await foundTitles("地铁", in: market).isEmpty)
        }
    }

    @Test func `a synonym may be of several words`() async throws {
        try await withCatalogue { market, fixtures, _ in
            try await market.synonyms.put(
                "restaurant inspections", synonyms: ["hygiene ratings"], by: fixtures.administration, now: now)
            #expect(try await foundTitles("hygiene ratings", in: market).first == "Restaurant inspections")
        }
    }

    @Test(arguments: [
        ("地铁", [], "synonyms"), ("", ["metro"], "word"), ("地铁", ["地鐵"], "synonyms[0]"),
        ("metro", ["a b c d e"], "synonyms[0]"), ("metro", ["!!"], "synonyms[0]"),
    ])
    func `synonyms that cannot be right are refused with their field`(word: String, synonyms: [String], field: String)
        async throws
    {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            await #expect {
                try await market.synonyms.put(word, synonyms: synonyms, by: fixtures.administration, now: now)
            } throws: { ($0 as? InvalidInput)?.field == field }
        }
    }

    @Test func `suggestions begin as typed, and complete the last word when the whole begins nothing`() async throws {
        try await withCatalogue { (market, _, _) async throws in
            #expect(try await suggested("restau", in: market).contains("restaurant"))
            #expect(try await suggested("空", in: market).contains { $0.hasPrefix("空") })
            #expect(try await suggested("city restau", in: market).contains("city restaurant"))
            #expect(try await suggested("50%", in: market).isEmpty)
        }
    }

    // MARK: Facets and pages

    @Test func `each facet is counted over what the others let through`() async throws {
        try await withCatalogue { (market, _, _) async throws in
            let all = try await find(nil, in: market)
            #expect(all["total"] as? Int == 9)
            #expect(counts("kind", in: all) == ["entry": 7, "product": 1, "scenario": 1])
            let products = try await find(nil, [.kind: ["product"]], in: market)
            #expect(products["total"] as? Int == 1)
            #expect(counts("kind", in: products) == ["entry": 7, "product": 1, "scenario": 1])
            #expect(counts("price", in: products) == ["one_off": 1])
            #expect(counts("domain", in: products) == ["industrial_development": 1])
            let both = try await find(nil, [.kind: ["product", "scenario"], .price: ["one_off"]], in: market)
            #expect(both["total"] as? Int == 1)
            #expect(counts("kind", in: both) == ["product": 1])
            #expect(try await find(nil, [.grade: ["none such"]], in: market)["total"] as? Int == 0)
        }
    }

    @Test func `pages follow each other without a gap, and a cursor of another search is refused`() async throws {
        try await withCatalogue { (market, _, _) async throws in
            var (seen, cursor): ([String], String?) = ([], nil)
            repeat {
                let page = try await find(nil, cursor: cursor, limit: 2, in: market)
                #expect(page["total"] as? Int == 9)
                seen += codes(page)
                cursor = page["next"] as? String
            } while cursor != nil
            #expect(seen.count == 9 && Set(seen).count == 9)
            let next = try await find("restaurant", limit: 1, in: market)["next"] as? String
            await #expect { try await find("flood", cursor: next, in: market) } throws: {
                ($0 as? InvalidInput)?.field == "cursor"
            }
        }
    }

    // MARK: Up to date

    @Test func `a changed entry is found by its new words, and a withdrawn one no more`() async throws {
        try await withCatalogue { market, fixtures, _ in
            let changed = Self.catalogue.replacingOccurrences(of: "捷運車站", with: "輕軌車站")
                .replacingOccurrences(of: "\"identifier\": \"mention\"", with: "\"identifier\": \"another\"")
                .replacingOccurrences(of: "Street names", with: "Lane names")
            try await load(changed, in: market, fixtures, after: 1_000)
            try await refresh(market)
            #expect(try await foundTitles("轻轨", in: market) == ["輕軌車站"])
            #expect(try await foundTitles("捷運", in: market).isEmpty)
            #expect(try await !foundTitles("street", in: market).contains("Street names"))
            #expect(try await market.searchIndex.verify(now: now).wrong == 0)
        }
    }

    @Test func `a department's old name finds what its successor answers for`() async throws {
        try await withCatalogue { market, fixtures, _ in
            let bureau = try #require(
                try await foundCounts("provider", of: "捷運", in: market).keys.first)
            _ = try await market.parties.rename(
                bureau, nameZh: "运输厅", nameEn: nil, since: Fixtures.day + 50, basis: basis, now: now)
            try await refresh(market)
            #expect(try await foundTitles("运输厅", in: market) == ["捷運車站"])
            #expect(try await foundTitles("交通局", in: market).first == "捷運車站")
            _ = try await market.parties.succeed(
                Succession(
                    of: bureau, kind: .merged, effectiveOn: "2026-06-10", basis: basis,
                    successors: [.init(party: Fixtures.administrationCode)]), by: fixtures.administration, now: now)
            try await refresh(market)
            #expect(try await foundTitles("运输厅", in: market).first == "捷運車站")
            #expect(try await market.searchIndex.verify(now: now).wrong == 0)
        }
    }

    @Test func `a withdrawn offer leaves the price facet, and so does one that ran out`() async throws {
        try await withCatalogue { (market, _, _) async throws in
            try await market.catalog.withdrawOffer("OF-FLOOD-ONCE", now: now)
            try await refresh(market)
            #expect(try await foundCounts("price", of: nil, in: market).isEmpty)
        }
    }

    @Test func `two that bring the search up to date at once leave it right`() async throws {
        try await withCatalogue { market, fixtures, _ in
            for round in 1...4 {
                let changed = Self.catalogue.replacingOccurrences(of: "Flood", with: "Flood \(round)")
                try await load(changed, in: market, fixtures, after: Double(round) * 1_000)
                async let one: Void = refresh(market)
                async let other: Void = refresh(market)
                _ = try await (one, other)
            }
            try await refresh(market)
            let verified = try await market.searchIndex.verify(now: now)
            #expect(verified.checked == 9 && verified.wrong == 0)
        }
    }

    @Test func `an answer is given again until the index changes`() async throws {
        try await withCatalogue { market, fixtures, database in
            #expect(try await foundTitles("捷運", in: market) == ["捷運車站"])
            try await database.script("UPDATE search_document SET terms = '' WHERE code LIKE 'CITY-%'")
            #expect(try await foundTitles("捷運", in: market) == ["捷運車站"])
            let changed = Self.catalogue.replacingOccurrences(of: "Flood", with: "Water")
            try await load(changed, in: market, fixtures, after: 1_000)
            try await refresh(market)
            #expect(try await foundTitles("捷運", in: market).isEmpty)
        }
    }

    @Test func `blanks around and between words ask for the same, and its pages follow each other`() async throws {
        try await withCatalogue { market, _, _ in
            let first = try await find("  restaurant   inspections ", limit: 1, in: market)
            let cursor = try #require(first["next"] as? String)
            let second = try await find("restaurant inspections", cursor: cursor, limit: 1, in: market)
            #expect(codes(first).count == 1 && codes(second).count == 1 && codes(first) != codes(second))
        }
    }

    @Test func `every server hears that what is found changed, and nothing of an import without changes`()
        async throws
    {
        try await withCatalogue { market, fixtures, database in
            let heard = Mutex(0)
            let listening = Task {
                for try await _ in database.notifications(on: SearchIndex.channel) { heard.withLock { $0 += 1 } }
            }
            try await Task.sleep(for: .milliseconds(500))
            try await load(Self.catalogue, in: market, fixtures, after: 500)
            try await refresh(market)
            try await Task.sleep(for: .milliseconds(500))
            #expect(heard.withLock { $0 } == 0)
            try await load(
                Self.catalogue.replacingOccurrences(of: "Flood", with: "Water"), in: market, fixtures, after: 1_000)
            try await refresh(market)
            for _ in 0..<100 where heard.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(50)) }
            listening.cancel()
            #expect(heard.withLock { $0 } > 0)
        }
    }

    @Test func `a document that differs from what it is made of is named by verify`() async throws {
        try await withCatalogue { market, _, database in
            try await database.script("UPDATE search_document SET digest = '' WHERE kind = 'scenario'")
            try await database.script("UPDATE search_phrase SET documents = documents + 1 WHERE folded = 'restaurant'")
            #expect(try await market.searchIndex.verify(now: now).wrong == 2)
        }
    }

    private let basis = Basis(reference: "Notice No. 7 of 2026", document: Array("the notice".utf8))
}
