import ArgumentParser
import Foundation
import Marketplace

/// Loads the calendar of a year. Exit status: 0 when it was loaded, 1 when nothing was changed.
struct ImportCalendar: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract: "Load a year's holidays and moved weekends from CSV: day, is_working, name_zh, name_en.",
        discussion: "Replaces the year's days and counts open deadlines anew; a bad line changes nothing.")

    @Argument(help: "The CSV file.") var file: String
    @Option(help: "Where the days are from, such as the yearly holiday notice.") var source: String
    @Flag(help: "The days were read in the source itself.") var verified = false

    func run() async throws {
        bootstrapLogging()
        do {
            let calendar = try CalendarFile(CSVTable([UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))))
            try await Workplace.run { workplace in
                let (days, moved) = try await workplace.market.deadlines.load(
                    calendar, source: source, verified: verified)
                print("\(calendar.year): \(days) days, \(moved) deadlines moved")
            }
        } catch let refusal as any MarketplaceError {
            complain("\(file): \(refusal.field.map { "\($0): " } ?? "")\(refusal.message)")
            throw ExitCode(1)
        } catch let error as CocoaError {
            complain("\(file) cannot be read: \(error.localizedDescription)")
            throw ExitCode(1)
        }
    }
}
