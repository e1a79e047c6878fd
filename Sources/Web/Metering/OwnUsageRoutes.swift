import Foundation
import Hummingbird
import Marketplace

/// What a buyer sees of its usage: totals, the events behind them, and all of these as a file.
struct OwnUsageRoutes: Sendable {
    let market: Market

    func add(to router: Router<MarketContext>) {
        router.get("/v1/entitlements/:id/usage") { request, context in
            let account = try context.requireAccount(.enterprise)
            let id = try context.id(orElse: DeliveryError.unknownEntitlement)
            return jsonResponse(
                try await market.metering.usage(
                    of: id, enterprise: account.partyID, UsageFilter(request), cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.get("/v1/entitlements/:id/usage/export") { request, context in try await export(request, context) }
    }

    /// Sent piece by piece, whatever its length.
    private func export(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let id = try context.id(orElse: DeliveryError.unknownEntitlement)
        let (filter, format) = (try UsageFilter(request), try UsageExport(request))
        try await market.metering.checkOwner(of: id, enterprise: account.partyID)
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: format.head))
            var place: String?
            repeat {
                let (events, next) = try await market.metering.events(
                    of: id, enterprise: account.partyID, filter, after: place)
                try await writer.write(ByteBuffer(string: events.map(format.line).joined()))
                place = next
            } while place != nil
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: format.type, .cacheControl: "private, no-store",
                .contentDisposition: "attachment; filename=\"usage.\(format.rawValue)\"",
            ], body: body)
    }
}

/// In which form events are exported.
private enum UsageExport: String, CaseIterable {
    case csv, jsonl

    private static let columns = [
        "occurred_at", "id", "meter", "quantity", "bytes", "product", "revision", "recorded_at", "source", "source_id",
        "value", "dimensions",
    ]

    init(_ request: Request) throws {
        let name = try request.query("format") ?? "csv"
        guard let format = Self(rawValue: name) else {
            throw InvalidInput("format", "'\(name)' is not one of csv, jsonl.")
        }
        self = format
    }

    var type: String { self == .csv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8" }
    var head: String { self == .csv ? Self.columns.joined(separator: ",") + "\r\n" : "" }

    func line(_ event: String) -> String {
        guard self == .csv, let event = try? JSONNode(JSONDocument(text: event)) else { return event + "\n" }
        let cells = Self.columns.map { name in
            name == "dimensions" ? event[name].json.csvCell : event[name].string.csvCell
        }
        return cells.joined(separator: ",") + "\r\n"
    }
}

extension UsageFilter {
    fileprivate init(_ request: Request) throws {
        self.init(meter: try request.query("meter"), from: try request.time("from"), until: try request.time("to"))
    }
}
