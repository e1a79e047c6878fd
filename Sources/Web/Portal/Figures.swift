import Foundation
import Marketplace

// Figures as pages write them. Foundation's styles do the same, but look their format up anew for each figure, which takes
// most of the time of a page of numbers.

extension BinaryInteger {
    /// With its thousands set apart: `12,800`.
    var grouped: String {
        let digits = String(magnitude)
        let sign = self < 0 ? "-" : ""
        guard digits.utf8.count > 3 else { return sign + digits }
        let first = digits.utf8.count % 3
        let groups = stride(from: first, to: digits.utf8.count, by: 3).map { digits.dropFirst($0).prefix(3) }
        return sign + ((first > 0 ? [digits.prefix(first)] : []) + groups).joined(separator: ",")
    }
}

extension Double {
    /// With at most six digits behind the point, rounded to the nearest.
    var shortened: String {
        let millionths = (magnitude * 1_000_000).rounded()
        guard let whole = Int(exactly: millionths) else { return String(format: "%.0f", self) }
        let (units, rest) = whole.quotientAndRemainder(dividingBy: 1_000_000)
        let digits = String(1_000_000 + rest).dropFirst()
        return (self < 0 && whole > 0 ? "-" : "") + "\(units).\(digits)".withoutTrailingZeros
    }

    /// A share as `99.99%`, rounded down, so that 100% means all.
    var percentDown: String {
        let nearest = (self * 10_000).rounded()
        return ((nearest / 10_000 > self ? nearest - 1 : nearest) / 100).shortened + "%"
    }
}

/// Times of documents, which PostgreSQL writes in ISO 8601, as Beijing reads them.
enum BeijingTime {
    private static let offset = 8 * 3600

    /// `2026-11-24 19:40` of `2026-11-24T11:40:02.1+00:00`; nil when it is no such time.
    static func text(_ written: String) -> String? {
        guard let seconds = seconds(written) else { return nil }
        var (moment, parts) = (seconds + offset, tm())
        var buffer = [CChar](repeating: 0, count: 32)
        gmtime_r(&moment, &parts)
        let length = strftime(&buffer, buffer.count, "%Y-%m-%d %H:%M", &parts)
        return String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func seconds(_ written: String) -> time_t? {
        let bytes = Array(written.utf8)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let number = { (place: Int, count: Int) -> Int32? in
            guard place + count <= bytes.count else { return nil }
            return bytes[place..<place + count].reduce(0) { value, digit in
                value.flatMap { digits.contains(digit) ? $0 * 10 + Int32(digit - digits.lowerBound) : nil }
            }
        }
        let separators = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
        guard bytes.count > 19, separators.allSatisfy({ bytes[$0.0] == $0.1.utf8.first }), let year = number(0, 4),
            let month = number(5, 2),
            let day = number(8, 2), let hour = number(11, 2), let minute = number(14, 2),
            (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, month - 1, day)
        (parts.tm_hour, parts.tm_min) = (hour, minute)
        // Behind the seconds, which no page shows: `Z` or `+08:00`.
        switch bytes.last {
        case UInt8(ascii: "Z"): return timegm(&parts)
        default:
            let sign = bytes.count - 6
            guard let hours = number(sign + 1, 2), let minutes = number(sign + 4, 2),
                [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[sign])
            else { return nil }
            let east = Int(hours) * 3600 + Int(minutes) * 60
            return timegm(&parts) - (bytes[sign] == UInt8(ascii: "-") ? -east : east)
        }
    }
}
