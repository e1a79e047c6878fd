import Foundation
import Hummingbird
import Marketplace

struct SearchRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/search") { request, _ in
            cacheableResponse(try await market.search.results(request.search(), now: now()), to: request)
        }
        router.get("/v1/search/suggestions") { request, _ in
            let document = try await market.search.suggestions(
                for: request.searchText() ?? "", limit: request.wholeNumber("limit"))
            return cacheableResponse(document, to: request)
        }
        router.get("/v1/search/synonyms") { request, _ in
            let document = try await market.synonyms.all(
                cursor: request.query("cursor"), limit: request.wholeNumber("limit"))
            return cacheableResponse(document, to: request)
        }
        router.put("/v1/search/synonyms/:word") { request, context in
            let account = try context.requireAccount(.administrator)
            let stated = try await request.decoded(as: StatedSynonyms.self, limit: context.maxUploadSize)
            try await market.synonyms.put(
                context.code("word"), synonyms: stated.synonyms, by: account.partyID, now: now())
            return Response(status: .noContent)
        }
        router.delete("/v1/search/synonyms/:word") { _, context in
            _ = try context.requireAccount(.administrator)
            try await market.synonyms.remove(context.code("word"))
            return Response(status: .noContent)
        }
    }
}

private struct StatedSynonyms: Codable { let synonyms: [String] }

extension Request {
    /// What a search asks for: `q`, and facets by their names, each as often as it has values.
    func search() throws -> Search.Request {
        var filters: [SearchFacet: [String]] = [:]
        for facet in SearchFacet.allCases {
            let values = try queries(facet.rawValue)
            if !values.isEmpty { filters[facet] = values }
        }
        return Search.Request(
            text: try searchText(), filters: filters, cursor: try query("cursor"), limit: try wholeNumber("limit"))
    }

    /// A parameter that may be given several times; empty ones say nothing.
    private func queries(_ name: String) throws -> [String] {
        let values = uri.queryParameters[values: Substring(name)].map(String.init).filter { !$0.isEmpty }
        guard values.count <= 20 else { throw InvalidInput(name, "This parameter is given more than 20 times.") }
        for value in values {
            guard value.unicodeScalars.count <= 200 else {
                throw InvalidInput(name, "This parameter is longer than 200 characters.")
            }
            guard !value.contains("\0"), !value.unicodeScalars.contains("\u{FFFD}") else {
                throw InvalidInput(name, "This parameter is not a text in UTF-8.")
            }
        }
        return Array(Set(values)).sorted()
    }
}
