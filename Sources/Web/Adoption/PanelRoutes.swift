import Foundation
import Hummingbird
import Marketplace

/// Panels: imported from CSV version by version, and read with their members.
struct PanelRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.post("/v1/adoption/panels") { try await importPanel($0, $1) }
        router.get("/v1/adoption/panels") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            return jsonResponse(
                try await market.panels.list(cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.get("/v1/adoption/panels/:code") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            return jsonResponse(
                try await market.panels.panel(
                    context.code(), cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.get("/v1/adoption/panels/:code/members") { try await members($0, $1) }
    }

    /// The body is the CSV itself.
    private func importPanel(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.analyst, .administrator)
        let key = try IdempotencyKey(request.headers[.init("Idempotency-Key")!])
        let stated = { (name: String) throws -> String in
            guard let text = try request.formQuery(name, longest: 400) else {
                throw InvalidInput(name, "This parameter is missing.")
            }
            return text
        }
        let (code, titleZh, titleEn) = (try stated("code"), try stated("title_zh"), try stated("title_en"))
        let (datedOn, allOrNothing) = (try stated("dated_on"), try request.truth("all_or_nothing"))
        let body = try await request.body.collect(upTo: PanelFile.largest)
        let wanted = try PanelImport(
            code: code, titleZh: titleZh, titleEn: titleEn, datedOn: datedOn, file: Array(body.readableBytesView),
            allOrNothing: allOrNothing)
        let (report, repeated) = try await market.panels.record(wanted, by: account.partyID, key: key, now: now())
        return commandResponse(try report.document, status: report.made ? .created : .ok, repeated: repeated)
    }

    private func members(_ request: Request, _ context: MarketContext) async throws -> Response {
        _ = try context.requireAccount(.analyst, .administrator)
        let (code, version) = (try context.code(), try request.version())
        guard try request.wantsTable() else {
            return jsonResponse(
                try await market.panels.members(
                    of: code, version: version, cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        return try PanelTable(await market.panels.allMembers(of: code, version: version)).response()
    }
}

extension Request {
    /// The number of a version; nil for the newest.
    func version(_ name: String = "version") throws -> Int? {
        let number = try wholeNumber(name)
        guard number.map({ (1...1_000_000).contains($0) }) ?? true else {
            throw InvalidInput(name, "A version is a number from 1 on.")
        }
        return number
    }
}
