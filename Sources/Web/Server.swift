import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Marketplace
import NIOCore
import ServiceLifecycle

/// The web application: routes, and what every request passes through.
public struct Server: Sendable {
    public struct Configuration: Sendable {
        public var host = "127.0.0.1"
        public var port = 8080
        /// Where people and harvesters reach the market, such as `https://market.example`; nil: as each client calls it.
        public var publicURL: String?
        public var requestTimeout: Duration = .seconds(30)
        /// Whether catalogues may be fetched from, and webhooks may be, addresses inside the market's own network.
        public var allowsInternalSources = false

        public init(host: String = "127.0.0.1", port: Int = 8080, publicURL: String? = nil) {
            self.host = host
            self.port = port
            self.publicURL = publicURL
        }

        /// What the market calls itself in messages that no client asked for.
        public var ownURL: String { publicURL ?? "http://\(host):\(port)" }
    }

    let market: Market
    let configuration: Configuration
    let metrics: PrometheusMetrics
    let logger: Logger
    let now: @Sendable () -> Date

    public init(
        market: Market, configuration: Configuration, metrics: PrometheusMetrics, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.market = market
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        self.now = now
    }

    /// - Parameter onRunning: is told the port once requests are accepted.
    public func application(
        services: [any Service] = [], onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
        let router = try router()
        refuseOtherMethods(on: router)
        return Application(
            router: router,
            server: HTTPServerBuilder { responder in
                EventLoopChannel(
                    base: HTTP1Channel(responder: responder, configuration: .init(idleTimeout: .seconds(75))))
            },
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port), serverName: "datamarket"),
            services: services,
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
            logger: logger)
    }

    func router() throws -> Router<MarketContext> {
        let router = Router(context: MarketContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestLogMiddleware())
        router.add(middleware: CompressionMiddleware())
        let renderer = PortalRenderer()
        router.add(middleware: ErrorMiddleware(renderer: renderer))
        let limits = [ImportRoutes.timeLimits, PortalRoutes.timeLimits, ContentRoutes.timeLimits]
            .reduce(into: [:]) { $0.merge($1) { max($0, $1) } }
        router.add(middleware: TimeoutMiddleware(limit: configuration.requestTimeout, limits: limits))
        router.add(middleware: try QueryMiddleware())
        // Those who watch the service need no account, and it must answer them without PostgreSQL.
        try OperationsRoutes(market: market, metrics: metrics).add(to: router)
        // These have tokens of their own, and refusals as their protocol writes them.
        SharingRoutes(market: market, publicURL: configuration.publicURL, now: now).add(to: router)
        router.add(middleware: AccountMiddleware(accounts: market.accounts, now: now))
        router.add(middleware: ErrorMiddleware(renderer: renderer))
        router.add(middleware: FormMiddleware())
        PartyRoutes(market: market).add(to: router)
        ResponsibilityRoutes(market: market, now: now).add(to: router)
        DirectoryRoutes(market: market, publicURL: configuration.publicURL, now: now).add(to: router)
        DraftRoutes(market: market, now: now).add(to: router)
        ImportRoutes(market: market, now: now, allowsInternalSources: configuration.allowsInternalSources)
            .add(to: router)
        ScenarioRoutes(market: market, now: now).add(to: router)
        CatalogRoutes(market: market, publicURL: configuration.publicURL, now: now).add(to: router)
        SearchRoutes(market: market, now: now).add(to: router)
        ListingRoutes(market: market, now: now).add(to: router)
        PriceRoutes(market: market, now: now).add(to: router)
        CredentialRoutes(market: market, now: now).add(to: router)
        PurchaseRoutes(market: market, now: now).add(to: router)
        PurchaseStepRoutes(market: market, now: now).add(to: router)
        EntitlementRoutes(market: market, now: now).add(to: router)
        ReceiptRoutes(market: market, now: now).add(to: router)
        DeliveryRoutes(market: market, publicURL: configuration.publicURL, now: now).add(to: router)
        ContentRoutes(market: market, now: now).add(to: router)
        UsageRoutes(market: market, now: now).add(to: router)
        OwnUsageRoutes(market: market).add(to: router)
        MeterRoutes(market: market, now: now).add(to: router)
        CompatibleUsageRoutes(market: market, now: now).add(to: router)
        InvoiceRoutes(market: market, now: now).add(to: router)
        PaymentRoutes(market: market, now: now).add(to: router)
        DeadlineRoutes(market: market, now: now).add(to: router)
        ClockRoutes(market: market, now: now).add(to: router)
        CorrectionRoutes(market: market, now: now).add(to: router)
        ImpactRoutes(market: market, now: now).add(to: router)
        WebhookRoutes(
            market: market, publicURL: configuration.ownURL, allowsInternal: configuration.allowsInternalSources,
            now: now
        ).add(to: router)
        NoticeRoutes(market: market, now: now).add(to: router)
        AdoptionRoutes(market: market, now: now).add(to: router)
        PanelRoutes(market: market, now: now).add(to: router)
        SnapshotRoutes(market: market, now: now).add(to: router)
        ExportRoutes(market: market, publicURL: configuration.publicURL, now: now).add(to: router)
        ActionRoutes(market: market, publicURL: configuration.publicURL).add(to: router)
        PortalRoutes(
            market: market, renderer: renderer, publicURL: configuration.ownURL,
            allowsInternal: configuration.allowsInternalSources, now: now
        ).add(to: router)
        return router
    }

    /// Answers methods that a path does not have with 405 and those that it has, where the router would say 404.
    private func refuseOtherMethods(on router: Router<MarketContext>) {
        let all: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace, .init("QUERY")!]
        for routes in Dictionary(grouping: router.routes, by: \.path.description).values {
            var known = Set(routes.map(\.method))
            if known.contains(.get) { known.insert(.head) }
            let allowed = known.map(\.rawValue).sorted().joined(separator: ", ")
            for method in all where !known.contains(method) {
                router.on(routes[0].path, method: method) { _, _ -> Response in
                    throw HTTPError(.methodNotAllowed, headers: [.allow: allowed])
                }
            }
        }
    }
}
