import Foundation
import Postgres

/// Counts reported usage, and shows the buyer what was counted.
public struct Metering: Sendable {
    let store: Store
    private let queue: UsageQueue

    /// Events of one request.
    public static let mostEvents = 5_000

    init(store: Store) {
        self.store = store
        queue = UsageQueue(UsageCounting(store: store))
    }

    /// Counts CloudEvents that an operator's system sends, each once and each with its own answer, in their order.
    /// - Parameter body: a JSON object, or an array of them.
    /// - Throws: `InvalidInput` when the body is no such JSON; `MeteringError`.
    public func report(_ body: [UInt8], by operatorID: UUID, now: Date) async throws -> [ReportedEvent] {
        let tree: JSONTree
        do {
            tree = try JSONTree(json: body)
        } catch let error as NotCanonical {
            throw InvalidInput("body", "The body cannot be read as JSON: \(error.description)")
        }
        let events = tree.list ?? [tree]
        guard events.count <= Self.mostEvents else { throw MeteringError.tooManyEvents(most: Self.mostEvents) }
        let read = events.map { event in Result { try UsageReport(event) } }
        var outcomes = try await queue.count(read.compactMap { try? $0.get() }, of: operatorID, now: now)[...]
        return zip(events, read).map { event, report in
            let outcome =
                switch report {
                case .success: outcomes.removeFirst()
                case .failure(let error):
                    UsageOutcome.refused(
                        UsageRefusal(
                            .invalid, (error as? InvalidInput)?.field, (error as? InvalidInput)?.message ?? ""))
                }
            return ReportedEvent(source: event["source"]?.text, id: event["id"]?.text, outcome: outcome)
        }
    }

    /// Totals by meter and the events behind them, newest first.
    public func usage(of entitlement: UUID, enterprise: UUID, cursor: String?, limit: Int?) async throws -> JSONDocument
    {
        let request = try PageRequest(
            query: "usage of \(entitlement)", key: [.time, .id], cursor: cursor, limit: limit)
        guard let totals = try await store.document("metering/sum_usage", enterprise, entitlement) else {
            throw DeliveryError.unknownEntitlement
        }
        // The time stands in the key as JSON, which PostgreSQL writes to the microsecond.
        let place = request.cursor?.key.split(separator: " ").map { $0.filter { $0 != "\"" } } ?? []
        let page = try await store.page(
            "metering/list_usage", enterprise, entitlement, place.first, place.last, request: request)
        return page.json(head: "\"totals\":\(totals.text),")
    }
}

/// An event of a request and what became of it.
public struct ReportedEvent: Sendable {
    /// As they were sent; nil when they were no texts.
    public let source: String?
    public let id: String?
    public let outcome: UsageOutcome
}
