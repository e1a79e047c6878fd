import Foundation
import Marketplace

// The tables of a figure over the market.

/// What each standing amounts to, apart from the others.
func wholeTable(_ wholes: [Figure], _ text: Language) -> PortalPage.Table {
    let isOfPurchases = wholes.contains { $0.request.standing != nil }
    return .init(
        caption: isOfPurchases ? text("各类采购", "By standing of the purchase") : text("总数", "Whole"),
        headers: (isOfPurchases ? [text("类别", "Standing")] : []) + [
            text("项目", "What is counted"), text("数字", "Value"),
        ],
        rows: wholes.flatMap { whole in
            whole.cells.filter { $0.className == nil }.map { cell in
                .init(
                    cells: (isOfPurchases ? [.init(text: standingWord(whole.request.standing, text))] : [])
                        + [.init(text: valueWord(cell.name, text)), .init(text: shown(cell, text))])
            }
        }, empty: text("还没有数据。", "There is nothing yet."), isCompact: true)
}

/// A table for each value that classes have; where the classes add up to the whole, bars are their shares of it.
func classTables(_ figure: Figure, _ text: Language) -> [PortalPage.Table] {
    let classes = figure.cells.filter { $0.className != nil }
    guard !classes.isEmpty else { return [emptyTable(figure, text)] }
    return wholeOrFirst(figure).compactMap { whole in
        let own = classes.filter { $0.isSameValue(as: whole) }
        guard !own.isEmpty else { return nil }
        let shares = whole.addsUp ? own.map { $0.share(of: whole) } : []
        return .init(
            caption: caption(figure, text) + " · " + valueWord(whole.name, text),
            headers: [text("类别", "Class"), valueWord(whole.name, text)]
                + (shares.isEmpty ? [] : [text("占比", "Share of the whole")]),
            rows: own.indices.map { place in
                let name = classWord(own[place].className ?? "", of: figure.request.dimension ?? "", text)
                let bar = shares.isEmpty ? [] : [shares[place].map { PortalPage.Cell.share("\($0)") } ?? .init()]
                return .init(cells: [.init(text: name), .init(text: shown(own[place], text))] + bar)
            }, chart: shares.contains { $0 ?? 0 > 0 }, isCompact: true)
    }
}

/// Two figures by one metric side by side, of two periods or by two definitions, a table for each value.
func comparison(of figure: Figure, with other: Figure, _ text: Language) -> [PortalPage.Table] {
    func side(_ shown: Figure) -> String {
        let request = shown.request
        func day(_ date: Date?) -> String? { date.map { beijingTime($0) } }
        let parts = [
            figure.metric.version == other.metric.version ? nil : versionWord(shown.metric.version, text),
            day(request.from).map { text("自 \($0)", "from \($0)") },
            day(request.until).map { text("至 \($0)", "to \($0)") },
            day(request.asOf).map { text("截至 \($0)", "as of \($0)") },
        ].compactMap { $0 }
        return parts.isEmpty ? text("全部", "everything") : parts.joined(separator: " ")
    }
    let (left, right) = (side(figure), side(other))
    let values =
        wholeOrFirst(figure)
        + wholeOrFirst(other).filter { whole in
            !wholeOrFirst(figure).contains { $0.isSameValue(as: whole) }
        }
    guard !values.isEmpty else { return [emptyTable(figure, text)] }
    return values.map { value in
        let (mine, theirs) = (
            figure.cells.filter { $0.isSameValue(as: value) }, other.cells.filter { $0.isSameValue(as: value) }
        )
        let classes = Set(mine.map(\.className) + theirs.map(\.className))
        let ordered = classes.compactMap { $0 }.sorted() + (classes.contains(nil) ? [String?.none] : [])
        return .init(
            caption: caption(figure, text) + " · " + valueWord(value.name, text),
            headers: [text("类别", "Class"), left, right, text("变化", "Change")],
            rows: ordered.map { name in
                let (first, second) = (mine.first { $0.className == name }, theirs.first { $0.className == name })
                return .init(cells: [
                    .init(
                        text: name.map { classWord($0, of: figure.request.dimension ?? "", text) }
                            ?? text("总数", "Whole")),
                    .init(text: first.map { shown($0, text) } ?? "–"),
                    .init(text: second.map { shown($0, text) } ?? "–"),
                    .init(text: change(from: first, to: second)),
                ])
            }, isCompact: true)
    }
}

/// By how much the second is more or less than the first, in per cent of it.
private func change(from first: Figure.Cell?, to second: Figure.Cell?) -> String {
    guard let first = first?.value, let second = second?.value, first != 0 else { return "–" }
    let percent = NSDecimalNumber(decimal: (second - first) / first * 100).doubleValue
    return (percent > 0 ? "+" : "") + percent.formatted(.number.precision(.fractionLength(1))) + " %"
}

/// A figure by month, and what it had come to by each month's end.
func historyTables(_ months: Figure, _ text: Language) -> [PortalPage.Table] {
    let classes = months.cells.filter { $0.className?.isEmpty == false }
    return wholeOrFirst(months).filter(\.addsUp).compactMap { whole in
        let own = classes.filter { $0.isSameValue(as: whole) }.sorted { ($0.className ?? "") < ($1.className ?? "") }
        // What is counted in several months, such as a group with companies of each, comes to more than there is.
        let known = own.compactMap(\.value)
        let all = known.reduce(0, +)
        guard !own.isEmpty, known.count < own.count || all <= whole.value ?? all else { return nil }
        // From a month that is not given on, nobody is told what came together either.
        var sum: Decimal? = 0
        let sums = own.map { cell in
            sum = sum.flatMap { known in cell.value.map { known + $0 } }
            return sum
        }
        let most = sums.compactMap { $0 }.max() ?? 0
        return .init(
            caption: text("历史", "History") + " · " + valueWord(whole.name, text),
            headers: [text("月份", "Month"), text("当月", "In the month"), text("累计", "By its end"), text("图示", "Bar")],
            rows: own.indices.map { place in
                let total = own[place].holding(sums[place])
                return .init(cells: [
                    .init(text: own[place].className ?? ""), .init(text: shown(own[place], text)),
                    .init(text: shown(total, text)),
                    sums[place].flatMap { $0 >= 0 && most > 0 ? .share("\($0 / most)") : nil } ?? .init(),
                ])
            }, chart: most > 0, isFolded: own.count > 24, isCompact: true)
    }
}

private func caption(_ figure: Figure, _ text: Language) -> String {
    let dimension = dimensionWord(figure.request.dimension ?? "", text)
    guard let standing = figure.request.standing else { return text("按\(dimension)", "By \(dimension)") }
    let word = standingWord(standing, text)
    return text("\(word)：按\(dimension)", "\(word), by \(dimension)")
}

private func emptyTable(_ figure: Figure, _ text: Language) -> PortalPage.Table {
    let empty =
        figure.isWithheld
        ? text("企业太少，无法公布分类。", "There are too few enterprises for a breakdown that gives none of them away.")
        : text("没有这样的数据。", "There is nothing of the kind.")
    return .init(caption: caption(figure, text), headers: [], rows: [], empty: empty)
}

/// A cell for each value that the figure has: that of the whole, or of a class where there is no whole.
private func wholeOrFirst(_ figure: Figure) -> [Figure.Cell] {
    var values = figure.cells.filter { $0.className == nil }
    for cell in figure.cells where !values.contains(where: { $0.isSameValue(as: cell) }) { values.append(cell) }
    return values
}

extension Figure.Cell {
    fileprivate func isSameValue(as other: Self) -> Bool { name == other.name && unit == other.unit }

    /// Whether shares of the whole say something.
    fileprivate var addsUp: Bool { className == nil && !["ratio", "days", "seconds", "index"].contains(unit) }

    fileprivate func share(of whole: Self) -> Decimal? {
        whole.value.flatMap { all in value.map { all > 0 && $0 > 0 ? min(1, $0 / all) : 0 } }
    }
}

func beijingTime(_ date: Date) -> String { BeijingTime.text(date.formatted(.iso8601)) ?? date.formatted(.iso8601) }
