import Foundation
import Hummingbird
import Marketplace

struct CorrectionRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.post("/v1/corrections") { request, context in try await raise(request, context) }
        router.get("/v1/corrections") { request, context in
            let account = try context.requireAccount(.enterprise, .operator, .administrator)
            return jsonResponse(
                try await market.corrections.corrections(
                    seenBy: account, state: request.query("state"), cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.get("/v1/corrections/:id") { request, context in
            let account = try context.requireAccount(.enterprise, .operator, .administrator)
            let id = try context.id(orElse: CorrectionError.unknown)
            return jsonResponse(try await market.corrections.correction(id, seenBy: account, now: now()))
        }
        router.post("/v1/corrections/:id/steps") { request, context in try await take(request, context) }
    }

    private func raise(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let key = try IdempotencyKey(request.headers[.init("Idempotency-Key")!])
        let (body, object) = try await request.jsonObject(
            allowing: ["purchase", "kind", "field", "row_key", "description", "evidence", "link"],
            limit: context.maxUploadSize)
        let members = JSONMembers(object: object)
        guard let purchase = UUID(uuidString: try members.text("purchase")) else { throw PurchaseError.unknownPurchase }
        let wanted = try CorrectionRequest(
            purchase: purchase, kind: members.text("kind"), field: members.optionalText("field"),
            rowKey: members.optionalText("row_key"), description: members.text("description", limit: 4000),
            evidence: members.optionalText("evidence", limit: 4000), link: members.optionalText("link"))
        let outcome = try await market.corrections.raise(
            wanted, by: account.partyID, key: key, body: body, now: now())
        return jsonResponse(
            outcome.correction, status: .created,
            headers: outcome.repeated ? [.init("Idempotency-Replayed")!: "true"] : [:])
    }

    private func take(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator, .administrator, .enterprise)
        let id = try context.id(orElse: CorrectionError.unknown)
        let (_, object) = try await request.jsonObject(
            allowing: [
                "step", "text", "basis", "link", "directory_entry", "fixed_entry_version", "fixed_revision",
            ], limit: context.maxUploadSize)
        let members = JSONMembers(object: object)
        guard let kind = CorrectionStep.Kind(rawValue: try members.text("step")) else {
            let known = CorrectionStep.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw InvalidInput("step", "A step is one of \(known).")
        }
        let step = try CorrectionStep(
            kind, text: members.text("text", limit: 4000), basis: members.optionalText("basis", limit: 1000),
            link: members.optionalText("link"), entry: members.optionalText("directory_entry"),
            fixedEntryVersion: members.optionalWholeNumber("fixed_entry_version"),
            fixedRevision: members.optionalWholeNumber("fixed_revision"))
        return jsonResponse(
            try await market.corrections.take(step, of: id, by: account, now: now()), status: .created)
    }
}
