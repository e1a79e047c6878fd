import Foundation
import Postgres

/// Products, their revisions with content, and offers.
public struct Catalog: Sendable {
    let store: Store
    let files: ContentFiles

    public func product(_ code: String, now: Date) async throws -> JSONDocument {
        guard let document = try await store.document("catalog/find_product", code, now) else {
            throw CatalogError.unknownProduct(code)
        }
        return document
    }

    /// Listed products by code, with the total and facets of the whole answer.
    public func products(text: String?, cursor: String?, limit: Int?, now: Date) async throws -> JSONDocument {
        let request = try PageRequest(query: "products?q=\(text ?? "")", key: [.code], cursor: cursor, limit: limit)
        let pattern = text.map(escapedForLike)
        async let page = store.page("catalog/list_products", pattern, request.cursor?.key, now, request: request)
        async let counts = store.document("catalog/count_products", pattern)
        let head = try await counts.map { $0.text.dropFirst().dropLast() + "," } ?? ""
        return try await page.json(head: String(head))
    }

    /// Offers of a product that the reader may accept: those open to all, and those reserved for its enterprise.
    public func offers(of code: String, for enterprise: UUID?, cursor: String?, limit: Int?, now: Date) async throws
        -> JSONDocument
    {
        let request = try PageRequest(query: "offers of \(code)", key: [.code], cursor: cursor, limit: limit)
        _ = try await product(code, now: now)
        return try await store.page("catalog/list_offers", code, enterprise, request.cursor?.key, now, request: request)
            .json()
    }

    /// - Throws: `CatalogError.unknownOffer` when no offer with the code stands.
    public func withdrawOffer(_ code: String, now: Date) async throws {
        guard try await store.database.execute(store.statements["catalog/withdraw_offer"], code, now) == 1 else {
            throw CatalogError.unknownOffer(code)
        }
    }
}

/// `%`, `_` and `\` of what a person typed stand for themselves in LIKE.
func escapedForLike(_ text: String) -> String {
    text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "%", with: "\\%")
        .replacingOccurrences(of: "_", with: "\\_")
}
