import CRaptor

/// Turtle and RDF/XML by raptor2.
///
/// Its abbreviating serializers hold a whole graph in memory, so each graph has a serializer of its own, and of all but
/// the first one what stands around the statements is left out.
struct RaptorWriter: GraphWriter {
    let serializer: String
    private var hasBegun = false

    init(serializer: String) { self.serializer = serializer }

    mutating func write(_ graph: Graph) throws -> [UInt8] {
        let frame = try frame()
        let whole = try serialized(graph.statements)
        guard whole.starts(with: frame.head), whole.suffix(frame.tail.count).elementsEqual(frame.tail) else {
            throw SerializationFailed(serializer: serializer)
        }
        defer { hasBegun = true }
        return Array(whole.dropLast(frame.tail.count).dropFirst(hasBegun ? frame.head.count : 0))
    }

    mutating func finish() throws -> [UInt8] { try frame().tail }

    /// What every document of the serializer begins and ends with, taken from an empty one.
    private func frame() throws -> (head: [UInt8], tail: [UInt8]) {
        let empty = try serialized([])
        let closed = Array("/>\n".utf8)
        guard empty.suffix(closed.count).elementsEqual(closed) else { return (empty, []) }
        return (empty.dropLast(closed.count) + Array(">\n".utf8), Array("</rdf:RDF>\n".utf8))
    }

    private func serialized(_ statements: [Graph.Statement]) throws -> [UInt8] {
        guard let world = RaptorWorld.open() else {
            throw SerializationFailed(serializer: serializer)
        }
        defer { RaptorWorld.giveBack(world) }
        guard let target = raptor_new_serializer(world, serializer) else {
            throw SerializationFailed(serializer: serializer)
        }
        defer { raptor_free_serializer(target) }
        raptor_serializer_set_option(target, RAPTOR_OPTION_RELATIVE_URIS, nil, 0)
        raptor_serializer_set_option(target, RAPTOR_OPTION_WRITE_BASE_URI, nil, 0)
        for (prefix, namespace) in Vocabularies.prefixes {
            let uri = raptor_new_uri(world, namespace)
            raptor_serializer_set_namespace(target, uri, prefix)
            raptor_free_uri(uri)
        }
        var (text, length): (UnsafeMutableRawPointer?, Int) = (nil, 0)
        guard raptor_serializer_start_to_string(target, nil, &text, &length) == 0 else {
            throw SerializationFailed(serializer: serializer)
        }
        var failed = false
        for statement in statements where !failed { failed = !add(statement, to: target, world) }
        failed = raptor_serializer_serialize_end(target) != 0 || failed
        defer { raptor_free_memory(text) }
        guard !failed, let text else { throw SerializationFailed(serializer: serializer) }
        let written = Array(UnsafeRawBufferPointer(start: text, count: length))
        // Raptor leaves a carriage return in a short string of Turtle as it is, which the grammar forbids.
        guard serializer == "turtle", written.contains(0x0D) else { return written }
        return written.flatMap { $0 == 0x0D ? Array(#"\r"#.utf8) : [$0] }
    }

    private func add(_ statement: Graph.Statement, to target: OpaquePointer, _ world: OpaquePointer) -> Bool {
        guard let subject = term(statement.subject, world), let object = term(statement.object, world),
            let predicate = raptor_new_term_from_uri_string(world, statement.predicate),
            // It takes the terms over, and frees them also when it fails.
            let made = raptor_new_statement_from_nodes(world, subject, predicate, object, nil)
        else { return false }
        defer { raptor_free_statement(made) }
        return raptor_serializer_serialize_statement(target, made) == 0
    }

    private func term(_ term: Term, _ world: OpaquePointer) -> UnsafeMutablePointer<raptor_term>? {
        switch term {
        case .resource(let address): return raptor_new_term_from_uri_string(world, address)
        case .blank(let name): return raptor_new_term_from_blank(world, name)
        case .text(let text, let language):
            return raptor_new_term_from_counted_literal(
                world, text, text.utf8.count, nil, language, UInt8(clamping: language?.utf8.count ?? 0))
        case .typed(let text, let datatype):
            let type = raptor_new_uri(world, datatype)
            defer { raptor_free_uri(type) }
            return raptor_new_term_from_counted_literal(world, text, text.utf8.count, type, nil, 0)
        }
    }

    struct SerializationFailed: Error { let serializer: String }
}
