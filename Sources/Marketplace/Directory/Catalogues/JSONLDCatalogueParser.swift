import Foundation

/// JSON-LD, turned into N-Triples by Python's pyld in a process of its own, node by node of its `@graph`. Contexts are not
/// fetched: they must stand in the document.
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
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
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
        default: return CatalogueUnreadable(.tooLarge, "The JSON-LD reader ended early: a node may be too large.")
        }
    }

    private static let missing =
        "JSON-LD needs Python with pyld and ijson, which are not installed: apt-get install python3-pyld python3-ijson."

    /// Blank nodes are given names that stay the same from node to node. 1 GiB of memory is its limit.
    private static let script = """
        import resource, sys
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        try:
            import ijson
            from pyld import jsonld
        except ImportError:
            sys.exit(3)
        BLANK = "urn:datamarket:blank:"
        out = sys.stdout
        out.reconfigure(encoding="utf-8")
        count = 0

        def refuse(url, options=None):
            print("the context %s is not in the document and is not fetched" % url, file=sys.stderr)
            sys.exit(5)

        def named(value):
            if isinstance(value, dict):
                return {key: BLANK + item[2:] if key in ("@id", "id") and isinstance(item, str) and item.startswith("_:")
                        else named(item) for key, item in value.items()}
            if isinstance(value, list):
                return [named(item) for item in value]
            return BLANK + value[2:] if isinstance(value, str) and value.startswith("_:") else value

        def node(term, place):
            if term["type"] == "IRI":
                if term["value"].startswith(BLANK):
                    return "_:n" + "".join(c if c.isalnum() else "x%xx" % ord(c) for c in term["value"][len(BLANK):])
                return "<" + escape(term["value"], "<>{}|^`") + ">"
            if term["type"] == "blank node":
                return "_:g%d%s" % (place, term["value"][2:])
            text = '"' + escape(term["value"], "") + '"'
            if term.get("language"):
                return text + "@" + term["language"]
            return text + "^^<" + term["datatype"] + ">"

        def escape(text, also):
            plain = {"\\\\": "\\\\\\\\", '"': '\\\\"', "\\n": "\\\\n", "\\r": "\\\\r", "\\t": "\\\\t"}
            return "".join(plain.get(c) or ("\\\\u%04X" % ord(c) if c < " " or c in also else c) for c in text)

        def convert(document):
            global count
            count += 1
            dataset = jsonld.to_rdf(named(document), {"documentLoader": refuse})
            for triples in dataset.values():
                for triple in triples:
                    out.write("%s %s %s .\\n" % tuple(
                        node(triple[part], count) for part in ("subject", "predicate", "object")))

        try:
            context, rest, waiting, builder, depth, key = None, {}, [], None, 0, None
            for prefix, event, value in ijson.parse(sys.stdin.buffer, use_float=True):
                if builder is None:
                    if event == "map_key" and prefix == "":
                        key = value
                        continue
                    if prefix in ("@graph.item", "item") or (prefix and prefix == key and key != "@graph"):
                        builder, depth, place = ijson.ObjectBuilder(), 0, prefix
                    else:
                        continue
                builder.event(event, value)
                depth += event in ("start_map", "start_array")
                depth -= event in ("end_map", "end_array")
                if depth:
                    continue
                if place == "@context":
                    context = builder.value
                elif place in ("@graph.item", "item"):
                    element = builder.value
                    if place == "item":
                        convert(element)
                    elif context is None:
                        waiting.append(element)
                    else:
                        convert({"@context": context, "@graph": [element]})
                else:
                    rest[place] = builder.value
                builder = None
            for element in waiting:
                convert({"@context": context or {}, "@graph": [element]})
            if any(name not in ("@id", "id") for name in rest):
                convert({"@context": context or {}, **rest})
        except ijson.IncompleteJSONError as error:
            sys.exit(4)
        except MemoryError:
            sys.exit(6)
        except Exception as error:
            print(str(error)[:500], file=sys.stderr)
            sys.exit(5)
        out.flush()
        """
}
