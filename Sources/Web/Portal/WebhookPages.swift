import Foundation
import Hummingbird
import Marketplace

/// Webhooks of the reader's party: the list with a form to register one, and one of them with what it was told.
extension PortalRoutes {
    func addWebhookPages(to router: Router<MarketContext>) {
        page(router, "/webhooks") { try await webhooks($0, $1) }
        page(router, "/webhooks/:id") { try await webhook($0, $1) }
        router.post("/webhooks") { try await registerWebhook($0, $1) }
        router.post("/webhooks/:id/:step") { try await stepWebhook($0, $1) }
        router.post("/webhooks/:id/deliveries/:delivery/replay") { try await replayDelivery($0, $1) }
    }

    func webhooks(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.enterprise, .operator)
        let found = try JSONNode(
            await market.webhooks.list(of: account.partyID, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("事件推送", "Webhooks"))
        page.lead = text(
            "采购、交付和账单发生变化时，市场向贵方系统的地址发送签名的消息。",
            "When a purchase, a delivery or an invoice changes, the market sends a signed message to an address of your system."
        )
        page.tables = [
            .init(
                caption: account.name(text),
                headers: [text("地址", "Address"), text("用途", "For"), text("状态", "State"), text("登记于", "Registered")],
                rows: found["items"].list.map { item in
                    .init(cells: [
                        .init(text: item["url"].string, address: "/webhooks/\(item["id"].string)"),
                        .init(text: item["description"].string), .init(text: webhookState(item, text)),
                        .init(text: item["registered_at"].time),
                    ])
                }, empty: text("还没有登记地址。", "No address is registered yet."))
        ]
        page.next = next(found, "/webhooks", nil, text)
        page.forms = [
            .init(
                title: text("登记地址", "Register an address"), action: "/webhooks", button: text("登记", "Register"),
                about: text("密钥只显示一次，请妥善保存。", "The secret is shown once: keep it."),
                fields: [
                    .init(id: "url", name: "url", label: text("地址（https）", "Address (https)"), type: "url"),
                    .init(id: "description", name: "description", label: text("用途", "For")),
                    .init(
                        id: "types", name: "types",
                        label: text("事件类型，以空格分隔；不填为全部", "Types of events, with spaces between; empty: all")),
                ])
        ]
        return page
    }

    func webhook(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.enterprise, .operator)
        let id = try context.id(orElse: WebhookError.unknown)
        let found = try JSONNode(await market.webhooks.webhook(id, of: account.partyID))
        let state = try request.query("state").flatMap { WebhookDeliveryState(rawValue: $0) }
        let told = try JSONNode(
            await market.webhooks.deliveries(
                of: id, state: state, of: account.partyID, cursor: request.query("cursor"), limit: nil))
        let address = "/webhooks/\(found["id"].string)"
        var page = PortalPage(title: text("事件推送：", "Webhook: ") + found["url"].string)
        page.address = address
        page.facts = [
            .init(name: text("状态", "State"), value: webhookState(found, text)),
            .init(name: text("用途", "For"), value: found["description"].string),
            .init(
                name: text("事件类型", "Types of events"),
                value: found["types"].isNull
                    ? text("全部", "all") : found["types"].list.map(\.string).joined(separator: " ")),
            .init(name: text("持续失败自", "Failing since"), value: found["failing_since"].time),
            .init(name: text("旧密钥有效至", "Old secret signs until"), value: found["old_secret_until"].time),
        ]
        page.tables = [deliveryTable(told, address, state, text)]
        let filter = state.map { "&state=\($0.rawValue)" } ?? ""
        page.next = next(told, address, nil, text).map { .init(text: $0.text, address: $0.address + filter) }
        page.forms = webhookForms(found, address, state, text)
        return page
    }

    private func deliveryTable(
        _ told: JSONNode, _ address: String, _ state: WebhookDeliveryState?, _ text: Language
    ) -> PortalPage.Table {
        .init(
            caption: state.map { deliveryState($0.rawValue, text) } ?? text("全部消息", "Every message"),
            headers: [
                text("发生于", "Happened"), text("事件", "Event"), text("状态", "State"), text("次数", "Attempts"),
                text("最近答复", "Last answer"), text("下次", "Next"), text("重发", "Tell again"),
            ],
            rows: told["items"].list.map { item in
                let ended = item["state"].string != "pending"
                let button = PortalPage.Cell.button(
                    text("重发", "Tell again"), to: "\(address)/deliveries/\(item["id"].string)/replay")
                let answer = [item["status"].string, item["failure"].string, item["answer"].string]
                return .init(cells: [
                    .init(text: item["occurred_at"].time), .init(text: item["type"].string),
                    .init(text: deliveryState(item["state"].string, text)), .init(text: item["attempts"].string),
                    .init(text: answer.filter { !$0.isEmpty }.joined(separator: " · ")),
                    .init(text: item["due_at"].time), ended ? button : .init(),
                ])
            }, empty: text("没有消息。", "No messages."))
    }

    private func webhookForms(
        _ found: JSONNode, _ address: String, _ state: WebhookDeliveryState?, _ text: Language
    ) -> [PortalPage.Form] {
        let states =
            [("", text("全部", "all"))]
            + WebhookDeliveryState.allCases.map {
                ($0.rawValue, deliveryState($0.rawValue, text))
            }
        let filter = PortalPage.Form(
            title: text("筛选", "Filter"), action: address, button: text("查看", "Show"), method: "get",
            fields: [
                .init(
                    id: "state", name: "state", label: text("状态", "State"),
                    choices: states.map {
                        .init(value: $0.0, text: $0.1, isChosen: $0.0 == state?.rawValue ?? "")
                    })
            ])
        let isActive = found["state"].string == "active"
        let steps = [
            ("test", text("发送测试消息", "Send a test message")),
            isActive ? ("pause", text("暂停", "Pause")) : ("resume", text("恢复", "Resume")),
            ("replay", text("重发全部已结束的消息", "Tell every ended message again")),
            ("secret", text("更换密钥", "Change the secret")), ("deletion", text("删除", "Delete")),
        ]
        return [filter]
            + steps.map { .init(title: $0.1, action: "\(address)/\($0.0)", button: $0.1) }
    }

    private func webhookState(_ item: JSONNode, _ text: Language) -> String {
        switch item["state"].string {
        case "active": item["failing_since"].isNull ? text("正常", "active") : text("正常（正在失败）", "active (failing)")
        case "paused": text("已暂停", "paused")
        default: text("已失效（答复 410）", "gone (it answered 410)")
        }
    }

    private func deliveryState(_ value: String, _ text: Language) -> String {
        switch value {
        case "pending": text("待送达", "pending")
        case "delivered": text("已送达", "delivered")
        default: text("已放弃", "given up")
        }
    }
}
