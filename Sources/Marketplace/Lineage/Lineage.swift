import Foundation
import Postgres

/// Who answered for each link of the chain, at any time.
public struct Lineage: Sendable {
    let store: Store

    /// The chain of a purchase. - Parameter asOf: nil for the time the purchase was accepted.
    public func responsibility(
        for purchase: UUID, of enterprise: UUID, asOf: Date?, recordedBy: Date
    ) async throws -> JSONDocument {
        let document = try await store.document(
            "lineage/find_purchase_responsibility", enterprise, purchase, asOf, recordedBy)
        guard let document else { throw PurchaseError.unknownPurchase }
        return document
    }

    /// The chain of a product's revision that was newest at a time.
    public func lineage(of product: String, asOf: Date, recordedBy: Date) async throws -> JSONDocument {
        guard let document = try await store.document("lineage/find_product_lineage", product, asOf, recordedBy) else {
            throw CatalogError.unknownProduct(product)
        }
        return document
    }
}
