import Foundation
import Hummingbird
import Marketplace

/// Ceilings of government-guided prices, and the yearly report.
struct PriceRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/products/:code/price-ceilings") { request, context in
            let (reader, seesAll) = reader(context)
            return jsonResponse(
                try await market.prices.ceilings(
                    of: context.code(), reader: reader, seesAll: seesAll, cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit"), now: now()))
        }
        router.post("/v1/products/:code/price-ceilings") { request, context in
            let account = try context.requireAccount(.administrator)
            let code = try context.code()
            let ceiling = try await request.decoded(as: PriceCeiling.self, limit: context.maxUploadSize)
            return jsonResponse(
                try await market.prices.record(ceiling, of: code, by: account.partyID, now: now()), status: .created)
        }
        router.get("/v1/price-reports/:year") { request, context in
            let account = try context.requireAccount(.operator, .administrator)
            let reports = try await market.prices.reports(
                of: context.year(), operator: account.role == .operator ? account.partyID : nil,
                cursor: request.query("cursor"), limit: request.wholeNumber("limit"))
            return try request.wantsTable() ? PriceReportTable(reports).response() : jsonResponse(reports)
        }
        router.put("/v1/price-reports/:year") { request, context in
            let account = try context.requireAccount(.operator)
            let year = try context.year()
            let statement = try await request.decoded(as: PriceStatement.self, limit: context.maxUploadSize)
            return jsonResponse(try await market.prices.state(statement, for: year, by: account.partyID, now: now()))
        }
    }
}

extension MarketContext {
    fileprivate func year() throws -> Int {
        let text = try code("year")
        guard text.wholeMatch(of: /[0-9]{4}/) != nil, let year = Int(text) else {
            throw InvalidInput("year", "'\(text.prefix(40))' is not a year.")
        }
        return year
    }
}
