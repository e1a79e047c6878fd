import Foundation
import Postgres

/// Who answered for each link of the chain, at any time.
public struct Lineage: Sendable {
    let store: Store
    let recalls: UsageRecalls

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
        if let document = try await store.document("lineage/find_product_lineage", product, asOf, recordedBy) {
            return document
        }
        let isListed = try await store.document("catalog/find_product", product, recordedBy) != nil
        if isListed { throw LineageError.noRevisionThen(product) }
        throw CatalogError.unknownProduct(product)
    }

    /// The chain behind one counted use. - Parameter asOf: nil for the time of the use.
    public func responsibility(
        forUsage event: UUID, of enterprise: UUID, asOf: Date?, recordedBy: Date
    ) async throws -> JSONDocument {
        // The event's id begins with its time, which tells the partition it lies in.
        guard let time = event.timeOfVersion7 else { throw LineageError.unknownUsage }
        let (since, until) = (time.addingTimeInterval(-0.002), time.addingTimeInterval(0.003))
        let find = {
            try await store.document(
                "lineage/find_usage_responsibility", enterprise, event, since, until, asOf, recordedBy)
        }
        if let document = try await find() { return document }
        let used = try await store.database.all(
            store.statements["lineage/list_used"], enterprise, time, lane: .read
        ) { try $0.next(UUID.self) }
        let reach = UsageReach(used.map { (enterprise, $0) }, [(since, until)])
        guard let document = try await recalls.reading(reach, find) else { throw LineageError.unknownUsage }
        return document
    }

    /// Who answers for a directory entry, who did before, and the products made of it.
    public func responsibility(forEntry code: String, asOf: Date, recordedBy: Date) async throws -> JSONDocument {
        guard let document = try await store.document("lineage/find_entry_responsibility", code, asOf, recordedBy)
        else { throw DirectoryError.unknownEntry(code) }
        return document
    }
}

public enum LineageError: MarketplaceError {
    case unknownUsage
    case noRevisionThen(String)

    public var code: RefusalCode { .notFound }
    public var message: String {
        switch self {
        case .unknownUsage: "Your enterprise has no such usage record."
        case .noRevisionThen(let product): "The product \(product) had no revision at the time asked for."
        }
    }
}
