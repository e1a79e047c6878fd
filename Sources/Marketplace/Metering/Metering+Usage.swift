import Foundation
import Postgres

/// What a buyer sees of its usage: totals, and the events behind them.
extension Metering {
    /// Rows of an export that are read at once.
    private static let rowsAtOnce = 2_000

    /// Totals by meter and a page of the events behind them, newest first.
    public func usage(
        of entitlement: UUID, enterprise: UUID, _ filter: UsageFilter = UsageFilter(), cursor: String?, limit: Int?
    ) async throws -> JSONDocument {
        let request = try PageRequest(
            query: "usage of \(entitlement)\(filter)", key: [.time, .id, .code], cursor: cursor, limit: limit)
        guard
            let totals = try await store.document(
                "metering/sum_usage", enterprise, entitlement, filter.meter, filter.from, filter.until)
        else { throw DeliveryError.unknownEntitlement }
        let place = Place(request.cursor?.key)
        let page = try await store.page(
            "metering/list_usage", enterprise, entitlement, place.time, place.event, place.meter, filter.meter,
            filter.from, filter.until, request: request)
        return page.json(head: "\"totals\":\(totals.text),")
    }

    /// The events from a place on, newest first, each as JSON, and the place behind them; nil at the end.
    public func events(
        of entitlement: UUID, enterprise: UUID, _ filter: UsageFilter, after key: String?
    ) async throws -> (events: [String], next: String?) {
        let place = Place(key)
        let rows = try await store.database.all(
            store.statements["metering/list_usage"], enterprise, entitlement, place.time, place.event, place.meter,
            filter.meter, filter.from, filter.until, Self.rowsAtOnce, lane: .report
        ) { (key: try $0.next(String.self), event: try $0.next(String.self)) }
        return (rows.map(\.event), rows.count == Self.rowsAtOnce ? rows.last?.key : nil)
    }

    /// - Throws: `DeliveryError.unknownEntitlement` when it is not the enterprise's own.
    public func checkOwner(of entitlement: UUID, enterprise: UUID) async throws {
        let totals = try await store.document("metering/sum_usage", enterprise, entitlement, nil, nil, nil)
        guard totals != nil else { throw DeliveryError.unknownEntitlement }
    }

    /// Where a list of events goes on. The time stands in its key as JSON, which PostgreSQL writes to the microsecond.
    private struct Place {
        let time, event, meter: String?

        init(_ key: String?) {
            let parts = key?.split(separator: " ") ?? []
            time = parts.first.map { String($0.dropFirst().dropLast()) }
            event = parts.count > 1 ? String(parts[1]) : nil
            meter = parts.count > 2 ? String(parts[2]) : nil
        }
    }
}

/// Which of an entitlement's events are asked for.
public struct UsageFilter: Sendable, CustomStringConvertible {
    let meter: String?
    let from, until: Date?

    public init(meter: String? = nil, from: Date? = nil, until: Date? = nil) {
        (self.meter, self.from, self.until) = (meter, from, until)
    }

    /// What a cursor is tied to; empty when everything is asked for.
    public var description: String {
        let parts = [meter, from.map { "\($0.timeIntervalSince1970)" }, until.map { "\($0.timeIntervalSince1970)" }]
        return parts.allSatisfy { $0 == nil } ? "" : " " + parts.map { $0 ?? "" }.joined(separator: "&")
    }
}
