import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct ImportRobustnessTests {
    private func load(
        _ text: String, as name: String, dryRun: Bool = false, in market: Market, by party: UUID, now: Date
    ) async throws -> ImportReport {
        try await market.directory.importCatalogue(
            ImportRequest(
                fileName: name, bytes: Array(text.utf8), sourceTitle: "Of \(name)", dryRun: dryRun), by: party, now: now
        )
    }

    private func with(_ work: (Market, UUID, Database) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            try await work(market, try await Fixtures.make(in: market).administration, database)
        }
    }

    private func titles(in market: Market) async throws -> [String] {
        let page = try fields(try await market.directory.entries(text: nil, cursor: nil, limit: nil))
        return (page["items"] as? [[String: Any]] ?? []).compactMap { $0["title"] as? String }.sorted()
    }

    private func sources(in database: Database) async throws -> [String] {
        try await database.all(
            Statement(name: "test/sources", text: "SELECT code || ' ' || title FROM directory_source ORDER BY code")
        ) { try $0.next(String.self) }
    }

    private static let table = """
        identifier,title,description,publisher
        a,Stops,"Where buses, and trams, stop",Transport
        b,Lines,"Of ""night"" buses",Transport
        c,Fares,"What a ride
        costs",Transport

        """

    @Test(arguments: [
        ("in a quoted cell", "\nc,Fares,\"What a ri"),
        ("in a quoted cell, behind its line end", "\nc,Fares,\"What a ride\n"),
        ("behind a quoted cell", "\nc,Fares,\"What a ride\ncosts\""), ("behind a cell", "\nc,Fares"),
    ])
    func `a CSV file that is cut off changes nothing and is called truncated`(place: String, end: String) async throws {
        try await with { market, party, _ in
            _ = try await load(Self.table, as: "city.csv", in: market, by: party, now: Fixtures.day)
            let whole = Self.table.replacingOccurrences(of: "Stops", with: "Halts")
            let cut = whole[..<(try #require(whole.range(of: "\nc,"))).lowerBound] + end
            let refusal = try await #require(throws: DirectoryError.self) {
                try await load(String(cut), as: "city.csv", in: market, by: party, now: Fixtures.day + 60)
            }
            #expect(refusal.message.contains("record 3") && refusal.message.contains("truncated"))
            #expect(try await titles(in: market) == ["Fares", "Lines", "Stops"])
        }
    }

    @Test func `a CSV record that lacks cells is refused by itself, and a last line needs no end`() async throws {
        try await with { market, party, _ in
            let short = Self.table.replacingOccurrences(of: ",\"Of \"\"night\"\" buses\",Transport", with: "")
            let report = try await load(
                String(short.dropLast()), as: "city.csv", in: market, by: party, now: Fixtures.day)
            #expect(report.added == 2 && report.refusedByReason == ["malformed_entry": 1])
            #expect(report.problems.first { $0.severity == .refused }?.position == 2)
            #expect(try await titles(in: market) == ["Fares", "Stops"])
            let ended = try await load(
                "title,description\nStops,Of buses\nLines\n", as: "ended.csv", in: market, by: party, now: Fixtures.day)
            #expect(ended.refused == 2 && ended.problems.contains { $0.message.contains("1 cells") })
        }
    }

    /// With 64 KiB in front, the escape lies across two pieces of the file.
    @Test(arguments: [0, 65_480, 65_486, 65_490, 65_500])
    func `half a character spoils nothing but itself`(filling: Int) async throws {
        try await with { market, party, _ in
            let text = #"""
                {"dataset": [{"identifier": "0", "title": "Good", "x": "\#(String(repeating: "x", count: filling))"},
                 {"identifier": "a", "title": "Half \ud800night", "description": "High \\ud800 \ud83d\ude80"},
                 {"identifier": "b", "title": "\udc00Low", "description": "\ud800\n\ud800\ud83d\ude80"},
                 {"identifier": "c", "title": "Whole \ud83d\ude80", "description": "\\\ud83d\ude80"}]}
                """#
            let report = try await load(text, as: "half.data.json", in: market, by: party, now: Fixtures.day)
            #expect(report.added == 4 && report.refused == 0)
            #expect(report.notedByReason["malformed_text"] == 2)
            let noted = report.problems.filter { $0.reason == .malformedText }
            #expect(noted.map(\.identifier) == ["a", "b"] && noted.map(\.field) == ["title", "description"])
            #expect(try await titles(in: market) == ["Good", "Half \u{FFFD}night", "Whole 🚀", "\u{FFFD}Low"])
        }
    }

    @Test func `a number beyond every type spoils at most its own entry`() async throws {
        try await with { market, party, _ in
            let text = """
                {"dataset": [{"identifier": "a", "title": 1e400}, {"identifier": 1e400, "title": "Unnamed"},
                 {"identifier": "c", "title": "Kept", "size": -1e400, "conditions": [{"kind": "retention", "value": 1e400}]},
                 {"identifier": "d", "title": "Whole"}]}
                """
            let report = try await load(text, as: "large.data.json", in: market, by: party, now: Fixtures.day)
            #expect(report.added == 2 && report.refusedByReason == ["malformed_entry": 2])
            #expect(report.notedByReason["unknown_value"] == 1)
            #expect(try await titles(in: market) == ["Kept", "Whole"])
        }
    }

    @Test func `a dry run leaves no source behind and keeps the title of one that is there`() async throws {
        try await with { market, party, database in
            let before = try await sources(in: database)
            let report = try await load(
                Self.table, as: "city.csv", dryRun: true, in: market, by: party, now: Fixtures.day)
            #expect(report.added == 3)
            await #expect(throws: DirectoryError.self) {
                try await load(
                    Self.table + "d,\"", as: "city.csv", dryRun: true, in: market, by: party, now: Fixtures.day)
            }
            #expect(try await sources(in: database) == before)
            _ = try await load(Self.table, as: "city.csv", in: market, by: party, now: Fixtures.day + 60)
            var again = try ImportRequest(fileName: "city.csv", bytes: Array("title\nX\n".utf8), dryRun: true)
            again.sourceTitle = "Another"
            _ = try await market.directory.importCatalogue(again, by: party, now: Fixtures.day + 120)
            #expect(try await sources(in: database) == before + ["CITY Of city.csv"])
        }
    }
}
