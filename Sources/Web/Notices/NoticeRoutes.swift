import Foundation
import Hummingbird
import Marketplace

struct NoticeRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/notices") { request, context in
            let account = try context.requireAccount(.enterprise, .operator, .administrator, .analyst)
            var party = account.partyID
            if account.role == .administrator, let code = try request.query("party") {
                party = try await market.parties.id(of: code)
            }
            return jsonResponse(
                try await market.notices.notices(
                    to: party, cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.post("/v1/notices/:id/acknowledgement") { request, context in
            let account = try context.requireAccount(.enterprise, .operator, .administrator, .analyst)
            let id = try context.id(orElse: NoticeError.unknown)
            return jsonResponse(try await market.notices.acknowledge(id, by: account.partyID, now: now()))
        }
    }
}
