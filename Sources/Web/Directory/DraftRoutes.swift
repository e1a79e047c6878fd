import Foundation
import Hummingbird
import Marketplace

/// The life of a directory entry: drafts of departments and the decisions of the competent body.
struct DraftRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    /// The largest draft, in bytes.
    static let limit = 2 << 20

    func add(to router: Router<MarketContext>) {
        router.get("/v1/directory/drafts") { request, context in
            let account = try context.requireAccount(.administrator)
            return jsonResponse(
                try await market.drafts.drafts(
                    for: account.partyID, state: request.query("state"), cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.post("/v1/directory/drafts") { try await compile($0, $1) }
        router.get("/v1/directory/drafts/:id") { _, context in
            let account = try context.requireAccount(.administrator)
            return jsonResponse(try await market.drafts.draft(draftID(context), for: account.partyID))
        }
        router.put("/v1/directory/drafts/:id") { request, context in
            let account = try context.requireAccount(.administrator)
            let object = try await request.jsonObject(allowing: DraftRequest.members, limit: Self.limit).object
            return jsonResponse(
                try await market.drafts.edit(draftID(context), DraftRequest(object), by: account.partyID, now: now()))
        }
        addSteps(to: router)
        router.post("/v1/directory/releases") { try await release($0, $1) }
        router.post("/v1/directory/entries/:code/changes") { try await reportChange($0, $1) }
    }

    private func addSteps(to router: Router<MarketContext>) {
        router.post("/v1/directory/drafts/:id/assessment") { request, context in
            let (account, id) = (try context.requireAccount(.administrator), try draftID(context))
            let object = try await request.jsonObject(allowing: Assessment.members, limit: context.maxUploadSize).object
            return jsonResponse(
                try await market.drafts.assess(id, Assessment(object), by: account.partyID, now: now()))
        }
        router.post("/v1/directory/drafts/:id/submission") { request, context in
            let (account, id) = (try context.requireAccount(.administrator), try draftID(context))
            let reason = try await reason(in: request, context)
            return jsonResponse(try await market.drafts.submit(id, reason: reason, by: account.partyID, now: now()))
        }
        router.post("/v1/directory/drafts/:id/decision") { request, context in
            let (account, id) = (try context.requireAccount(.administrator), try draftID(context))
            let object = try await request.jsonObject(allowing: Decision.members, limit: context.maxUploadSize).object
            return jsonResponse(try await market.drafts.decide(id, Decision(object), by: account.partyID, now: now()))
        }
        router.post("/v1/directory/drafts/:id/release") { request, context in
            let (account, id) = (try context.requireAccount(.administrator), try draftID(context))
            let reason = try await reason(in: request, context)
            return jsonResponse(try await market.drafts.release(id, reason: reason, by: account.partyID, now: now()))
        }
        router.post("/v1/directory/drafts/:id/withdrawal") { request, context in
            let (account, id) = (try context.requireAccount(.administrator), try draftID(context))
            let object = try await request.jsonObject(allowing: ["reason"], limit: context.maxUploadSize).object
            let reason = try requiredText("reason", in: object, limit: 2_000)
            return jsonResponse(try await market.drafts.withdraw(id, reason: reason, by: account.partyID, now: now()))
        }
    }

    private func compile(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let key = try IdempotencyKey(request.headers[.init("Idempotency-Key")!])
        let (body, object) = try await request.jsonObject(allowing: DraftRequest.members, limit: Self.limit)
        let outcome = try await market.drafts.compile(
            DraftRequest(object), by: account.partyID, key: key, body: body, now: now())
        return jsonResponse(
            outcome.draft, status: .created,
            headers: outcome.repeated ? [.init("Idempotency-Replayed")!: "true"] : [:])
    }

    private func release(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let object = try await request.jsonObject(allowing: ["drafts", "reason"], limit: context.maxUploadSize).object
        guard let texts = object["drafts"] as? [String], (1...1_000).contains(texts.count) else {
            throw InvalidInput("drafts", "This member must be a list of 1 to 1000 ids of drafts.")
        }
        let ids = try texts.enumerated().map { index, text in
            guard let id = UUID(uuidString: text) else {
                throw InvalidInput("drafts[\(index)]", "'\(text.prefix(60))' is not the id of a draft.")
            }
            return id
        }
        let reason = object["reason"] == nil ? nil : try requiredText("reason", in: object, limit: 2_000)
        let outcomes = try await market.drafts.release(ids, reason: reason, by: account.partyID, now: now())
        return try jsonResponse(encoding: ["items": outcomes])
    }

    private func reportChange(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let object = try await request.jsonObject(
            allowing: ["happened_on", "reason"], limit: context.maxUploadSize
        ).object
        let outcome = try await market.drafts.reportChange(
            of: context.code(), on: requiredText("happened_on", in: object),
            reason: requiredText("reason", in: object, limit: 1_000), by: account.partyID, now: now())
        return jsonResponse(outcome.change, status: outcome.repeated ? .ok : .created)
    }

    private func draftID(_ context: MarketContext) throws -> UUID {
        try context.id(orElse: DraftError.unknownDraft)
    }

    /// The reason given with a step that needs none.
    private func reason(in request: Request, _ context: MarketContext) async throws -> String? {
        let object = try await request.jsonObject(allowing: ["reason"], limit: context.maxUploadSize).object
        return object["reason"] == nil ? nil : try requiredText("reason", in: object, limit: 2_000)
    }
}
