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
                    of: account.partyID, state: request.query("state"), cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.get("/v1/purchases/:id") { request, context in try await purchase(request, context) }
        router.get("/v1/purchases/:id/transitions") { _, context in
            let account = try context.requireAccount(.enterprise, .operator, .administrator)
            let id = try context.id(orElse: PurchaseError.unknownPurchase)
            return jsonResponse(try await market.purchases.transitions(of: id, seenBy: account))
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
            allowing: UseStatement.members.union(["offer"]), limit: context.maxUploadSize)
        let wanted = PurchaseRequest(
            offer: try requiredText("offer", in: object), statement: try UseStatement(JSONMembers(object: object)))
        let outcome = try await market.purchases.buy(
            wanted, for: account.partyID, key: key, body: body, now: now())
        return commandResponse(outcome.purchase, status: .created, repeated: outcome.repeated)
    }

    private func purchase(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let id = try context.id(orElse: PurchaseError.unknownPurchase)
        switch try request.query("view") {
        case nil: return jsonResponse(try await market.purchases.purchase(id, of: account.partyID))
        case "accepted": return jsonResponse(try await market.purchases.accepted(id, of: account.partyID))
        case let other?: throw InvalidInput("view", "'\(other)' is not a view of a purchase; there is: accepted.")
        }
    }
}

extension UseStatement {
    static let members: Set = ["purpose", "scope", "place", "from", "until", "retention_days", "qualifications"]

    init(_ members: JSONMembers) throws {
        self.init(
            purpose: try members.text("purpose"), scope: try members.optionalText("scope", limit: 2_000),
            place: try members.optionalText("place"), since: try members.optionalTime("from"),
            until: try members.optionalTime("until"), retentionDays: try members.optionalWholeNumber("retention_days"),
            qualifications: try members.optionalTexts("qualifications"))
    }
}

/// The answer to a command, saying when it repeats an earlier one.
func commandResponse(_ document: JSONDocument, status: HTTPResponse.Status = .ok, repeated: Bool) -> Response {
    jsonResponse(
        document, status: status, headers: repeated ? [.init("Idempotency-Replayed")!: "true"] : [:])
}
