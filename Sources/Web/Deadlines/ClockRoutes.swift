import Foundation
import Hummingbird
import Marketplace

/// Clocks of duties that officers stop, let run on and extend.
struct ClockRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.post("/v1/deadlines/:id/pause") { request, context in
            try await change(request, context, allowing: ["reason", "waiting_for"]) {
                .pause(reason: try $0.text("reason", limit: 2_000), waitingFor: try $0.text("waiting_for"))
            }
        }
        router.post("/v1/deadlines/:id/resumption") { _, context in
            try await respond(to: .resume, context)
        }
        router.post("/v1/deadlines/:id/extension") { request, context in
            try await change(request, context, allowing: ["reason", "days"]) {
                .extend(reason: try $0.text("reason", limit: 2_000), days: try $0.optionalWholeNumber("days"))
            }
        }
    }

    private func change(
        _ request: Request, _ context: MarketContext, allowing members: Set<String>,
        _ read: (JSONMembers) throws -> ClockChange
    ) async throws -> Response {
        _ = try context.requireAccount(.administrator)
        let (_, object) = try await request.jsonObject(allowing: members, limit: context.maxUploadSize)
        return try await respond(to: read(JSONMembers(object: object)), context)
    }

    private func respond(to change: ClockChange, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let id = try context.id(orElse: ClockError.unknown)
        return jsonResponse(try await market.deadlines.change(id, change, by: account.partyID, now: now()))
    }
}
