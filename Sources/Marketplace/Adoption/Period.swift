import Foundation

/// Days in the time of Beijing, by which days of the law are counted: the first and the last are in it, and it is open at an end
/// that is not stated.
public struct Period: Sendable, Hashable {
    public static let ever = Period(first: nil, last: nil, from: nil, until: nil)

    /// Such as `2026-01-01`.
    let first: String?
    let last: String?
    /// The beginning of the first day.
    public let from: Date?
    /// The beginning of the day behind the last one.
    public let until: Date?

    /// - Throws: `InvalidInput` of `from` or `to`.
    public init(from first: String?, to last: String?) throws {
        let until = try last.map { try legalDay($0, field: "to").addingTimeInterval(86_400) }
        self.init(first: first, last: last, from: try first.map { try legalDay($0, field: "from") }, until: until)
        if let from, let until, until <= from { throw InvalidInput("to", "The period ends before it begins.") }
    }

    /// - Parameters: beginnings of days.
    init(from: Date?, until: Date?) {
        self.init(
            first: from.map(Self.day), last: until.map { Self.day($0 - 1) }, from: from, until: until)
    }

    private static func day(_ moment: Date) -> String {
        (moment + 8 * 3_600).formatted(Date.ISO8601FormatStyle().year().month().day())
    }

    private init(first: String?, last: String?, from: Date?, until: Date?) {
        (self.first, self.last, self.from, self.until) = (first, last, from, until)
    }

    func overlaps(_ other: Period) -> Bool {
        (from ?? .distantPast) < (other.until ?? .distantFuture)
            && (other.from ?? .distantPast) < (until ?? .distantFuture)
    }
}

/// The beginning of a day such as `2025-08-01` in the time of Beijing.
public func legalDay(_ text: String, field: String) throws -> Date {
    guard text.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil else {
        throw InvalidInput(field, "'\(text.prefix(60))' is not a day like 2025-08-01.")
    }
    return try parsedTime("\(text)T00:00:00+08:00", field: field)
}
