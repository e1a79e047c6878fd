import Foundation
import Hummingbird
import Marketplace

struct ScenarioRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/scenarios") { request, _ in
            let document = try await market.scenarios.scenarios(
                domain: request.query("domain"), batch: request.wholeNumber("batch"), text: request.searchText(),
                cursor: request.query("cursor"), limit: request.wholeNumber("limit"))
            return cacheableResponse(document, to: request)
        }
        router.get("/v1/scenarios/:code") { request, context in
            cacheableResponse(try await market.scenarios.scenario(context.code()), to: request)
        }
        router.put("/v1/scenarios/:code") { request, context in try await publish(request, context) }
    }

    /// The body is the scenario's YAML document.
    private func publish(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let code = try context.code()
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        guard let yaml = String(validating: body.readableBytesView, as: UTF8.self) else {
            throw InvalidInput("body", "The document is not UTF-8.")
        }
        let scenario = try ScenarioDocument(yaml: yaml)
        guard scenario.code == code else {
            throw InvalidInput("code", "The document is of \(scenario.code), but the address says \(code).")
        }
        let outcome = try await market.scenarios.publish(scenario, by: account.partyID, now: now())
        return jsonResponse(
            try await market.scenarios.scenario(scenario.code), status: outcome == .published ? .created : .ok)
    }
}
