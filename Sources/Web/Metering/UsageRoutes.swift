import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// Usage that operators' systems report as CloudEvents 1.0: structured, in batches, or binary.
struct UsageRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date
    private static let largestBody = 4 << 20

    func add(to router: Router<MarketContext>) {
        router.post("/v1/usage/events") { request, context in
            let account = try context.requireAccount(.operator)
            let type = (request.headers[.contentType] ?? "").split(separator: ";").first.map {
                $0.trimmingCharacters(in: .whitespaces).lowercased()
            }
            let body = Array(try await request.body.collect(upTo: Self.largestBody).readableBytesView)
            switch type {
            case "application/cloudevents-batch+json":
                guard body.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "[") else {
                    throw InvalidInput("body", "A batch is a JSON array of events.")
                }
                return try batch(await market.metering.report(body, by: account.partyID, now: now()))
            case "application/cloudevents+json":
                return try await single(body, account)
            case "application/json" where request.headers[.init("ce-specversion")!] != nil,
                nil where request.headers[.init("ce-specversion")!] != nil:
                return try await single(structured(request.headers, data: body), account)
            default: throw HTTPError(.unsupportedMediaType)
            }
        }
    }

    private func single(_ body: [UInt8], _ account: Account) async throws -> Response {
        guard body.first(where: { !" \t\r\n".utf8.contains($0) }) != UInt8(ascii: "[") else {
            throw InvalidInput("body", "An event is a JSON object; a batch has a type of its own.")
        }
        let events = try await market.metering.report(body, by: account.partyID, now: now())
        if case .refused(let refusal) = events[0].outcome { throw refusal }
        return try jsonResponse(encoding: Answer(events[0]))
    }

    private func batch(_ events: [ReportedEvent]) throws -> Response {
        let answers = events.map(Answer.init)
        func count(_ status: String) -> Int { answers.count { $0.status == status } }
        return try jsonResponse(
            encoding: Batch(
                counted: count("counted"), repeated: count("repeated"), refused: count("refused"), items: answers))
    }

    /// The event of a request in binary mode: its attributes are headers, its data is the body.
    private func structured(_ headers: HTTPFields, data: [UInt8]) throws -> [UInt8] {
        var attributes: [String: String] = [:]
        for header in headers where header.name.canonicalName.hasPrefix("ce-") {
            let name = String(header.name.canonicalName.dropFirst(3))
            guard name != "data", attributes[name] == nil, let value = header.value.removingPercentEncoding else {
                throw InvalidInput("ce-\(name)", "This header is given twice, not UTF-8, or no attribute.")
            }
            attributes[name] = value
        }
        var bytes = Array(try JSONEncoder().encode(attributes))
        guard !data.isEmpty else { return bytes }
        bytes.removeLast()
        return bytes + Array(#","data":"#.utf8) + data + Array("}".utf8)
    }

    private struct Batch: Encodable {
        let counted: Int
        let repeated: Int
        let refused: Int
        let items: [Answer]
    }

    private struct Answer: Encodable {
        let source: String?
        let id: String?
        let status: String
        var usageEvent: String?
        var code: String?
        var field: String?
        var detail: String?

        enum CodingKeys: String, CodingKey {
            case source, id, status, code, field, detail
            case usageEvent = "usage_event"
        }

        init(_ event: ReportedEvent) {
            (source, id) = (event.source, event.id)
            switch event.outcome {
            case .counted(let id): (status, usageEvent) = ("counted", id.uuidString.lowercased())
            case .repeated(let id): (status, usageEvent) = ("repeated", id.uuidString.lowercased())
            case .refused(let refusal):
                (status, code) = ("refused", refusal.code.rawValue)
                (field, detail) = (refusal.field, refusal.message)
            }
        }
    }
}
