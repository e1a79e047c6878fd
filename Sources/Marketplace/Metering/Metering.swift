import Foundation
import Postgres

/// Counts reported usage, and shows the buyer what was counted.
public struct Metering: Sendable {
    let store: Store
    let recalls: UsageRecalls
    private let queue: TurnQueue<UsageCounting.Submitted, UsageOutcome>

    /// Events of one request.
    public static let mostEvents = 5_000

    init(store: Store, recalls: UsageRecalls) {
        (self.store, self.recalls) = (store, recalls)
        let counting = UsageCounting(store: store)
        // While one waits for its commit and one for the totals that the first holds, the third is made ready: an eighth more
        // than with two, and no more with four.
        queue = TurnQueue(
            .init(running: 3, largest: 1_000, ofOneParty: 20_000), flooded: MeteringError.flooded,
            work: counting.outcomes)
    }

    /// Counts CloudEvents that an operator's system sends, each once and each with its own answer, in their order.
    /// - Parameter body: a JSON object, or an array of them.
    /// - Throws: `InvalidInput` when the body is no such JSON; `MeteringError`.
    public func report(_ body: [UInt8], by operatorID: UUID, now: Date) async throws -> [ReportedEvent] {
        let scan: ScannedJSON
        do {
            scan = try ScannedJSON(body)
        } catch let error as NotCanonical {
            throw InvalidInput("body", "The body cannot be read as JSON: \(error.description)")
        }
        let events = scan.root.list ?? [scan.root]
        guard events.count <= Self.mostEvents else { throw MeteringError.tooManyEvents(most: Self.mostEvents) }
        var room: [UInt8] = []
        let read = events.map { event in Result { try UsageReport(event, of: operatorID, in: &room) } }
        let submitted = read.compactMap { try? $0.get() }
            .map { UsageCounting.Submitted(report: $0, operatorID: operatorID, now: now) }
        var outcomes = try await queue.submit(submitted, of: operatorID)[...]
        return zip(events, read).map { event, report in
            let outcome =
                switch report {
                case .success: outcomes.removeFirst()
                case .failure(let error):
                    UsageOutcome.refused(
                        UsageRefusal(
                            .invalid, (error as? InvalidInput)?.field, (error as? InvalidInput)?.message ?? ""))
                }
            let sent = try? report.get()
            return ReportedEvent(
                source: sent?.source ?? event["source"]?.text, id: sent?.id ?? event["id"]?.text, outcome: outcome)
        }
    }
}

/// An event of a request and what became of it.
public struct ReportedEvent: Sendable {
    /// As they were sent; nil when they were no texts.
    public let source: String?
    public let id: String?
    public let outcome: UsageOutcome
}
