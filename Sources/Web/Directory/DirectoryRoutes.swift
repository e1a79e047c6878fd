import Foundation
import Hummingbird
import Marketplace

struct DirectoryRoutes: Sendable {
    let market: Market
    let publicURL: String?
    let now: @Sendable () -> Date

    /// The largest catalogue taken in one request, in bytes as sent.
    static let importLimit = 64 << 20

    func add(to router: Router<MarketContext>) {
        router.get("/v1/directory/entries") { request, _ in
            let document = try await market.directory.entries(
                text: request.searchText(), cursor: request.query("cursor"), limit: request.wholeNumber("limit"))
            return cacheableResponse(document, to: request)
        }
        router.get("/v1/directory/entries/:code") { request, context in
            let (asOf, recordedBy, now) = (try request.time("as_of"), try request.time("recorded_by"), now())
            let document = try await market.directory.entry(
                context.code(), asOf: asOf, recordedBy: recordedBy, now: now)
            guard let syntax = try request.exportSyntax(besides: ["application/json"]) else {
                return cacheableResponse(document, to: request)
            }
            let entry = try await market.export.entry(
                context.code(), syntax, base: request.base(publicURL: publicURL), asOf: asOf ?? now,
                recordedBy: recordedBy ?? now)
            return cacheableResponse(entry, as: syntax, to: request)
        }
        router.get("/v1/directory/entries/:code/history") { request, context in
            let document = try await market.directory.history(
                of: context.code(), cursor: request.query("cursor"), limit: request.wholeNumber("limit"))
            return cacheableResponse(document, to: request)
        }
    }
}
