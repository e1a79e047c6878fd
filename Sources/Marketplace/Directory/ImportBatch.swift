import Foundation

/// A part of a file as text for COPY, and how far the file is read with it.
struct ImportBatch: Sendable {
    var rows: [UInt8] = []
    var problems: [UInt8] = []
    var nodes: [UInt8] = []
    var progress: ImportProgress
    var isEmpty: Bool { rows.isEmpty && problems.isEmpty && nodes.isEmpty }
    var size: Int { rows.count + problems.count + nodes.count }
}

/// How far an import is.
public struct ImportProgress: Sendable {
    public internal(set) var id: UUID
    /// Position of the last entry that is read.
    public internal(set) var position = 0
    var problems = 0
    var nodes = 0
    var nodesComplete = false
    var nodePlace = 0
    var format = ""
}

/// Fills batches with what a reader gives.
struct ImportBatcher {
    /// Entries of a batch: what is lost at most when an import is killed.
    static let entries = 1_000
    private static let largest = 4 << 20
    private(set) var batch: ImportBatch
    private var count = 0
    /// Nodes that the reader gave, with those of a run before this one.
    private var nodes = 0
    private let encoder = JSONEncoder()

    init(_ progress: ImportProgress) {
        batch = ImportBatch(progress: progress)
        encoder.outputFormatting = [.withoutEscapingSlashes]
    }

    var isFull: Bool { count >= Self.entries || batch.size >= Self.largest }

    /// The batch so far; the next one begins behind it.
    mutating func take() -> ImportBatch {
        defer { (batch, count) = (ImportBatch(progress: batch.progress), 0) }
        return batch
    }

    /// Refused entries with an identifier get a row without a document, so that they do not look as if they had vanished
    /// from the source.
    mutating func add(_ candidate: Candidate) throws {
        count += 1
        let entry = candidate.entry
        batch.progress.position = entry.position
        for problem in candidate.problems { add(problem) }
        guard !entry.identifier.isEmpty else { return }
        batch.rows.append(cells: [
            key, String(entry.position), entry.identifier,
            candidate.isLanding ? String(decoding: try encoder.encode(entry.document), as: UTF8.self) : nil,
        ])
    }

    /// Nodes up to the last one that an interrupted import put aside are passed over.
    mutating func add(_ node: StoredNode) {
        nodes += 1
        guard nodes > batch.progress.nodes else { return }
        batch.progress.nodes = nodes
        let links = node.links.map { $0.uuidString.lowercased() }.joined(separator: ",")
        batch.nodes.append(cells: [
            key, String(nodes), node.key.uuidString.lowercased(), node.isDataset ? "t" : "f", "{\(links)}", node.body,
        ])
    }

    mutating func end(format: CatalogueFormat, nodesComplete: Bool) {
        (batch.progress.format, batch.progress.nodesComplete) = (format.rawValue, nodesComplete)
    }

    mutating func passed(node: Int) { batch.progress.nodePlace = node }

    private var key: String { batch.progress.id.uuidString.lowercased() }

    private mutating func add(_ problem: CatalogueProblem) {
        batch.progress.problems += 1
        batch.problems.append(cells: [
            key, String(batch.progress.problems), String(problem.position), problem.line.map(String.init),
            problem.identifier, problem.severity.rawValue, problem.reason.rawValue, problem.field, problem.message,
        ])
    }
}

extension [UInt8] {
    /// A row in the text format of COPY; nil is NULL.
    fileprivate mutating func append(cells: [String?]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { append(0x09) }
            if var cell {
                cell.withUTF8 { append(escaping: $0) }
            } else {
                self += [0x5C, UInt8(ascii: "N")]
            }
        }
        append(0x0A)
    }
    /// Stretches that need no escape, which most texts are as a whole, are copied at once.
    private mutating func append(escaping text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        for (place, byte) in text.enumerated() {
            let escape: UInt8
            switch byte {
            case 0x5C: escape = 0x5C
            case 0x09: escape = UInt8(ascii: "t")
            case 0x0A: escape = UInt8(ascii: "n")
            case 0x0D: escape = UInt8(ascii: "r")
            default: continue
            }
            self += UnsafeBufferPointer(rebasing: text[start..<place])
            self += [0x5C, escape]
            start = place + 1
        }
        self += UnsafeBufferPointer(rebasing: text[start...])
    }
}
