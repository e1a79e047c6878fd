import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct DirectoryImportTests {
    private let now = Fixtures.day

    private func load(
        _ text: String, dryRun: Bool = false, share: Double = 0.2, at time: Date, in market: Market, by party: UUID
    ) async throws -> ImportReport {
        try await market.directory.importCatalogue(
            ImportRequest(
                fileName: "city.data.json", bytes: Array(text.utf8), dryRun: dryRun, maxWithdrawnShare: share),
            by: party, now: time)
    }

    private func with(_ work: (Market, UUID) async throws -> Void) async throws {
        try await TestMarket.with { market, _ in
            try await work(market, try await Fixtures.make(in: market).administration)
        }
    }

    private func entry(_ title: String, in market: Market) async throws -> String {
        let page = try fields(try await market.directory.entries(text: title, cursor: nil, limit: nil))
        let items = page["items"] as? [[String: Any]] ?? []
        return items.first?["code"] as? String ?? ""
    }

    private func version(of code: String, in market: Market, _ asOf: Date, _ recordedBy: Date) async throws -> Int? {
        let entry = try await market.directory.entry(code, asOf: asOf, recordedBy: recordedBy, now: now + 7200)
        return try fields(entry)["version"] as? Int
    }

    @Test func `importing a file twice changes nothing`() async throws {
        try await with { market, party in
            let first = try await load(Fixtures.catalogue, at: now, in: market, by: party)
            #expect((first.added, first.changed, first.withdrawn) == (2, 0, 0))
            let again = try await load(Fixtures.catalogue, at: now + 60, in: market, by: party)
            #expect((again.added, again.changed, again.unchanged, again.withdrawn) == (0, 0, 2, 0))
            #expect(again.id == nil)
        }
    }

    @Test func `a dry run says what would change and changes nothing`() async throws {
        try await with { market, party in
            let report = try await load(Fixtures.catalogue, dryRun: true, at: now, in: market, by: party)
            #expect(report.added == 2 && report.dryRun)
            let page = try fields(try await market.directory.entries(text: nil, cursor: nil, limit: nil))
            #expect(page["total"] as? Int == 0)
        }
    }

    @Test func `bad entries are reported and the good ones land`() async throws {
        try await with { market, party in
            let report = try await load(
                """
                {"dataset": [{"identifier": "a", "title": "Good"}, {"identifier": "b", "title": "  "},
                 {"identifier": "a", "title": "Twice"}, {"identifier": "c", "title": "Dated", "issued": "2025-02-30"}]}
                """, at: now, in: market, by: party)
            #expect(report.added == 1)
            #expect(report.refusedByReason == ["missing_title": 1, "duplicate_identifier": 1, "impossible_date": 1])
            #expect(report.problems.filter { $0.severity == .refused }.map(\.position).sorted() == [2, 3, 4])
        }
    }

    @Test func `an entry that is refused later keeps its version in force`() async throws {
        try await with { market, party in
            _ = try await load(Fixtures.catalogue, at: now, in: market, by: party)
            let broken = Fixtures.catalogue.replacingOccurrences(of: "\"Bus stops\"", with: "\" \"")
            let report = try await load(broken, at: now + 60, in: market, by: party)
            #expect(report.refused == 1 && report.withdrawn == 0)
            #expect(try await entry("Bus stops", in: market) != "")
        }
    }

    @Test func `a changed entry gets a new version and the old one can still be asked for`() async throws {
        try await with { market, party in
            _ = try await load(Fixtures.catalogue, at: now, in: market, by: party)
            let code = try await entry("Bus stops", in: market)
            let changed = Fixtures.catalogue.replacingOccurrences(of: "Stops with position", with: "Stops and shelters")
            let report = try await load(changed, at: now + 3600, in: market, by: party)
            #expect((report.added, report.changed, report.unchanged) == (0, 1, 1))
            #expect(try await version(of: code, in: market, now + 7200, now + 7200) == 2)
            #expect(try await version(of: code, in: market, now + 60, now + 7200) == 1)
            #expect(try await version(of: code, in: market, now + 7200, now + 60) == 1)
            let history = try fields(try await market.directory.history(of: code, cursor: nil, limit: nil))
            let versions = history["items"] as? [[String: Any]] ?? []
            #expect(versions.count == 2)
            let changes = (versions.first?["changed"] as? [[String: Any]] ?? []).map { $0["field"] as? String }
            #expect(changes == ["descriptions[1].text"])
        }
    }

    @Test func `an entry that its source no longer holds is withdrawn, and its past stays`() async throws {
        try await with { market, party in
            _ = try await load(Fixtures.catalogue, at: now, in: market, by: party)
            let code = try await entry("Bus stops", in: market)
            let shorter = #"{"dataset": [{"identifier": "flood", "title": "Flood complaints"}]}"#
            let report = try await load(shorter, at: now + 3600, in: market, by: party)
            #expect(report.withdrawn == 1)
            await #expect(throws: DirectoryError.self) {
                try await market.directory.entry(code, asOf: now + 7200, recordedBy: now + 7200, now: now + 7200)
            }
            _ = try await market.directory.entry(code, asOf: now + 60, recordedBy: now + 7200, now: now + 7200)
        }
    }

    @Test func `a file that lacks most of its source is refused as a whole`() async throws {
        try await with { market, party in
            let many = (1...20).map { #"{"identifier": "\#($0)", "title": "Entry \#($0)"}"# }
            _ = try await load("{\"dataset\": [\(many.joined(separator: ","))]}", at: now, in: market, by: party)
            let few = "{\"dataset\": [\(many.prefix(3).joined(separator: ","))]}"
            await #expect { try await load(few, at: now + 60, in: market, by: party) } throws: {
                if case DirectoryError.tooManyWithdrawn(17, inForce: 20, _) = $0 { true } else { false }
            }
            let allowed = try await load(few, share: 1, at: now + 60, in: market, by: party)
            #expect(allowed.withdrawn == 17)
        }
    }

    @Test func `a small source may lose one of its entries, but not all, and none where no share may vanish`()
        async throws
    {
        try await with { market, party in
            let entry = { (name: String) in #"{"identifier": "\#(name)", "title": "Entry \#(name)"}"# }
            let file = { (names: [String]) in "{\"dataset\": [\(names.map(entry).joined(separator: ","))]}" }
            _ = try await load(file(["a", "b", "c"]), at: now, in: market, by: party)
            await #expect(throws: DirectoryError.self) {
                try await load(file(["a", "b"]), share: 0, at: now + 60, in: market, by: party)
            }
            #expect(try await load(file(["a", "b"]), share: 0.2, at: now + 60, in: market, by: party).withdrawn == 1)
            await #expect(throws: DirectoryError.self) {
                try await load(file([]), share: 0.2, at: now + 120, in: market, by: party)
            }
        }
    }

    @Test func `a truncated file changes nothing`() async throws {
        try await with { market, party in
            _ = try await load(Fixtures.catalogue, at: now, in: market, by: party)
            await #expect(throws: DirectoryError.self) {
                try await load(String(Fixtures.catalogue.dropLast(40)), at: now + 60, in: market, by: party)
            }
            let page = try fields(try await market.directory.entries(text: nil, cursor: nil, limit: nil))
            #expect(page["total"] as? Int == 2)
        }
    }

    @Test func `eight imports of one source at once follow each other`() async throws {
        try await with { market, party in
            try await withThrowingTaskGroup(of: ImportReport.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let text = Fixtures.catalogue.replacingOccurrences(
                            of: "Stops with", with: "State \(number % 2) with")
                        return try await load(text, at: now, in: market, by: party)
                    }
                }
                let reports = try await group.reduce(into: []) { $0.append($1) }
                #expect(reports.reduce(0) { $0 + $1.added } == 2)
            }
            let page = try fields(try await market.directory.entries(text: nil, cursor: nil, limit: nil))
            #expect(page["total"] as? Int == 2)
        }
    }
}
