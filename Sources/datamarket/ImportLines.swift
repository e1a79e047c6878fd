import ArgumentParser
import Foundation
import Marketplace

let importedLinesStatus =
    "Exit status: 0 every line landed; 2 some were refused, the others landed; 1 nothing was changed."

/// Imports the lines of a CSV file for a party: says which were refused and why, and how many landed.
/// - Parameter work: what imports the bytes of the file.
/// - Throws: `ExitCode` as `importedLinesStatus` says.
func importLines(
    of file: String, by code: String,
    _ work: @escaping @Sendable (Market, [UInt8], UUID, @Sendable () -> Date) async throws -> ImportedLines
) async throws {
    bootstrapLogging()
    guard let bytes = FileManager.default.contents(atPath: file) else {
        complain("\(file) cannot be read.")
        throw ExitCode(1)
    }
    var refused: [RefusedLine] = []
    try await telling {
        try await Workplace.run { workplace in
            let party = try await workplace.market.parties.id(of: code)
            let imported = try await work(workplace.market, [UInt8](bytes), party, { Date() })
            refused = imported.refused
            for line in refused { complain("\(file): line \(line.line): \(line.field): \(line.reason)") }
            print("\(imported.new) new, \(imported.corrected) corrected, \(imported.known) known")
        }
    }
    if !refused.isEmpty { throw ExitCode(2) }
}
