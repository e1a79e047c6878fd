/// Cuts Turtle between statements, because raptor's parser for it keeps all it is given until the end. It knows only what
/// can hold a full stop: texts, addresses, comments and brackets; the grammar is raptor's business.
struct TurtleSplitter {
    /// The prefixes and bases so far, which every part needs in front.
    private(set) var prologue: [UInt8] = []
    private(set) var bytes: [UInt8] = []
    /// How many bytes belong to statements that are complete.
    private(set) var complete = 0

    private enum State { case plain, address, comment, short(UInt8), long(UInt8) }
    private var state = State.plain
    private var place = 0
    private var depth = 0
    private var first: Int?

    mutating func add(_ piece: UnsafeBufferPointer<UInt8>) {
        bytes += piece
        // Three bytes tell a long text from a short one, and what follows a full stop.
        while place + 3 <= bytes.count { step() }
    }

    /// What is complete, or everything at the end.
    mutating func take(all: Bool) -> [UInt8] {
        let count = all ? bytes.count : complete
        let part = Array(bytes[..<count])
        bytes.removeFirst(count)
        place = max(0, place - count)
        first = first.map { $0 - count }
        complete = 0
        return part
    }

    private mutating func step() {
        let byte = bytes[place]
        place += 1
        switch state {
        case .plain: plain(byte)
        case .address:
            guard byte == UInt8(ascii: ">") else { return }
            state = .plain
            // The directives of SPARQL's kind end without a full stop.
            if isDirective(["prefix", "base"]) { endStatement() }
        case .comment: if byte == 0x0A { state = .plain }
        case .short(let quote):
            if byte == UInt8(ascii: "\\") { place += 1 }
            if byte == quote { state = .plain }
        case .long(let quote):
            if byte == UInt8(ascii: "\\") { place += 1 }
            if byte == quote, bytes[place] == quote, bytes[place + 1] == quote {
                place += 2
                // Up to two quotes may stand before the three that end the text.
                while place < bytes.count, bytes[place] == quote { place += 1 }
                state = .plain
            }
        }
    }

    private mutating func plain(_ byte: UInt8) {
        if byte == UInt8(ascii: "#") { return state = .comment }
        guard byte > 0x20 else { return }
        if first == nil { first = place - 1 }
        switch byte {
        case UInt8(ascii: "<"): state = .address
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let isLong = bytes[place] == byte && bytes[place + 1] == byte
            if isLong { place += 2 }
            state = isLong ? .long(byte) : .short(byte)
        case UInt8(ascii: "["), UInt8(ascii: "("): depth += 1
        case UInt8(ascii: "]"), UInt8(ascii: ")"): depth -= 1
        case UInt8(ascii: "\\"): place += 1
        case UInt8(ascii: ".") where depth == 0 && bytes[place] <= 0x20: endStatement()
        default: break
        }
    }

    private mutating func endStatement() {
        if let first, isDirective(["@prefix", "@base", "prefix", "base"]) {
            prologue += bytes[first..<place].map { $0 == 0x0A ? 0x20 : $0 } + [0x20]
        }
        complete = place
        first = nil
    }

    private func isDirective(_ words: [String]) -> Bool {
        guard let first else { return false }
        let word = bytes[first..<min(first + 8, bytes.count)].prefix { $0 > 0x20 }
        return words.contains(String(decoding: word, as: UTF8.self).lowercased())
    }
}
