import Foundation
import Marketplace

/// The classes of a dimension by the values that a metric has of them, as charts and as a table.
struct ReportTable {
    private struct Value: Hashable { let name, unit: String }

    private let dimension: String
    private let values: [Value]
    private let classes: [String]
    private let cells: [Value: [String: Figure.Cell]]

    /// Beside each other, so that numbers stay readable.
    private static let chartsInARow = 2

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
        guard let number = cell.value else { return .init(value: nil, text: withheld.plain, isSuppressed: true) }
        return .init(
            value: NSDecimalNumber(decimal: number).doubleValue, text: Bilingual { shown(cell, $0) }.plain)
    }

    var charts: HTML {
        guard dimension != "month" else {
            return """
                \(each: values, { value in
                    ColumnChart(
                        title: title(value), labels: classes.map { String($0.suffix(2)) }, bars: classes.map { bar($0, value) }
                    ).html
                })
                """
        }
        let groups = stride(from: 0, to: values.count, by: Self.chartsInARow).map {
            values[$0..<min($0 + Self.chartsInARow, values.count)]
        }
        return """
            \(each: groups, { group in
                BarChart(
                    titles: group.map(title),
                    rows: classes.map { name in .init(label: label(name), bars: group.map { bar(name, $0) }) }
                ).html
            })
            """
    }

    var html: HTML {
        """
        <table><thead><tr><th scope="col">\(Bilingual { dimensionWord(dimension, $0) }.html)</th>\
        \(each: values, { "<th scope=\"col\">\(title($0).html)</th>" })</tr></thead><tbody>\
        \(each: classes, { name in
            "<tr><th scope=\"row\">\(label(name).html)</th>\(each: values, { "<td>\(cells[$0]?[name].map(cellMarkup) ?? "–")</td>" })</tr>"
        })</tbody></table>
        """
    }
}
