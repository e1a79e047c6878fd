import Foundation
import Postgres

/// Finds whose copy a file is that turned up where it should not be.
extension Delivery {
    public struct Trace: Sendable {
        public struct Candidate: Sendable {
            public let enterprise: String
            public let entitlement: UUID
            public let mark: String
            /// How well the order of the file's rows agrees with that of this copy: 1 wholly, one half by chance.
            public let agreement: Double
        }

        /// Of the file's rows, those that the revision holds.
        public let matchedRows: Int
        /// What the file itself says, where its metadata was left in it.
        public let text: String?
        /// Those whose mark the file names, and those whose order it has, best first.
        public let candidates: [Candidate]
    }

    /// - Parameter revision: nil for the newest.
    /// - Throws: `CatalogError.unknownRevision` unless the revision is a table.
    public func trace(
        _ file: URL, as format: Format, of product: String, revision: Int? = nil
    ) async throws -> Trace {
        let found = try await store.database.first(store.statements["delivery/find_traceable"], product, revision) {
            (product: try $0.next(UUID.self), schema: try $0.next(String.self), parts: try $0.next([String].self))
        }
        guard let found else { throw CatalogError.unknownRevision(product, revision ?? 0) }
        let holders = try await store.database.all(store.statements["delivery/list_marks"], found.product) { row in
            let (entitlement, enterprise) = (try row.next(UUID.self), try row.next(String.self))
            return (
                entitlement: entitlement, enterprise: enterprise, mark: try row.next(String.self),
                seed: try row.next(String.self)
            )
        }
        let schema = try JSONTree(json: Array(found.schema.utf8)).list ?? []
        let answer = try await engine.run(
            .object([
                "job": .text("trace"), "file": .text(file.path), "format": .text(format.rawValue),
                "parts": .list(found.parts.map { .text(files.url(of: bytes(hexadecimal: $0) ?? []).path) }),
                "columns": .list(schema.compactMap { $0["name"] }),
                "candidates": .list(
                    holders.map { .object(["id": .text($0.mark), "seed": .text($0.seed)]) }),
            ]))
        let byMark = Dictionary(holders.map { ($0.mark, $0) }) { first, _ in first }
        let candidates = (answer["scores"]?.list ?? []).compactMap { score -> Trace.Candidate? in
            guard let holder = score["id"]?.text.flatMap({ byMark[$0] }) else { return nil }
            var agreement = 0.0
            if case .number(let spelling) = score["agreement"] ?? .null { agreement = Double(spelling) ?? 0 }
            return Trace.Candidate(
                enterprise: holder.enterprise, entitlement: holder.entitlement, mark: holder.mark,
                agreement: agreement)
        }
        return Trace(
            matchedRows: answer["matched_rows"]?.number ?? 0, text: answer["text"]?.text, candidates: candidates)
    }
}
