import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// What an officer sees of an import while it runs, after it, and when its server was stopped.
@Suite struct ImportWatchTests {
    private let now = Fixtures.day

    private func with(_ work: (Market, Database, UUID) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            try await work(market, database, try await Fixtures.make(in: market).administration)
        }
    }

    /// How many imports and sources there are.
    private func count(in database: Database) async throws -> Int? {
        try await database.first(
            Statement(
                name: "test/count",
                text: "SELECT (SELECT count(*) FROM directory_import) + (SELECT count(*) FROM directory_source)")
        ) { try $0.next(Int.self) }
    }

    /// An import of 3,000 entries and one without a title, whose server is stopped when it has stored some.
    private func interrupt(dryRun: Bool, in market: Market, by party: UUID) async throws -> UUID {
        let entries = (1...3_000).map { #"{"identifier": "\#($0)", "title": "Entry \#($0)"}"# }
        let text = #"{"dataset": [{"identifier": "0"}, \#(entries.joined(separator: ",\n"))]}"#
        let request = try ImportRequest(fileName: "long.data.json", bytes: Array(text.utf8), dryRun: dryRun)
        let begun = AsyncStream.makeStream(of: UUID.self)
        let (directory, now) = (market.directory, now)
        let task = Task {
            try await directory.importCatalogue(request, by: party, now: now) { progress in
                begun.continuation.yield(progress.id)
                if progress.position >= 1_000 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        await #expect(throws: (any Error).self) { try await task.value }
        return try #require(await begun.stream.first { _ in true })
    }

    @Test func `an import is running as long as a server holds its source, and interrupted after`() async throws {
        try await with { market, database, party in
            let id = try await interrupt(dryRun: false, in: market, by: party)
            let watch = try await market.directory.watch(id)
            #expect(try fields(watch.state)["state"] as? String == "reading" && !watch.isRunning)
            #expect(watch.problems.text.contains("missing_title"), "\(watch.problems.text)")
            #expect(try await market.directory.latestImports(limit: 5).text.contains(#""state" : "interrupted""#))
            try await database.withTransaction { transaction in
                try await transaction.script(
                    "SELECT pg_advisory_xact_lock(hashtextextended('directory import of LONG', 0))")
                let held = try await market.directory.watch(id)
                #expect(held.isRunning)
                #expect(try await market.directory.latestImports(limit: 5).text.contains(#""state" : "reading""#))
            }
        }
    }

    @Test func `what a dry run found can be read after it, and nothing else is left of it`() async throws {
        try await with { market, database, party in
            let text = #"{"dataset": [{"identifier": "1", "title": "One"}, {"identifier": "2"}]}"#
            let request = try ImportRequest(fileName: "city.data.json", bytes: Array(text.utf8), dryRun: true)
            let before = try await count(in: database)
            let begun = AsyncStream.makeStream(of: UUID.self)
            _ = try await market.directory.importCatalogue(request, by: party, now: now) {
                begun.continuation.yield($0.id)
            }
            let id = try #require(await begun.stream.first { _ in true })
            let watch = try await market.directory.watch(id)
            let state = try fields(watch.state)
            #expect(state["state"] as? String == "tried" && state["dry_run"] as? Bool == true && !watch.isRunning)
            #expect(state["added"] as? Int == 1 && state["refused"] as? Int == 1 && state["rows"] as? Int == 2)
            #expect(watch.problems.text.contains("missing_title"))
            #expect(try await count(in: database) == before)
            #expect(try await market.directory.latestImports(limit: 5).text.contains(#""state" : "tried""#))
        }
    }

    @Test func `a dry run whose server was stopped says so when it is taken back`() async throws {
        try await with { market, _, party in
            let id = try await interrupt(dryRun: true, in: market, by: party)
            #expect(try await market.directory.endDryRuns(now: now) == 1)
            let state = try fields(try await market.directory.watch(id).state)
            #expect(state["state"] as? String == "refused")
            #expect((state["refusal"] as? String)?.contains("broke off") ?? false)
        }
    }

    @Test func `there is no import of an unknown id`() async throws {
        try await with { market, _, _ in
            await #expect(throws: DirectoryError.self) { try await market.directory.watch(UUID()) }
        }
    }
}
