/// Reads a catalogue of any known format.
public struct CatalogueReader: Sendable {
    /// - Parameter format: nil to find it out from the name and the first bytes; gzip is known by its magic bytes.
    /// - Throws: `CatalogueUnreadable`; nothing of the file can be used then.
    public static func read(
        _ bytes: [UInt8], fileName: String, format: CatalogueFormat? = nil
    ) throws -> (format: CatalogueFormat, elements: [CatalogueElement]) {
        guard !bytes.isEmpty else { throw CatalogueUnreadable(.empty, "The file is empty.") }
        var content = bytes.starts(with: [0x1F, 0x8B]) ? try Gzip.inflated(bytes) : bytes
        if content.starts(with: [0xEF, 0xBB, 0xBF]) { content.removeFirst(3) }
        if let offset = firstInvalidUTF8(content) {
            throw CatalogueUnreadable(
                .notUTF8, "The file is not UTF-8: byte \(offset + 1) does not belong there.", byteOffset: offset)
        }
        guard content.contains(where: { $0 > 0x20 }) else { throw CatalogueUnreadable(.empty, "The file is empty.") }
        let format = try format ?? detected(fileName: fileName, content: content)
        let candidates: [Candidate] =
            switch format {
            case .projectOpenData: try ProjectOpenDataReader.read(content)
            case .turtle, .rdfXML, .nTriples: try RDFReader.read(content, format: format)
            case .csv: try CSVCatalogueReader.read(content)
            case .jsonLD:
                throw CatalogueUnreadable(.wrongFormat, "JSON-LD cannot be imported yet; export it as Turtle.")
            }
        return (format, judged(candidates))
    }

    /// Drops what is refused and the later ones of equal identifiers.
    private static func judged(_ candidates: [Candidate]) -> [CatalogueElement] {
        var firstPositions: [String: Int] = [:]
        var elements: [CatalogueElement] = []
        elements.reserveCapacity(candidates.count)
        for var candidate in candidates {
            if candidate.isLanding {
                let identifier = candidate.entry.identifier
                if let first = firstPositions[identifier] {
                    candidate.problems.removeAll()
                    candidate.refuse(
                        .duplicateIdentifier, "identifier",
                        "Entry \(first) of the file has the same identifier; the first one counts.")
                } else {
                    firstPositions[identifier] = candidate.entry.position
                }
            }
            elements += candidate.problems.map(CatalogueElement.problem)
            if candidate.isLanding { elements.append(.entry(candidate.entry)) }
        }
        return elements
    }

    private static func detected(fileName: String, content: [UInt8]) throws -> CatalogueFormat {
        var name = fileName.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        let endings: [(String, CatalogueFormat)] = [
            (".jsonld", .jsonLD), (".json", .projectOpenData), (".ttl", .turtle), (".rdf", .rdfXML), (".xml", .rdfXML),
            (".nt", .nTriples), (".csv", .csv),
        ]
        if let known = endings.first(where: { name.hasSuffix($0.0) }) { return known.1 }
        let start = String(decoding: content.prefix(400), as: UTF8.self).drop { $0.isWhitespace }.lowercased()
        if start.hasPrefix("{") { return .projectOpenData }
        if start.hasPrefix("<?xml") || start.hasPrefix("<rdf:") { return .rdfXML }
        if start.hasPrefix("@prefix") || start.hasPrefix("prefix ") { return .turtle }
        throw CatalogueUnreadable(
            .wrongFormat, "The format of \(fileName) cannot be told from its name or first bytes; say which it is.")
    }

    private static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): offset += UTF8.width(scalar)
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}
