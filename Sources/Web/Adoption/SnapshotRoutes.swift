import Foundation
import Hummingbird
import Marketplace

/// Figures of adoption that are kept.
struct SnapshotRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.post("/v1/adoption/snapshots") { try await keep($0, $1) }
        router.get("/v1/adoption/snapshots") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            return jsonResponse(
                try await market.snapshots.snapshots(
                    cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.get("/v1/adoption/snapshots/:id") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            let id = try context.id(orElse: AdoptionError.unknownSnapshot)
            return cacheableResponse(try await market.snapshots.snapshot(id), to: request)
        }
    }

    private func keep(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.analyst, .administrator)
        let key = try IdempotencyKey(request.headers[.init("Idempotency-Key")!])
        let (body, object) = try await request.jsonObject(
            allowing: ["metric", "panel", "by", "count", "as_of", "recorded_by"], limit: context.maxUploadSize)
        let members = JSONMembers(object: object)
        let wanted = try SnapshotRequest(
            metric: members.text("metric"), panel: members.text("panel"), by: members.optionalText("by"),
            count: CountingRule(named: members.optionalText("count")), asOf: members.optionalTime("as_of"),
            recordedBy: members.optionalTime("recorded_by"))
        let outcome = try await market.snapshots.keep(wanted, by: account, key: key, body: body, now: now())
        return commandResponse(outcome.snapshot, status: .created, repeated: outcome.repeated)
    }
}
