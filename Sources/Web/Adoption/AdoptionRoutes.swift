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
        router.get("/v1/adoption/disclosures/authorised-operation", use: disclosure)
        router.get("/v1/adoption/metrics/:name") { try await figure($0, $1) }
        router.post("/v1/adoption/declared-purchases") { request, context in
            let account = try context.requireAccount(.analyst, .administrator)
            let body = try await request.body.collect(upTo: DeclarationFile.largest)
            let file = try DeclarationFile(Array(body.readableBytesView), now: now())
            return try jsonResponse(
                encoding: try await market.declarations.declare(file, by: account.partyID, now: now()), status: .created
            )
        }
        router.get("/v1/adoption/new-companies") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            return jsonResponse(
                try await market.newCompanies.list(
                    recordedBy: try recordedBy(request, now: now()), cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.post("/v1/adoption/new-companies") { request, context in
            let account = try context.requireAccount(.analyst, .administrator)
            let body = try await request.body.collect(upTo: NewCompanyFile.largest)
            let file = try NewCompanyFile(Array(body.readableBytesView), now: now())
            return try jsonResponse(
                encoding: try await market.newCompanies.state(file, by: account.partyID, now: now), status: .created)
        }
        router.get("/v1/adoption/exact-figures") { request, context in
            _ = try context.requireAccount(.administrator)
            return jsonResponse(
                try await market.adoption.exactReadings(
                    cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
    }

    private func figure(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.analyst, .administrator)
        let (exactly, now, format) = (try exactReading(request, by: account), now(), try request.tableFormat())
        let table = try tableRequest(context.code("name"), request)
        let (asOf, recordedBy) = (try request.time("as_of"), try recordedBy(request, now: now))
        if market.adoption.scope(of: table.metric) == .panel {
            let (metric, figure) = try await market.adoption.figure(
                table, asOf: asOf ?? now, recordedBy: recordedBy ?? now, exactly: exactly, now: now)
            return try await market.figureResponse(
                figure, FigureTable(panel: figure, by: metric), as: format)
        }
        let figure = try await market.adoption.figure(
            table.figure(asOf: asOf, recordedBy: recordedBy), exactly: exactly, now: now)
        return try await market.figureResponse(figure.document, FigureTable(figure), as: format)
    }

    private func recordedBy(_ request: Request, now: Date) throws -> Date? {
        let time = try request.time("recorded_by")
        try requireKnown(time, now: now)
        return time
    }

    private func disclosure(_ request: Request, _ context: MarketContext) async throws -> Response {
        _ = try context.requireAccount(.analyst, .administrator)
        guard let year = try request.wholeNumber("year") else {
            throw InvalidInput("year", "Say of which year, such as 2026.")
        }
        let page = try await market.adoption.authorisedOperation(
            in: year, cursor: request.query("cursor"), limit: request.wholeNumber("limit"), now: now())
        return try request.wantsTable() ? DisclosureTable(page).response() : jsonResponse(page)
    }

    private func exactReading(_ request: Request, by account: Account) throws -> ExactReading? {
        let reason = try request.formQuery("reason", longest: 400)
        if try request.truth("exact") { return try ExactReading(by: account, reason: reason) }
        guard reason == nil else {
            throw InvalidInput("reason", "A reason is stated for an exact figure only: with exact=true.")
        }
        return nil
    }

    private func tableRequest(_ name: String, _ request: Request) throws -> TableRequest {
        let rule = try request.query("count").map { try CountingRule(named: $0) }
        return try market.adoption.completed(
            TableRequest(
                metric: name, version: request.version(), by: request.query("by"),
                period: Period(from: request.query("from"), to: request.query("to")), panel: request.query("panel"),
                count: rule, standing: request.query("standing")))
    }
}

/// Refuses to say what was known by a time that has not come.
func requireKnown(_ recordedBy: Date?, now: Date) throws {
    guard let recordedBy, recordedBy > now else { return }
    throw InvalidInput("recorded_by", "This time lies in the future; what will be known by then is not known yet.")
}
