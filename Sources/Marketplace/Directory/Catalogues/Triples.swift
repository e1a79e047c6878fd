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

    /// In the order of the file: an import that goes on in another process must count the nodes as the first one did.
    private var subjects: [Node] = []
    /// What is stated of each subject, in the same order.
    private var properties: [[RDFTerm: [Node]]] = []
    private var places: [Node: Int] = [:]
    /// Most statements have the subject of the one before, which is not looked up again.
    private var last: (subject: Node, place: Int)?
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
        let place = place(of: subject)
        properties[place][term, default: []].append(object)
        last = (subject, place)
        count += 1
    }

    private mutating func place(of subject: Node) -> Int {
        if let last, last.subject == subject { return last.place }
        if let known = places[subject] { return known }
        let place = subjects.count
        subjects.append(subject)
        properties.append([:])
        places[subject] = place
        return place
    }

    /// Whether it states anything of the subject.
    func states(_ subject: Node) -> Bool { places[subject] != nil }
    func all(_ term: RDFTerm, of subject: Node) -> [Node] { places[subject].flatMap { properties[$0][term] } ?? [] }
    func first(_ term: RDFTerm, of subject: Node) -> Node? { places[subject].flatMap { properties[$0][term]?.first } }

    // MARK: Putting nodes aside

    /// The nodes as they are put aside, datasets first and in their order.
    func stored() -> [StoredNode] {
        let isDataset = Set(datasets)
        return (datasets + subjects.filter { !isDataset.contains($0) }).map { subject in
            let own = places[subject].map { properties[$0] } ?? [:]
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
        // By bytes of an array: the marks are ASCII, and a text's characters or UTF-8 cost many times as much to walk.
        let lines = Array(body.utf8).split(separator: 0x0A, omittingEmptySubsequences: false)
        guard let first = lines.first, let subject = Self.decoded(first) else { return nil }
        for line in lines.dropFirst() {
            guard let tab = line.firstIndex(of: 0x09),
                let term = RDFTerm(rawValue: String(decoding: line[..<tab], as: UTF8.self)),
                let object = Self.decoded(line[(tab + 1)...])
            else { continue }
            add(subject, term, object)
        }
        return subject
    }

    private static func encoded(_ node: Node) -> String {
        switch node {
        case .resource(let text): "r\t\(escaped(text))"
        case .blank(let text): "b\t\(escaped(text))"
        case .literal(let text, let language): "l\(language ?? "")\t\(escaped(text))"
        }
    }

    private static func decoded(_ line: ArraySlice<UInt8>) -> Node? {
        guard let tab = line.firstIndex(of: 0x09) else { return nil }
        let (mark, text) = (line[..<tab], unescaped(line[(tab + 1)...]))
        return switch mark.first {
        case UInt8(ascii: "r"): .resource(text)
        case UInt8(ascii: "b"): .blank(text)
        default: .literal(text, language: mark.count > 1 ? String(decoding: mark.dropFirst(), as: UTF8.self) : nil)
        }
    }

    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x0A || $0 == 0x5C }) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            if byte == 0x0A || byte == 0x5C { bytes.append(0x5C) }
            bytes.append(byte == 0x0A ? UInt8(ascii: "n") : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func unescaped(_ raw: ArraySlice<UInt8>) -> String {
        guard raw.contains(0x5C) else { return String(decoding: raw, as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        var isEscaped = false
        for byte in raw {
            if isEscaped {
                bytes.append(byte == UInt8(ascii: "n") ? 0x0A : byte)
            } else if byte != 0x5C {
                bytes.append(byte)
            }
            isEscaped = !isEscaped && byte == 0x5C
        }
        return String(decoding: bytes, as: UTF8.self)
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
