import ArgumentParser
import Marketplace

/// Declares purchases that were made elsewhere. Exit status: 0 when every line landed, 2 when some were refused, 1 when nothing was
/// done.
struct ImportDeclaredPurchases: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "declared-purchases", abstract: "Declare purchases of data that were made elsewhere, from CSV.",
        discussion: """
            Columns: \(DeclarationFile.columns.joined(separator: ", ")). The same lines again change nothing; a reference that is \
            declared otherwise is corrected. \(importedLinesStatus)
            """)

    @Argument(help: "The CSV file.") var file: String
    @Option(help: "Who declares them, by the party's code.") var party: String

    func run() async throws {
        try await importLines(of: file, by: party) { market, bytes, party, now in
            let now = now()
            return try await market.declarations.declare(DeclarationFile(bytes, now: now), by: party, now: now)
        }
    }
}
