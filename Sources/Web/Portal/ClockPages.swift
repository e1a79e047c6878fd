import Foundation
import Hummingbird
import Marketplace

/// The clock of one duty, for the officer whose party has to act.
extension PortalRoutes {
    func addClockPages(to router: Router<MarketContext>) {
        page(router, "/deadlines/:id") { try await clock($0, $1) }
        router.post("/deadlines/:id/pause") { request, context in
            let form = try await FormFields(request)
            return try await change(
                request, context,
                .pause(reason: try form.required("reason"), waitingFor: try form.required("waiting_for")))
        }
        router.post("/deadlines/:id/resumption") { try await change($0, $1, .resume) }
        router.post("/deadlines/:id/extension") { request, context in
            let form = try await FormFields(request)
            let days = try form.filled("days").map { text in
                guard let days = Int(text) else { throw InvalidInput("days", "This is not a number of days.") }
                return days
            }
            return try await change(request, context, .extend(reason: try form.required("reason"), days: days))
        }
    }

    /// What leads from a duty in the list to its clock; empty for other parties' duties and for days that are fixed.
    func clockCell(_ item: JSONNode, of account: Account, _ text: Language) -> PortalPage.Cell {
        guard isOwn(item, account) else { return .init() }
        let address = "/deadlines/\(item["id"].string)"
        guard item["state"].string == "paused" else {
            return .init(text: text("暂停或延期", "Pause or extend"), address: address)
        }
        return .button(text("恢复计时", "Resume"), to: "\(address)/resumption")
    }

    private func isOwn(_ duty: JSONNode, _ account: Account) -> Bool {
        duty["party"]["code"].string == account.partyCode && duty["is_fixed"].truth == false
    }

    private func clock(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.administrator)
        let duty = try JSONNode(
            await market.deadlines.deadline(context.id(orElse: ClockError.unknown), now: now()))
        var page = PortalPage(title: "\(duty.title(text)) · \(duty["subject"]["code"].string)")
        page.facts = [
            .init(name: text("到期", "Due"), value: duty["due_on"].string),
            .init(name: text("责任主体", "Who has to act"), value: duty["party"].party(text).text),
            .init(name: text("剩余工作日", "Working days left"), value: duty["working_days_left"].string),
        ]
        page.tables = [pauseTable(duty, text)]
        if duty["state"].string == "running", isOwn(duty, account) { page.forms = clockForms(duty, text) }
        return page
    }

    private func pauseTable(_ duty: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("暂停记录", "Pauses"),
            headers: [
                text("自", "From"), text("至", "To"), text("等待", "Waiting for"), text("原因", "Reason"),
                text("顺延", "Moved by"),
            ],
            rows: duty["pauses"].list.map { pause in
                .init(cells: [
                    .init(text: pause["paused_at"].time), .init(text: pause["resumed_at"].time),
                    pause["waiting_for"].party(text), .init(text: pause["reason"].string),
                    .init(text: pause["days"].string),
                ])
            }, empty: text("没有暂停。", "Its clock never stood."))
    }

    private func clockForms(_ duty: JSONNode, _ text: Language) -> [PortalPage.Form] {
        let address = "/deadlines/\(duty["id"].string)"
        let reason = { (id: String) in
            PortalPage.Field(id: id, name: "reason", label: text("原因", "Reason"))
        }
        let pause = PortalPage.Form(
            title: text("暂停计时", "Pause"), action: "\(address)/pause", button: text("暂停", "Pause"),
            fields: [
                .init(id: "waiting_for", name: "waiting_for", label: text("等待的主体代码", "Code of the party waited for")),
                reason("pause_reason"),
            ])
        guard !duty["extension_days"].isNull else { return [pause] }
        let most = duty["extension_days"].string
        let extend = PortalPage.Form(
            title: text("延期（一次，至多 \(most) 日）", "Extend (once, by at most \(most) days)"),
            action: "\(address)/extension", button: text("延期", "Extend"),
            fields: [
                .init(id: "days", name: "days", label: text("日数", "Days"), type: "number", value: most),
                reason("extension_reason"),
            ])
        return [pause, extend]
    }

    private func change(_ request: Request, _ context: MarketContext, _ change: ClockChange) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        _ = try await market.deadlines.change(
            context.id(orElse: ClockError.unknown), change, by: account.partyID, now: now())
        return redirect(to: "/deadlines")
    }
}
