import Foundation
import Postgres
import TestSupport
import Testing

@testable import Marketplace

/// What is counted of a table, and what is said of it.
@Suite struct ProfileTests {
    private func profile(_ table: String, _ types: [String]) throws -> Profile {
        let table = try CSVTable(Array(table.utf8))
        let columns = zip(table.header, types).map { name, type in
            ProductListing.Column(name: name, type: type, zh: name, en: name)
        }
        return try Profile(of: table, declared: columns)
    }

    @Test func `numbers are compared by size, dates by time and texts by their letters`() throws {
        let made = try profile(
            "n,d,t\n9,2024-02-01,b\n10,2023-12-31T23:00:00-02:00,a\n-1.5e1,2024-01-01,中\n",
            ["number", "date", "text"])
        #expect(made.columns.map(\.minimum) == ["-1.5e1", "2024-01-01", "a"])
        #expect(made.columns.map(\.maximum) == ["10", "2024-02-01", "中"])
    }

    @Test func `an odd value is counted with the line it stands in, and keeps nobody from making the profile`() throws {
        let made = try profile(
            "n,d,b\n1,2024-01-01,yes\nn/a,2024-02-30,是\n0x10,soon,maybe\nnan,2024-01-02,0\n",
            ["integer", "date", "boolean"])
        #expect(made.columns.map(\.invalid) == [3, 2, 1])
        #expect(made.columns.map(\.invalidLines) == [[3, 4, 5], [3, 4], [4]])
        #expect(made.columns[0].minimum == "1" && made.columns[0].maximum == "1")
    }

    @Test func `dates are those of ISO 8601, also reduced and without hyphens`() throws {
        let made = try profile("d\n2024\n2024-05\n20240502\n2024-05-02 10:00:00\n2024/05/02\n2024/5/2\n", ["date"])
        #expect(made.columns[0].invalidLines == [6, 7] && made.columns[0].maximum == "2024-05-02 10:00:00")
    }

    @Test func `a whole number has no fraction`() throws {
        let made = try profile("n\n1\n2.0\n+3\n", ["integer"])
        #expect(made.columns[0].invalidLines == [3])
    }

    @Test func `cells with nothing but blanks are empty, and equal texts count once`() throws {
        // The same letter in two spellings of Unicode.
        let made = try profile("t\ncaf\u{E9}\ncafe\u{301}\n\u{3000}\n\"\"\nx\n", ["text"])
        #expect(made.columns[0].empty == 2 && made.columns[0].distinct == 2)
        #expect(made.columns[0].longest == 4)
    }

    @Test func `quartiles are values that a quarter, half and three quarters of the cells do not exceed`() throws {
        let made = try profile("n\n" + (1...8).map { "\($0)\n" }.joined(), ["integer"])
        #expect(made.columns[0].quartiles == ["2", "4", "6"])
    }

    @Test func `frequent values are named only where there are few different ones`() throws {
        let few = try profile("t\na\nb\na\n", ["text"])
        #expect(few.columns[0].frequent?.map(\.value) == ["a", "b"])
        #expect(few.columns[0].frequent?.map(\.count) == [2, 1])
        let many = try profile("t\n" + (1...21).map { "v\($0)\n" }.joined(), ["text"])
        #expect(many.columns[0].frequent == nil && many.columns[0].distinct == 21)
    }

    @Test func `a row that repeats another in every cell is a duplicate`() throws {
        let made = try profile("a,b\n1,2\n1,2\n1,3\n1,2\n", ["integer", "integer"])
        #expect(made.rows == 4 && made.duplicates == 2)
    }

    @Test func `a table without rows has a profile without values`() throws {
        let made = try profile("a,b\n", ["integer", "text"])
        #expect(made.rows == 0 && made.columns.allSatisfy { $0.minimum == nil && $0.distinct == 0 })
    }

    private func quality(_ document: JSONDocument) throws -> [String: Double] {
        let figures = try fields(document)["quality"] as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: figures.compactMap { figure in
                (figure["figure"] as? String).flatMap { name in (figure["share"] as? Double).map { (name, $0) } }
            })
    }

    @Test func `a published revision has its profile at once, with figures of quality`() async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let document = try await market.catalog.profile(of: "DP-FLOOD-001", revision: nil, now: Fixtures.day + 60)
            let profile = try fields(document)
            let columns = try #require(profile["columns"] as? [[String: Any]])
            #expect(columns.map { $0["name"] as? String } == ["street", "complaints"])
            #expect(columns[1]["maximum"] as? String == "4" && columns[1]["en"] as? String == "complaints")
            #expect(try quality(document) == ["completeness": 1, "validity": 1, "uniqueness": 1])
        }
    }

    @Test func `a revision from before there were profiles is profiled by the server`() async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await database.execute(
                Statement(name: "test/forget", text: "DELETE FROM product_revision_profile"))
            await #expect(throws: CatalogError.self) {
                try await market.catalog.profile(of: "DP-FLOOD-001", revision: 1, now: Fixtures.day)
            }
            #expect(try await market.catalog.profileRevisions(now: { Fixtures.day }) == 1)
            #expect(try await market.catalog.profileRevisions(now: { Fixtures.day }) == 0)
            let made = try fields(
                await market.catalog.profile(of: "DP-FLOOD-001", revision: 1, now: Fixtures.day + 60))
            #expect(made["rows"] as? Int == 2)
        }
    }

    /// A market whose product is made of an entry with these members.
    private func with(entry members: String, _ work: (Market, Database) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await database.execute(
                Statement(
                    name: "test/entry",
                    text: "UPDATE directory_entry_version SET document = document || $1::jsonb"), members)
            try await work(market, database)
        }
    }

    private func freshness(_ market: Market, days: Double) async throws -> [String: Any] {
        let profile = try await market.catalog.profile(
            of: "DP-FLOOD-001", revision: nil, now: Fixtures.day + 1 + days * 86_400)
        return try #require(try fields(profile)["freshness"] as? [String: Any])
    }

    @Test func `a revision is late when it is older than its entry's update frequency`() async throws {
        try await with(entry: #"{"updateFrequency": "R/P1M"}"#) { market, _ in
            #expect(try await freshness(market, days: 31)["state"] as? String == "on_time")
            let late = try await freshness(market, days: 32)
            #expect(late["state"] as? String == "late" && late["age_days"] as? Int == 32)
            #expect(late["due_days"] as? Int == 31)
        }
    }

    @Test func `of what is updated irregularly nobody can say that it is late`() async throws {
        try await with(entry: #"{"updateFrequency": "irregular"}"#) { market, _ in
            let fresh = try await freshness(market, days: 900)
            #expect(fresh["state"] as? String == "not_stated" && fresh["frequency"] as? String == "irregular")
        }
    }

    @Test func `update frequencies of real catalogues are understood`() async throws {
        let stated: [(String, days: Int?)] = [
            ("R/P1Y", 366), ("R/P0.5M", 16), ("R/PT1S", 1), ("Monthly", 31), ("每年", 366), ("即時", 1),
            ("Annual (R/P1Y)", 366),
            ("http://publications.europa.eu/resource/authority/frequency/QUARTERLY", 93),
            ("Approximately Monthly", 31), ("irregular", nil), ("No longer updated", nil), ("R/P99999999Y", nil),
        ]
        try await TestMarket.with { _, database in
            for (frequency, days) in stated {
                let found = try await database.first(
                    Statement(name: "test/days", text: "SELECT update_days($1)"), frequency
                ) { try $0.next(Int?.self) }
                #expect(found == .some(days), "\(frequency)")
            }
        }
    }

    @Test func `values of personal columns are shown neither in the profile nor in the sample`() async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            var listing = try Fixtures.listing()
            listing.code = "DP-FLOOD-002"
            listing.columns[0].personal = true
            listing.offers = [try Fixtures.offer("OF-FLOOD-TWO", kind: "free", price: 0)]
            try await fixtures.list(listing, in: market, now: Fixtures.day + 2)
            let document = try await market.catalog.profile(of: "DP-FLOOD-002", revision: nil, now: Fixtures.day + 60)
            #expect(!document.text.contains("Gulou") && document.text.contains(#""maximum": "4""#))
            let sample = try #require(try await market.catalog.sample(of: "DP-FLOOD-002"))
            #expect(sample.rows.map(\.first) == ["", ""] && sample.withheld == ["street"])
        }
    }

    @Test func `a column that is marked as personal later is not shown of older revisions either`() async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            var listing = try Fixtures.listing()
            listing.columns[0].personal = true
            try await market.catalog.draft(
                listing, content: Fixtures.table, mediaType: "text/csv", operator: fixtures.seller,
                now: Fixtures.day + 2)
            for revision in 1...2 {
                let document = try await market.catalog.profile(
                    of: "DP-FLOOD-001", revision: revision, now: Fixtures.day + 60)
                #expect(!document.text.contains("Gulou"))
            }
        }
    }

    @Test func `an entry that holds personal information withholds every column's values`() async throws {
        try await with(entry: #"{"personalInformation": true}"#) { market, _ in
            let document = try await market.catalog.profile(of: "DP-FLOOD-001", revision: nil, now: Fixtures.day + 60)
            let columns = try #require(try fields(document)["columns"] as? [[String: Any]])
            #expect(columns.allSatisfy { $0["personal"] as? Bool == true && $0["minimum"] == nil })
            #expect(columns.allSatisfy { $0["distinct"] as? Int == 2 })
        }
    }
}
