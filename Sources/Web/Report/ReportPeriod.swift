import Foundation
import Marketplace

/// A year, quarter or month of the time of Beijing, in which a report is written.
public struct ReportPeriod: Sendable {
    /// As it was asked for: `2026`, `2026-Q3` or `2026-07`.
    public let text: String
    public let from: Date
    /// The beginning of the day behind the last one.
    public let until: Date
    /// Its months, such as `2026-07`.
    let months: [String]

    /// - Throws: `InvalidInput` for what is no period.
    public init(_ text: String, field: String) throws {
        let form = /([0-9]{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?/
        guard let parts = text.wholeMatch(of: form), let year = Int(parts.1), year >= 1900 else {
            throw InvalidInput(field, "'\(text.prefix(40))' is not a period like 2026, 2026-Q3 or 2026-07.")
        }
        let quarter = parts.2.flatMap { Int($0) }
        let month = parts.3.flatMap { Int($0) }
        let first = month ?? quarter.map { $0 * 3 - 2 } ?? 1
        let count = month != nil ? 1 : quarter != nil ? 3 : 12
        func name(_ number: Int) -> String {
            let (years, months) = (number - 1).quotientAndRemainder(dividingBy: 12)
            return "\(year + years)-\(months < 9 ? "0" : "")\(months + 1)"
        }
        self.text = text
        months = (first..<first + count).map(name)
        from = try parsedTime("\(name(first))-01T00:00:00+08:00", field: field)
        until = try parsedTime("\(name(first + count))-01T00:00:00+08:00", field: field)
    }
}
