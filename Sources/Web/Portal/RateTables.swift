import Foundation
import Marketplace

/// The period of a rate in words; of one without, that it is of all time.
func periodWord(_ figure: JSONNode, _ text: Language) -> String {
    let days = [figure["from"], figure["until"]].map { $0.isNull ? "" : $0.time }
    return days == ["", ""] ? text("不限", "ever") : text("自 ", "from ") + days[0] + text(" 至 ", " until ") + days[1]
}

/// The rates of a panel by one dimension.
func rateTable(_ figure: JSONNode, by dimension: String, _ text: Language) -> PortalPage.Table {
    .init(
        caption: text("按\(dimensionWord(dimension, text))", "By \(dimensionWord(dimension, text))"),
        headers: [
            text("类别", "Class"), text("分子", "Numerator"), text("分母", "Denominator"), text("采购率", "Rate"),
            text("图示", "Bar"),
        ],
        rows: figure["breakdown"].list.map { rateRow(classWord($0["class"].string, of: dimension, text), $0) },
        empty: text("样本里没有这样的企业。", "No enterprise of the panel is of any such class."), chart: true,
        isCompact: true)
}

func rateRow(_ name: String, _ share: JSONNode) -> PortalPage.Table.Row {
    .init(cells: [
        .init(text: name), .init(text: share["numerator"].grouped), .init(text: share["denominator"].grouped),
        .init(text: percent(share["rate"])), .share(share["rate"].string),
    ])
}

/// The same panel by two versions of the definition, in two periods or at two times.
func rateComparison(
    _ one: JSONNode, _ other: JSONNode, by dimension: String, _ text: Language
) -> PortalPage.Table {
    // What tells one side from the other.
    func side(_ figure: JSONNode) -> String {
        var words: [String] = []
        if one["version"].integer != other["version"].integer {
            words.append(versionWord(figure["version"].integer, text))
        }
        if periodWord(one, text) != periodWord(other, text) { words.append(periodWord(figure, text)) }
        if one["as_of"].string != other["as_of"].string { words.append(text("截至 ", "as of ") + figure["as_of"].time) }
        return words.joined(separator: text("，", ", "))
    }
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

extension PortalRoutes {
    /// The rate at the ends of the months of a year up to a time, as was known by another.
    func rateHistory(_ table: TableRequest, until asOf: Date, recordedBy: Date, _ text: Language) async throws
        -> PortalPage.Table
    {
        var whole = table
        whole.dimension = nil
        var rows: [PortalPage.Table.Row] = []
        for end in (1...12).reversed().compactMap({ monthEnd($0) }).filter({ $0 < asOf }) + [asOf] {
            let figure = try JSONNode(
                try await market.adoption.figure(whole, asOf: end, recordedBy: recordedBy).figure)
            rows.append(rateRow(figure["as_of"].time, figure))
        }
        return .init(
            caption: text("历史", "History"),
            headers: [
                text("截至", "As of"), text("分子", "Numerator"), text("分母", "Denominator"), text("采购率", "Rate"),
                text("图示", "Bar"),
            ], rows: rows, chart: true, isCompact: true)
    }
}
