import ArgumentParser
import Marketplace

/// States companies that central enterprises established. Exit status: 0 when every line landed, 2 when some were refused, 1 when
/// nothing was done.
struct ImportNewCompanies: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-companies", abstract: "State companies that central enterprises established, from CSV.",
        discussion: """
            Columns: \(NewCompanyFile.columns.joined(separator: ", ")). The same lines again change nothing; a company that is \
            stated otherwise is corrected. \(importedLinesStatus)
            """)

    @Argument(help: "The CSV file.") var file: String
    @Option(help: "Who states them, by the party's code.") var party: String

    func run() async throws {
        try await importLines(of: file, by: party) { market, bytes, party, now in
            try await market.newCompanies.state(NewCompanyFile(bytes, now: now()), by: party, now: now)
        }
    }
}
