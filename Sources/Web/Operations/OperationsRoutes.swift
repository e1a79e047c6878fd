import Foundation
import Hummingbird
import Marketplace
import Yams

/// Health, metrics and the contract: what operators of the service ask for.
struct OperationsRoutes: Sendable {
    let market: Market
    let metrics: PrometheusMetrics
    private let contract: JSONDocument

    init(market: Market, metrics: PrometheusMetrics) throws {
        self.market = market
        self.metrics = metrics
        contract = JSONDocument(text: String(decoding: try Contract.json(), as: UTF8.self))
    }

    func add(to router: Router<MarketContext>) {
        router.get("/health/live") { _, _ in jsonResponse(JSONDocument(text: #"{"status":"live"}"#)) }
        router.get("/health/ready") { _, context in try await ready(context) }
        router.get("/metrics") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(string: metrics.text())))
        }
        router.get("/openapi.json") { request, _ in cacheableResponse(contract, to: request) }
    }

    private func ready(_ context: MarketContext) async throws -> Response {
        guard await market.operations.isReady() else { throw NotReady() }
        return jsonResponse(JSONDocument(text: #"{"status":"ready"}"#))
    }

    private struct NotReady: MarketplaceError {
        let code = RefusalCode.unavailable
        let message = "PostgreSQL does not answer."
    }
}

/// The contract as it is written, `openapi.yaml`, and as JSON.
enum Contract {
    static func json() throws -> Data {
        let file = Bundle.module.bundleURL.appendingPathComponent("Static/openapi.yaml")
        let yaml = try String(contentsOf: file, encoding: .utf8)
        guard let document = try Yams.load(yaml: yaml, Resolver.default.removing(.timestamp)) as? [String: Any] else {
            throw NotAnObject()
        }
        return try JSONSerialization.data(withJSONObject: document, options: [.sortedKeys, .withoutEscapingSlashes])
    }

    struct NotAnObject: Error {}
}
