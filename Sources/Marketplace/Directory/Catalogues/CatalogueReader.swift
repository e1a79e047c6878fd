import Foundation

/// Reads a catalogue of any known format as a stream.
enum CatalogueReader {
    /// Raised when a reader makes other entries of the same file than before, so that known files are read anew.
    static let version = 3

    enum Output: Sendable {
        case candidate(Candidate)
        /// Statements of a large RDF file, whose nodes have to be put aside.
        case statements(Triples)
    }

    /// - Parameters:
    ///   - format: nil to find it out from the name and the first bytes; gzip is known by its magic bytes.
    ///   - skipping: how many entries an interrupted import has read.
    /// - Returns: the format, and whether the entries still have to be made of nodes.
    /// - Throws: `CatalogueUnreadable`; nothing of the file can be used then.
    static func read(
        _ content: CatalogueContent, fileName: String, format: CatalogueFormat?, skipping: Int,
        _ emit: (Output) throws -> Void
    ) throws -> (format: CatalogueFormat, hasNodes: Bool) {
        var parser: (any CatalogueParser)?
        func drain(_ parser: any CatalogueParser) throws {
            for candidate in parser.drain() { try emit(.candidate(candidate)) }
            for window in parser.drainStatements() { try emit(.statements(window)) }
        }
        try content.forEachText { text in
            if parser == nil {
                guard text.contains(where: { $0 > 0x20 }) else { return }
                let format = try format ?? detected(fileName: fileName, text)
                parser = try Self.parser(of: format, skipping: skipping)
            }
            guard let parser else { return }
            try parser.push(text)
            try drain(parser)
        }
        guard let parser else { throw CatalogueUnreadable(.empty, "The file is empty.") }
        try parser.finish()
        try drain(parser)
        return (parser.format, parser.hasPutAside)
    }

    private static func parser(of format: CatalogueFormat, skipping: Int) throws -> any CatalogueParser {
        switch format {
        case .projectOpenData, .ckan: JSONCatalogueParser(format: format, skipping: skipping)
        case .turtle, .rdfXML, .nTriples: try RDFCatalogueParser(format: format, skipping: skipping)
        case .jsonLD: try JSONLDCatalogueParser(skipping: skipping)
        case .csv: CSVCatalogueParser(skipping: skipping)
        }
    }

    private static func detected(fileName: String, _ text: UnsafeBufferPointer<UInt8>) throws -> CatalogueFormat {
        let start = String(decoding: text.prefix(4_000), as: UTF8.self).drop { $0.isWhitespace }.lowercased()
        let isJSON = start.hasPrefix("{") || start.hasPrefix("[")
        if isJSON, !start.contains("\"dataset\"") {
            let marks = ["\"@graph\"", "http://www.w3.org/ns/dcat#\"", "\"dcat:", "\"@id\""]
            if marks.contains(where: { start.contains($0) }) { return .jsonLD }
        }
        var name = fileName.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        let endings: [(String, CatalogueFormat)] = [
            (".jsonld", .jsonLD), (".json", .projectOpenData), (".jsonl", .ckan), (".ndjson", .ckan),
            (".ttl", .turtle), (".rdf", .rdfXML), (".xml", .rdfXML), (".nt", .nTriples), (".csv", .csv),
        ]
        if let known = endings.first(where: { name.hasSuffix($0.0) }) { return known.1 }
        if isJSON { return .projectOpenData }
        if start.hasPrefix("<?xml") || start.hasPrefix("<rdf:") { return .rdfXML }
        if start.hasPrefix("@prefix") || start.hasPrefix("prefix ") { return .turtle }
        throw CatalogueUnreadable(
            .wrongFormat, "The format of \(fileName) cannot be told from its name or first bytes; say which it is.")
    }
}
