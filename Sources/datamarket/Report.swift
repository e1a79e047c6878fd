import ArgumentParser
import Foundation
import Marketplace
import Web

/// Prints a metric over a panel, always with numerator, denominator, panel and dates; or writes every metric in a period as a
/// report to print.
struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print an adoption metric as JSON, or write a report of all of them.",
        discussion: """
            With --period and --output it writes every published metric in a year, quarter or month, with charts and definitions \
            in Chinese and English, as HTML or PDF by the file's ending. All figures are by the same two times: without --as-of \
            what had happened by the end of the period, or by half a minute ago where it has not ended; without \
            --recorded-by what was known half a minute ago, which no longer changes. It waits some seconds until the totals \
            hold that, and says when they do not.
            """)

    @Argument(help: "The metric's name; adoption-rate when left out.") var metric: String?
    @Option(help: "The panel's code.") var panel: String
    @Option(
        help:
            "A dimension: section, province or enterprise_kind. Of a report: by which a panel is divided where only one can be told."
    ) var by: String?
    @Option(help: "What is counted: legal_entity or group.") var count: String?
    @Option(help: "What had happened by this time; now when left out.") var asOf: String?
    @Option(help: "What was known by this time; when left out now, of a report half a minute ago.") var recordedBy:
        String?
    @Option(help: "Of a report: a year, quarter or month, such as 2026, 2026-Q3 or 2026-07.") var period: String?
    @Option(help: "Of a report: the file to write, which ends with .html or .pdf.") var output: String?

    func validate() throws {
        guard (period == nil) == (output == nil) else {
            throw ValidationError("A report needs both --period and --output.")
        }
        guard let output else { return }
        guard metric == nil else {
            throw ValidationError("A report is of every metric; leave out '\(metric ?? "")'.")
        }
        guard output.hasSuffix(".html") || output.hasSuffix(".pdf") else {
            throw ValidationError("--output must end with .html or .pdf.")
        }
    }

    func run() async throws {
        bootstrapLogging()
        try await telling {
            let asOf = try asOf.map { try parsedTime($0, field: "--as-of") }
            let recordedBy = try recordedBy.map { try parsedTime($0, field: "--recorded-by") }
            let count = try CountingRule(named: count, field: "--count")
            let period = try period.map { try ReportPeriod($0, field: "--period") }
            try await Workplace.run { workplace in
                let now = try await workplace.market.adoption.time()
                if let period, let output {
                    let request = try ReportRequest(
                        period: period, panel: panel, count: count, by: by, asOf: asOf, recordedBy: recordedBy, now: now
                    )
                    try await write(request, to: output, workplace.market, now: now)
                    return
                }
                let (_, figure) = try await workplace.market.adoption.figure(
                    metric ?? "adoption-rate", panel: panel, by: by, count: count, asOf: asOf ?? now,
                    recordedBy: recordedBy ?? now)
                print(figure.text)
            }
        }
    }

    private func write(_ request: ReportRequest, to output: String, _ market: Market, now: Date) async throws {
        let report = PrintedReport(market: market)
        let bytes: [UInt8]
        do {
            bytes =
                output.hasSuffix(".pdf")
                ? try await report.pdf(request, now: now) : try await report.page(request, now: now)
        } catch AdoptionError.panelNotYetKnown(let panel) where recordedBy == nil {
            throw InvalidInput(
                "--panel",
                "No version of \(panel) was known half a minute ago, which a report is of unless --recorded-by says "
                    + "otherwise; try again in half a minute.")
        }
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: output))
        } catch {
            throw InvalidInput("--output", "The file \(output) cannot be written.")
        }
        print("wrote \(output), \(bytes.count) bytes")
    }
}
