import Foundation
import Hummingbird
import Marketplace

struct PortalRoutes: Sendable {
    init(market: Market, now: @escaping @Sendable () -> Date) throws {}; func add(to router: Router<MarketContext>) {}
}
struct ErrorPage {
    static func html(status: Int, title: String, message: String, requestID: String, chinese: Bool) -> String { "" }
}
