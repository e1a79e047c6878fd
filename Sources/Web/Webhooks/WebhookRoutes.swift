import Foundation
import Hummingbird
import Marketplace

/// Webhooks of the own party: an enterprise hears of its purchases, an operator of its sales.
struct WebhookRoutes: Sendable {
    let market: Market
    let publicURL: String
    let allowsInternal: Bool
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/webhooks") { request, context in
            jsonResponse(
                try await market.webhooks.list(
                    of: party(context), cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.post("/v1/webhooks") { request, context in
            let party = try party(context)
            let wanted = try await wish(request, context, allowing: ["url", "types", "description"])
            let webhook = try await market.webhooks.register(
                wanted, of: party, allowsInternal: allowsInternal, now: now())
            return jsonResponse(webhook, status: .created)
        }
        router.get("/v1/webhooks/:id") { _, context in
            jsonResponse(try await market.webhooks.webhook(id(context), of: party(context)))
        }
        router.patch("/v1/webhooks/:id") { request, context in
            let (party, id) = (try party(context), try id(context))
            let wanted = try await wish(request, context, allowing: ["url", "types", "description", "state"])
            return jsonResponse(
                try await market.webhooks.change(id, to: wanted, of: party, allowsInternal: allowsInternal))
        }
        router.delete("/v1/webhooks/:id") { _, context in
            try await market.webhooks.delete(id(context), of: party(context))
            return Response(status: .noContent)
        }
        router.post("/v1/webhooks/:id/secret") { _, context in
            let (secret, until) = try await market.webhooks.rotateSecret(
                of: id(context), of: party(context), now: now())
            return try jsonResponse(encoding: NewSecret(secret: secret, old_secret_until: until))
        }
        router.post("/v1/webhooks/:id/test") { _, context in
            try jsonResponse(
                encoding: await market.webhooks.test(
                    id(context), of: party(context), source: publicURL, allowsInternal: allowsInternal, now: now()))
        }
        addDeliveries(to: router)
    }

    private func addDeliveries(to router: Router<MarketContext>) {
        router.get("/v1/webhooks/:id/deliveries") { request, context in
            let state = try request.query("state").map { text in
                guard let state = WebhookDeliveryState(rawValue: text) else {
                    throw InvalidInput("state", "'\(text)' is not one of pending, delivered, dead.")
                }
                return state
            }
            return jsonResponse(
                try await market.webhooks.deliveries(
                    of: id(context), state: state, of: party(context), cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.post("/v1/webhooks/:id/deliveries/:delivery/replay") { _, context in
            let event = try context.id("delivery", orElse: WebhookError.unknownDelivery)
            return try await replay(WebhookReplay(event: event), context)
        }
        router.post("/v1/webhooks/:id/replay") { request, context in
            _ = try party(context)
            let (_, object) = try await request.jsonObject(
                allowing: ["from", "until", "types"], limit: context.maxUploadSize)
            let choice = try WebhookReplay(
                from: time("from", in: object), until: time("until", in: object), types: texts("types", in: object))
            return try await replay(choice, context)
        }
    }

    private func replay(_ choice: WebhookReplay, _ context: MarketContext) async throws -> Response {
        let count = try await market.webhooks.replay(choice, to: id(context), of: party(context), now: now())
        return try jsonResponse(encoding: ["replayed": count], status: .accepted)
    }

    private func party(_ context: MarketContext) throws -> UUID {
        try context.requireAccount(.enterprise, .operator).partyID
    }

    private func id(_ context: MarketContext) throws -> UUID { try context.id(orElse: WebhookError.unknown) }

    // MARK: Input

    private func wish(
        _ request: Request, _ context: MarketContext, allowing members: Set<String>
    ) async throws -> WebhookWish {
        let (_, object) = try await request.jsonObject(allowing: members, limit: context.maxUploadSize)
        var wanted = WebhookWish()
        if present("url", in: object) { wanted.url = try requiredText("url", in: object, limit: 2_000) }
        if present("description", in: object) {
            guard let text = object["description"] as? String else {
                throw InvalidInput("description", "This member must be a text.")
            }
            wanted.description = text
        }
        if object["types"] != nil { wanted.types = .some(try texts("types", in: object)) }
        if present("state", in: object) {
            let text = try requiredText("state", in: object)
            guard let state = WebhookWish.State(rawValue: text) else {
                throw InvalidInput("state", "This is neither active nor paused.")
            }
            wanted.state = state
        }
        return wanted
    }

    private func present(_ name: String, in object: [String: Any]) -> Bool {
        object[name] != nil && !(object[name] is NSNull)
    }

    private func texts(_ name: String, in object: [String: Any]) throws -> [String]? {
        guard present(name, in: object) else { return nil }
        guard let texts = object[name] as? [String] else {
            throw InvalidInput(name, "This member must be a list of texts.")
        }
        return texts
    }

    private func time(_ name: String, in object: [String: Any]) throws -> Date? {
        guard present(name, in: object) else { return nil }
        return try parsedTime(requiredText(name, in: object), field: name)
    }

    private struct NewSecret: Encodable {
        let secret: String
        let old_secret_until: Date
    }
}
