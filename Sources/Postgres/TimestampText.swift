import Foundation

/// PostgreSQL's times: microseconds since 2000-01-01 UTC in binary, ISO text with TimeZone=UTC otherwise.
enum TimestampText {
    /// 2000 was a leap year, and Foundation counts from 2001.
    private static let secondsFrom2000To2001 = 31_622_400.0
    private static let microsecondsPerDay: Int64 = 86_400_000_000
    private static let daysFrom1970To2000: Int64 = 10_957

    static func microseconds(_ date: Date) -> Int64 {
        let exact = ((date.timeIntervalSinceReferenceDate + secondsFrom2000To2001) * 1_000_000).rounded()
        return Int64(exactly: exact) ?? (exact < 0 ? .min : .max)
    }

    static func date(_ microseconds: Int64) -> Date {
        switch microseconds {
        case .max: return .distantFuture
        case .min: return .distantPast
        default:
            let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
            let whole = Double(seconds) - secondsFrom2000To2001
            return Date(timeIntervalSinceReferenceDate: whole + Double(rest) / 1_000_000)
        }
    }

    static func write(_ microseconds: Int64, zone: Bool) -> String {
        if microseconds == .max { return "infinity" }
        if microseconds == .min { return "-infinity" }
        var days = microseconds / microsecondsPerDay
        var rest = microseconds % microsecondsPerDay
        if rest < 0 {
            rest += microsecondsPerDay
            days -= 1
        }
        let (year, month, day) = civil(days + daysFrom1970To2000)
        let seconds = rest / 1_000_000
        var text = calendar(year, month, day)
        text += " " + two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60)
        let fraction = rest % 1_000_000
        if fraction > 0 {
            var digits = String(fraction)
            digits = String(repeating: "0", count: 6 - digits.count) + digits
            while digits.hasSuffix("0") { digits.removeLast() }
            text += "." + digits
        }
        return text + (zone ? "+00" : "") + (year <= 0 ? " BC" : "")
    }

    static func writeDay(_ days: Int32) -> String {
        if days == .max { return "infinity" }
        if days == .min { return "-infinity" }
        let (year, month, day) = civil(Int64(days) + daysFrom1970To2000)
        return calendar(year, month, day) + (year <= 0 ? " BC" : "")
    }

    static func day(_ days: Int32) -> Date {
        days == .max || days == .min
            ? date(days == .max ? .max : .min) : date(Int64(days) * microsecondsPerDay)
    }

    /// Reads "2024-05-06", "2024-05-06 07:08:09.123456" and both with "+00" and " BC"; nil for anything else.
    static func read(_ text: String) -> Date? {
        if text == "infinity" { return .distantFuture }
        if text == "-infinity" { return .distantPast }
        let isBC = text.hasSuffix(" BC")
        let parts = (isBC ? text.dropLast(3) : text[...]).split(separator: " ")
        guard let first = parts.first, parts.count <= 2 else { return nil }
        let numbers = first.split(separator: "-").map { Int64($0) }
        guard numbers.count == 3, let year = numbers[0], let month = numbers[1], let day = numbers[2] else {
            return nil
        }
        var microseconds = (days(isBC ? 1 - year : year, month, day) - daysFrom1970To2000) * microsecondsPerDay
        if parts.count == 2 {
            var time = parts[1]
            if time.hasSuffix("+00") { time = time.dropLast(3) }
            let clock = time.split(separator: ".")
            let fields = clock[0].split(separator: ":").map { Int64($0) }
            guard fields.count == 3, let hour = fields[0], let minute = fields[1], let second = fields[2] else {
                return nil
            }
            microseconds += ((hour * 60 + minute) * 60 + second) * 1_000_000
            if clock.count == 2 {
                let digits = clock[1].prefix(6)
                guard var fraction = Int64(digits) else { return nil }
                for _ in digits.count..<6 { fraction *= 10 }
                microseconds += fraction
            }
        }
        return date(microseconds)
    }

    private static func calendar(_ year: Int64, _ month: Int64, _ day: Int64) -> String {
        let shown = String(year <= 0 ? 1 - year : year)
        return String(repeating: "0", count: max(0, 4 - shown.count)) + shown + "-" + two(month) + "-" + two(day)
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Days since 1970 to the proleptic Gregorian calendar (Howard Hinnant's civil_from_days).
    private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
