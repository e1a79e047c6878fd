import Foundation

/// Statements of RDF by subject.
struct Triples {
    enum Node: Hashable {
        case resource(String)
        case blank(String)
        case literal(String, language: String?)

        var text: String {
            switch self {
            case .resource(let text), .blank(let text), .literal(let text, _): text
            }
        }

        var isBlank: Bool { if case .blank = self { true } else { false } }

        /// What a node that was put aside is found by.
        var key: UUID {
            let digest = SHA256.digest(Array((isBlank ? "_:" : "<").utf8) + Array(text.utf8))
            return digest.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
        }
    }

    private(set) var properties: [Node: [RDFTerm: [Node]]] = [:]
    /// Subjects of the type dcat:Dataset, in the order in which they were first called so.
    private var calledDatasets: [Node] = []
    /// Those that are entries of a directory: the products of a market are none.
    var datasets: [Node] { calledDatasets.filter { !all(.type, of: $0).contains(Self.product) } }
    private(set) var count = 0
    private static let product = Node.resource("urn:datamarket:terms#Product")
    private static let dataset = Node.resource("http://www.w3.org/ns/dcat#Dataset")

    mutating func add(_ subject: Node, _ term: RDFTerm, _ object: Node) {
        if term == .type, object == Self.dataset, !all(.type, of: subject).contains(object) {
            calledDatasets.append(subject)
        }
        properties[subject, default: [:]][term, default: []].append(object)
        count += 1
    }

    func all(_ term: RDFTerm, of subject: Node) -> [Node] { properties[subject]?[term] ?? [] }
    func first(_ term: RDFTerm, of subject: Node) -> Node? { properties[subject]?[term]?.first }

    // MARK: Putting nodes aside

    /// The nodes as they are put aside, datasets first and in their order.
    func stored() -> [StoredNode] {
        let isDataset = Set(datasets)
        return (datasets + properties.keys.filter { !isDataset.contains($0) }).map { subject in
            let own = properties[subject] ?? [:]
            var links: Set<UUID> = []
            var body = Self.encoded(subject)
            for (term, objects) in own {
                for object in objects {
                    body += "\n\(term.rawValue)\t\(Self.encoded(object))"
                    if object.isBlank || RDFTerm.links.contains(term) { links.insert(object.key) }
                }
            }
            return StoredNode(
                key: subject.key, isDataset: isDataset.contains(subject), links: Array(links), body: body)
        }
    }

    /// - Returns: the subject.
    @discardableResult mutating func add(stored body: String) -> Node? {
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let subject = Self.decoded(first) else { return nil }
        for line in lines.dropFirst() {
            let parts = line.split(separator: "\t", maxSplits: 1)
            if parts.count == 2, let term = RDFTerm(rawValue: String(parts[0])), let object = Self.decoded(parts[1]) {
                add(subject, term, object)
            }
        }
        return subject
    }

    private static func encoded(_ node: Node) -> String {
        let text =
            !node.text.utf8.contains { $0 == 0x0A || $0 == 0x5C }
            ? node.text
            : node.text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\n", with: "\\n")
        return switch node {
        case .resource: "r\t\(text)"
        case .blank: "b\t\(text)"
        case .literal(_, let language): "l\(language ?? "")\t\(text)"
        }
    }

    private static func decoded(_ line: Substring) -> Node? {
        guard let tab = line.firstIndex(of: "\t") else { return nil }
        let (mark, raw) = (line[..<tab], line[line.index(after: tab)...])
        let text = raw.utf8.contains(0x5C) ? unescaped(raw) : String(raw)
        return switch mark.first {
        case "r": .resource(text)
        case "b": .blank(text)
        default: .literal(text, language: mark.count > 1 ? String(mark.dropFirst()) : nil)
        }
    }

    private static func unescaped(_ raw: Substring) -> String {
        var text = ""
        var isEscaped = false
        for scalar in raw.unicodeScalars {
            if isEscaped {
                text.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

/// A node with its statements, put aside until all of the file is read.
struct StoredNode: Sendable {
    let key: UUID
    let isDataset: Bool
    /// Nodes that belong to it.
    let links: [UUID]
    let body: String
}
