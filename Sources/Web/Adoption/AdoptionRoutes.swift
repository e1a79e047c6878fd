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
            let name = try context.code("name")
            if market.adoption.isOfTotals(name) {
                let figure = try await market.adoption.figure(figureRequest(name, request))
                return try wantsTable(request)
                    ? csvResponse(figure.table, named: "figure.csv") : jsonResponse(figure.document)
            }
            let now = now()
            let (_, figure) = try await market.adoption.figure(
                name, panel: request.query("panel"), by: request.query("by"),
                asOf: request.time("as_of") ?? now, recordedBy: request.time("recorded_by") ?? now)
            return try wantsTable(request) ? FigureTable(figure).response() : jsonResponse(figure)
        }
    }

    private func figureRequest(_ name: String, _ request: Request) throws -> FigureRequest {
        if let panel = try request.query("panel") {
            throw InvalidInput("panel", "\(name) is over the whole market; '\(panel)' cannot limit it.")
        }
        return FigureRequest(
            metric: name, by: try request.query("by"), from: try request.legalDay("from"),
            until: try request.legalDay("to")?.addingTimeInterval(86_400), asOf: try request.time("as_of"),
            recordedBy: try request.time("recorded_by"),
            standing: try request.query("standing") ?? FigureRequest.market)
    }

    /// The parameter `format` decides, for those whose links cannot carry headers; without it, Accept.
    private func wantsTable(_ request: Request) throws -> Bool {
        switch try request.query("format") {
        case "csv": true
        case "json": false
        case nil: request.headers[.accept]?.lowercased().contains("text/csv") ?? false
        case let other?: throw InvalidInput("format", "'\(other)' is not one of csv, json.")
        }
    }
}
