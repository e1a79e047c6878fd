import Foundation
import Hummingbird
import Marketplace

/// Refuses parameters that a route of the API does not have, by name: a misspelt filter would else be an answer to another
/// question. Which route has which is read from the contract, so that no route can forget to say so.
struct QueryMiddleware: RouterMiddleware {
    private let known: [String: Set<String>]

    init() throws {
        let contract = try JSONSerialization.jsonObject(with: Contract.json()) as? [String: Any] ?? [:]
        let shared = ((contract["components"] as? [String: Any])?["parameters"] as? [String: [String: Any]]) ?? [:]
        func names(_ list: Any?) -> [String] {
            (list as? [[String: Any]] ?? []).flatMap { item -> [String] in
                let reference = (item["$ref"] as? String)?.split(separator: "/").last.map(String.init)
                let parameter = reference.flatMap { shared[$0] } ?? item
                guard parameter["in"] as? String == "query", let name = parameter["name"] as? String else { return [] }
                // The members of an object are parameters of their own: name[member].
                return parameter["style"] as? String == "deepObject" ? [name, "\(name)["] : [name]
            }
        }
        var known: [String: Set<String>] = [:]
        for (path, item) in contract["paths"] as? [String: [String: Any]] ?? [:] {
            for (method, operation) in item {
                guard let operation = operation as? [String: Any] else { continue }
                known["\(method.uppercased()) \(path)"] = Set(
                    names(item["parameters"]) + names(operation["parameters"]))
            }
        }
        self.known = known
    }

    func handle(
        _ request: Request, context: MarketContext, next: (Request, MarketContext) async throws -> Response
    ) async throws -> Response {
        if request.uri.query != nil, let route = context.endpointPath, route.hasPrefix("/v1/") {
            let path = route.split(separator: "/", omittingEmptySubsequences: false).map { part in
                part.hasPrefix(":") ? "{\(part.dropFirst())}" : String(part)
            }.joined(separator: "/")
            let method = request.method == .head ? "GET" : request.method.rawValue
            if let names = known["\(method) \(path)"] {
                for (name, _) in request.uri.queryParameters where !isKnown(name, names) {
                    let own = names.filter { !$0.hasSuffix("[") }
                    let takes = own.isEmpty ? "none" : own.sorted().joined(separator: ", ")
                    throw InvalidInput(
                        String(name.prefix(100)), "There is no such parameter here; this takes \(takes).")
                }
            }
        }
        return try await next(request, context)
    }

    private func isKnown(_ spelling: Substring, _ names: Set<String>) -> Bool {
        let name = spelling.removingPercentEncoding ?? String(spelling)
        let member = name.firstIndex(of: "[").map { String(name[...$0]) }
        return names.contains(name) || name.hasSuffix("]") && member.map(names.contains) ?? false
    }
}
