import Foundation
import Postgres

/// What was published of the listed products, and how it begins.
extension Catalog {
    /// The first rows of a table.
    public struct Sample: Sendable {
        public let header: [String]
        public let rows: [[String]]
        /// The columns whose values are not shown; their cells are empty here.
        public let withheld: Set<String>
    }

    /// The listed products whose newest revision was published last, as a JSON array.
    public func newest(limit: Int) async throws -> JSONDocument {
        try await store.document("catalog/list_newest", limit) ?? JSONDocument(text: "[]")
    }

    /// The newest revisions of a listed product, each with what changed, as a JSON array.
    public func revisions(of code: String, limit: Int) async throws -> JSONDocument {
        try await store.document("catalog/list_revisions", code, limit) ?? JSONDocument(text: "[]")
    }

    /// Enough for a few rows of a wide table.
    private static let beginning = 16_384

    /// The first rows of a product's newest content; nil when it is no table, or its first rows are longer than what is read.
    public func sample(of code: String, rows: Int) async throws -> Sample? {
        let found = try await store.database.first(
            store.statements["catalog/find_beginning"], code, Self.beginning, lane: .read
        ) { row in
            let (bytes, isWhole) = (try row.next([UInt8].self), try row.next(Bool.self))
            return (bytes: bytes, isWhole: isWhole, withheld: Set(try row.next([String].self)))
        }
        guard let found else { return nil }
        let end = found.isWhole ? found.bytes.endIndex : found.bytes.lastIndex(of: UInt8(ascii: "\n")) ?? 0
        // The whole table was checked when it was listed: only the cut can have broken it, inside a cell in quotes.
        guard let table = try? CSVTable(Array(found.bytes[..<end]), limit: rows), !table.records.isEmpty else {
            return nil
        }
        return Sample(
            header: table.header,
            rows: table.records.map {
                zip(table.header, $0.cells).map { found.withheld.contains($0) ? "" : $1 }
            }, withheld: found.withheld)
    }
}
