import Marketplace

/// A table of a snapshot beside what is computed of it today, as its page shows it.
struct KeptTable {
    enum Verdict { case same, differs, notComputed }

    /// Its number in the snapshot; nil where it is the only one.
    let number: Int?
    /// The metric's title in the reader's language.
    let title: String
    /// As it is kept: metric, version, definition, parameters, result and its hash.
    let kept: JSONNode
    /// Its result as it is computed today; absent where it cannot be.
    let again: JSONNode
    let text: Language

    private var parameters: JSONNode { kept["parameters"] }
    private var result: JSONNode { kept["result"] }
    var isOfPanel: Bool { !result["panel"].isNull }

    /// What it is of: a panel, one standing of the market's purchases, or what is public.
    var subject: String {
        if isOfPanel {
            return "\(panelWords(result["panel"], text)) · \(countWord(parameters["count"].string, text))"
        }
        let standing = parameters["standing"]
        return standing.isNull ? text("公开信息", "what is public") : standingWord(standing.string, text)
    }

    var dimension: String { parameters["by"].isNull ? "" : dimensionWord(parameters["by"].string, text) }

    /// The days of its period, both included; empty where it has none.
    var period: String {
        let (from, to) = (parameters["from"], parameters["to"])
        return from.isNull && to.isNull
            ? "" : "\(from.isNull ? "…" : from.string) – \(to.isNull ? "…" : to.string)"
    }

    private var caption: String {
        guard let number else { return text("保存的与重新计算的", "As kept and as recomputed") }
        return
            ([text("表\(number)：", "Table \(number): ") + title, subject]
            + [dimension.isEmpty ? "" : text("按\(dimension)", "by \(dimension)"), period])
            .filter { !$0.isEmpty }.joined(separator: " · ")
    }

    // MARK: Rows

    private var rows: [Row] { isOfPanel ? panelRows : marketRows }

    var verdict: Verdict {
        guard !again.isNull else { return .notComputed }
        return rows.allSatisfy { $0.kept == $0.again } ? .same : .differs
    }

    var table: PortalPage.Table {
        var headers =
            [text("类别", "Class")]
            + rows.reduce(into: [String]()) { names, row in
                for cell in row.kept where !names.contains(cell.name) { names.append(cell.name) }
            }
        let names = headers.dropFirst()
        let hasBars = isOfPanel
        if hasBars { headers.append(text("图示", "Bar")) }
        headers.append(text("重新计算", "Recomputed"))
        return .init(
            caption: caption, headers: headers,
            rows: rows.map { row in
                let values = names.map { name in
                    PortalPage.Cell(text: row.kept.first { $0.name == name }?.value ?? "–")
                }
                return .init(
                    cells: [.init(text: row.name)] + values + (hasBars ? [bar(row.share)] : [])
                        + [.init(text: said(row))])
            } + (result["withheld"].isTrue ? [withheld(columns: headers.count)] : []),
            empty: text("没有这样的数据。", "There is nothing of the kind."), chart: hasBars && number == nil,
            isFolded: number != nil && rows.count > 24, isCompact: true)
    }

    /// What is not given has no bar, which would read as nothing.
    private func bar(_ share: String) -> PortalPage.Cell { share.isEmpty ? .init() : .share(share) }

    private func withheld(columns: Int) -> PortalPage.Table.Row {
        let said = text("企业太少，其他类别不公布。", "There are too few enterprises to name further classes.")
        return .init(cells: [.init(text: said)] + Array(repeating: .init(), count: columns - 1))
    }

    private func said(_ row: Row) -> String {
        guard !again.isNull else { return "–" }
        let other = row.again.filter { !row.kept.contains($0) }.map { "\($0.name): \($0.value)" }
        if row.kept == row.again { return text("相同", "same") }
        return text("⚠ 不同", "⚠ differs") + (other.isEmpty ? "" : text("：", ": ") + other.joined(separator: "; "))
    }

    /// A class, or the whole, by the names and values that its page shows.
    private struct Row {
        struct Value: Equatable { let name, value: String }
        let name: String
        let kept, again: [Value]
        var share = ""
    }

    private var panelRows: [Row] {
        func values(_ figure: JSONNode) -> [Row.Value] {
            guard !figure.isNull else { return [] }
            let isSuppressed = figure["suppressed"].isTrue
            func shown(_ value: String) -> String { isSuppressed ? suppressedWord(text) : value }
            return [
                .init(name: text("分子", "Numerator"), value: shown(figure["numerator"].grouped)),
                .init(name: text("分母", "Denominator"), value: figure["denominator"].grouped),
                .init(name: text("采购率", "Rate"), value: shown(percent(figure["rate"]))),
            ]
        }
        let whole = Row(
            name: text("全部样本", "The whole panel"), kept: values(result), again: values(again),
            share: result["rate"].string)
        return [whole] + classes { values($0) }
    }

    private var marketRows: [Row] {
        func values(_ list: JSONNode) -> [Row.Value] {
            list.list.map { node in
                let cell = Figure.Cell(className: nil, node)
                let name = valueName(cell)
                return .init(name: text(name.chinese, name.english), value: shown(cell, text))
            }
        }
        let whole = values(result["whole"])
        return (whole.isEmpty ? [] : [Row(name: text("总数", "Whole"), kept: whole, again: values(again["whole"]))])
            + classes { values($0["values"]) }
    }

    /// The classes as they are kept, and behind them those that are there today only.
    private func classes(_ values: (JSONNode) -> [Row.Value]) -> [Row] {
        let (kept, later) = (result["breakdown"].list, again["breakdown"].list)
        func row(_ kept: JSONNode, _ again: JSONNode) -> Row {
            let name = (kept.isNull ? again : kept)["class"].string
            return Row(
                name: classWord(name, of: parameters["by"].string, text), kept: values(kept), again: values(again),
                share: kept["rate"].string)
        }
        func same(_ one: JSONNode, _ other: JSONNode) -> Bool { one["class"].string == other["class"].string }
        return kept.map { one in row(one, later.first { same($0, one) } ?? .absent) }
            + later.filter { one in !kept.contains { same($0, one) } }.map { row(.absent, $0) }
    }
}
