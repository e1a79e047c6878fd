import Foundation

/// A time such as `2025-08-01`, which is that day's beginning in UTC, or `2025-08-01T09:30:00+08:00`.
public func parsedTime(_ text: String, field: String) throws -> Date {
    if let time = plainTime(text) { return time }
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
    return Double(daysSince1970(parts[0], parts[1], parts[2]))
}

private func daysSince1970(_ calendarYear: Int, _ month: Int, _ day: Int) -> Int {
    // Years that begin in March have their leap day at the end.
    let year = month > 2 ? calendarYear : calendarYear - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
}

/// What programs write, `2025-08-01T09:30:00.123Z` or with `+08:00`, without what it costs to read every other form; nil for
/// those.
private func plainTime(_ text: String) -> Date? {
    var text = text
    return text.withUTF8 { bytes in
        func number(_ place: Int, _ digits: Int, behind mark: UInt8?) -> Int? {
            guard digits > 0, place + digits <= bytes.count else { return nil }
            if let mark, bytes[place - 1] != mark { return nil }
            var number = 0
            for byte in bytes[place..<place + digits] {
                guard 48...57 ~= byte else { return nil }
                number = number * 10 + Int(byte - 48)
            }
            return number
        }
        guard (20...35).contains(bytes.count), let year = number(0, 4, behind: nil),
            let month = number(5, 2, behind: UInt8(ascii: "-")), let day = number(8, 2, behind: UInt8(ascii: "-")),
            let hour = number(11, 2, behind: UInt8(ascii: "T")), let minute = number(14, 2, behind: UInt8(ascii: ":")),
            let second = number(17, 2, behind: UInt8(ascii: ":")),
            year > 0, 1...12 ~= month, day > 0, hour < 24, minute < 60, second < 60
        else { return nil }
        let days = daysSince1970(year, month, day)
        // A day that its month does not have counts into the next one.
        guard days < (month < 12 ? daysSince1970(year, month + 1, 1) : daysSince1970(year + 1, 1, 1)) else {
            return nil
        }
        var (end, offset) = (bytes.count - 1, 0)
        if bytes[end] != UInt8(ascii: "Z") {
            end = bytes.count - 6
            guard end >= 19, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[end]),
                let hours = number(end + 1, 2, behind: bytes[end]),
                let minutes = number(end + 4, 2, behind: UInt8(ascii: ":")), hours < 15, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (bytes[end] == UInt8(ascii: "+") ? 60 : -60)
        }
        var fraction = 0.0
        if end > 19 {
            guard end < 30, let number = number(20, end - 20, behind: UInt8(ascii: ".")) else { return nil }
            fraction = Double(number) / pow(10, Double(end - 20))
        }
        let seconds = Double(((days * 24 + hour) * 60 + minute) * 60 + second - offset) + fraction
        return statable.contains(seconds) ? Date(timeIntervalSince1970: seconds) : nil
    }
}
