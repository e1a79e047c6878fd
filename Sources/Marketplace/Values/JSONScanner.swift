/// Finds the values of a JSON text that is valid UTF-8.
struct JSONScanner {
    private let text: UnsafeBufferPointer<UInt8>
    private var place = 0
    private var depth = 0
    private var nodes: [ScannedJSON.Node] = []

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// - Throws: `NotCanonical` when it is not JSON.
    mutating func scan() throws -> [ScannedJSON.Node] {
        nodes.reserveCapacity(text.count / 8 + 1)
        try value()
        skipBlanks()
        guard place == text.count else { throw malformed("text goes on behind the value") }
        return nodes
    }

    private mutating func value() throws {
        skipBlanks()
        switch current {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"): try container(.object, until: UInt8(ascii: "}"))
        case UInt8(ascii: "["): try container(.list, until: UInt8(ascii: "]"))
        case UInt8(ascii: "n"): try word("null", .null)
        case UInt8(ascii: "t"): try word("true", .yes)
        case UInt8(ascii: "f"): try word("false", .no)
        default: try number()
        }
    }

    private mutating func container(_ kind: ScannedJSON.Kind, until close: UInt8) throws {
        depth += 1
        guard depth <= JSONTree.deepest else {
            throw NotCanonical(description: "nested deeper than \(JSONTree.deepest) levels")
        }
        let own = nodes.count
        nodes.append(.init(kind: kind, start: place, end: place, next: own))
        place += 1
        skipBlanks()
        var isFirst = true
        while current != close {
            if !isFirst {
                try expect(UInt8(ascii: ","))
                skipBlanks()
            }
            isFirst = false
            if kind == .object {
                guard current == UInt8(ascii: "\"") else { throw malformed("a member has no name") }
                try string()
                skipBlanks()
                try expect(UInt8(ascii: ":"))
            }
            try value()
            skipBlanks()
        }
        place += 1
        nodes[own].end = place
        nodes[own].next = nodes.count
        depth -= 1
    }

    private mutating func string() throws {
        place += 1
        let start = place
        var isEscaped = false
        while place < text.count, text[place] != UInt8(ascii: "\"") {
            guard text[place] >= 0x20 else { throw malformed("a control character stands in a text") }
            if text[place] == UInt8(ascii: "\\") {
                isEscaped = true
                try skipEscape()
            } else {
                place += 1
            }
        }
        guard place < text.count else { throw malformed("a text has no end") }
        note(isEscaped ? .escapedText : .text, from: start)
        place += 1
    }

    private mutating func skipEscape() throws {
        place += 1
        switch current {
        case UInt8(ascii: "u"):
            place += 1
            let unit = try codeUnit()
            guard !UTF16.isTrailSurrogate(unit) else { throw malformed("half a character") }
            guard UTF16.isLeadSurrogate(unit) else { return }
            try expect(UInt8(ascii: "\\"))
            try expect(UInt8(ascii: "u"))
            guard UTF16.isTrailSurrogate(try codeUnit()) else { throw malformed("half a character") }
        case let other where #""\/bfnrt"#.utf8.contains(other): place += 1
        default: throw malformed("an unknown escape")
        }
    }

    private mutating func codeUnit() throws -> UInt16 {
        guard place + 4 <= text.count, let unit = Self.codeUnit(text[place..<place + 4]) else {
            throw malformed("four hexadecimal digits are missing")
        }
        place += 4
        return unit
    }

    private mutating func number() throws {
        let start = place
        if current == UInt8(ascii: "-") { place += 1 }
        if current == UInt8(ascii: "0") { place += 1 } else { try digits() }
        if current == UInt8(ascii: ".") {
            place += 1
            try digits()
        }
        if current | 0x20 == UInt8(ascii: "e") {
            place += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { place += 1 }
            try digits()
        }
        note(.number, from: start)
    }

    private mutating func digits() throws {
        let start = place
        while UInt8(ascii: "0")...UInt8(ascii: "9") ~= current { place += 1 }
        guard place > start else { throw malformed("no value of JSON") }
    }

    private mutating func word(_ word: StaticString, _ kind: ScannedJSON.Kind) throws {
        let start = place
        for offset in 0..<word.utf8CodeUnitCount { try expect(word.utf8Start[offset]) }
        note(kind, from: start)
    }

    /// Zero at the end, and nowhere else in JSON.
    private var current: UInt8 { place < text.count ? text[place] : 0 }

    private mutating func skipBlanks() {
        while current == 0x20 || current == 0x0A || current == 0x0D || current == 0x09 { place += 1 }
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard current == byte, place < text.count else {
            throw malformed("'\(Character(Unicode.Scalar(byte)))' is missing")
        }
        place += 1
    }

    private mutating func note(_ kind: ScannedJSON.Kind, from start: Int) {
        nodes.append(.init(kind: kind, start: start, end: place, next: nodes.count + 1))
    }

    private func malformed(_ reason: String) -> NotCanonical {
        NotCanonical(description: "\(reason) (byte \(place))")
    }

    // MARK: Escapes

    /// The text that a spelling with escapes means, which was scanned before.
    static func unescaped(_ spelling: ArraySlice<UInt8>) -> [UInt8] {
        var (text, rest) = ([UInt8](), spelling)
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                text.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                var units = [codeUnit(rest.prefix(4)) ?? 0]
                rest = rest.dropFirst(4)
                if UTF16.isLeadSurrogate(units[0]) {
                    units.append(codeUnit(rest.dropFirst(2).prefix(4)) ?? 0)
                    rest = rest.dropFirst(6)
                }
                text += String(decoding: units, as: UTF16.self).utf8
            default: text.append(escape)
            }
        }
        return text
    }

    private static func codeUnit(_ digits: some Sequence<UInt8>) -> UInt16? {
        var unit: UInt16 = 0
        for digit in digits {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue, digit < 0x80 else { return nil }
            unit = unit << 4 | UInt16(value)
        }
        return unit
    }
}
