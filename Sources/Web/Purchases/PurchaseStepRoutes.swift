import Foundation
import Hummingbird
import Marketplace

/// The steps of a purchase after the request, and the sales of those who sell and decide.
struct PurchaseStepRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/sales") { request, context in
            let account = try context.requireAccount(.operator, .administrator)
            return jsonResponse(
                try await market.purchases.sales(
                    of: account.partyID, state: request.query("state"), cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.get("/v1/sales/:id") { _, context in
            let account = try context.requireAccount(.operator, .administrator)
            let id = try context.id(orElse: PurchaseError.unknownPurchase)
            return jsonResponse(try await market.purchases.sale(id, seenBy: account))
        }
        router.post("/v1/purchases/:id/decision") { try await decide($0, $1) }
        router.post("/v1/purchases/:id/completion") { try await complete($0, $1) }
        router.post("/v1/purchases/:id/cancellation") { try await cancel($0, $1) }
        router.post("/v1/purchases/:id/termination") { try await terminate($0, $1) }
    }

    private func decide(_ request: Request, _ context: MarketContext) async throws -> Response {
        let (id, command, members) = try await step(
            request, context, by: [.operator, .administrator], allowing: ["decision", "reason", "party", "basis"])
        guard let kind = RequestDecision.Kind(rawValue: try members.text("decision")) else {
            let known = RequestDecision.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw InvalidInput("decision", "A decision is one of \(known).")
        }
        let decision = try RequestDecision(
            kind, reason: members.text("reason", limit: 2_000), party: members.optionalText("party"),
            basis: members.optionalText("basis", limit: 2_000))
        return try await answer(market.purchases.decide(decision, on: id, command))
    }

    private func complete(_ request: Request, _ context: MarketContext) async throws -> Response {
        let (id, command, members) = try await step(
            request, context, by: [.enterprise], allowing: UseStatement.members)
        return try await answer(market.purchases.complete(UseStatement(members), of: id, command))
    }

    private func cancel(_ request: Request, _ context: MarketContext) async throws -> Response {
        let (id, command, members) = try await step(
            request, context, by: [.enterprise], allowing: ["reason", "at"])
        guard let time = CancellationTime(rawValue: try members.optionalText("at") ?? "period_end") else {
            throw InvalidInput("at", "A cancellation takes effect at period_end or at_once.")
        }
        return try await answer(
            market.purchases.cancel(id, at: time, reason: members.text("reason", limit: 2_000), command))
    }

    private func terminate(_ request: Request, _ context: MarketContext) async throws -> Response {
        let (id, command, members) = try await step(
            request, context, by: [.operator], allowing: ["reason", "document"])
        return try await answer(
            market.purchases.terminate(
                id, reason: members.text("reason", limit: 2_000), document: members.text("document", limit: 500),
                command))
    }

    private func answer(_ outcome: Purchases.Answer) -> Response {
        commandResponse(outcome.purchase, repeated: outcome.repeated)
    }

    private func step(
        _ request: Request, _ context: MarketContext, by roles: [Role], allowing members: Set<String>
    ) async throws -> (UUID, PurchaseCommand, JSONMembers) {
        let id = try context.id(orElse: PurchaseError.unknownPurchase)
        let (command, read) = try await purchaseCommand(request, context, by: roles, allowing: members, now: now())
        return (id, command, read)
    }
}

/// A command on a purchase: who sends it, its key, and the members of its body.
func purchaseCommand(
    _ request: Request, _ context: MarketContext, by roles: [Role], allowing members: Set<String>, now: Date
) async throws -> (PurchaseCommand, JSONMembers) {
    let account = try context.requireAccount(roles)
    let key = try IdempotencyKey(request.headers[.init("Idempotency-Key")!])
    let (body, object) = try await request.jsonObject(allowing: members, limit: context.maxUploadSize)
    return (PurchaseCommand(by: account, key: key, body: body, now: now), JSONMembers(object: object))
}
