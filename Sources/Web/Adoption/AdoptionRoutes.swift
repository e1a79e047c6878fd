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
        router.get("/v1/adoption/metrics/:name") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            let (name, format) = (try context.code("name"), try request.tableFormat())
            if let scope = market.adoption.scope(of: name), scope != .panel {
                let figure = try await market.adoption.figure(figureRequest(name, scope, request))
                return try await market.figureResponse(figure.document, FigureTable(figure), as: format)
            }
            let now = now()
            let (metric, figure) = try await market.adoption.figure(
                name, panel: request.query("panel"), by: request.query("by"),
                count: CountingRule(named: request.query("count")), asOf: request.time("as_of") ?? now,
                recordedBy: request.time("recorded_by") ?? now)
            return try await market.figureResponse(
                figure, FigureTable(panel: figure, digest: metric.digest), as: format)
        }
    }

    private func figureRequest(_ name: String, _ scope: Metric.Scope, _ request: Request) throws -> FigureRequest {
        if let panel = try request.query("panel") {
            throw InvalidInput("panel", "\(name) is over the whole market; '\(panel)' cannot limit it.")
        }
        if try request.query("count") != nil {
            throw InvalidInput("count", "\(name) counts by its own definition; this is for metrics over a panel.")
        }
        let standing = try request.query("standing")
        if let standing, scope == .public {
            throw InvalidInput("standing", "\(name) is not of purchases; '\(standing)' cannot limit it.")
        }
        return FigureRequest(
            metric: name, by: try request.query("by"), from: try request.legalDay("from"),
            until: try request.legalDay("to")?.addingTimeInterval(86_400), asOf: try request.time("as_of"),
            recordedBy: try request.time("recorded_by"),
            standing: standing ?? FigureRequest.market)
    }
}
