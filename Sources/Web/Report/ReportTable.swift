import Foundation
import Marketplace

/// The classes of a dimension by the values that a metric has of them, as charts and as a table.
struct ReportTable {
    private struct Value: Hashable { let name, unit: String }

    private let dimension: String
    private let values: [Value]
    private let classes: [String]
    private let cells: [Value: [String: Figure.Cell]]

    /// How many values stand beside each other, so that all stay readable.
    private static let (inARow, ofMonths) = (3, 6)

    /// - Parameter months: those of the period, which all have a place, whether there is a value or not.
    init(dimension: String, cells: [Figure.Cell], months: [String]) {
        self.dimension = dimension
        var values: [Value] = []
        var found: [Value: [String: Figure.Cell]] = [:]
        for cell in cells {
            let value = Value(name: cell.name, unit: cell.unit)
            if found[value] == nil { values.append(value) }
            found[value, default: [:]][cell.className ?? ""] = cell
        }
        (self.values, self.cells) = (values, found)
        let named = Set(cells.map { $0.className ?? "" })
        classes = dimension == "month" ? months + named.subtracting(months).sorted() : named.sorted()
    }

    private func label(_ name: String) -> Bilingual { Bilingual { classWord(name, of: dimension, $0) } }

    private func title(_ value: Value) -> Bilingual {
        cells[value]?.values.first.map(valueName) ?? Bilingual(value.name, value.name)
    }

    private func bar(_ name: String, _ value: Value) -> BarChart.Bar {
        guard let cell = cells[value]?[name] else { return .init(value: nil, text: "–") }
        guard let number = cell.value else { return .init(value: nil, text: notGiven.plain, isSuppressed: true) }
        return .init(
            value: NSDecimalNumber(decimal: number).doubleValue, text: numberText(cell) ?? "")
    }

    /// Charts, each with the table of its values under it.
    var html: HTML {
        guard dimension == "month" else {
            return "\(each: groups(of: Self.inARow), { "<figure>\(bars(of: $0))</figure>\(table(of: $0))" })"
        }
        return "\(each: groups(of: Self.ofMonths), { "<figure>\(columns(of: $0))</figure>\(table(of: $0))" })"
    }

    private func bars(of values: ArraySlice<Value>) -> HTML {
        BarChart(
            titles: values.map(title),
            rows: classes.map { name in .init(label: label(name), bars: values.map { bar(name, $0) }) }
        ).html
    }

    private func columns(of values: ArraySlice<Value>) -> HTML {
        let months = classes.map { String($0.suffix(2)) }
        return """
            \(each: values, { value in
                ColumnChart(title: title(value), labels: months, bars: classes.map { bar($0, value) }).html
            })
            """
    }

    private func groups(of size: Int) -> [ArraySlice<Value>] {
        stride(from: 0, to: values.count, by: size).map { values[$0..<min($0 + size, values.count)] }
    }

    private func table(of values: ArraySlice<Value>) -> HTML {
        """
        <table><thead><tr><th scope="col">\(Bilingual { dimensionWord(dimension, $0) }.html)</th>\
        \(each: values, { "<th scope=\"col\">\(title($0).html)</th>" })</tr></thead><tbody>\
        \(each: classes, { name in
            "<tr><th scope=\"row\">\(label(name).html)</th>\(each: values, { "<td>\(cells[$0]?[name].map(cellMarkup) ?? "–")</td>" })</tr>"
        })</tbody></table>
        """
    }
}
