/// A node of an RDF graph.
enum Term: Hashable, Sendable {
    case resource(String)
    case blank(String)
    case text(String, language: String? = nil)
    case typed(String, datatype: String)
}

/// Statements of one piece of an export, collected until a writer takes them.
struct Graph: Sendable {
    struct Statement: Hashable, Sendable {
        let subject: Term
        let predicate: String
        let object: Term
    }

    private(set) var statements: [Statement] = []
    /// Goes on from graph to graph, so that no two blank nodes of one export have the same name.
    private(set) var blanks: Int

    init(blanks: Int = 0) { self.blanks = blanks }

    mutating func add(_ subject: Term, _ predicate: String, _ object: Term?) {
        guard let object else { return }
        statements.append(Statement(subject: subject, predicate: predicate, object: object))
    }

    mutating func newBlank() -> Term {
        blanks += 1
        return .blank("n\(blanks)")
    }

    /// A new blank node of a class that a subject points to.
    mutating func addBlank(_ subject: Term, _ predicate: String, _ type: String) -> Term {
        let node = newBlank()
        add(subject, predicate, node)
        add(node, RDF.type, .resource(type))
        return node
    }
}

extension Term {
    /// A text that is an address stands for the thing itself; any other is no resource.
    static func address(_ text: String) -> Term? {
        isAddress(text) ? .resource(text) : nil
    }

    /// Whether a text can stand as an absolute IRI and comes back as it was: without spaces, quotes and the steps
    /// (`/../`) that a reader would take out.
    static func isAddress(_ text: String) -> Bool {
        guard ["http://", "https://", "ftp://", "urn:"].contains(where: text.hasPrefix) else { return false }
        let scheme = text.prefix { $0 != ":" }.utf8.count + 1
        let rest = text.utf8.dropFirst(scheme)
        guard rest.contains(where: { $0 != UInt8(ascii: "/") }) else { return false }
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.value > 0x20 && !(0x7F...0xA0).contains(scalar.value)
                && !"<>\"{}|\\^`".unicodeScalars.contains(scalar)
                && !scalar.properties.isWhitespace && scalar.value < 0xFFF0
        }
        return isPlain && !text.contains("/./") && !text.contains("/..") && !text.hasSuffix("/.")
    }

    /// A text without the characters that XML cannot hold.
    static func literal(_ text: String, language: String? = nil) -> Term {
        .text(printable(text), language: language.flatMap { isLanguageTag($0) ? $0 : nil })
    }

    static func isLanguageTag(_ tag: String) -> Bool {
        // As a regular expression it would be made anew for every text.
        let parts = tag.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isLetter = { (byte: UInt8) in UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }
        let isDigit = { (byte: UInt8) in UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
        return parts.enumerated().allSatisfy { place, part in
            1...8 ~= part.count && part.allSatisfy { isLetter($0) || place > 0 && isDigit($0) }
        }
    }

    /// A day, a month, a year or a time, by the form of its text.
    static func moment(_ text: String) -> Term {
        switch text.utf8.count {
        case 4: .typed(text, datatype: XSD.gYear)
        case 7: .typed(text, datatype: XSD.gYearMonth)
        case 10: .typed(text, datatype: XSD.date)
        default: .typed(text, datatype: XSD.dateTime)
        }
    }

    private static func printable(_ text: String) -> String {
        let isOdd = { (scalar: Unicode.Scalar) in
            scalar.value < 0x20 && scalar != "\n" && scalar != "\t" && scalar != "\r" || scalar.value & 0xFFFE == 0xFFFE
        }
        guard text.unicodeScalars.contains(where: isOdd) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { !isOdd($0) }))
    }
}
