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
        let (asOf, recordedBy) = (try request.dayEnd("as_of") ?? now, try knownBy(request) ?? now)
        let table = TableRequest(
            metric: "adoption-rate", version: try request.version(), by: dimension,
            period: try Period(from: request.query("from"), to: request.query("to")), panel: panel,
            count: try CountingRule(named: request.query("count")))
        let (metric, document) = try await market.adoption.figure(table, asOf: asOf, recordedBy: recordedBy)
        let figure = try JSONNode(document)
        var other = table
        other.version = try request.version("version2") ?? table.version
        let besideAt = try request.dayEnd("as_of2")
        if try request.query("from2") != nil || request.query("to2") != nil {
            other.period = try Period(from: request.query("from2"), to: request.query("to2"))
        }
        let beside =
            besideAt == nil && other.period == table.period && [nil, metric.version].contains(other.version)
            ? nil : try await market.adoption.figure(other, asOf: besideAt ?? asOf, recordedBy: recordedBy)
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
            .init(name: text("期间", "Period"), value: periodWord(figure, text)),
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
            ("count", figure["count"].string), ("from", try request.query("from")), ("to", try request.query("to")),
            ("as_of", figure["as_of"].string), ("recorded_by", figure["recorded_by"].string),
        ]
        page.facts += figureDownloads("adoption-rate", parameters, text) + exactFacts(context, text)
        if let beside {
            page.tables = [rateComparison(figure, try JSONNode(beside.figure), by: dimension, text)]
            if beside.metric.version != metric.version {
                page.tables += try definitionTables(metric, beside.metric, text)
            }
        } else {
            page.tables = [rateTable(figure, by: dimension, text)]
        }
        page.tables.append(try await rateHistory(table, until: asOf, recordedBy: recordedBy, text))
        page.forms = [
            .init(
                title: text("查询", "Ask"), action: "/adoption", button: text("计算", "Compute"), method: "get",
                fields: try [
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
                        ("from", text("自", "From")), ("to", text("至", "To")), ("as_of", text("截至日期", "As of")),
                        ("recorded_by", text("已知至日期", "Known by")), ("from2", text("对比：自", "Beside it, from")),
                        ("to2", text("对比：至", "Beside it, to")), ("as_of2", text("对比：截至", "Beside it, as of")),
                    ].map { name, label in
                        .init(id: name, name: name, label: label, type: "date", value: try request.query(name) ?? "")
                    }), snapshotForm(figure, text),
        ]
        page.forms += exactForm([("metric", "adoption-rate")] + parameters, context, text)
        return page
    }

    /// What a version of a metric says that it is, the newest without a number; nil when it is not kept.
    func definition(of metric: String, version: Int? = nil, _ text: Language) throws -> String? {
        let kept = market.adoption.versions(of: metric).first { version == nil || $0.version == version }
        let definition = try kept.map { try MetricWords($0).definition }
        return definition.map { text($0.chinese, $0.english) }
    }
}
