/// The syntaxes of an export.
public enum ExportSyntax: String, Sendable, CaseIterable {
    case jsonLD = "jsonld", turtle = "ttl", rdfXML = "rdf"
}

/// Writes graphs one after the other as one document; what it keeps between them does not grow.
protocol GraphWriter {
    mutating func write(_ graph: Graph) throws -> [UInt8]
    /// What ends the document.
    mutating func finish() throws -> [UInt8]
}

extension ExportSyntax {
    func writer() -> any GraphWriter {
        switch self {
        case .jsonLD: JSONLDWriter()
        case .turtle: RaptorWriter(serializer: "turtle")
        case .rdfXML: RaptorWriter(serializer: "rdfxml-abbrev")
        }
    }
}
