import ArgumentParser
import Foundation
import Marketplace

/// Prints a metric over a panel, always with numerator, denominator, panel and dates.
struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print an adoption metric as JSON.")

    @Argument(help: "The metric's name.") var metric = "adoption-rate"
    @Option(help: "The panel's code.") var panel: String
    @Option(help: "A dimension: section, province or enterprise_kind.") var by: String?
    @Option(help: "What is counted: legal_entity or group.") var count: String?
    @Option(help: "What had happened by this time; now when left out.") var asOf: String?
    @Option(help: "What was known by this time; now when left out.") var recordedBy: String?

    func run() async throws {
        bootstrapLogging()
        try await telling {
            let now = Date()
            let asOf = try asOf.map { try parsedTime($0, field: "--as-of") } ?? now
            let recordedBy = try recordedBy.map { try parsedTime($0, field: "--recorded-by") } ?? now
            try await Workplace.run { workplace in
                let (_, figure) = try await workplace.market.adoption.figure(
                    metric, panel: panel, by: by, count: CountingRule(named: count, field: "--count"), asOf: asOf,
                    recordedBy: recordedBy)
                print(figure.text)
            }
        }
    }
}
