import Foundation

/// Dates as catalogues write them.
enum DateText {
    enum Reading: Equatable { case date(String), impossible, unreadable }

    /// `2017`, `2017-11`, `2017-11-06`, `2017/11/06`, and times with `T` or a space, with or without fraction and zone.
    /// A time without a zone is taken as UTC.
    /// - Parameter lastYear: a catalogue's year beyond 2200 is a slip; what a person asks for may lie further.
    static func read(_ text: String, lastYear: Int = 2200) -> Reading {
        // As a regular expression would be: built once per call it costs more than the whole entry, so by hand.
        var rest = Substring(text)
        guard let year = number(&rest, digits: 4) else { return .unreadable }
        guard (1...lastYear).contains(year) else { return .impossible }
        guard !rest.isEmpty else { return .date(pad(year, 4)) }
        guard let separator = rest.first, separator == "-" || separator == "/" else { return .unreadable }
        rest.removeFirst()
        guard let month = number(&rest, digits: 2) ?? number(&rest, digits: 1) else { return .unreadable }
        guard (1...12).contains(month) else { return .impossible }
        guard !rest.isEmpty else { return .date("\(pad(year, 4))-\(pad(month, 2))") }
        guard rest.first == separator else { return .unreadable }
        rest.removeFirst()
        guard let day = number(&rest, digits: 2) ?? number(&rest, digits: 1) else { return .unreadable }
        guard (1...daysIn(month, of: year)).contains(day) else { return .impossible }
        let date = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
        // A date may carry a zone of its own (xsd:date), which does not change the day.
        if rest.isEmpty || rest == "Z" || (rest.count == 6 && offset(rest) != nil) { return .date(date) }
        guard rest.first == "T" || rest.first == " " else { return .unreadable }
        rest.removeFirst()
        return time(&rest, on: date)
    }

    private static func time(_ rest: inout Substring, on date: String) -> Reading {
        guard let hour = number(&rest, digits: 2), rest.first == ":" else { return .unreadable }
        rest.removeFirst()
        guard let minute = number(&rest, digits: 2) else { return .unreadable }
        var second = 0
        if rest.first == ":" {
            rest.removeFirst()
            guard let value = number(&rest, digits: 2) else { return .unreadable }
            second = value
        }
        guard hour < 24, minute < 60, second < 61 else { return .impossible }
        var fraction = ""
        if rest.first == "." {
            rest.removeFirst()
            fraction = String(rest.prefix { $0.isASCII && $0.isNumber })
            rest = rest.dropFirst(fraction.count)
        }
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let written = "\(date)T\(pad(hour, 2)):\(pad(minute, 2)):\(pad(second, 2))"
        let tail = fraction.isEmpty ? "Z" : ".\(fraction)Z"
        if rest.isEmpty || rest == "Z" { return .date(written + tail) }
        guard let offset = offset(rest) else { return .unreadable }
        guard let local = try? Date(written + "Z", strategy: .iso8601) else { return .unreadable }
        let whole = local.addingTimeInterval(-Double(offset)).formatted(.iso8601)
        return .date(whole.dropLast() + tail)
    }

    /// Seconds east of UTC of `+02:00` or `+0200`.
    private static func offset(_ text: Substring) -> Int? {
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 4, let value = Int(digits), value / 100 < 24, value % 100 < 60 else { return nil }
        return (sign == "+" ? 1 : -1) * (value / 100 * 3600 + value % 100 * 60)
    }

    private static func number(_ rest: inout Substring, digits: Int) -> Int? {
        let head = rest.prefix(digits)
        guard head.count == digits, head.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(head) else {
            return nil
        }
        rest = rest.dropFirst(digits)
        return value
    }

    private static func daysIn(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func pad(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
