import ArgumentParser
import Foundation
import Marketplace

/// Closes the billing periods that are due and issues their invoices. Run again after a stop, it goes on where it was.
struct Bill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Close due billing periods and issue their invoices.",
        discussion: "Exit status: 0 all were billed; 2 some enterprises failed and were left as they were.")

    @Option(help: "Only periods that ended by the end of this month, such as 2026-01; all that ended when left out.")
    var period: String?
    @Flag(help: "Leave the invoices as drafts, to be looked at before they are issued.") var draft = false

    func run() async throws {
        bootstrapLogging()
        try await telling {
            let now = Date()
            let day = try period.map { try Self.dayAfter($0, now: now) }
            try await Workplace.run { workplace in
                let (report, took) = try await workplace.withoutStatementLimit { market in
                    let begin = ContinuousClock.now
                    let report = try await market.billing.bill(before: day, issues: !draft, now: now)
                    return (report, ContinuousClock.now - begin)
                }
                let seconds = took.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1)))
                print(
                    "closed \(report.periods) periods with \(report.events) usage events: \(report.drafts) invoices made, "
                        + "\(report.issued) issued in \(seconds)")
                guard report.failed.isEmpty else {
                    for enterprise in report.failed {
                        complain("enterprise \(enterprise.uuidString.lowercased()) was not billed")
                    }
                    throw ExitCode(2)
                }
            }
        }
    }

    /// The first day after a month. - Throws: when it is none, or has not passed.
    static func dayAfter(_ month: String, now: Date) throws -> String {
        guard let parts = month.wholeMatch(of: /([0-9]{4})-(0[1-9]|1[0-2])/), let year = Int(parts.1),
            let number = Int(parts.2)
        else { throw InvalidInput("--period", "'\(month)' is not a month like 2026-01.") }
        let next = number == 12 ? (year + 1, 1) : (year, number + 1)
        let day = "\(next.0)-\(next.1 < 10 ? "0" : "")\(next.1)-01"
        let begins = try parsedTime("\(day)T00:00:00+08:00", field: "--period")
        guard begins.addingTimeInterval(Billing.settling) <= now else {
            throw InvalidInput("--period", "The month \(month) has not been over for ten minutes yet.")
        }
        return day
    }
}
