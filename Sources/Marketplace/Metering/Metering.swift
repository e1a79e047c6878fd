import Foundation
import Postgres

/// Usage that was counted, as the buyer sees it.
public struct Metering: Sendable {
    let store: Store

    /// Totals by meter and the events behind them, newest first.
    public func usage(of entitlement: UUID, enterprise: UUID, cursor: String?, limit: Int?) async throws -> JSONDocument
    {
        let request = try PageRequest(query: "usage of \(entitlement)", key: [.id], cursor: cursor, limit: limit)
        guard let totals = try await store.document("metering/sum_usage", enterprise, entitlement) else {
            throw DeliveryError.unknownEntitlement
        }
        let page = try await store.page(
            "metering/list_usage", enterprise, entitlement, request.cursor?.key, request: request)
        return page.json(head: "\"totals\":\(totals.text),")
    }
}
