import Hummingbird
import Marketplace

struct PartyRoutes: Sendable {
    let market: Market

    func add(to router: Router<MarketContext>) {
        router.get("/v1/parties/:code") { request, context in
            cacheableResponse(try await market.parties.find(context.code()), to: request)
        }
    }
}
