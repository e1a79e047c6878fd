import CRaptor

/// Reads RDF by raptor2. A small file's statements stay in memory; of a large one they are put aside, window by window.
final class RDFCatalogueParser: CatalogueParser {
    let format: CatalogueFormat
    /// Statements held in memory; about 300 bytes each.
    private static let largestWindow = 100_000
    private static let largestText = 16 << 20

    private var triples = Triples()
    private var aside: [Triples] = []
    private var hasDatasets = false
    private var ready: [Candidate] = []
    private let skipped: Int
    private let world: OpaquePointer
    private let syntax: String
    private var handle: OpaquePointer?
    private var splitter: TurtleSplitter?
    private static let largestPart = 1 << 20
    private var failure: (line: Int?, text: String)?
    private var lines = 1
    /// Of the part of Turtle that is parsed last: a failure behind them says that the file was cut.
    private var lastPartLines: Int?
    private var quiet = 0
    /// By the address of the library's own text: it keeps one of each.
    private var terms: [OpaquePointer: RDFTerm?] = [:]
    /// The subject of the last statement, with the library's text, which is held so that no other gets its address.
    private var lastSubject: (address: OpaquePointer, node: Triples.Node)?

    init(format: CatalogueFormat, skipping: Int) throws {
        (self.format, skipped) = (format, skipping)
        syntax = [.turtle: "turtle", .rdfXML: "rdfxml"][format] ?? "ntriples"
        guard let world = RaptorWorld.open() else {
            throw CatalogueUnreadable(.wrongFormat, "The RDF library did not start.")
        }
        self.world = world
        // No label of a file begins so, and none can be taken for the name of a node without one.
        var prefix = Array(" unlabelled".utf8CString)
        raptor_world_set_generate_bnodeid_parameters(world, &prefix, 1)
        if format == .turtle { splitter = TurtleSplitter() }
        let myself = Unmanaged.passUnretained(self).toOpaque()
        raptor_world_set_log_handler(world, myself) { data, message in
            guard let data, let message, message.pointee.level.rawValue >= RAPTOR_LOG_LEVEL_ERROR.rawValue else {
                return
            }
            let reader = Unmanaged<RDFCatalogueParser>.fromOpaque(data).takeUnretainedValue()
            guard reader.failure == nil else { return }
            let line = message.pointee.locator.map { Int($0.pointee.line) }.flatMap { $0 > 0 ? $0 : nil }
            reader.failure = (line, message.pointee.text.map { String(cString: $0) } ?? "")
        }
        try start()
    }

    /// A parser of its own for what follows; names of blank nodes go on counting in the world they share.
    private func start() throws {
        if let handle { raptor_free_parser(handle) }
        handle = raptor_new_parser(world, syntax)
        guard let handle, let base = raptor_new_uri(world, "urn:catalogue:") else {
            throw CatalogueUnreadable(.wrongFormat, "The RDF library does not know \(syntax).")
        }
        defer { raptor_free_uri(base) }
        // A catalogue must not make the market fetch anything.
        raptor_parser_set_option(handle, RAPTOR_OPTION_NO_NET, nil, 1)
        raptor_parser_set_option(handle, RAPTOR_OPTION_LOAD_EXTERNAL_ENTITIES, nil, 0)
        raptor_parser_set_statement_handler(handle, Unmanaged.passUnretained(self).toOpaque()) { data, statement in
            guard let data, let statement else { return }
            Unmanaged<RDFCatalogueParser>.fromOpaque(data).takeUnretainedValue().add(statement.pointee)
        }
        raptor_parser_parse_start(handle, base)
    }

    deinit {
        if let handle { raptor_free_parser(handle) }
        for term in terms.keys { raptor_free_uri(term) }
        if let lastSubject { raptor_free_uri(lastSubject.address) }
        RaptorWorld.giveBack(world)
    }

    func push(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        quiet += bytes.count
        if splitter == nil {
            try parse(bytes, isEnd: false)
            lines += bytes.count { $0 == 0x0A }
        } else {
            splitter?.add(bytes)
            if let splitter, splitter.complete > 0, splitter.bytes.count >= Self.largestPart {
                try parsePart(all: false)
            }
        }
        guard quiet <= Self.largestText else {
            throw CatalogueUnreadable(.tooLarge, "A single statement is larger than 16 MiB.", line: lines)
        }
        if triples.count >= Self.largestWindow { putAside() }
    }

    func finish() throws {
        if splitter == nil { try parse(.init(start: nil, count: 0), isEnd: true) } else { try parsePart(all: true) }
        hasDatasets = hasDatasets || !triples.datasets.isEmpty
        guard hasDatasets else {
            throw CatalogueUnreadable(.wrongFormat, "The file is RDF but holds no dcat:Dataset.")
        }
        if aside.isEmpty && !hasPutAside {
            let reader = RDFReader(triples: triples)
            ready = triples.datasets.enumerated().dropFirst(skipped).map {
                reader.candidate($0.element, position: $0.offset + 1)
            }
        } else {
            putAside()
        }
    }

    private func parse(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) throws {
        let status = raptor_parser_parse_chunk(handle, bytes.baseAddress, bytes.count, isEnd ? 1 : 0)
        guard status == 0, failure == nil else { throw unreadable(isAtEnd: isEnd) }
    }

    /// Statements of Turtle that are complete, with the prefixes they need; the prefixes take no line.
    private func parsePart(all: Bool) throws {
        guard let prologue = splitter?.prologue, let part = splitter?.take(all: all) else { return }
        try start()
        if all { lastPartLines = part.count { $0 == 0x0A } }
        try (prologue + part).withUnsafeBufferPointer { try parse($0, isEnd: true) }
        lines += part.count { $0 == 0x0A }
    }

    func drain() -> [Candidate] {
        defer { ready.removeAll() }
        return ready
    }

    private(set) var hasPutAside = false

    /// The statements that have to be kept elsewhere because the file is large.
    func drainStatements() -> [Triples] {
        defer { aside.removeAll() }
        return aside
    }

    private func putAside() {
        hasDatasets = hasDatasets || !triples.datasets.isEmpty
        hasPutAside = true
        aside.append(triples)
        triples = Triples()
    }

    private func unreadable(isAtEnd: Bool) -> CatalogueUnreadable {
        let text = failure?.text ?? "it cannot be parsed"
        let line = failure?.line.map { splitter == nil ? $0 : $0 + lines - 1 }
        if isAtEnd, splitter == nil || lastPartLines.map({ (failure?.line ?? .max) >= $0 }) ?? false {
            return CatalogueUnreadable(.truncated, "The file ends before its RDF does: \(text)", line: line)
        }
        return CatalogueUnreadable(.wrongFormat, "The file is not well-formed RDF: \(text)", line: line)
    }

    private func add(_ statement: raptor_statement) {
        quiet = 0
        guard let predicate = statement.predicate?.pointee, predicate.type == RAPTOR_TERM_TYPE_URI,
            let term = term(predicate.value.uri), let subject = subject(statement.subject),
            let object = node(statement.object)
        else { return }
        triples.add(subject, term, object)
    }

    private func term(_ uri: OpaquePointer?) -> RDFTerm? {
        guard let uri else { return nil }
        if let known = terms[uri] { return known }
        let found = raptor_uri_as_string(uri).flatMap { RDFTerm.byAddress[String(cString: $0)] }
        // Kept for good, so that no other text can get its address.
        terms[raptor_uri_copy(uri)] = .some(found)
        return found
    }

    /// The node of a subject; most statements have that of the one before.
    private func subject(_ term: UnsafeMutablePointer<raptor_term>?) -> Triples.Node? {
        guard let uri = term?.pointee, uri.type == RAPTOR_TERM_TYPE_URI, let address = uri.value.uri else {
            return node(term)
        }
        if let lastSubject, lastSubject.address == address { return lastSubject.node }
        guard let node = node(term) else { return nil }
        if let lastSubject { raptor_free_uri(lastSubject.address) }
        lastSubject = (raptor_uri_copy(address), node)
        return node
    }

    private func node(_ term: UnsafeMutablePointer<raptor_term>?) -> Triples.Node? {
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
}
