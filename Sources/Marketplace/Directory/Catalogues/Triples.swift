import CRaptor

/// The triples of an RDF file by subject, parsed by raptor2.
final class Triples {
    enum Node: Hashable {
        case resource(String)
        case blank(String)
        case literal(String, language: String?)

        var text: String {
            switch self {
            case .resource(let text), .blank(let text), .literal(let text, _): text
            }
        }
    }

    private(set) var properties: [Node: [String: [Node]]] = [:]
    /// Subjects of a type, in the order in which they first appeared.
    private(set) var datasets: [Node] = []
    private var failure: (line: Int?, text: String)?
    private static let type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    private static let dataset = "http://www.w3.org/ns/dcat#Dataset"

    /// - Throws: `CatalogueUnreadable` with the line where the parser stopped.
    init(_ content: [UInt8], syntax: String) throws {
        guard let world = raptor_new_world_internal(UInt32(RAPTOR_VERSION)) else {
            throw CatalogueUnreadable(.wrongFormat, "The RDF library did not start.")
        }
        defer { raptor_free_world(world) }
        let myself = Unmanaged.passUnretained(self).toOpaque()
        raptor_world_set_log_handler(world, myself) { data, message in
            guard let data, let message, message.pointee.level.rawValue >= RAPTOR_LOG_LEVEL_ERROR.rawValue else {
                return
            }
            let triples = Unmanaged<Triples>.fromOpaque(data).takeUnretainedValue()
            guard triples.failure == nil else { return }
            let line = message.pointee.locator.map { Int($0.pointee.line) }.flatMap { $0 > 0 ? $0 : nil }
            triples.failure = (line, message.pointee.text.map { String(cString: $0) } ?? "")
        }
        guard let parser = raptor_new_parser(world, syntax), let base = raptor_new_uri(world, "urn:catalogue:") else {
            throw CatalogueUnreadable(.wrongFormat, "The RDF library does not know \(syntax).")
        }
        defer {
            raptor_free_parser(parser)
            raptor_free_uri(base)
        }
        // A catalogue must not make the market fetch anything.
        raptor_parser_set_option(parser, RAPTOR_OPTION_NO_NET, nil, 1)
        raptor_parser_set_option(parser, RAPTOR_OPTION_LOAD_EXTERNAL_ENTITIES, nil, 0)
        raptor_parser_set_statement_handler(parser, myself) { data, statement in
            guard let data, let statement else { return }
            Unmanaged<Triples>.fromOpaque(data).takeUnretainedValue().add(statement.pointee)
        }
        raptor_parser_parse_start(parser, base)
        // In pieces, so that a failure stops the work early.
        for start in stride(from: 0, to: content.count, by: 1 << 20) {
            let end = min(start + 1 << 20, content.count)
            let status = content[start..<end].withUnsafeBufferPointer {
                raptor_parser_parse_chunk(parser, $0.baseAddress, $0.count, end == content.count ? 1 : 0)
            }
            guard status == 0, failure == nil else { throw unreadable(content) }
        }
    }

    private func unreadable(_ content: [UInt8]) -> CatalogueUnreadable {
        let lines = content.count { $0 == 0x0A } + 1
        let text = failure?.text ?? "it cannot be parsed"
        if let line = failure?.line, line >= lines - 1 {
            return CatalogueUnreadable(.truncated, "The file ends before its RDF does: \(text)", line: line)
        }
        return CatalogueUnreadable(.wrongFormat, "The file is not well-formed RDF: \(text)", line: failure?.line)
    }

    private func add(_ statement: raptor_statement) {
        guard let subject = node(statement.subject), let object = node(statement.object),
            case .resource(let predicate)? = node(statement.predicate)
        else { return }
        if predicate == Self.type, object == .resource(Self.dataset),
            !(properties[subject]?[Self.type]?.contains(object) ?? false)
        {
            datasets.append(subject)
        }
        properties[subject, default: [:]][predicate, default: []].append(object)
    }

    private func node(_ term: UnsafeMutablePointer<raptor_term>?) -> Node? {
        guard let term = term?.pointee else { return nil }
        switch term.type {
        case RAPTOR_TERM_TYPE_URI:
            return raptor_uri_as_string(term.value.uri).map { .resource(String(cString: $0)) }
        case RAPTOR_TERM_TYPE_BLANK:
            return term.value.blank.string.map { .blank(String(cString: $0)) }
        case RAPTOR_TERM_TYPE_LITERAL:
            let literal = term.value.literal
            return literal.string.map {
                .literal(String(cString: $0), language: literal.language.map { String(cString: $0) })
            }
        default: return nil
        }
    }

    func all(_ property: String, of subject: Node) -> [Node] { properties[subject]?[property] ?? [] }
    func first(_ property: String, of subject: Node) -> Node? { all(property, of: subject).first }
}
