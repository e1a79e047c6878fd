import Foundation
import Hummingbird
import Marketplace

/// A metric over a panel, with its definition, as a table and a chart, and beside another version of the definition.
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
        let (asOf, recordedBy) = (try request.time("as_of") ?? now, try request.time("recorded_by") ?? now)
        var table = TableRequest(
            metric: "adoption-rate", version: try request.version(), by: dimension, panel: panel,
            count: try CountingRule(named: request.query("count")))
        let (metric, document) = try await market.adoption.figure(table, asOf: asOf, recordedBy: recordedBy)
        let figure = try JSONNode(document)
        table.version = try request.version("version2")
        let beside =
            [nil, metric.version].contains(table.version)
            ? nil : try await market.adoption.figure(table, asOf: asOf, recordedBy: recordedBy)
        page.lead = try definition(of: metric.name, version: metric.version, text)
        page.notice = try earlierNotice(metric, of: market.adoption.versions(of: metric.name), text)
        page.facts = [
            definitionFact(metric, text),
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
            ("version", figure["version"].string), ("panel", panel), ("by", dimension),
            ("count", figure["count"].string),
            ("as_of", figure["as_of"].string), ("recorded_by", figure["recorded_by"].string),
        ]
        page.facts += figureDownloads("adoption-rate", parameters, text) + exactFacts(context, text)
        if let beside {
            page.tables = [rateComparison(figure, try JSONNode(beside.figure), by: dimension, text)]
            page.tables += try definitionTables(metric, beside.metric, text)
        } else {
            page.tables = [rateTable(figure, by: dimension, text)]
        }
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
                ]
                    + versionFields(
                        market.adoption.versions(of: metric.name), chosen: metric, beside: beside?.metric, text)
                    + [
                        .init(id: "as_of", name: "as_of", label: text("截至日期", "As of"), type: "date"),
                        .init(
                            id: "recorded_by", name: "recorded_by", label: text("已知至日期", "Known by"), type: "date"),
                    ]), snapshotForm(figure, text),
        ]
        page.forms += exactForm([("metric", "adoption-rate")] + parameters, context, text)
        return page
    }

    private func rateTable(_ figure: JSONNode, by dimension: String, _ text: Language) -> PortalPage.Table {
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
    }

    /// The same panel at the same times by two versions of the definition.
    private func rateComparison(
        _ one: JSONNode, _ other: JSONNode, by dimension: String, _ text: Language
    ) -> PortalPage.Table {
        func side(_ figure: JSONNode) -> String { versionWord(figure["version"].integer, text) }
        func said(_ share: JSONNode) -> String {
            if share.isNull { return "–" }
            let numerator = share["suppressed"].isTrue ? text("不公布", "not given") : share["numerator"].grouped
            return "\(numerator) / \(share["denominator"].grouped) · \(percent(share["rate"]))"
        }
        func row(_ name: String, _ one: JSONNode, _ other: JSONNode) -> PortalPage.Table.Row {
            var change = "–"
            if let before = one["rate"].number, let after = other["rate"].number {
                let points = (after - before) * 100
                change = (points > 0 ? "+" : "") + points.shortened + text(" 个百分点", " points")
            }
            return .init(cells: [name, said(one), said(other), change].map { .init(text: $0) })
        }
        func share(_ name: String, of figure: JSONNode) -> JSONNode {
            figure["breakdown"].list.first { $0["class"].string == name } ?? .absent
        }
        let classes = Set((one["breakdown"].list + other["breakdown"].list).map(\.["class"].string)).sorted()
        return .init(
            caption: text("按\(dimensionWord(dimension, text))", "By \(dimensionWord(dimension, text))"),
            headers: [text("类别", "Class"), side(one), side(other), text("变化", "Change")],
            rows: classes.map {
                row(classWord($0, of: dimension, text), share($0, of: one), share($0, of: other))
            } + [row(text("全部样本", "The whole panel"), one, other)], isCompact: true)
    }

    /// What a version of a metric says that it is, the newest without a number; nil when it is not kept.
    func definition(of metric: String, version: Int? = nil, _ text: Language) throws -> String? {
        let kept = market.adoption.versions(of: metric).first { version == nil || $0.version == version }
        let definition = try kept.map { try MetricWords($0).definition }
        return definition.map { text($0.chinese, $0.english) }
    }
}
