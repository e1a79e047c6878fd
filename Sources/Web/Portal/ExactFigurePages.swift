import Foundation
import Hummingbird
import Marketplace

/// Exact figures for administrators: the form that asks for one with a reason, the answer, and the list of who read which. Nothing
/// but a form that is sent reads one, so that no prefetch and no link does; who reloads the answer reads it again, and is noted again.
extension PortalRoutes {
    static let exactFigures = "/adoption/exact-figures"

    func addExactFigurePages(to router: Router<MarketContext>) {
        page(router, "/adoption/exact-figures") { try await exactReadings($0, $1) }
        router.post("/adoption/exact-figures") { try await readExactly($0, $1) }
    }

    /// The form that asks for a figure without suppression; none for who is no administrator.
    /// - Parameter asked: what the figure of the page was asked by, as the API names it.
    func exactForm(_ asked: [(String, String?)], _ context: MarketContext, _ text: Language) -> [PortalPage.Form] {
        guard context.account?.role == .administrator else { return [] }
        return [
            .init(
                title: text("准确数字（仅限管理部门）", "The exact figure, for administrators"), action: Self.exactFigures,
                button: text("登记并查看", "Note it and read"), id: "exact",
                about: text(
                    "同一数字，不作隐去。先登记何人、何时、因何查看哪个数字，再计算。",
                    "The same figure with nothing suppressed. Who reads which, when and why is noted first; then it is computed."
                ),
                hidden: asked.compactMap { name, value in
                    value.flatMap { $0.isEmpty ? nil : .init(name: name, value: $0) }
                },
                fields: [.init(id: "reason", name: "reason", label: text("查看理由", "Reason"))])
        ]
    }

    /// Where administrators see who read exact figures.
    func exactFacts(_ context: MarketContext, _ text: Language) -> [PortalPage.Fact] {
        guard context.account?.role == .administrator else { return [] }
        return [
            .init(
                name: text("准确数字", "Exact figures"), value: text("查看记录", "Who read which"), address: Self.exactFigures)
        ]
    }

    // MARK: The answer

    private static let asked = [
        "metric", "version", "panel", "by", "count", "standing", "from", "to", "as_of", "recorded_by",
    ]

    private func readExactly(_ request: Request, _ context: MarketContext) async throws -> Response {
        let text = Language(request)
        let account = try context.requireAccount(.administrator)
        let form = try await FormFields(request)
        let facts = try (Self.asked + ["reason"]).map { name in
            PortalPage.Fact(name: parameterWord(name, text), value: try said(name, form[name] ?? "", text))
        }
        do {
            var page = try await exactFigure(form, by: account, text)
            page.notice = text(
                "准确数字，未作隐去：仅供\(account.partyName)的管理人员用于所述事由，不得公布或转交。本次查看已登记。",
                "Exact, with nothing suppressed: for administrators of \(account.partyNameEnglish) and the stated reason only, "
                    + "not to be published or passed on. This reading is noted.")
            page.facts = facts + page.facts + exactFacts(context, text)
            page.address = Self.exactFigures
            page.unacknowledged = try await market.notices.unacknowledged(by: account.partyID)
            return renderer.response(page, request, context)
        } catch let refusal as any MarketplaceError {
            var page = PortalPage(title: text("准确数字", "Exact figure"))
            page.facts = facts
            page.forms = exactForm(Self.asked.map { ($0, form[$0]) }, context, text)
            page.address = Self.exactFigures
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }

    private func exactFigure(_ form: FormFields, by account: Account, _ text: Language) async throws -> PortalPage {
        let (reading, now) = (try ExactReading(by: account, reason: form["reason"]), now())
        let table = try market.adoption.completed(
            TableRequest(
                metric: form.required("metric"), version: form.wholeNumber("version"), by: form.filled("by"),
                period: Period(from: form.filled("from"), to: form.filled("to")), panel: form.filled("panel"),
                count: form.filled("count").map { try CountingRule(named: $0) }, standing: form.filled("standing")))
        let asOf = try form.filled("as_of").map { try parsedTime($0, field: "as_of") }
        let recordedBy = try form.filled("recorded_by").map { try parsedTime($0, field: "recorded_by") }
        try requireKnown(recordedBy, now: now)
        var page = PortalPage(title: text("准确数字：", "Exact figure: ") + (try metricTitle(table.metric, text)))
        if market.adoption.scope(of: table.metric) == .panel {
            let (_, document) = try await market.adoption.figure(
                table, asOf: asOf ?? now, recordedBy: recordedBy ?? now, exactly: reading, now: now)
            page.tables = [exactPanelTable(try JSONNode(document), text)]
        } else {
            let figure = try await market.adoption.figure(
                table.figure(asOf: asOf, recordedBy: recordedBy), exactly: reading, now: now)
            page.tables = [wholeTable([figure], text)] + (table.dimension == nil ? [] : classTables(figure, text))
        }
        for place in page.tables.indices {
            page.tables[place].caption = text("准确 · ", "Exact · ") + page.tables[place].caption
        }
        page.facts = [.init(name: text("登记于", "Noted at"), value: beijingTime(now))]
        return page
    }

    private func exactPanelTable(_ figure: JSONNode, _ text: Language) -> PortalPage.Table {
        var table = rateTable(figure, by: figure["by"].string, text)
        table.caption = panelWords(figure["panel"], text)
        table.rows.insert(rateRow(text("全部样本", "The whole panel"), figure), at: 0)
        return table
    }

    // MARK: The list

    private func exactReadings(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.administrator)
        let found = try JSONNode(
            await market.adoption.exactReadings(cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("准确数字的查看记录", "Exact figures that were read"))
        page.lead = text(
            "管理人员未经隐去查看的每个数字：何人、何时、因何、以哪个凭证。记录不再改动，不含数字本身。",
            "Every figure that an administrator read with nothing suppressed: who, when, why and with which token or password. "
                + "No record is changed, and none holds the figure.")
        page.facts = [
            .init(name: text("指标", "Metrics"), value: text("整个市场", "The whole market"), address: "/adoption/market"),
            .init(
                name: text("样本", "Panels"), value: text("样本采购率", "The adoption rate of a panel"), address: "/adoption"),
        ]
        page.tables = [
            .init(
                caption: text("查看记录", "Readings"),
                headers: [
                    text("查看于", "Read at"), text("查看者", "Read by"), text("理由", "Reason"), text("指标", "Metric"),
                    text("版本", "Version"), text("参数", "Asked by"), text("凭证", "Token or password"),
                ],
                rows: try found["items"].list.map { reading in
                    .init(cells: [
                        .init(text: reading["read_at"].time), reading["read_by"].party(text),
                        .init(text: reading["reason"].string),
                        .init(text: try metricTitle(reading["metric"].string, text)),
                        .init(text: reading["version"].string),
                        .init(text: try parameterWords(reading["parameters"], text)),
                        .init(text: String(reading["access"].string.suffix(12))),
                    ])
                }, empty: text("还没有人查看过准确数字。", "Nobody has read an exact figure yet."))
        ]
        page.next = next(found, Self.exactFigures, nil, text)
        return page
    }

    private func parameterWords(_ parameters: JSONNode, _ text: Language) throws -> String {
        try Self.asked.filter { !parameters[$0].isNull }
            .map { "\(parameterWord($0, text)) \(try said($0, parameters[$0].string, text))" }
            .joined(separator: text("；", "; "))
    }

    /// A parameter's value in words.
    private func said(_ name: String, _ value: String, _ text: Language) throws -> String {
        guard !value.isEmpty else { return ["as_of", "recorded_by"].contains(name) ? text("现在", "now") : "" }
        return switch name {
        case "metric": try metricTitle(value, text)
        case "by": dimensionWord(value, text)
        case "count": countWord(value, text)
        case "standing": standingWord(value, text)
        case "as_of", "recorded_by": BeijingTime.text(value) ?? value
        default: value
        }
    }

    private func parameterWord(_ name: String, _ text: Language) -> String {
        let words: KeyValuePairs = [
            "metric": ("指标", "Metric"), "version": ("版本", "Version"), "panel": ("样本", "Panel"),
            "by": ("维度", "Dimension"),
            "count": ("计数", "Counted"), "standing": ("采购类别", "Standing"), "from": ("自", "From"), "to": ("至", "To"),
            "as_of": ("截至", "As of"), "recorded_by": ("已知至", "Known by"), "reason": ("理由", "Reason"),
        ]
        return words[name].map { text($0.0, $0.1) } ?? name
    }
}
