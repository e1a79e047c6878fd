import Foundation
import Postgres

/// What an operator states to list a product.
public struct ProductListing: Sendable, Codable {
    public struct Text: Sendable, Codable {
        public var zh: String
        public var en: String
    }

    public struct Column: Sendable, Codable {
        public var name: String
        public var type: String
        public var zh: String
        public var en: String
    }

    public struct Source: Sendable, Codable {
        public var title: String
        public var url: String
        public var commit: String?
        public var licence: String?
    }

    public struct Offer: Sendable, Codable {
        public var code: String
        public var kind: String
        public var priceMinor: Int64
        public var currency: String
        public var title: Text
        public var purposes: [String]
        public var termDays: Int

        enum CodingKeys: String, CodingKey {
            case code, kind, currency, title, purposes
            case priceMinor = "price_minor"
            case termDays = "term_days"
        }
    }

    public var code: String
    public var title: Text
    public var description: Text
    public var kind: String
    public var useClass: String
    public var table: String
    public var source: Source
    public var columns: [Column]
    public var entryTitles: [String]
    public var offers: [Offer]

    enum CodingKeys: String, CodingKey {
        case code, title, description, kind, table, source, columns, offers
        case useClass = "use_class"
        case entryTitles = "entry_titles"
    }
}

extension Catalog {
    /// Lists a product with its content and offers in one transaction. The same listing again changes nothing.
    /// - Parameters:
    ///   - content: the table, CSV with a header.
    ///   - operator: the party that processes, sells and delivers it.
    public func list(
        _ listing: ProductListing, content: [UInt8], mediaType: String, operator party: UUID, now: Date
    ) async throws {
        let rows = try countRows(of: listing, in: content)
        let digest = SHA256.digest(content)
        let encoder = JSONEncoder()
        let columns = String(decoding: try encoder.encode(listing.columns), as: UTF8.self)
        let source = String(decoding: try encoder.encode(listing.source), as: UTF8.self)
        try await store.database.withTransaction { transaction in
            let product = try await transaction.first(
                store.statements["catalog/upsert_product"], UUID(), listing.code, listing.title.zh, listing.title.en,
                listing.description.zh, listing.description.en, listing.kind, listing.useClass, now
            ) { try $0.next(UUID.self) }
            guard let product else { throw CatalogError.unknownProduct(listing.code) }
            try await keep(content, digest: digest, in: transaction, now: now)
            let revision = try await transaction.first(
                store.statements["catalog/insert_revision"], product, listing.table, mediaType, digest, rows, columns,
                source, now
            ) { try $0.next(Int.self) }
            if let revision {
                let entries = try await transaction.execute(
                    store.statements["catalog/insert_revision_sources"], product, revision, listing.entryTitles,
                    "stated by the operator in the listing of \(listing.code)")
                guard entries > 0 else { throw CatalogError.noDirectoryEntry(product: listing.code) }
                try await Impact(store: store).liftStanding(of: product, in: transaction, now: now)
            }
            for role in ["operator", "seller"] {
                try await transaction.execute(
                    store.statements["catalog/insert_responsibility"], UUID(), party, role, product, now,
                    "listing of \(listing.code)")
            }
            for offer in listing.offers {
                try await insert(offer, of: product, reservedFor: nil, in: transaction, now: now)
            }
        }
    }

    /// A private offer of a listed product, for one enterprise.
    public func offer(_ offer: ProductListing.Offer, of code: String, reservedFor enterprise: UUID?, now: Date)
        async throws
    {
        let product = try await store.database.first(
            store.statements["catalog/find_product_id"], code
        ) { try $0.next(UUID.self) }
        guard let product else { throw CatalogError.unknownProduct(code) }
        try await store.database.withTransaction {
            try await insert(offer, of: product, reservedFor: enterprise, in: $0, now: now)
        }
    }

    private func insert(
        _ offer: ProductListing.Offer, of product: UUID, reservedFor enterprise: UUID?, in transaction: Transaction,
        now: Date
    ) async throws {
        try await transaction.execute(
            store.statements["catalog/insert_offer"], UUID(), offer.code, product, offer.title.zh, offer.title.en,
            offer.kind, offer.priceMinor, offer.currency, offer.purposes, offer.termDays, enterprise, now)
    }

    private func keep(_ content: [UInt8], digest: [UInt8], in transaction: Transaction, now: Date) async throws {
        let new = try await transaction.first(
            store.statements["catalog/insert_content"], digest, content.count, now
        ) { try $0.next(Int.self) }
        guard new != nil else { return }
        let chunks = stride(from: 0, to: content.count, by: Delivery.chunkSize).enumerated().map { number, start in
            (
                store.statements["catalog/insert_content_chunk"],
                [digest, number, Array(content[start..<min(start + Delivery.chunkSize, content.count)])]
                    as [(any PostgresParameter)?]
            )
        }
        _ = try await transaction.pipeline(chunks)
    }

    /// The number of rows, after a check of every row against the declared columns.
    private func countRows(of listing: ProductListing, in content: [UInt8]) throws -> Int {
        let table = try CSVTable(content)
        guard table.header == listing.columns.map(\.name) else {
            throw CatalogError.malformedTable(
                product: listing.code, line: 1, reason: "the header is not the declared columns")
        }
        if let ragged = table.records.first(where: { $0.cells.count != table.header.count }) {
            throw CatalogError.malformedTable(
                product: listing.code, line: ragged.line,
                reason: "\(ragged.cells.count) cells where \(table.header.count) are declared")
        }
        return table.records.count
    }
}
