import ArgumentParser
import Foundation
import Marketplace

/// Declares purchases that were made elsewhere. Exit status: 0 when every line landed, 2 when some were refused, 1 when nothing was
/// done.
struct ImportDeclaredPurchases: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "declared-purchases", abstract: "Declare purchases of data that were made elsewhere, from CSV.",
        discussion: """
            Columns: \(DeclarationFile.columns.joined(separator: ", ")). The same lines again change nothing; a reference that is \
            declared otherwise is corrected. Exit status: 0 every line landed; 2 some were refused, the others landed; 1 nothing \
            was changed.
            """)

    @Argument(help: "The CSV file.") var file: String
    @Option(help: "Who declares them, by the party's code.") var party: String

    func run() async throws {
        bootstrapLogging()
        guard let bytes = FileManager.default.contents(atPath: file) else {
            complain("\(file) cannot be read.")
            throw ExitCode(1)
        }
        var refused: [RefusedLine] = []
        try await telling {
            let now = Date()
            let wanted = try DeclarationFile([UInt8](bytes), now: now)
            try await Workplace.run { workplace in
                let declarer = try await workplace.market.parties.id(of: party)
                let report = try await workplace.market.declarations.declare(wanted, by: declarer, now: now)
                refused = report.refused
                for line in refused { complain("\(file): line \(line.line): \(line.field): \(line.reason)") }
                print("\(report.new) new, \(report.corrected) corrected, \(report.known) known")
            }
        }
        if !refused.isEmpty { throw ExitCode(2) }
    }
}
