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
        var text: [UInt8] = []
        event.write(to: &text)
        return jsonResponse(JSONDocument(text: String(decoding: text, as: UTF8.self)))
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
        var text = Array("{\"counted\":\(counted),\"repeated\":\(repeated),\"refused\":\(refused),\"items\":[".utf8)
        for (place, event) in events.enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            event.write(to: &text)
        }
        text += "]}".utf8
        return jsonResponse(JSONDocument(text: String(decoding: text, as: UTF8.self)))
    }
}

extension ReportedEvent {
    /// As JSON, by hand: an encoder takes longer for the answers of a batch than PostgreSQL for its events.
    fileprivate func write(to text: inout [UInt8]) {
        text += "{".utf8
        if let source { write("source", source, to: &text) }
        if let id { write("id", id, to: &text) }
        switch outcome {
        case .counted(let event):
            text += "\"status\":\"counted\",\"usage_event\":\"\(event.uuidString.lowercased())\"}".utf8
        case .repeated(let event):
            text += "\"status\":\"repeated\",\"usage_event\":\"\(event.uuidString.lowercased())\"}".utf8
        case .refused(let refusal):
            text += "\"status\":\"refused\",\"code\":\"\(refusal.code.rawValue)\",".utf8
            if let field = refusal.field { write("field", field, to: &text) }
            text += "\"detail\":\(refusal.message.quotedAsJSON)}".utf8
        }
    }

    private func write(_ name: String, _ value: String, to text: inout [UInt8]) {
        text += "\"\(name)\":".utf8
        value.writeQuotedAsJSON(to: &text)
        text.append(UInt8(ascii: ","))
    }
}
