import Foundation
import Postgres

/// Small reads of what was bought.
extension Delivery {
    public struct RowQuery: Sendable {
        public var revision: Int?
        /// Names of columns; all when nil.
        public var select: [String]?
        /// A condition as SQL writes it: comparisons of columns with constants, and, or, not.
        public var condition: String?
        /// Names of columns; `-` in front for falling order.
        public var order: [String]?
        public var limit: Int
        public var offset: Int

        public static let mostRows = 1_000

        public init(
            revision: Int? = nil, select: [String]? = nil, condition: String? = nil, order: [String]? = nil,
            limit: Int = 100, offset: Int = 0
        ) {
            (self.revision, self.select, self.condition) = (revision, select, condition)
            (self.order, self.limit, self.offset) = (order, limit, offset)
        }
    }

    /// Some rows of a product that the enterprise bought, as JSON; each answer is counted as a call.
    /// - Parameter entitlement: nil for the one in force that holds longest.
    public func rows(
        of product: String, _ query: RowQuery, by enterprise: UUID, entitlement: UUID? = nil, now: Date
    ) async throws -> JSONDocument {
        guard (1...RowQuery.mostRows).contains(query.limit) else {
            throw InvalidInput("limit", "A read answers 1 to \(RowQuery.mostRows) rows.")
        }
        guard (0...1_000_000_000).contains(query.offset) else {
            throw InvalidInput("offset", "An offset is a whole number from 0.")
        }
        var reader = entitlement
        if reader == nil {
            reader = try await store.database.first(
                store.statements["delivery/find_reader"], enterprise, product, now
            ) { try $0.next(UUID.self) }
        }
        guard let reader else { throw DeliveryError.noEntitlement(product) }
        try await requireInForce(reader, of: enterprise, now: now)
        guard
            let found = try await store.document("delivery/find_deliverable", enterprise, reader, query.revision).map({
                try Deliverable($0)
            }), found.product == product
        else { throw DeliveryError.unknownRevision(query.revision ?? 0) }
        try found.requireTable()
        let answer: JSONTree
        do {
            answer = try await engine.read(
                .object([
                    "job": .text("rows"), "parts": .list(found.parts.map { .text(files.url(of: $0.sha256).path) }),
                    "columns": found.schema, "select": query.select.map { .list($0.map(JSONTree.text)) } ?? .null,
                    "where": query.condition.map(JSONTree.text) ?? .null,
                    "order": query.order.map { .list($0.map(JSONTree.text)) } ?? .null,
                    "limit": .number("\(query.limit)"), "offset": .number("\(query.offset)"),
                ]))
        } catch let refusal as TableRefusal {
            throw DeliveryError.unusableQuery(
                field: refusal.document["field"]?.text ?? "where",
                refusal.document["en"]?.text ?? "This cannot be asked of the table.")
        }
        let rows = answer["rows"]?.list ?? []
        let header = (answer["header"]?.list ?? []).compactMap(\.text)
        let items = JSONTree.list(
            rows.map { row in
                .object(Dictionary(zip(header, row.list ?? [])) { first, _ in first })
            }
        ).json
        try await record(
            DeliveryRecord(way: .rows, format: "json", files: 0, rows: rows.count, bytes: items.utf8.count),
            of: found.revision, by: reader, enterprise, now: now)
        return JSONDocument(
            text: """
                {"product":\(JSONTree.text(product).json),"revision":\(found.revision),"entitlement":"\
                \(reader.uuidString.lowercased())","columns":\(JSONTree.list(header.map(JSONTree.text)).json),\
                "items":\(items)}
                """)
    }
}
