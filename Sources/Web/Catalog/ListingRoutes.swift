import Foundation
import Hummingbird
import Marketplace

/// What operators do to bring a product to the market, and what officers decide about it.
struct ListingRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    /// A listing with its table, in base64, in bytes as sent.
    static let listingLimit = 4 << 20

    func add(to router: Router<MarketContext>) {
        router.post("/v1/products") { try await draft($0, $1) }
        router.get("/v1/listings") { request, context in
            let account = try context.requireAccount(.operator)
            return jsonResponse(
                try await market.catalog.ownProducts(
                    of: account.partyID, cursor: request.query("cursor"), limit: request.wholeNumber("limit"),
                    now: now()))
        }
        router.post("/v1/products/:code/listing") { _, context in
            let account = try context.requireAccount(.operator)
            let code = try context.code()
            try await market.catalog.list(code, by: account.partyID, now: now())
            return jsonResponse(try await market.catalog.product(code, now: now()))
        }
        router.post("/v1/products/:code/offers") { try await offer($0, $1) }
        router.post("/v1/offers/:code/withdrawal") { _, context in
            let account = try context.requireAccount(.operator)
            try await market.catalog.withdrawOffer(context.code(), by: account.partyID, now: now())
            return Response(status: .noContent)
        }
        router.get("/v1/products/:code/conditions") { _, context in
            let (reader, seesAll) = reader(context)
            return jsonResponse(
                try await market.catalog.conditions(of: context.code(), reader: reader, seesAll: seesAll))
        }
        router.get("/v1/conditions/flags") { request, context in
            _ = try context.requireAccount(.administrator)
            let state = try request.query("state").map { text in
                guard let state = Catalog.FlagState(rawValue: text) else {
                    throw InvalidInput("state", "'\(text)' is not one of open, accepted, refused.")
                }
                return state
            }
            return jsonResponse(
                try await market.catalog.flags(
                    state, cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.post("/v1/conditions/flags/:id/decision") { try await decide($0, $1) }
    }

    private func draft(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let submission = try await request.decoded(as: ListingSubmission.self, limit: Self.listingLimit)
        guard let content = Data(base64Encoded: submission.content) else {
            throw InvalidInput("content", "The content is a CSV table in base64.")
        }
        let listing = submission.listing
        try await offLoop {
            try await market.catalog.draft(
                listing, content: Array(content), mediaType: "text/csv; charset=utf-8", operator: account.partyID,
                now: now())
        }
        return jsonResponse(
            try await market.catalog.conditions(of: listing.code, reader: account.partyID, seesAll: false),
            status: .created)
    }

    private func offer(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let code = try context.code()
        let offer = try await request.decoded(as: ProductListing.Offer.self, limit: context.maxUploadSize)
        try await market.catalog.offer(offer, of: code, by: account.partyID, now: now())
        return jsonResponse(
            try await market.catalog.conditions(of: code, reader: account.partyID, seesAll: false), status: .created)
    }

    private func decide(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let id = try context.id(orElse: CatalogError.unknownFlag)
        let (_, object) = try await request.jsonObject(
            allowing: ["decision", "basis", "reason"], limit: context.maxUploadSize)
        let decision = try requiredText("decision", in: object)
        guard ["accept", "refuse"].contains(decision) else {
            throw InvalidInput("decision", "'\(decision)' is neither accept nor refuse.")
        }
        let isAccepted = decision == "accept"
        let reason = try requiredText(isAccepted ? "basis" : "reason", in: object, limit: 2_000)
        try await market.catalog.decide(
            id, isAccepted ? .accepted : .refused, reason: reason, by: account.partyID, now: now())
        return Response(status: .noContent)
    }
}

/// Who reads: an operator or enterprise sees what is its own, the administration everything.
func reader(_ context: MarketContext) -> (party: UUID?, seesAll: Bool) {
    (context.account?.partyID, context.account?.role == .administrator)
}

/// A listing as it is sent, with its table.
private struct ListingSubmission: Codable {
    let listing: ProductListing
    let content: String

    enum CodingKeys: String, CodingKey { case content }

    init(from decoder: any Decoder) throws {
        listing = try ProductListing(from: decoder)
        content = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .content)
    }

    func encode(to encoder: any Encoder) throws {
        try listing.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(content, forKey: .content)
    }
}
