import ArgumentParser
import Foundation
import Marketplace

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import into the market.",
        subcommands: [
            ImportDirectory.self, ImportCalendar.self, ImportDeclaredPurchases.self, ImportNewCompanies.self,
        ])
}

/// Imports one catalogue file. Exit status: 0 when every entry landed, 2 when some were refused, 1 when nothing was done.
struct ImportDirectory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "directory",
        abstract: "Import a catalogue: data.json, CKAN, DCAT as JSON-LD, Turtle, RDF/XML or N-Triples, or CSV.",
        discussion: "Exit status: 0 every entry landed; 2 some were refused, the others landed; 1 nothing was changed.")

    @Argument(help: "The catalogue file, or its address.") var file: String
    @Option(help: "The source's code; made from the file's name when left out.") var source: String?
    @Option(help: "data.json, ckan, jsonld, turtle, rdf, nt or csv; found out when left out.") var format:
        CatalogueFormat?
    @Flag(help: "Say what would be added, changed and withdrawn, and change nothing.") var dryRun = false
    @Option(help: "Refuse the file when more than this share of the source's entries would be withdrawn.")
    var maxWithdrawnShare = 0.2
    @Option(help: "The administration that answers for the release, by its code; the demonstration's when left out.")
    var administration: String?
    @Flag(help: "Print the whole report as JSON.") var json = false
    @Flag(help: "Read the file also when it is the one that landed last.") var reread = false

    func run() async throws {
        bootstrapLogging()
        var refused = 0
        try await Workplace.run { workplace in
            do {
                let party = try await workplace.market.parties.id(
                    of: administration ?? DemonstrationMarket.administrationCode())
                switch try await outcome(in: workplace.market.directory, by: party) {
                case .notModified(let source): print("\(source): not modified since the last import")
                case .imported(let report):
                    refused = report.refused
                    show(report)
                }
            } catch let refusal as any MarketplaceError {
                complain("\(file): \(refusal.field.map { "\($0): " } ?? "")\(refusal.message)")
                throw ExitCode(1)
            }
        }
        if refused > 0 { throw ExitCode(2) }
    }

    private func outcome(in directory: Directory, by party: UUID) async throws -> FetchOutcome {
        let note = { @Sendable (progress: ImportProgress) in
            if progress.position > 0, progress.position % 10_000 == 0 { complain("\(progress.position) entries read") }
        }
        guard file.hasPrefix("http://") || file.hasPrefix("https://") else {
            return .imported(
                try await directory.importCatalogue(
                    request(.file(URL(fileURLWithPath: file)), format: nil, fileName: file), by: party, now: Date(),
                    onProgress: note))
        }
        guard let source else { throw InvalidInput("--source", "Say which source the address belongs to.") }
        // Whoever runs the command on this machine reaches its network anyway.
        let address = try CatalogueAddress(file, allowsInternal: true)
        return try await directory.importCatalogue(
            at: address, source: source, rereads: reread, by: party, now: Date(), onProgress: note
        ) { try request($0, format: $1, fileName: address.fileName) }
    }

    private func request(
        _ content: CatalogueContent, format found: CatalogueFormat?, fileName: String
    ) throws -> ImportRequest {
        var request = try ImportRequest(
            fileName: fileName, content: content, source: source, format: format ?? found, dryRun: dryRun,
            maxWithdrawnShare: maxWithdrawnShare)
        request.rereads = reread
        return request
    }

    private func show(_ report: ImportReport) {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print((try? encoder.encode(report)).map { String(decoding: $0, as: UTF8.self) } ?? "")
            return
        }
        for problem in report.problems where problem.severity == .refused {
            let line = problem.line.map { ", line \($0)" } ?? ""
            complain(
                "\(file): entry \(problem.position)\(line) (\(problem.identifier ?? "no identifier")) refused: "
                    + "\(problem.field.map { "\($0): " } ?? "")\(problem.message)")
        }
        print(
            "\(dryRun ? "would be: " : "")added \(report.added), changed \(report.changed), "
                + "unchanged \(report.unchanged), withdrawn \(report.withdrawn), refused \(report.refused)")
        let reasons = { (counts: [String: Int]) in
            counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
                .joined(separator: ", ")
        }
        if !report.refusedByReason.isEmpty { print("refused: \(reasons(report.refusedByReason))") }
        if !report.notedByReason.isEmpty { print("noted: \(reasons(report.notedByReason))") }
    }
}

extension CatalogueFormat: ExpressibleByArgument {}
