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
            var again = try ImportRequest(
                fileName: "city.csv", bytes: Array("title\nX\n".utf8), dryRun: true, maxWithdrawnShare: 1)
            again.sourceTitle = "Another"
            _ = try await market.directory.importCatalogue(again, by: party, now: Fixtures.day + 120)
            #expect(try await sources(in: database) == before + ["CITY Of city.csv"])
        }
    }

    /// Begins an import of 5,000 entries that does not end, as if its process had been killed.
    private func kill(_ request: ImportRequest, in market: Market, by party: UUID) async throws {
        let task = Task {
            try await market.directory.importCatalogue(request, by: party, now: Fixtures.day) { progress in
                if progress.position >= 1_000 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: (any Error).self) { try await task.value }
    }

    private func imports(in market: Market) async throws -> [[String: Any]] {
        let list = try fields(try await market.directory.imports(source: nil, cursor: nil, limit: nil))
        return list["items"] as? [[String: Any]] ?? []
    }

    private static let long = "identifier,title\n" + (1...5_000).map { "\($0),Entry \($0)\n" }.joined()

    @Test func `a dry run that was killed is taken back with its source, one that runs is not`() async throws {
        try await with { market, party, database in
            let before = (try await sources(in: database), try await imports(in: market).count)
            let request = try ImportRequest(fileName: "long.csv", bytes: Array(Self.long.utf8), dryRun: true)
            try await kill(request, in: market, by: party)
            #expect(try await imports(in: market).first?["state"] as? String == "reading")
            try await database.withConnection(lane: .read) { connection in
                let claim = Statement(
                    name: "test/claim",
                    text: "SELECT pg_advisory_xact_lock(hashtextextended('directory import of LONG', 0)) IS NULL")
                try await connection.transact { transaction in
                    _ = try await transaction.first(claim) { try $0.next(Bool.self) }
                    #expect(try await market.directory.endDryRuns(now: Fixtures.day) == 0)
                }
            }
            #expect(try await market.directory.endDryRuns(now: Fixtures.day) == 1)
            #expect(try await imports(in: market).count == before.1)
            #expect(try await sources(in: database) == before.0)
        }
    }

    @Test func `an import that goes on with a killed dry run is not called one`() async throws {
        try await with { market, party, _ in
            var request = try ImportRequest(fileName: "long.csv", bytes: Array(Self.long.utf8), dryRun: true)
            try await kill(request, in: market, by: party)
            request.dryRun = false
            let report = try await market.directory.importCatalogue(request, by: party, now: Fixtures.day + 60)
            #expect(report.added == 5_000)
            let landed = try await imports(in: market).first
            #expect(landed?["state"] as? String == "landed" && landed?["dry_run"] as? Bool == false)
        }
    }

    @Test func `half a character in JSON-LD is reported and swallows nothing`() async throws {
        let text = #"""
            {"@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}, "@graph": [
              {"@id": "https://example.org/1", "@type": "dcat:Dataset", "dct:title": "Half \ud800night",
               "dct:description": "High \\ud800 \ud83d\ude80"},
              {"@id": "https://example.org/2", "@type": "dcat:Dataset", "dct:title": "\udc00Low",
               "dct:description": "Whole"}]}
            """#
        try await with { market, party, _ in
            let report = try await load(text, as: "half.jsonld", in: market, by: party, now: Fixtures.day)
            #expect(report.added == 2 && report.notedByReason["malformed_text"] == 2)
            let noted = report.problems.filter { $0.reason == .malformedText }
            #expect(noted.allSatisfy { $0.field == "title" && $0.message.contains("Half a character") })
            #expect(try await titles(in: market) == ["Half \u{FFFD}night", "\u{FFFD}Low"])
        }
    }
}
