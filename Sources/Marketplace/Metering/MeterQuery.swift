import Foundation

/// What is asked of a meter's totals.
public struct MeterQuery: Sendable {
    public enum Window: String, Sendable, CaseIterable { case minute, hour, day, month }

    let from: Date
    let until: Date
    public let window: Window?
    let zone: String
    let subjects: [UUID]
    let dimensions: [String]
    let bySubject: Bool
    let filter: [String: [String]]

    private static let quarter: TimeInterval = 900
    /// No market counted before.
    private static let beginning = Date(timeIntervalSince1970: 1_577_836_800)
    /// Minutes are counted from events.
    private static let mostMinutes = 10_000.0

    /// - Parameter groups: names of dimensions, and `subject`.
    /// - Throws: `InvalidInput` that names the parameter.
    public init(
        from: Date?, until: Date?, window: String?, zone: String?, subjects: [String], groups: [String],
        filter: [String: [String]], now: Date
    ) throws {
        self.from = max(from ?? Self.beginning, Self.beginning)
        self.until = min(until ?? now, now + 86_400)
        guard self.from < self.until else { throw InvalidInput("to", "This is not behind the beginning.") }
        self.window = try window.map { name in
            guard let window = Window(rawValue: name.lowercased()) else {
                throw InvalidInput("windowSize", "'\(name)' is not one of MINUTE, HOUR, DAY, MONTH.")
            }
            return window
        }
        guard self.window != .minute || self.until.timeIntervalSince(self.from) <= Self.mostMinutes * 60 else {
            throw InvalidInput("windowSize", "A range has at most \(Int(Self.mostMinutes)) minutes.")
        }
        self.zone = zone ?? "UTC"
        guard self.zone == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(self.zone) else {
            throw InvalidInput("windowTimeZone", "'\(self.zone)' is no time zone of the IANA's list.")
        }
        self.subjects = try subjects.map { subject in
            guard let id = UUID(uuidString: subject) else {
                throw InvalidInput("subject", "The subject is the id of an entitlement.")
            }
            return id
        }
        bySubject = groups.contains("subject")
        dimensions = groups.filter { $0 != "subject" }
        self.filter = filter
    }

    /// The first whole quarter of an hour, and the end of the last one. Minutes are left open from end to end.
    var whole: (first: Date, end: Date) {
        guard window != .minute else { return (until, from) }
        func quarter(_ date: Date, _ rule: FloatingPointRoundingRule) -> Date {
            Date(timeIntervalSince1970: (date.timeIntervalSince1970 / Self.quarter).rounded(rule) * Self.quarter)
        }
        return (quarter(from, .up), quarter(until, .down))
    }

    /// What is left open at both ends, and read from events.
    var open: [(since: Date?, until: Date?)] {
        let (first, end) = (max(whole.first, from), max(whole.end, whole.first, from))
        return [(from, min(until, first)), (end, until)]
    }

    /// - Throws: `InvalidInput` when the meter does not tell its events apart by what is asked for.
    func check(against known: [String]) throws {
        for (name, field) in dimensions.map({ ($0, "groupBy") }) + filter.keys.map({ ($0, "filterGroupBy") })
        where !known.contains(name) {
            let takes = (known + (field == "groupBy" ? ["subject"] : [])).joined(separator: ", ")
            throw InvalidInput(field, "This meter has no dimension '\(name.prefix(100))'; it has \(takes).")
        }
    }
}
