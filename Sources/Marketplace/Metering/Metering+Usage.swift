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
        let totals = try await recalls.reading(UsageReach([(enterprise, entitlement)], filter.open)) {
            try await store.document(
                "metering/sum_usage", enterprise, entitlement, filter.meter, filter.from, filter.until)
        }
        guard let totals else { throw DeliveryError.unknownEntitlement }
        let rows = try await rows(
            of: entitlement, enterprise: enterprise, filter, after: request.cursor?.key, limit: request.limit + 1)
        return Page(rows, request: request).json(head: "\"totals\":\(totals.text),")
    }

    /// The events from a place on, newest first, each as JSON, and the place behind them; nil at the end.
    public func events(
        of entitlement: UUID, enterprise: UUID, _ filter: UsageFilter, after key: String?
    ) async throws -> (events: [String], next: String?) {
        let rows = try await rows(
            of: entitlement, enterprise: enterprise, filter, after: key, limit: Self.rowsAtOnce, lane: .report)
        return (rows.map(\.document), rows.count == Self.rowsAtOnce ? rows.last?.key : nil)
    }

    private func rows(
        of entitlement: UUID, enterprise: UUID, _ filter: UsageFilter, after key: String?, limit: Int,
        lane: Lane = .general
    ) async throws -> [(key: String, document: String)] {
        let place = Place(key)
        return try await recalls.reading(
            UsageReach([(enterprise, entitlement)], [(filter.from, place.until(filter.until))]),
            as: .init(limit: limit) { $0.count == limit ? Place($0.last?.key).time : nil }
        ) {
            try await store.database.all(
                store.statements["metering/list_usage"], enterprise, entitlement, place.time, place.event, place.meter,
                filter.meter, filter.from, filter.until, limit, lane: lane
            ) { (key: try $0.next(String.self), document: try $0.next(String.self)) }
        }
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

        /// Before when the rest of the list lies, if not before `end` anyway.
        func until(_ end: Date?) -> Date? {
            guard let time, let date = try? parsedTime(time, field: "cursor") else { return end }
            // Dates are not exact to the microsecond.
            return min(date + 0.001, end ?? .distantFuture)
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

    /// What totals of whole days of Beijing leave open at both ends.
    var open: [(since: Date?, until: Date?)] {
        func midnight(_ date: Date, _ rule: FloatingPointRoundingRule) -> Date {
            let (day, offset) = (86_400.0, 28_800.0)
            return Date(
                timeIntervalSince1970: ((date.timeIntervalSince1970 + offset) / day).rounded(rule) * day - offset)
        }
        let first = from.map { (since: $0 as Date?, until: min(midnight($0, .up), until ?? .distantFuture) as Date?) }
        let last = until.map { (since: max(midnight($0, .down), from ?? .distantPast) as Date?, until: $0 as Date?) }
        return [first, last].compactMap { $0 }
    }
}
