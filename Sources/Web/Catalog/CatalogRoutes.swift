import Foundation
import Hummingbird
import Marketplace

struct CatalogRoutes: Sendable {
    let market: Market
    let publicURL: String?
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/products") { request, _ in
            let document = try await market.catalog.products(
                text: request.searchText(), cursor: request.query("cursor"), limit: request.wholeNumber("limit"),
                now: now())
            return cacheableResponse(document, to: request)
        }
        router.get("/v1/products/:code") { request, context in
            guard let syntax = try request.exportSyntax(besides: ["application/json"]) else {
                let product = try await market.catalog.product(context.code(), now: now())
                market.productViews.note(try context.code(), by: context.account, now: now())
                return cacheableResponse(product, to: request)
            }
            let product = try await market.export.product(
                context.code(), syntax, base: request.base(publicURL: publicURL), now: now())
            return cacheableResponse(product, as: syntax, to: request)
        }
        router.get("/v1/products/:code/offers") { request, context in
            let enterprise = context.account.flatMap { $0.role == .enterprise ? $0.partyID : nil }
            let document = try await market.catalog.offers(
                of: context.code(), for: enterprise, cursor: request.query("cursor"),
                limit: request.wholeNumber("limit"), now: now())
            return cacheableResponse(document, to: request)
        }
        router.get("/v1/products/:code/profile") { request, context in
            let profile = try await market.catalog.profile(
                of: context.code(), revision: request.wholeNumber("revision"), now: now())
            return cacheableResponse(profile, to: request)
        }
        router.post("/v1/offers/:code/quote") { request, context in
            let enterprise = context.account.flatMap { $0.role == .enterprise ? $0.partyID : nil }
            let wanted = try await request.decoded(as: QuoteRequest.self, limit: context.maxUploadSize)
            return jsonResponse(
                try await market.catalog.quote(context.code(), wanted, for: enterprise, now: now()))
        }
        router.get("/v1/products/:code/lineage") { request, context in
            let now = now()
            let document = try await market.lineage.lineage(
                of: context.code(), asOf: request.time("as_of") ?? now, recordedBy: request.time("recorded_by") ?? now)
            return try chainResponse(document, to: request)
        }
    }
}
