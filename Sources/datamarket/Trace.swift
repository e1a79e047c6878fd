import ArgumentParser
import Foundation
import Marketplace

/// Says whose copy of a product a file is.
struct Trace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find whose copy of a marked product a file is.",
        discussion: """
            A copy is known by the mark in its name and metadata and, where the product asks for it, by the order of its rows, \
            which stays when the file is renamed or made anew and when many of its rows are taken out.
            """)

    @Argument(help: "The file: CSV, JSON Lines, Parquet or XLSX, by its ending.") var file: String
    @Option(help: "The product's code.") var product: String
    @Option(help: "The revision; the newest when left out.") var revision: Int?

    func run() async throws {
        bootstrapLogging()
        let url = URL(fileURLWithPath: file)
        guard FileManager.default.isReadableFile(atPath: url.path) else {
            throw ValidationError("There is nothing to read at \(file).")
        }
        guard let format = Delivery.Format(rawValue: url.pathExtension.lowercased()),
            ![.original, .compressedCSV, .compressedJSONLines].contains(format)
        else {
            throw ValidationError("The file's name must end in .csv, .jsonl, .parquet or .xlsx.")
        }
        try await Workplace.run { workplace in
            let trace = try await workplace.market.delivery.trace(url, as: format, of: product, revision: revision)
            print("\(trace.matchedRows) rows are rows of \(product)")
            if let text = trace.text { print("the file says: \(text)") }
            for candidate in trace.candidates.prefix(5) {
                let isNamed = trace.text?.contains(candidate.mark) ?? false || file.contains(candidate.mark)
                print(
                    "\(candidate.enterprise)  mark \(candidate.mark)\(isNamed ? " (named)" : "")  order agrees "
                        + String(format: "%.3f", candidate.agreement))
            }
            if trace.candidates.isEmpty { print("no copy of \(product) was marked") }
        }
    }
}
