import CYajl

/// Finds the datasets in a stream of JSON, by yajl: the list `dataset` of a data.json, or CKAN packages as a list, as
/// lines, or as the answer of its action API. Holds one dataset at a time.
final class JSONCatalogueParser: CatalogueParser {
    /// An entry with more text than this is refused.
    static let largestEntry = 8 << 20
    /// Deeper than any catalogue: what is nested further was made to exhaust the memory.
    private static let deepest = 64

    private(set) var format: CatalogueFormat
    private var ready: [Candidate] = []
    private let skipped: Int
    private var handle: yajl_handle?
    private var failure: CatalogueUnreadable?
    private var position = 0
    private var depth = 0
    private var listDepth = 0
    private var lines = 0
    private var quiet = 0
    private var foundAny = false
    private var isFirst = true
    private var surrogates = SurrogateGate()
    /// The member of the entry whose text lost half a character.
    private var mended: String?

    /// Searching: the outermost value is built, in case it is a package. Listing: between the elements of the list.
    /// Building: inside an element. Passed: behind the list.
    private enum Mode { case searching, listing, building, passed }
    private var mode = Mode.searching
    private var path: [String] = []

    /// A container of the value that is being built.
    private struct Frame {
        let isObject: Bool
        var list: [JSONTree] = []
        var members: [String: JSONTree] = [:]
        var key = ""
        var value: JSONTree { isObject ? .object(members) : .list(list) }
    }
    private var frames: [Frame] = []
    private var size = 0

    init(format: CatalogueFormat, skipping: Int) {
        self.format = format
        skipped = skipping
        handle = yajl_alloc(Self.callbacks, nil, Unmanaged.passUnretained(self).toOpaque())
        yajl_allow_several_values(handle)
    }

    deinit { yajl_free(handle) }

    func push(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        if isFirst, let first = bytes.first(where: { $0 > 0x20 }) {
            isFirst = false
            guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else {
                throw CatalogueUnreadable(
                    .wrongFormat, "The file is not JSON: it does not begin with an object or a list.")
            }
        }
        if let mended = surrogates.mended(bytes) {
            try mended.withUnsafeBufferPointer(parse)
        } else {
            try parse(bytes)
        }
    }

    private func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        quiet += bytes.count
        let status = yajl_parse(handle, bytes.baseAddress, bytes.count)
        if let failure { throw failure }
        guard status == yajl_status_ok else {
            let consumed = min(yajl_get_bytes_consumed(handle), bytes.count)
            throw malformed(line: lines + 1 + bytes[..<consumed].count { $0 == 0x0A })
        }
        guard quiet <= 2 * Self.largestEntry else {
            throw CatalogueUnreadable(.tooLarge, "A single text of the file is larger than 16 MiB.", line: lines + 1)
        }
        lines += bytes.count { $0 == 0x0A }
    }

    func finish() throws {
        let rest = surrogates.mended(UnsafeBufferPointer(start: nil, count: 0), isLast: true)
        try rest?.withUnsafeBufferPointer(parse)
        guard yajl_complete_parse(handle) == yajl_status_ok, failure == nil else {
            if let failure { throw failure }
            throw CatalogueUnreadable(.truncated, "The file ends before its JSON does: it is truncated.")
        }
        guard foundAny else {
            throw CatalogueUnreadable(
                .wrongFormat,
                "A data.json is an object with a list `dataset`, and CKAN gives packages; this is neither.")
        }
    }

    func drain() -> [Candidate] {
        defer { ready.removeAll(keepingCapacity: true) }
        return ready
    }

    private func malformed(line: Int) -> CatalogueUnreadable {
        var detail = ""
        if let text = yajl_get_error(handle, 0, nil, 0) {
            detail = String(cString: text).split(separator: "\n").first.map(String.init) ?? ""
            yajl_free_error(handle, text)
        }
        return CatalogueUnreadable(.wrongFormat, "The file is not well-formed JSON: \(detail).", line: line)
    }

    // MARK: Events

    /// - Returns: 0 to stop, as yajl wants it.
    private func open(isObject: Bool) -> Int32 {
        quiet = 0
        depth += 1
        guard depth <= Self.deepest else {
            failure = CatalogueUnreadable(.wrongFormat, "The JSON is nested deeper than \(Self.deepest) levels.")
            return 0
        }
        if mode == .searching, !isObject, let found = listFormat {
            (format, foundAny, listDepth, mode) = (found, true, depth, .listing)
            frames.removeAll()
        } else if mode != .passed {
            if frames.isEmpty { (size, mended) = (0, nil) }
            if mode == .listing { mode = .building }
            frames.append(Frame(isObject: isObject))
        }
        return 1
    }

    /// What the list that opens here holds, if it is the list of datasets.
    private var listFormat: CatalogueFormat? {
        switch (depth, path) {
        case (1, _), (2, ["result"]), (3, ["result", "results"]): .ckan
        case (2, ["dataset"]): .projectOpenData
        default: nil
        }
    }

    private func close() -> Int32 {
        quiet = 0
        depth -= 1
        if mode == .searching { path = Array(path.prefix(max(0, depth))) }
        if mode == .listing { mode = .passed }
        if mode == .passed {
            if depth == 0 { (mode, path) = (.searching, []) }
            return 1
        }
        guard let frame = frames.popLast() else { return 1 }
        return add(frame.value, size: 0)
    }

    private func key(_ name: String) -> Int32 {
        quiet = 0
        if mode == .searching { path = Array(path.prefix(depth - 1)) + [name] }
        if !frames.isEmpty { frames[frames.count - 1].key = name }
        return 1
    }

    private func add(text: String) -> Int32 {
        let size = text.utf8.count + 16
        guard surrogates.hasFound, let whole = SurrogateGate.replaced(text) else {
            return add(.text(text), size: size)
        }
        mended = frames.last { $0.isObject }?.key ?? ""
        return add(.text(whole), size: size)
    }

    private func add(_ value: JSONTree, size length: Int) -> Int32 {
        quiet = 0
        size += length
        guard mode != .passed else { return 1 }
        guard !frames.isEmpty else { return end(value) }
        guard size <= Self.largestEntry else { return 1 }
        let last = frames.count - 1
        if frames[last].isObject {
            frames[last].members[frames[last].key] = value
        } else {
            frames[last].list.append(value)
        }
        return 1
    }

    /// An element of the list is complete, or a value of its own was read to its end.
    private func end(_ value: JSONTree) -> Int32 {
        if mode == .searching {
            path = []
            guard value["success"]?.truth != false else {
                failure = CatalogueUnreadable(.wrongFormat, "The file is a portal's answer that says it failed.")
                return 0
            }
            guard foundAny || value["resources"] != nil || value["notes"] != nil else { return 1 }
            format = .ckan
        } else {
            mode = .listing
        }
        foundAny = true
        if format == .ckan, CKANReader.isNoDataset(value) { return 1 }
        position += 1
        guard position > skipped else { return 1 }
        if size > Self.largestEntry {
            var candidate = Candidate(position: position)
            candidate.refuse(.entryTooLarge, nil, "The entry holds more than \(Self.largestEntry >> 20) MiB of text.")
            ready.append(candidate)
        } else {
            var candidate =
                format == .ckan
                ? CKANReader.candidate(value, position: position)
                : ProjectOpenDataReader.candidate(value, position: position)
            if let mended {
                candidate.note(.malformedText, mended, "Half a character (such as \\ud800) stands in the text.")
            }
            ready.append(candidate)
        }
        return 1
    }

    // MARK: yajl

    /// yajl keeps the address, so it must last.
    nonisolated(unsafe) private static let callbacks: UnsafeMutablePointer<yajl_callbacks> = {
        let kept = UnsafeMutablePointer<yajl_callbacks>.allocate(capacity: 1)
        kept.initialize(
            to: yajl_callbacks(
                yajl_null: { of($0).add(.null, size: 4) },
                yajl_boolean: { of($0).add(.bool($1 != 0), size: 4) },
                yajl_integer: nil, yajl_double: nil,
                yajl_number: { of($0).add(.number(text(UnsafeRawPointer($1), $2)), size: $2 + 16) },
                yajl_string: { of($0).add(text: text(UnsafeRawPointer($1), $2)) },
                yajl_start_map: { of($0).open(isObject: true) },
                yajl_map_key: { of($0).key(text(UnsafeRawPointer($1), $2)) },
                yajl_end_map: { of($0).close() },
                yajl_start_array: { of($0).open(isObject: false) },
                yajl_end_array: { of($0).close() }))
        return kept
    }()

    private static func of(_ context: UnsafeMutableRawPointer?) -> JSONCatalogueParser {
        Unmanaged<JSONCatalogueParser>.fromOpaque(context!).takeUnretainedValue()
    }

    private static func text(_ bytes: UnsafeRawPointer?, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }
}
