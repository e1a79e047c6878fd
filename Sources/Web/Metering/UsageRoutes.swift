import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// Usage that operators' systems report as CloudEvents 1.0: structured, in batches, or binary.
struct UsageRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.post("/v1/usage/events") { request, context in
            let account = try context.requireAccount(.operator)
            let (body, isBatch) = try await request.cloudEvents()
            let events = try await market.metering.report(body, by: account.partyID, now: now())
            return isBatch ? batch(events) : try single(events[0])
        }
    }

    private func single(_ event: ReportedEvent) throws -> Response {
        if case .refused(let refusal) = event.outcome { throw refusal }
        var text = ""
        event.write(to: &text)
        return jsonResponse(JSONDocument(text: text))
    }

    private func batch(_ events: [ReportedEvent]) -> Response {
        var (counted, repeated, refused) = (0, 0, 0)
        for event in events {
            switch event.outcome {
            case .counted: counted += 1
            case .repeated: repeated += 1
            case .refused: refused += 1
            }
        }
        var text = "{\"counted\":\(counted),\"repeated\":\(repeated),\"refused\":\(refused),\"items\":["
        for (place, event) in events.enumerated() {
            if place > 0 { text += "," }
            event.write(to: &text)
        }
        return jsonResponse(JSONDocument(text: text + "]}"))
    }
}

extension ReportedEvent {
    /// As JSON, by hand: an encoder takes longer for the answers of a batch than PostgreSQL for its events.
    fileprivate func write(to text: inout String) {
        text += "{"
        if let source { text += "\"source\":\(source.quotedAsJSON)," }
        if let id { text += "\"id\":\(id.quotedAsJSON)," }
        switch outcome {
        case .counted(let event):
            text += "\"status\":\"counted\",\"usage_event\":\"\(event.uuidString.lowercased())\"}"
        case .repeated(let event):
            text += "\"status\":\"repeated\",\"usage_event\":\"\(event.uuidString.lowercased())\"}"
        case .refused(let refusal):
            text += "\"status\":\"refused\",\"code\":\"\(refusal.code.rawValue)\","
            if let field = refusal.field { text += "\"field\":\(field.quotedAsJSON)," }
            text += "\"detail\":\(refusal.message.quotedAsJSON)}"
        }
    }
}
