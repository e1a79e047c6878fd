import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// The portal: pages for people, over the same features as the API. It works without JavaScript.
struct PortalRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date
    let renderer: PortalRenderer
    let publicURL: String
    /// Whether webhooks may lie inside the market's own network.
    let allowsInternal: Bool

    init(
        market: Market, renderer: PortalRenderer, publicURL: String, allowsInternal: Bool,
        now: @escaping @Sendable () -> Date
    ) {
        self.market = market
        self.publicURL = publicURL
        self.allowsInternal = allowsInternal
        self.now = now
        self.renderer = renderer
    }

    func add(to router: Router<MarketContext>) {
        page(router, "/") { request, _ in try await home(Language(request)) }
        page(router, "/search") { request, _ in try await search(request) }
        page(router, "/products") { request, _ in try await products(request) }
        page(router, "/products/:code") { try await product(context: $1, Language($0)) }
        page(router, "/compare") { try await compare($0, $1) }
        page(router, "/scenarios") { request, _ in try await scenarios(request) }
        page(router, "/scenarios/:code") { try await scenario($0, $1) }
        page(router, "/directory") { request, _ in try await directory(request) }
        page(router, "/directory/:code") { try await entry($1.code(), $0, $1) }
        page(router, "/directory/:code/history") { try await history($1.code(), $0) }
        page(router, "/parties/:code") { try await party($0, $1) }
        addPurchasePages(to: router)
        page(router, "/adoption") { try await adoption($0, $1) }
        page(router, "/adoption/market") { try await marketFigures($0, $1) }
        page(router, "/administration") { try await administration(Language($0), $1) }
        page(router, "/administration/scenarios/:code") { try await editScenario($0, $1) }
        page(router, "/administration/synonyms") { try await synonyms($0, $1) }
        router.post("/administration/synonyms") { try await putSynonyms($0, $1) }
        router.post("/administration/synonyms/:word/removal") { try await removeSynonyms($0, $1) }
        page(router, "/administration/drafts") { try await drafts($0, $1) }
        page(router, "/administration/drafts/:id") { try await draft($0, $1) }
        page(router, "/deadlines") { try await deadlines($0, $1) }
        page(router, "/notices") { try await notices($0, $1) }
        page(router, "/corrections") { try await corrections($0, $1) }
        page(router, "/corrections/:id") { try await correction($0, $1) }
        page(router, "/directory/:code/impact") { try await impact($1.code(), $0, $1) }
        router.post("/notices/:id/acknowledgement") { try await acknowledge($0, $1) }
        router.post("/purchases/:id/corrections") { try await raiseCorrection($0, $1) }
        router.post("/corrections/:id/steps") { try await takeStep($0, $1) }
        router.post("/products/:code/suspensions/:id/lifting") { try await lift($0, $1) }
        router.post("/administration/scenarios") { try await publish($0, $1) }
        addSignInPages(to: router)
        addImportPages(to: router)
        addListingPages(to: router)
        addClockPages(to: router)
        addSuccessionPages(to: router)
        addConsentPages(to: router)
        addReceiptPages(to: router)
        addWebhookPages(to: router)
        addBillingPages(to: router)
        addQuotePages(to: router)
        addSnapshotPages(to: router)
        addExactFigurePages(to: router)
        addPanelPages(to: router)
        router.post("/administration/drafts") { try await compileDraft($0, $1) }
        router.post("/administration/drafts/:id/:step") { try await stepDraft($0, $1) }
        router.get("/static/:file") { _, context in try file(context.code("file")) }
    }

    func page(
        _ router: Router<MarketContext>, _ path: RouterPath,
        _ make: @Sendable @escaping (Request, MarketContext) async throws -> PortalPage
    ) {
        router.get(path) { request, context in
            async let unacknowledged = unacknowledged(by: context.account)
            var page = try await make(request, context)
            page.unacknowledged = try await unacknowledged
            if context.account != nil { page.answered = nil }
            return renderer.response(page, request, context)
        }
    }

    private func unacknowledged(by account: Account?) async throws -> Int? {
        guard let account else { return nil }
        return try await market.notices.unacknowledged(by: account.partyID)
    }

    // MARK: Commands

    /// The form holds the file in memory; larger ones go through the API.
    static let largestUpload = 64 << 20
    /// A batch of 200 scenarios, url-encoded: a Chinese character takes nine bytes.
    static let largestForm = 4 << 20

    func redirect(to address: String, cookie: String? = nil) -> Response {
        var headers: HTTPFields = [.location: address]
        if let cookie { headers[.setCookie] = cookie }
        return Response(status: .seeOther, headers: headers)
    }

    private func file(_ name: String) throws -> Response {
        let types = [
            "portal.css": "text/css; charset=utf-8", "portal.svg": "image/svg+xml",
            "portal.js": "text/javascript; charset=utf-8", "search.js": "text/javascript; charset=utf-8",
            "chart.min.js": "text/javascript; charset=utf-8",
        ]
        guard let type = types[name],
            let data = FileManager.default.contents(
                atPath: Bundle.module.bundleURL.appendingPathComponent("Static/\(name)").path)
        else { throw HTTPError(.notFound) }
        return Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "public, max-age=300"],
            body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}
