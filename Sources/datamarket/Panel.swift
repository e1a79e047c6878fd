import ArgumentParser
import Foundation
import Marketplace

struct Panel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keep panels: dated lists of enterprises with a reason for each.", subcommands: [PanelImportFile.self]
    )
}

/// Imports a panel, or its next version. Exit status: 0 when every line landed, 2 when some were refused, 1 when nothing was
/// done.
struct PanelImportFile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import a panel, or its next version, from CSV: enterprise_code, reason, and what is known besides.",
        discussion: """
            Columns besides: \(PanelFile.columns.dropFirst(2).joined(separator: ", ")). The same file, titles and date again \
            make no version. Exit status: 0 every line landed; 2 some were refused, the others landed; 1 nothing was changed.
            """)

    @Argument(help: "The CSV file.") var file: String
    @Option(help: "The panel's code, such as leading-2025.") var code: String
    @Option(help: "Its title in Chinese.") var titleZh: String
    @Option(help: "Its title in English.") var titleEn: String
    @Option(help: "The day that it is of, such as 2025-12-31.") var datedOn: String
    @Flag(help: "Take nothing when a line is bad.") var allOrNothing = false
    @Option(help: "Who records it, by the party's code; nobody when left out.") var party: String?

    func run() async throws {
        bootstrapLogging()
        guard let bytes = FileManager.default.contents(atPath: file) else {
            complain("\(file) cannot be read.")
            throw ExitCode(1)
        }
        var refused: [RefusedLine] = []
        do {
            let wanted = try PanelImport(
                code: code, titleZh: titleZh, titleEn: titleEn, datedOn: datedOn, file: [UInt8](bytes),
                allOrNothing: allOrNothing)
            try await Workplace.run { workplace in
                var recorder: UUID?
                if let party { recorder = try await workplace.market.parties.id(of: party) }
                let report = try await workplace.market.panels.record(wanted, by: recorder, now: Date()).report
                refused = report.refused
                show(report)
            }
        } catch let refusal as any MarketplaceError {
            for problem in refusal.problems { complain("\(file): \(problem.field): \(problem.reason)") }
            complain("\(file): \(refusal.field.map { "\($0): " } ?? "")\(refusal.message)")
            throw ExitCode(1)
        }
        if !refused.isEmpty { throw ExitCode(2) }
    }

    private func show(_ report: PanelReport) {
        for line in report.refused { complain("\(file): line \(line.line): \(line.field): \(line.reason)") }
        let refused = Set(report.refused.map(\.line)).count
        print(
            report.made
                ? "\(report.code) version \(report.version): \(report.members) members, \(refused) lines refused"
                : "\(report.code): version \(report.version) is of the same file, titles and date; none was made")
    }
}
