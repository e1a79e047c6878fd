import ArgumentParser
import Foundation
import Marketplace

/// Publishes scenario documents; one that is refused does not stop the others.
struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Publish demonstration scenarios from YAML documents.",
        discussion: "Exit status: 0 all are published; 2 some were refused, the others are published; 1 none was found."
    )

    @Argument(help: "Files, or folders that are searched for .yaml files.") var paths: [String]
    @Option(help: "The administration that publishes, by its code; the demonstration's when left out.")
    var administration: String?

    func run() async throws {
        bootstrapLogging()
        let files = try paths.flatMap(Self.files)
        guard !files.isEmpty else {
            complain("No .yaml file is at \(paths.joined(separator: ", ")).")
            throw ExitCode(1)
        }
        var refused = 0
        try await Workplace.run { workplace in
            let party = try await workplace.market.parties.id(
                of: administration ?? DemonstrationMarket.administrationCode())
            refused = try await Self.publish(files, by: party, market: workplace.market) { print($0) }
        }
        if refused > 0 { throw ExitCode(2) }
    }

    /// - Returns: how many documents were refused.
    static func publish(
        _ files: [URL], by party: UUID, market: Market, tell: (String) -> Void
    ) async throws -> Int {
        var counts: [Scenarios.Outcome: Int] = [:]
        var refused = 0
        for file in files {
            do {
                guard let yaml = String(validating: try Data(contentsOf: file), as: UTF8.self) else {
                    throw InvalidInput(nil, "The document is not UTF-8.")
                }
                let outcome = try await market.scenarios.publish(ScenarioDocument(yaml: yaml), by: party, now: Date())
                counts[outcome, default: 0] += 1
            } catch let refusal as any MarketplaceError {
                refused += 1
                complain("\(file.path): \(refusal.field.map { "\($0): " } ?? "")\(refusal.message)")
            }
        }
        tell("published \(counts[.published] ?? 0), unchanged \(counts[.unchanged] ?? 0), refused \(refused)")
        return refused
    }

    static func files(at path: String) throws -> [URL] {
        let root = URL(fileURLWithPath: path)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw ValidationError("There is nothing at \(path).")
        }
        guard isFolder.boolValue else { return [root] }
        let found = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return found.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
            .map { root.appendingPathComponent($0) }
    }
}
