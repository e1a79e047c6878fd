import Foundation

/// A time such as `2025-08-01`, which is that day's beginning in UTC, or `2025-08-01T09:30:00+08:00`.
public func parsedTime(_ text: String, field: String) throws -> Date {
    // A + that was not escaped in a query arrives as a space.
    let whole = text.count > 19 ? text.replacingOccurrences(of: " ", with: "+") : text
    guard text.utf8.count <= 40, text.utf8.count >= 10, case .date(let written) = DateText.read(whole, lastYear: 9999),
        let time = try? Date(
            "1970-01-01" + (written.count == 10 ? "T00:00:00Z" : written.dropFirst(10)),
            strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: written.contains("."))),
        case let date = time.addingTimeInterval(daysSince1970(written.prefix(10)) * 86_400),
        statable.contains(date.timeIntervalSince1970)
    else {
        throw InvalidInput(field, "'\(text.prefix(60))' is not a time like 2025-08-01 or 2025-08-01T09:30:00+08:00.")
    }
    return date
}

/// From 0001-01-01 to 10000-01-01 in UTC: what an offset moves beyond has no text in RFC 3339.
private let statable = -62_135_596_800.0..<253_402_300_800.0

/// By the Gregorian calendar throughout, as RFC 3339 and PostgreSQL count; Foundation counts by the Julian before 1582.
private func daysSince1970(_ day: Substring) -> Double {
    let parts = day.split(separator: "-").compactMap { Int($0) }
    // Years that begin in March have their leap day at the end.
    let year = parts[1] > 2 ? parts[0] : parts[0] - 1
    let dayOfYear = (153 * ((parts[1] + 9) % 12) + 2) / 5 + parts[2] - 1
    return Double(365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468)
}
