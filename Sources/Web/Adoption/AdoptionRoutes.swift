import Foundation
import Hummingbird
import Marketplace

struct AdoptionRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/adoption/metrics") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            return cacheableResponse(market.adoption.definitions(), to: request)
        }
        router.get("/v1/adoption/panels") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            return jsonResponse(
                try await market.adoption.panels(cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.get("/v1/adoption/metrics/:name") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            let now = now()
            let (_, figure) = try await market.adoption.figure(
                context.code("name"), panel: request.query("panel"), by: request.query("by"),
                asOf: request.time("as_of") ?? now, recordedBy: request.time("recorded_by") ?? now)
            guard request.headers[.accept]?.contains("text/csv") ?? false else { return jsonResponse(figure) }
            return try FigureTable(figure).response()
        }
    }
}
