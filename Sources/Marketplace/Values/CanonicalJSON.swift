import Foundation

/// Why a value has no canonical form, or a text is not JSON.
struct NotCanonical: Error, CustomStringConvertible {
    let description: String
}

/// The one spelling of a JSON value that hashes and signatures are made over: RFC 8785.
extension JSONTree {
    /// - Throws: `NotCanonical` on a number that a double cannot hold exactly or at all.
    func canonical() throws -> [UInt8] {
        var bytes: [UInt8] = []
        try write(to: &bytes, number: Self.canonicalNumber)
        return bytes
    }

    /// An object whose members' values are spelled canonically already.
    static func canonical(members: [String: [UInt8]]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(members.values.reduce(2) { $0 + $1.count + 40 })
        bytes.append(UInt8(ascii: "{"))
        for (place, member) in members.sorted(by: { precedes($0.key, $1.key) }).enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            write(member.key, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            bytes += member.value
        }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// The value as JSON, with its numbers spelled as they were.
    var json: String {
        var bytes: [UInt8] = []
        write(to: &bytes) { $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(to bytes: inout [UInt8], number: (String) throws -> String) rethrows {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let truth): bytes += (truth ? "true" : "false").utf8
        case .number(let spelling): bytes += try number(spelling).utf8
        case .text(let text): Self.write(text, to: &bytes)
        case .list(let values):
            bytes.append(UInt8(ascii: "["))
            for (place, value) in values.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                try value.write(to: &bytes, number: number)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (place, member) in members.sorted(by: { Self.precedes($0.key, $1.key) }).enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                try member.value.write(to: &bytes, number: number)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The order of names, that of their UTF-16 units. It is that of their bytes as long as both have none from U+E000 on,
    /// which UTF-16 sorts behind the pairs that stand for later characters.
    static func precedes(_ one: String, _ other: String) -> Bool {
        let isBytewise = one.utf8.allSatisfy { $0 < 0xEE } && other.utf8.allSatisfy { $0 < 0xEE }
        return isBytewise
            ? one.utf8.lexicographicallyPrecedes(other.utf8) : one.utf16.lexicographicallyPrecedes(other.utf16)
    }

    /// A text with its quotation marks and escapes.
    static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        // Most texts need no escape and are copied whole.
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            bytes += text.utf8
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += #"\b"#.utf8
            case 0x09: bytes += #"\t"#.utf8
            case 0x0A: bytes += #"\n"#.utf8
            case 0x0C: bytes += #"\f"#.utf8
            case 0x0D: bytes += #"\r"#.utf8
            case 0..<0x20: bytes += (#"\u00"# + [byte].hexadecimal).utf8
            default: bytes.append(byte)
            }
        }
    }

    /// Whole numbers up to here are exact as doubles.
    private static let largestWhole: UInt64 = 1 << 53 - 1

    static func canonicalNumber(_ spelling: String) throws -> String {
        if let whole = Int64(spelling), whole.magnitude <= largestWhole { return String(whole) }
        let isWhole = spelling.utf8.allSatisfy {
            $0 == UInt8(ascii: "-") || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        }
        guard !isWhole, let number = Double(spelling), number.isFinite else {
            throw NotCanonical(description: "the number \(spelling) is not exact as a double")
        }
        return ecmaScript(number)
    }

    /// The shortest spelling that reads back as the number, as ECMAScript writes it.
    static func ecmaScript(_ number: Double) -> String {
        guard number != 0 else { return "0" }
        let (digits, exponent) = shortest(abs(number))
        // The decimal point stands behind so many of the digits.
        let point = exponent + 1
        let text: String
        if point > 21 || point < -5 {
            let rest = digits.count > 1 ? "." + digits.dropFirst() : ""
            text = "\(digits.prefix(1))\(rest)e\(exponent < 0 ? "-" : "+")\(abs(exponent))"
        } else if point <= 0 {
            text = "0." + String(repeating: "0", count: -point) + digits
        } else if point >= digits.count {
            text = digits + String(repeating: "0", count: point - digits.count)
        } else {
            text = "\(digits.prefix(point)).\(digits.dropFirst(point))"
        }
        return number < 0 ? "-" + text : text
    }

    /// Digits without zeros around them, and the power of ten of the first one; Swift finds the same shortest digits.
    private static func shortest(_ number: Double) -> (digits: String, exponent: Int) {
        let parts = number.description.split(separator: "e")
        let halves = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let (whole, fraction) = (String(halves[0]), halves.count > 1 ? String(halves[1]) : "")
        var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.count - 1
        var digits = Substring(whole + fraction)
        while digits.first == "0" {
            digits = digits.dropFirst()
            exponent -= 1
        }
        while digits.last == "0" { digits = digits.dropLast() }
        return (String(digits), exponent)
    }

    /// The value with whole numbers that a double cannot hold as texts, so that it has a canonical form.
    var withLargeNumbersAsTexts: JSONTree {
        switch self {
        case .number(let spelling) where (try? Self.canonicalNumber(spelling)) == nil: .text(spelling)
        case .list(let values): .list(values.map(\.withLargeNumbersAsTexts))
        case .object(let members): .object(members.mapValues(\.withLargeNumbersAsTexts))
        default: self
        }
    }
}

extension String {
    /// With quotation marks and escapes, as it stands in JSON.
    public func writeQuotedAsJSON(to bytes: inout [UInt8]) { JSONTree.write(self, to: &bytes) }

    public var quotedAsJSON: String {
        var bytes: [UInt8] = []
        JSONTree.write(self, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
