import Foundation

/// What the cells of a column are, as its listing declares it; every other word means text.
enum ColumnType: String, Sendable, Codable {
    case integer, number, boolean, date, text

    init(declared word: String?) {
        self = word == "datetime" ? .date : word.flatMap(ColumnType.init(rawValue:)) ?? .text
    }

    /// Where a value stands among those of its type: numbers by size, dates by time, no before yes. Nil: it is none of the
    /// type. Texts have no such place.
    func place(of value: String) -> Double? {
        switch self {
        case .integer: Self.isWhole(value.utf8) ? Double(value) : nil
        case .number: Self.isNumber(value) ? Double(value).flatMap { $0.isFinite ? $0 : nil } : nil
        case .boolean: Self.truths[value.lowercased()]
        case .date: Self.isoTime(value)?.timeIntervalSince1970
        case .text: nil
        }
    }

    private static let truths: [String: Double] = [
        "0": 0, "false": 0, "no": 0, "否": 0, "1": 1, "true": 1, "yes": 1, "是": 1,
    ]

    /// ISO 8601: a year, a month, a day with or without hyphens, or a time of a day, which tables write after a blank too.
    private static func isoTime(_ value: String) -> Date? {
        guard !value.contains("/") else { return nil }
        let whole =
            switch value.utf8.count {
            case 4: value + "-01-01"
            case 7: value + "-01"
            case 8 where isWhole(value.utf8): "\(value.prefix(4))-\(value.dropFirst(4).prefix(2))-\(value.suffix(2))"
            default: value.replacing(" ", with: "T")
            }
        return try? parsedTime(whole, field: "date")
    }

    private static func isWhole(_ text: String.UTF8View) -> Bool {
        let digits = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
        return !digits.isEmpty && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    /// Without the hexadecimal digits, infinities and "nan" that a double could be written with.
    private static func isNumber(_ text: String) -> Bool {
        text.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
    }
}
