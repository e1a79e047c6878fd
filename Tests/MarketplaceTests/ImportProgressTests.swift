import Foundation
import Marketplace
import Postgres
import Synchronization
import TestSupport
import Testing

@Suite struct ImportProgressTests {
    private let now = Fixtures.day

    private func catalogue(_ count: Int, prefix: String = "") -> [UInt8] {
        let entries = (1...count).map {
            #"{"identifier": "\#(prefix)\#($0)", "title": "Entry \#($0)", "description": "Number \#($0)"}"#
        }
        return Array("{\"dataset\": [\(entries.joined(separator: ",\n"))]}".utf8)
    }

    private func with(_ work: (Market, UUID) async throws -> Void) async throws {
        try await TestMarket.with { market, _ in
            try await work(market, try await Fixtures.make(in: market).administration)
        }
    }

    @Test func `an import that was interrupted goes on at its last batch, and nothing is visible before`() async throws
    {
        try await with { market, party in
            let request = try ImportRequest(fileName: "long.data.json", bytes: catalogue(5_000))
            let (now, directory) = (now, market.directory)
            let running = Mutex<Task<ImportReport, any Error>?>(nil)
            let box = Box(running)
            let task = Task {
                try await directory.importCatalogue(request, by: party, now: now) {
                    if $0.position >= 2_000 { box.value.withLock { $0?.cancel() } }
                }
            }
            box.value.withLock { $0 = task }
            await #expect(throws: (any Error).self) { try await task.value }
            let page = try fields(try await directory.entries(text: nil, cursor: nil, limit: nil))
            #expect(page["total"] as? Int == 0)
            let list = try fields(try await directory.imports(source: "LONG", cursor: nil, limit: nil))
            let state = (list["items"] as? [[String: Any]])?.first
            #expect(state?["state"] as? String == "reading")
            let staged = try #require(state?["rows"] as? Int)
            #expect(staged >= 1_000)

            let first = Box(Mutex<Int?>(nil))
            let report = try await directory.importCatalogue(request, by: party, now: now + 60) { progress in
                first.value.withLock { $0 = $0 ?? progress.position }
            }
            #expect(first.value.withLock { $0 } == staged)
            #expect(report.added == 5_000 && report.refused == 0)
        }
    }

    @Test func `the file that landed last is not read again unless it is asked for`() async throws {
        try await with { market, party in
            var request = try ImportRequest(fileName: "city.data.json", bytes: catalogue(10))
            _ = try await market.directory.importCatalogue(request, by: party, now: now)
            let known = try await market.directory.importCatalogue(request, by: party, now: now + 1)
            #expect(known.id == nil && known.unchanged == 10)
            request.rereads = true
            let read = try await market.directory.importCatalogue(request, by: party, now: now + 2)
            #expect(read.id != nil && read.unchanged == 10 && read.added == 0)
        }
    }

    @Test func `a duplicate of the file or of another source is reported and not copied`() async throws {
        try await with { market, party in
            let text = """
                {"dataset": [
                 {"identifier": "a", "title": "Stops", "description": "Of buses", "landingPage": "https://example.org/a"},
                 {"identifier": "b", "title": "Stops", "description": "Of buses", "landingPage": "https://example.org/a"},
                 {"identifier": "c", "title": "Stops", "description": "Of trams"},
                 {"identifier": "https://example.org/d", "title": "Lines"}]}
                """
            let first = try await market.directory.importCatalogue(
                ImportRequest(fileName: "one.data.json", bytes: Array(text.utf8)), by: party, now: now)
            #expect(first.added == 3 && first.refusedByReason == ["duplicate_content": 1])
            #expect(first.problems.first { $0.reason == .duplicateContent }?.duplicateOf == "a")
            let other = """
                {"dataset": [
                 {"identifier": "x", "title": "Stops", "description": "Of trams"},
                 {"identifier": "https://example.org/d", "title": "Lines, renamed"},
                 {"identifier": "a", "title": "Something else", "description": "With a short number"}]}
                """
            let second = try await market.directory.importCatalogue(
                ImportRequest(fileName: "two.data.json", bytes: Array(other.utf8)), by: party, now: now)
            #expect(second.added == 1 && second.refusedByReason == ["duplicate_of_source": 2])
            let codes = second.problems.compactMap(\.duplicateOf)
            #expect(codes.count == 2 && codes.allSatisfy { $0.hasPrefix("ONE-") })
        }
    }

    @Test func `a source at an address is asked whether it was modified`() async throws {
        try await with { market, party in
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try Data(catalogue(3)).write(to: folder.appendingPathComponent("city.data.json"))
            let (server, base) = try serve(folder)
            defer { server.terminate() }
            let fetch = { (name: String, isInside: Bool) in
                try await market.directory.importCatalogue(
                    at: CatalogueAddress("\(base)/\(name)", allowsInternal: isInside), source: "CITY", by: party,
                    now: now
                ) { try ImportRequest(fileName: name, content: $0, source: "CITY", format: $1) }
            }
            let first = try await fetch("city.data.json", true)
            if case .imported(let report) = first { #expect(report.added == 3) } else { Issue.record("\(first)") }
            let second = try await fetch("city.data.json", true)
            if case .notModified = second {} else { Issue.record("\(second)") }
            // Another file gave the source its state since, so that what the address has is not what the market has.
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: catalogue(2), source: "CITY", maxWithdrawnShare: 1),
                by: party, now: now + 60)
            let third = try await fetch("city.data.json", true)
            if case .imported(let report) = third { #expect(report.added == 1) } else { Issue.record("\(third)") }
            await #expect(throws: DirectoryError.self) { try await fetch("none.data.json", true) }
            await #expect(throws: DirectoryError.self) { try await fetch("city.data.json", false) }
        }
    }

    private func serve(_ folder: URL) throws -> (Process, base: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder.path]
        let pipe = Pipe()
        (process.standardOutput, process.standardError) = (pipe, FileHandle.nullDevice)
        try process.run()
        let line = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let port = line.firstMatch(of: /port (\d+)/).map { String($0.1) } ?? ""
        return (process, "http://127.0.0.1:\(port)")
    }
}

/// Lets closures on several tasks reach one locked value.
private final class Box<Value: Sendable>: Sendable {
    let value: Mutex<Value>
    init(_ value: consuming sending Mutex<Value>) { self.value = value }
}
