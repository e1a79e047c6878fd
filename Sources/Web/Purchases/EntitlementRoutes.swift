import Foundation
import Hummingbird
import Marketplace

/// What purchases let enterprises do, and the commands of operators and officers on it.
struct EntitlementRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    /// 500 uses with every member as long as it may be.
    private static let largestUses = 1 << 20

    func add(to router: Router<MarketContext>) {
        router.get("/v1/entitlements") { request, context in
            let account = try context.requireAccount(.enterprise)
            return jsonResponse(
                try await market.purchases.entitlements(
                    of: account.partyID, cursor: request.query("cursor"), limit: request.wholeNumber("limit"),
                    now: now()))
        }
        router.get("/v1/entitlements/:id") { request, context in
            let account = try context.requireAccount(.enterprise, .operator, .administrator)
            let id = try context.id(orElse: EntitlementError.unknown)
            let use = try IntendedUse(
                meter: request.query("meter"), quantity: request.query("quantity"), purpose: request.query("purpose"))
            return jsonResponse(try await market.purchases.entitlement(id, seenBy: account, use: use, now: now()))
        }
        router.post("/v1/entitlements/checks") { try await check($0, $1) }
        router.post("/v1/entitlements/:id/suspension") { request, context in
            let (id, command, members) = try await change(request, context, allowing: ["reason"])
            return try await answer(
                market.purchases.suspend(entitlement: id, reason: members.text("reason", limit: 2_000), command))
        }
        router.post("/v1/entitlements/:id/resumption") { request, context in
            let (id, command, members) = try await change(request, context, allowing: ["reason"])
            return try await answer(
                market.purchases.resume(entitlement: id, reason: members.text("reason", limit: 2_000), command))
        }
        router.post("/v1/entitlements/:id/top-ups") { try await topUp($0, $1) }
    }

    /// Many checks at once; nothing is changed by them, so that no key is needed.
    private func check(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let uses = try IntendedUse.list(json: await request.jsonBytes(limit: Self.largestUses))
        return jsonResponse(try await market.purchases.entitlements(uses, of: account.partyID, now: now()))
    }

    private func topUp(_ request: Request, _ context: MarketContext) async throws -> Response {
        let (id, command, members) = try await change(
            request, context, allowing: ["meter", "quantity", "hard", "priority", "from", "until", "reason"])
        let topUp = try TopUp(
            meter: members.text("meter"), quantity: members.decimal("quantity"),
            reason: members.text("reason", limit: 2_000),
            hard: members.object["hard"] == nil ? true : members.truth("hard"),
            priority: members.optionalWholeNumber("priority") ?? 50, since: members.optionalTime("from"),
            until: members.optionalTime("until"))
        return try await answer(market.purchases.topUp(entitlement: id, topUp, command))
    }

    private func change(_ request: Request, _ context: MarketContext, allowing members: Set<String>) async throws -> (
        UUID, PurchaseCommand, JSONMembers
    ) {
        let id = try context.id(orElse: EntitlementError.unknown)
        let (command, read) = try await purchaseCommand(
            request, context, by: [.operator, .administrator], allowing: members, now: now())
        return (id, command, read)
    }

    private func answer(_ outcome: Purchases.Answer) -> Response {
        commandResponse(outcome.purchase, repeated: outcome.repeated)
    }
}
