import Foundation
import Hummingbird
import Marketplace

struct PurchaseRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.post("/v1/purchases") { request, context in try await buy(request, context) }
        router.get("/v1/purchases") { request, context in
            let account = try context.requireAccount(.enterprise)
            return jsonResponse(
                try await market.purchases.purchases(
                    of: account.partyID, cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.get("/v1/purchases/:id") { request, context in
            let account = try context.requireAccount(.enterprise)
            let id = try context.id(orElse: PurchaseError.unknownPurchase)
            return jsonResponse(try await market.purchases.purchase(id, of: account.partyID))
        }
        router.get("/v1/purchases/:id/responsibility") { request, context in
            let account = try context.requireAccount(.enterprise)
            let id = try context.id(orElse: PurchaseError.unknownPurchase)
            let chain = try await market.lineage.responsibility(
                for: id, of: account.partyID, asOf: request.time("as_of"),
                recordedBy: request.time("recorded_by") ?? now())
            return try chainResponse(chain, to: request)
        }
    }

    private func buy(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let key = try IdempotencyKey(request.headers[.init("Idempotency-Key")!])
        let (body, object) = try await request.jsonObject(
            allowing: ["offer", "purpose"], limit: context.maxUploadSize)
        let wanted = PurchaseRequest(
            offer: try requiredText("offer", in: object), purpose: try requiredText("purpose", in: object))
        let outcome = try await market.purchases.buy(
            wanted, for: account.partyID, key: key, body: body, now: now())
        return jsonResponse(
            outcome.purchase, status: .created,
            headers: outcome.repeated ? [.init("Idempotency-Replayed")!: "true"] : [:])
    }
}
