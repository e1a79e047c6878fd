import Foundation

/// A time such as `2025-08-01`, which is that day's beginning in UTC, or `2025-08-01T09:30:00+08:00`.
public func parsedTime(_ text: String, field: String) throws -> Date {
    // A + that was not escaped in a query arrives as a space.
    let whole = text.count > 19 ? text.replacingOccurrences(of: " ", with: "+") : text
    guard text.utf8.count <= 40, text.utf8.count >= 10, case .date(let written) = DateText.read(whole, lastYear: 9999),
        let date = try? Date(
            written.count == 10 ? written + "T00:00:00Z" : written,
            strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: written.contains(".")))
    else {
        throw InvalidInput(field, "'\(text.prefix(60))' is not a time like 2025-08-01 or 2025-08-01T09:30:00+08:00.")
    }
    return date
}
