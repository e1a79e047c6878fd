import Foundation
import Hummingbird
import Marketplace

/// A metric over a panel, with its definition, as a table and a chart.
extension PortalRoutes {
    func adoption(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.analyst, .administrator)
        let panels = try JSONNode(await market.panels.list(cursor: nil, limit: 200))["items"].list
        let dimension = try request.query("by") ?? "section"
        let now = now()
        var page = PortalPage(title: metricWord("adoption-rate", text))
        guard let panel = try request.query("panel") ?? panels.first?["code"].string else {
            page.notice = text("还没有样本名录。", "There is no panel yet.")
            page.forms = [panelForm(nil, text)]
            return page
        }
        let (_, document) = try await market.adoption.figure(
            "adoption-rate", panel: panel, by: dimension,
            count: CountingRule(named: request.query("count")), asOf: request.time("as_of") ?? now,
            recordedBy: request.time("recorded_by") ?? now)
        let figure = try JSONNode(document)
        page.lead = try definition(of: "adoption-rate", text)
        page.facts = [
            .init(name: text("采购率", "Rate"), value: percent(figure["rate"])),
            .init(name: text("分子", "Numerator"), value: figure["numerator"].grouped),
            .init(name: text("分母", "Denominator"), value: figure["denominator"].grouped),
            .init(
                name: text("样本", "Panel"), value: panelWords(figure["panel"], text),
                address:
                    "/adoption/panels/\(figure["panel"]["code"].string)?version=\(figure["panel"]["version"].string)"),
            .init(name: text("计数", "Counted"), value: countWord(figure["count"].string, text)),
            .init(name: text("截至", "As of"), value: figure["as_of"].time),
            .init(name: text("已知至", "Known by"), value: figure["recorded_by"].time),
            .init(
                name: text("快照", "Snapshots"), value: text("已保存的数字", "Figures that were kept"),
                address: "/adoption/snapshots"),
            .init(
                name: text("整个市场", "The whole market"),
                value: text("采购笔数、金额与企业数", "Purchases, their value, and enterprises"), address: "/adoption/market"),
            .init(
                name: text("样本名录", "Panels"), value: text("名录与导入", "Panels and their import"),
                address: "/adoption/panels"),
        ]
        let parameters: [(String, String?)] = [
            ("panel", panel), ("by", dimension), ("count", figure["count"].string), ("as_of", figure["as_of"].string),
            ("recorded_by", figure["recorded_by"].string),
        ]
        page.facts += figureDownloads("adoption-rate", parameters, text) + exactFacts(context, text)
        page.tables = [
            .init(
                caption: text("按\(dimensionWord(dimension, text))", "By \(dimensionWord(dimension, text))"),
                headers: [
                    text("类别", "Class"), text("分子", "Numerator"), text("分母", "Denominator"), text("采购率", "Rate"),
                    text("图示", "Bar"),
                ],
                rows: figure["breakdown"].list.map { row in
                    .init(cells: [
                        .init(text: classWord(row["class"].string, of: dimension, text)),
                        .init(text: row["numerator"].grouped),
                        .init(text: row["denominator"].grouped), .init(text: percent(row["rate"])),
                        .share(row["rate"].string),
                    ])
                }, empty: text("样本里没有这样的企业。", "No enterprise of the panel is of any such class."), chart: true,
                isCompact: true)
        ]
        page.forms = [
            .init(
                title: text("查询", "Ask"), action: "/adoption", button: text("计算", "Compute"), method: "get",
                fields: [
                    .init(
                        id: "panel", name: "panel", label: text("样本", "Panel"),
                        choices: panels.map {
                            .init(value: $0["code"].string, text: $0.title(text), isChosen: $0["code"].string == panel)
                        }),
                    .init(
                        id: "by", name: "by", label: text("维度", "Dimension"),
                        choices: ["section", "province", "enterprise_kind"].map {
                            .init(value: $0, text: dimensionWord($0, text), isChosen: $0 == dimension)
                        }),
                    .init(
                        id: "count", name: "count", label: text("计数规则", "Counted"),
                        choices: CountingRule.allCases.map(\.rawValue).map {
                            .init(value: $0, text: countWord($0, text), isChosen: $0 == figure["count"].string)
                        }),
                    .init(id: "as_of", name: "as_of", label: text("截至日期", "As of"), type: "date"),
                    .init(
                        id: "recorded_by", name: "recorded_by", label: text("已知至日期", "Known by"), type: "date"),
                ]), snapshotForm(figure, text),
        ]
        page.forms += exactForm([("metric", "adoption-rate")] + parameters, context, text)
        return page
    }

    /// What a metric says that it is; empty when there is no such metric any more.
    func definition(of metric: String, _ text: Language) throws -> String? {
        let definition = try JSONNode(market.adoption.definitions())["items"].list
            .first { $0["name"].string == metric }?["definition"]
        return definition.map { text($0["zh"].string, $0["en"].string) }
    }
}
