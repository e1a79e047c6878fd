import Foundation
import Hummingbird
import Marketplace

/// The metrics over the whole market: what each standing of purchases amounts to, and the classes of a dimension.
extension PortalRoutes {
    private static let standings = ["market", "trial", "refunded", "administration", "synthetic"]

    func marketFigures(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.analyst, .administrator)
        let definitions = try JSONNode(market.adoption.definitions())["items"].list.filter {
            $0["over"].string == "market"
        }
        let name = try request.query("metric") ?? "transactions"
        guard let definition = definitions.first(where: { $0["name"].string == name }) else {
            throw AdoptionError.unknownMetric(name)
        }
        let wholes = try await Self.standings.asyncMap { standing in
            try await market.adoption.figure(marketRequest(name, standing: standing, by: nil, request))
        }
        // A market that is only tried out has nothing but synthetic purchases.
        let fullest = wholes.first { !$0.cells.isEmpty }?.request.standing ?? FigureRequest.market
        let standing = try request.query("standing") ?? fullest
        let dimension = try request.query("by") ?? "section"
        let figure = try await market.adoption.figure(
            marketRequest(name, standing: standing, by: dimension, request))
        var page = PortalPage(title: text(definition["title"]["zh"].string, definition["title"]["en"].string))
        page.lead = text(definition["definition"]["zh"].string, definition["definition"]["en"].string)
        page.facts = [
            .init(
                name: text("定义", "Definition"),
                value: text("第\(figure.metric.version)版", "version \(figure.metric.version)")
                    + " · SHA-256 \(figure.metric.digest.prefix(12))…"),
            .init(
                name: text("计至", "Counted to"),
                value: figure.countedTo.map { text("日志位置\($0.grouped)", "place \($0.grouped) of the log") } ?? "–"),
            .init(
                name: text("样本", "Panels"), value: text("样本采购率", "The adoption rate of a panel"), address: "/adoption"),
        ]
        let stated = try JSONNode(figure.document)
        page.facts += figureDownloads(
            name,
            [
                ("by", dimension), ("standing", figure.request.standing), ("from", try request.query("from")),
                ("to", try request.query("to")), ("as_of", stated["as_of"].string),
                ("recorded_by", stated["recorded_by"].string),
            ], text)
        page.tables = [standingTable(wholes, text)] + classTables(figure, text)
        page.forms = [try marketForm(definitions, figure, request, text)]
        return page
    }

    private func marketRequest(
        _ metric: String, standing: String, by dimension: String?, _ request: Request
    ) throws -> FigureRequest {
        FigureRequest(
            metric: metric, by: dimension, from: try request.legalDay("from"),
            until: try request.legalDay("to")?.addingTimeInterval(86_400), asOf: try request.dayEnd("as_of"),
            recordedBy: try request.dayEnd("recorded_by"), standing: standing)
    }

    /// What each standing amounts to, apart from the others.
    private func standingTable(_ wholes: [Figure], _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("各类采购", "By standing of the purchase"),
            headers: [text("类别", "Standing"), text("项目", "What is counted"), text("数字", "Value")],
            rows: wholes.flatMap { whole in
                whole.cells.map { cell in
                    .init(cells: [
                        .init(text: standingWord(whole.request.standing, text)),
                        .init(text: valueWord(cell.name, text)),
                        .init(text: shown(cell, text)),
                    ])
                }
            }, empty: text("还没有采购。", "There is no purchase yet."), isCompact: true)
    }

    /// A table for each value, whose bars are the classes' shares of the whole.
    private func classTables(_ figure: Figure, _ text: Language) -> [PortalPage.Table] {
        let dimension = figure.request.dimension ?? ""
        let caption = text(
            "\(standingWord(figure.request.standing, text))：按\(dimensionWord(dimension, text))",
            "\(standingWord(figure.request.standing, text)), by \(dimensionWord(dimension, text))")
        let classes = figure.cells.filter { $0.className != nil }
        guard !classes.isEmpty else {
            let empty =
                figure.isWithheld
                ? text("企业太少，无法公布分类。", "There are too few enterprises for a breakdown that gives none of them away.")
                : text("没有这样的采购。", "There is no such purchase.")
            return [.init(caption: caption, headers: [], rows: [], empty: empty)]
        }
        return figure.cells.filter { $0.className == nil }.map { whole in
            .init(
                caption: caption,
                headers: [text("类别", "Class"), valueWord(whole.name, text), text("占比", "Share of the whole")],
                rows: classes.filter { $0.name == whole.name && $0.unit == whole.unit }.map { cell in
                    let share = whole.value.flatMap { all in cell.value.map { all > 0 && $0 > 0 ? $0 / all : 0 } }
                    return .init(cells: [
                        .init(text: classWord(cell.className ?? "", of: dimension, text)),
                        .init(text: shown(cell, text)),
                        share.map { .share("\($0)") } ?? .init(),
                    ])
                }, chart: true, isCompact: true)
        }
    }

    private func marketForm(
        _ definitions: [JSONNode], _ figure: Figure, _ request: Request, _ text: Language
    ) throws -> PortalPage.Form {
        func day(_ name: String, _ label: String) throws -> PortalPage.Field {
            .init(id: name, name: name, label: label, type: "date", value: try request.query(name) ?? "")
        }
        return .init(
            title: text("查询", "Ask"), action: "/adoption/market", button: text("计算", "Compute"), method: "get",
            fields: [
                .init(
                    id: "metric", name: "metric", label: text("指标", "Metric"),
                    choices: definitions.map {
                        .init(
                            value: $0["name"].string, text: text($0["title"]["zh"].string, $0["title"]["en"].string),
                            isChosen: $0["name"].string == figure.metric.name)
                    }),
                .init(
                    id: "by", name: "by", label: text("维度", "Dimension"),
                    choices: figure.metric.dimensions.map {
                        .init(value: $0, text: dimensionWord($0, text), isChosen: $0 == figure.request.dimension)
                    }),
                .init(
                    id: "standing", name: "standing", label: text("采购类别", "Standing"),
                    choices: Self.standings.map {
                        .init(value: $0, text: standingWord($0, text), isChosen: $0 == figure.request.standing)
                    }),
                try day("from", text("自", "From")), try day("to", text("至", "To")),
                try day("as_of", text("截至日期", "As of")), try day("recorded_by", text("已知至日期", "Known by")),
            ])
    }

}

extension Sequence where Element: Sendable {
    /// One after the other.
    fileprivate func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
