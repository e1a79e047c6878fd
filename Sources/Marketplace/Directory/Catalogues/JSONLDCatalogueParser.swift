import Foundation

/// JSON-LD, turned into N-Triples by Oxigraph in a process of Python's, statement by statement. Contexts are not fetched:
/// they must stand in the document.
final class JSONLDCatalogueParser: CatalogueParser {
    let format = CatalogueFormat.jsonLD
    private let triples: RDFCatalogueParser
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let complaints = Pipe()
    private var surrogates = SurrogateGate()

    init(skipping: Int) throws {
        triples = try RDFCatalogueParser(format: .nTriples, skipping: skipping)
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = ["-I", "-c", Self.script]
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, complaints)
        do { try process.run() } catch {
            throw CatalogueUnreadable(.wrongFormat, Self.missing)
        }
        // A process that ended must show as an error of its own, not end this one.
        signal(SIGPIPE, SIG_IGN)
        fcntl(output.fileHandleForReading.fileDescriptor, F_SETFL, O_NONBLOCK)
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    func push(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        if let mended = surrogates.mended(bytes) {
            try mended.withUnsafeBufferPointer(send)
        } else {
            try send(bytes)
        }
    }

    private func send(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var rest = UnsafeRawBufferPointer(bytes)
        let descriptor = input.fileHandleForWriting.fileDescriptor
        fcntl(descriptor, F_SETFL, O_NONBLOCK)
        while !rest.isEmpty {
            var waiting = [
                pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0),
            ]
            poll(&waiting, 2, -1)
            try readTriples()
            let written = write(descriptor, rest.baseAddress, rest.count)
            if written > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            } else if written < 0 && errno != EAGAIN {
                throw refusal()
            }
        }
    }

    func finish() throws {
        let rest = surrogates.mended(UnsafeBufferPointer(start: nil, count: 0), isLast: true)
        try rest?.withUnsafeBufferPointer(send)
        try input.fileHandleForWriting.close()
        repeat {
            var waiting = [
                pollfd(fd: output.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            ]
            poll(&waiting, 1, -1)
        } while try readTriples()
        process.waitUntilExit()
        guard process.terminationStatus == 0, process.terminationReason == .exit else { throw refusal() }
        try triples.finish()
    }

    func drain() -> [Candidate] { triples.drain() }
    func drainStatements() -> [Triples] { triples.drainStatements() }
    var hasPutAside: Bool { triples.hasPutAside }

    /// - Returns: false when the process has said everything.
    @discardableResult private func readTriples() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Foundation.read(output.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
            if count == 0 { return false }
            if count < 0 { return errno == EAGAIN }
            try buffer.withUnsafeBufferPointer { try triples.push(UnsafeBufferPointer(rebasing: $0[..<count])) }
        }
    }

    private func refusal() -> CatalogueUnreadable {
        process.waitUntilExit()
        let said = complaints.fileHandleForReading.readDataToEndOfFile().prefix(2_000)
        let text = String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        switch process.terminationStatus {
        case 3: return CatalogueUnreadable(.wrongFormat, Self.missing)
        case 4: return CatalogueUnreadable(.truncated, "The file ends before its JSON-LD does: it is truncated.")
        case 5: return CatalogueUnreadable(.wrongFormat, "The file is not JSON-LD that can be read: \(text)")
        default: return CatalogueUnreadable(.tooLarge, "The JSON-LD reader ended early: a text may be too large.")
        }
    }

    /// Where `script/python` puts it, unless the environment says otherwise.
    private static var python: String {
        let made = ".build/venv/bin/python3"
        return ProcessInfo.processInfo.environment["DATAMARKET_PYTHON"]
            ?? (FileManager.default.isExecutableFile(atPath: made) ? made : "/usr/bin/python3")
    }

    private static let missing =
        "JSON-LD needs Python with pyoxigraph, which is not installed: run script/python, or name one in "
        + "DATAMARKET_PYTHON."

    /// Most files stand in an order in which Oxigraph reads them as a stream, which a first pass finds out; others it holds in
    /// memory, of which 1 GiB is the limit. Nodes without a label get a random one of up to 32 digits from it; counted instead, they
    /// are the same when a file is read again after a stop. Only the last are remembered: such a node stands in one place.
    private static let script = """
        import collections, re, resource, sys, tempfile
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        try:
            from pyoxigraph import BlankNode, NamedNode, RdfFormat, parse
        except ImportError:
            sys.exit(3)

        spool, lines, column = tempfile.TemporaryFile(), 1, 0
        while piece := sys.stdin.buffer.read1(1 << 16):
            spool.write(piece)
            last = piece.rfind(b"\\n")
            lines += piece.count(b"\\n")
            column = column + len(piece) if last < 0 else len(piece) - last - 1

        def quads(format):
            spool.seek(0)
            return parse(spool, format=format, lenient=True)

        def order():
            try:
                collections.deque(quads(RdfFormat.STREAMING_JSON_LD), maxlen=0)
                return RdfFormat.STREAMING_JSON_LD
            except SyntaxError:
                return RdfFormat.JSON_LD

        random = re.compile("[0-9a-f]{24,32}").fullmatch
        escaped = re.compile("[\\x00-\\x20<>\\"{}|^`\\\\\\\\]").sub
        recent, count = collections.OrderedDict(), 0

        def label(value):
            global count
            if not random(value):
                return "_:n" + "".join(c if c.isalnum() else "x%xx" % ord(c) for c in value)
            if value in recent:
                recent.move_to_end(value)
            else:
                count += 1
                recent[value] = "_:g%d" % count
                if len(recent) > 50_000:
                    recent.popitem(last=False)
            return recent[value]

        def node(term):
            if isinstance(term, NamedNode):
                return "<" + escaped(lambda found: "%%%02X" % ord(found.group()), term.value) + ">"
            return label(term.value) if isinstance(term, BlankNode) else str(term)

        try:
            with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", buffering=1 << 16, closefd=False) as out:
                for quad in quads(order()):
                    out.write("%s %s %s .\\n" % (node(quad.subject), node(quad.predicate), node(quad.object)))
        except SyntaxError as error:
            text = str(error)
            if "LoadDocumentCallback" in text:
                text = "a context is not in the document, and is not fetched"
            elif "end of file" in text or error.lineno == lines and error.offset >= column:
                sys.exit(4)
            print(text[:500], file=sys.stderr)
            sys.exit(5)
        except MemoryError:
            sys.exit(6)
        except Exception as error:
            print(str(error)[:500], file=sys.stderr)
            sys.exit(5)
        """
}
