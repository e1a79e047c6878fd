/// A JSON text that was read once: where its values stand, without a value made of each. For bodies of thousands of objects
/// of which few members are looked at. As strict as RFC 8259.
final class ScannedJSON: Sendable {
    enum Kind: Sendable { case null, yes, no, number, text, escapedText, list, object }

    struct Node: Sendable {
        let kind: Kind
        /// Of a text, what stands between its quotation marks.
        let start: Int
        var end: Int
        /// The node behind this one and all that it holds. What an object holds is name, value, name, value …
        var next: Int
    }

    let bytes: [UInt8]
    let nodes: [Node]

    /// - Throws: `NotCanonical` when it is not well-formed UTF-8 and JSON.
    init(_ bytes: [UInt8]) throws {
        do { _ = try UTF8Span(validating: bytes.span) } catch {
            throw NotCanonical(description: "the text is not UTF-8")
        }
        self.bytes = bytes
        nodes = try bytes.withUnsafeBufferPointer { text in
            var scanner = JSONScanner(text)
            return try scanner.scan()
        }
    }

    var root: Value { Value(scan: self, place: 0) }

    /// A value, where it stands.
    struct Value: Sendable {
        let scan: ScannedJSON
        let place: Int

        var node: Node { scan.nodes[place] }
        var isObject: Bool { node.kind == .object }
        var isNull: Bool { node.kind == .null }
        var number: String? { node.kind == .number ? String(decoding: scan.spelling(of: node), as: UTF8.self) : nil }
        var text: String? { scan.text(of: node) }
        var truth: Bool? {
            switch node.kind {
            case .yes: true
            case .no: false
            default: nil
            }
        }

        /// The values of a list; nil for everything else.
        var list: [Value]? {
            guard node.kind == .list else { return nil }
            var (values, next) = ([Value](), place + 1)
            while next < node.next {
                values.append(Value(scan: scan, place: next))
                next = scan.nodes[next].next
            }
            return values
        }

        /// The members of an object as they stand; nil for everything else.
        var members: [(name: String, value: Value)]? {
            guard node.kind == .object else { return nil }
            var (members, next) = ([(name: String, value: Value)](), place + 1)
            while next < node.next {
                members.append((scan.text(of: scan.nodes[next]) ?? "", Value(scan: scan, place: next + 1)))
                next = scan.nodes[next + 1].next
            }
            return members
        }

        /// A member of an object; of those that are called the same, the first.
        subscript(_ name: String) -> Value? {
            guard node.kind == .object else { return nil }
            var next = place + 1
            while next < node.next {
                if scan.isName(scan.nodes[next], name) { return Value(scan: scan, place: next + 1) }
                next = scan.nodes[next + 1].next
            }
            return nil
        }
    }

    func spelling(of node: Node) -> ArraySlice<UInt8> { bytes[node.start..<node.end] }

    /// Nil when it is no text.
    func text(of node: Node) -> String? {
        switch node.kind {
        case .text: String(decoding: spelling(of: node), as: UTF8.self)
        case .escapedText: String(decoding: JSONScanner.unescaped(spelling(of: node)), as: UTF8.self)
        default: nil
        }
    }

    private func isName(_ node: Node, _ name: String) -> Bool {
        guard node.kind == .text else { return text(of: node) == name }
        guard node.end - node.start == name.utf8.count else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            var place = node.start
            for byte in name.utf8 {
                guard bytes[place] == byte else { return false }
                place += 1
            }
            return true
        }
    }
}
