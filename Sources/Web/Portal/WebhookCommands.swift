import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// What the pages of webhooks do. Secrets and the outcome of a test are shown in the answer itself, and nowhere again.
extension PortalRoutes {
    func registerWebhook(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise, .operator)
        let form = try await FormFields(request)
        let text = Language(request)
        do {
            let types = form.filled("types").map { $0.split(separator: " ").map(String.init) }
            let wanted = WebhookWish(
                url: try form.required("url"), description: form.filled("description"), types: .some(types))
            let made = try JSONNode(
                await market.webhooks.register(
                    wanted, of: account.partyID, allowsInternal: allowsInternal, now: now()))
            var page = try await webhooks(request, context)
            page.address = "/webhooks"
            page.notice = secretNotice(made["secret"].string, text)
            return renderer.response(page, request, context)
        } catch let refusal as any MarketplaceError {
            return try await refused(webhooks(request, context), refusal, sent: form.all, request, context)
        }
    }

    func stepWebhook(_ request: Request, _ context: MarketContext) async throws -> Response {
        let party = try context.requireAccount(.enterprise, .operator).partyID
        let id = try context.id(orElse: WebhookError.unknown)
        let text = Language(request)
        var said: String?
        switch try context.code("step") {
        case "pause", "resume":
            let wanted = WebhookWish(state: try context.code("step") == "pause" ? .paused : .active)
            _ = try await market.webhooks.change(id, to: wanted, of: party, allowsInternal: allowsInternal)
        case "replay": _ = try await market.webhooks.replay(WebhookReplay(), to: id, of: party, now: now())
        case "secret":
            said = secretNotice(try await market.webhooks.rotateSecret(of: id, of: party, now: now()).secret, text)
        case "test": said = try await trialNotice(id, of: party, text)
        case "deletion":
            try await market.webhooks.delete(id, of: party)
            return redirect(to: "/webhooks")
        default: throw HTTPError(.notFound)
        }
        guard let said else { return redirect(to: "/webhooks/\(id.uuidString.lowercased())") }
        var page = try await webhook(request, context)
        page.notice = said
        return renderer.response(page, request, context)
    }

    func replayDelivery(_ request: Request, _ context: MarketContext) async throws -> Response {
        let party = try context.requireAccount(.enterprise, .operator).partyID
        let id = try context.id(orElse: WebhookError.unknown)
        let event = try context.id("delivery", orElse: WebhookError.unknownDelivery)
        _ = try await market.webhooks.replay(WebhookReplay(event: event), to: id, of: party, now: now())
        return redirect(to: "/webhooks/\(id.uuidString.lowercased())")
    }

    private func trialNotice(_ id: UUID, of party: UUID, _ text: Language) async throws -> String {
        let trial = try await market.webhooks.test(
            id, of: party, source: publicURL, allowsInternal: allowsInternal, now: now())
        let answer = [trial.status.map(String.init), trial.failure, trial.answer].compactMap { $0 }
        let said = answer.joined(separator: " · ")
        return trial.delivered
            ? text("测试消息已送达：", "The test message arrived: ") + said
            : text("测试消息未送达：", "The test message did not arrive: ") + said
    }

    private func secretNotice(_ secret: String, _ text: Language) -> String {
        text("密钥（只显示这一次）：", "The secret, shown this once: ") + secret
    }
}
