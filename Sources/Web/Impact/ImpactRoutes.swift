import Foundation
import Hummingbird
import Marketplace

struct ImpactRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/directory/entries/:code/impact") { request, context in
            _ = try context.requireAccount(.administrator)
            return jsonResponse(
                try await market.impact.impact(
                    of: context.code(), cursor: request.query("cursor"), limit: request.wholeNumber("limit"), now: now()
                ))
        }
        router.get("/v1/products/:code/suspensions") { request, context in
            _ = try await market.catalog.product(context.code(), now: now())
            return jsonResponse(
                try await market.impact.suspensions(
                    of: context.code(), cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.post("/v1/products/:code/suspensions/:id/lifting") { request, context in
            let account = try context.requireAccount(.administrator, .operator)
            let id = try context.id(orElse: ImpactError.unknownSuspension)
            let (_, object) = try await request.jsonObject(allowing: ["reason"], limit: context.maxUploadSize)
            try await market.impact.lift(
                id, of: context.code(), by: account.partyID, isOfficer: account.role == .administrator,
                reason: requiredText("reason", in: object, limit: 1000), now: now())
            return jsonResponse(try await market.impact.suspensions(of: context.code(), cursor: nil, limit: nil))
        }
    }
}
