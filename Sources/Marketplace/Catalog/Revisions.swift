import Foundation
import Postgres

/// What was published of the listed products.
extension Catalog {
    /// The first rows of a table.
    public struct Sample: Sendable {
        public let revision: Int
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

    /// A revision of a listed product: its columns, files with hashes, what it is made of, and what changed.
    public func revision(_ number: Int, of code: String) async throws -> JSONDocument {
        guard let document = try await store.document("catalog/find_revision", code, number) else {
            throw CatalogError.unknownRevision(code, number)
        }
        return document
    }

    /// The revisions of a listed product, newest first.
    public func revisions(of code: String, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "revisions of \(code)", key: [.number], cursor: cursor, limit: limit)
        let page = try await store.page(
            "catalog/list_revision_documents", code, request.cursor?.key, request: request)
        // A listed product has a revision.
        if page.items.isEmpty, request.cursor == nil { throw CatalogError.unknownProduct(code) }
        return page.json()
    }

    /// Some rows of a revision of a listed product, the newest one unless a number is given; nil when it is no table or they
    /// have not been read yet.
    /// - Throws: `CatalogError.unknownProduct`, `unknownRevision`.
    public func sample(of code: String, revision: Int? = nil) async throws -> Sample? {
        let found = try await store.database.first(
            store.statements["catalog/find_sample"], code, revision, lane: .read
        ) { row in
            let (number, header) = (try row.next(Int.self), try row.next([String].self))
            let rows = try row.next(String?.self)
            return (number: number, header: header, rows: rows, withheld: Set(try row.next([String].self)))
        }
        guard let found else {
            throw revision.map { CatalogError.unknownRevision(code, $0) } ?? CatalogError.unknownProduct(code)
        }
        guard let rows = found.rows, !rows.isEmpty else { return nil }
        let isWithheld = found.header.map(found.withheld.contains)
        return Sample(
            revision: found.number, header: found.header,
            rows: try JSONDecoder().decode([[String]].self, from: Data(rows.utf8)).map { row in
                zip(row, isWithheld).map { $1 ? "" : $0 }
            }, withheld: found.withheld)
    }
}
