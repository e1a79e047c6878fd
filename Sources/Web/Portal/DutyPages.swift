import Foundation
import Hummingbird
import Marketplace

/// Deadlines and notices.
extension PortalRoutes {
    func deadlines(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.administrator, .operator, .enterprise, .analyst)
        let isOfficer = account.role == .administrator
        let code = isOfficer ? try request.query("party") : nil
        let party = isOfficer ? try await partyID(code) : account.partyID
        let band = try request.query("band")
        let found = try JSONNode(
            await market.deadlines.deadlines(
                of: party, DeadlineFilter(rule: request.query("rule"), band: band), cursor: request.query("cursor"),
                limit: nil, now: now()))
        let filter = [("party", code), ("band", band)].compactMap { name, value in
            value.map { "\(name)=\($0.escapedForURL)" }
        }.joined(separator: "&")
        var page = PortalPage(title: text("期限", "Deadlines"))
        page.facts = [
            .init(
                name: text("日历", "Calendar"), value: "iCalendar (.ics)",
                address: "/v1/deadlines.ics\(filter.isEmpty ? "" : "?" + filter)")
        ]
        page.tables = [deadlineTable(found, of: account, text)]
        if !found["next"].isNull {
            page.next = .init(
                text: text("下一页", "Next page"),
                address: "/deadlines?cursor=\(found["next"].string)\(filter.isEmpty ? "" : "&" + filter)")
        }
        page.forms = [filterForm(code: isOfficer ? code ?? "" : nil, band: band, text)]
        return page
    }

    private func partyID(_ code: String?) async throws -> UUID? {
        guard let code else { return nil }
        return try await market.parties.id(of: code)
    }

    func deadlineTable(_ found: JSONNode, of account: Account, _ text: Language) -> PortalPage.Table {
        let isOfficer = account.role == .administrator
        return .init(
            caption: text("按到期日排序", "By due date"),
            headers: [
                text("到期", "Due"), text("状况", "Standing"), text("剩余工作日", "Working days left"), text("事项", "Duty"),
                text("条款", "Article"), text("对象", "Subject"), text("责任主体", "Who has to act"),
            ] + (isOfficer ? [text("计时", "Clock")] : []),
            rows: found["items"].list.map { item in
                let unverified = item["verified"].isTrue ? "" : text("（天数未核实）", " (days not verified)")
                return .init(
                    cells: [
                        .init(text: item["due_on"].string), .init(text: standing(item["band"].string, text)),
                        .init(text: item["working_days_left"].string), .init(text: item.title(text)),
                        .init(text: item["article"].string + unverified),
                        subject(item["subject"], text),
                        item["party"].party(text),
                    ] + (isOfficer ? [clockCell(item, of: account, text)] : []))
            }, empty: text("没有未了的期限。", "No open deadline."))
    }

    /// What a duty is about; what has no code of its own is called by its kind.
    private func subject(_ subject: JSONNode, _ text: Language) -> PortalPage.Cell {
        let (code, id) = (subject["code"].string, subject["id"].string)
        switch subject["kind"].string {
        case "correction": return .init(text: text("校核", "Correction"), address: "/corrections/\(id)")
        case "consent": return .init(text: text("同意：", "Consent for ") + code, address: "/consents/\(id)")
        case "directory_entry": return .init(text: code, address: "/directory/\(code)")
        case "product": return .init(text: code, address: "/products/\(code)")
        case "directory_draft", "draft": return .init(text: code, address: "/administration/drafts/\(id)")
        default: return .init(text: code)
        }
    }

    private func standing(_ band: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "overdue": "⚠ 已逾期", "due": "今日到期", "near": "即将到期", "later": "未到期", "paused": "暂停计时", "ended": "已结束",
        ]
        return text(names[band] ?? band, band == "overdue" ? "⚠ overdue" : band)
    }

    private func filterForm(code: String?, band: String?, _ text: Language) -> PortalPage.Form {
        let bands =
            [("", text("全部", "all"))]
            + ["overdue", "due", "near", "later", "paused"].map {
                ($0, standing($0, text))
            }
        var fields: [PortalPage.Field] = [
            .init(
                id: "band", name: "band", label: text("状况", "Standing"),
                choices: bands.map { .init(value: $0.0, text: $0.1, isChosen: $0.0 == band ?? "") })
        ]
        if let code {
            fields.append(.init(id: "party", name: "party", label: text("主体代码", "Party's code"), value: code))
        }
        return .init(
            title: text("筛选", "Filter"), action: "/deadlines", button: text("查看", "Show"), method: "get", fields: fields
        )
    }

    func notices(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.enterprise, .operator, .administrator, .analyst)
        let found = try JSONNode(
            await market.notices.notices(to: account.partyID, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("通知", "Notices"))
        page.tables = [
            .init(
                caption: account.name(text),
                headers: [text("时间", "When"), text("内容", "What"), text("确认", "Acknowledged")],
                rows: found["items"].list.map { item in
                    let done = PortalPage.Cell(text: item["acknowledged_at"].time)
                    let button = PortalPage.Cell.button(
                        text("确认", "Acknowledge"), to: "/notices/\(item["id"].string)/acknowledgement")
                    return .init(cells: [
                        .init(text: item["told_at"].time),
                        .init(
                            text: naming(text(item["message_zh"].string, item["message_en"].string), text),
                            address: item["address"].string),
                        item["acknowledged_at"].isNull ? button : done,
                    ])
                }, empty: text("没有通知。", "No notices."))
        ]
        page.next = next(found, "/notices", nil, text)
        return page
    }

    // MARK: Commands

    func acknowledge(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise, .operator, .administrator, .analyst)
        _ = try await market.notices.acknowledge(
            context.id(orElse: NoticeError.unknown), by: account.partyID, now: now())
        return Response(status: .seeOther, headers: [.location: "/notices"])
    }
}
