import Foundation
import Hummingbird
import Marketplace

/// The read calls of CKAN's action API that harvesters use, with CKAN's own envelope for answers and refusals.
struct ActionRoutes: Sendable {
    let market: Market
    let publicURL: String?

    func add(to router: Router<MarketContext>) {
        for path in ["/api/3/action/:action", "/api/action/:action"] {
            router.get(RouterPath(path)) { request, context in try await answer(request, context) }
            router.post(RouterPath(path)) { request, context in try await answer(request, context) }
        }
    }

    private func answer(_ request: Request, _ context: MarketContext) async throws -> Response {
        let action = try context.code("action")
        let help = "\(try request.base(publicURL: publicURL))/openapi.json"
        do {
            let input = try await ActionInput(request, limit: context.maxUploadSize)
            let result = try await perform(action, input, base: request.base(publicURL: publicURL))
            return jsonResponse(JSONDocument(text: "{\"help\":\"\(help)\",\"success\":true,\"result\":\(result.text)}"))
        } catch let refusal as any MarketplaceError where refusal.code == .invalid || refusal.code == .notFound {
            return try refused(refusal, help: help)
        }
    }

    private func perform(_ action: String, _ input: ActionInput, base: String) async throws -> JSONDocument {
        let packages = market.packages
        switch action {
        case "package_list":
            let (limit, offset) = try input.page()
            return try await packages.names(offset: offset, limit: limit)
        case "current_package_list_with_resources":
            let (limit, offset) = try input.page()
            guard (limit ?? 50) <= 1000 else { throw InvalidInput("limit", "A page has 0 to 1000 datasets.") }
            return try await packages.all(offset: offset, limit: limit ?? 50, base: base)
        case "package_show":
            try input.allow("id", "name_or_id", "use_default_schema", "include_tracking")
            return try await packages.package(input.required("id", or: "name_or_id"), base: base)
        case "package_search":
            return try await search(input, base: base)
        case "organization_list":
            return try await organisations(input)
        case "organization_show":
            try input.allow(
                "id", "include_datasets", "include_dataset_count", "include_extras", "include_users", "include_groups",
                "include_tags", "include_followers")
            return try await packages.organisation(input.required("id"))
        default:
            throw PackageError.unknownAction(action)
        }
    }

    private func search(_ input: ActionInput, base: String) async throws -> JSONDocument {
        try input.allow(
            "q", "fq", "fq_list", "sort", "rows", "start", "include_drafts", "include_private", "use_default_schema")
        let filters = try [input.text("fq")].compactMap { $0 } + input.texts("fq_list")
        return try await market.packages.search(
            PackageSearch(
                q: input.text("q"), fq: filters, sort: input.text("sort"), start: input.number("start"),
                rows: input.number("rows")), base: base)
    }

    private func organisations(_ input: ActionInput) async throws -> JSONDocument {
        let (limit, offset) = try input.page(besides: "all_fields", "include_dataset_count", "type", "sort", "order_by")
        let all = try await market.packages.organisations(offset: offset, limit: limit)
        if try input.truth("all_fields") { return all }
        let list = try JSONSerialization.jsonObject(with: Data(all.text.utf8)) as? [[String: Any]] ?? []
        let names = list.compactMap { ($0["name"] as? String).map { "\"\($0)\"" } }
        return JSONDocument(text: "[\(names.joined(separator: ","))]")
    }

    private func refused(_ refusal: any MarketplaceError, help: String) throws -> Response {
        let isUnknown = refusal.code == .notFound
        var error: [String: Any] = ["__type": isUnknown ? "Not Found Error" : "Validation Error"]
        error["message"] = refusal.message
        if !isUnknown { error[refusal.field ?? "message"] = [refusal.message] }
        let body = try JSONSerialization.data(
            withJSONObject: ["help": help, "success": false, "error": error],
            options: [.sortedKeys, .withoutEscapingSlashes])
        return jsonResponse(
            JSONDocument(text: String(decoding: body, as: UTF8.self)), status: isUnknown ? .notFound : .conflict)
    }
}
