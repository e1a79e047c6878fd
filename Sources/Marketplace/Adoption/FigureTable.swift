import Foundation

/// A figure as rows, one for each value of the whole and of each class; each with its metric, times and what it holds, so that none
/// is a number without its definition.
public struct FigureTable: Sendable {
    public struct Column: Sendable {
        /// How CSV writes it, and files with types store it.
        enum Kind: String { case text, integer, number, money, boolean, date, time }

        public let name: String
        let chinese: String
        let kind: Kind
        /// Whether it says what the figure is, which is the same in all rows.
        let isContext: Bool
    }

    public enum Cell: Sendable, Hashable {
        case none, suppressed
        case bool(Bool)
        case text(String)
    }

    let metric: Metric
    public let columns: [Column]
    public let rows: [[Cell]]
    /// What it was asked by and over, for the sheet of its definition.
    let context: [(Column, Cell)]

    /// - Parameter row: the row of a value; of none, what is the same in all rows.
    private init<Value>(_ metric: Metric, columns: [Column], values: [Value], row: (Value?) -> [Cell]) {
        (self.metric, self.columns, rows) = (metric, columns, values.map(row))
        context = zip(columns, row(nil)).filter(\.0.isContext)
    }

    /// A figure over a panel.
    /// - Throws: when the document is no JSON.
    public init(panel document: JSONDocument, by metric: Metric) throws {
        let figure = try JSONNode(document)
        let panel = figure["panel"]
        self.init(
            metric,
            columns: [
                .said("metric", "指标"), .said("version", "版本", .integer), .said("panel", "样本名录"),
                .said("n", "样本数", .integer), .said("as_of", "截至（北京时间）", .time),
                .said("recorded_by", "已知至（北京时间）", .time), .value("by", "维度"), .value("class", "类别"),
                .value("numerator", "分子", .integer), .value("denominator", "分母", .integer),
                .value("rate", "采购率", .number),
                .said("panel_version", "名录版本", .integer), .said("dated_on", "名录日期", .date), .said("count", "计数规则"),
                .value("suppressed", "是否隐去", .boolean), .said("from", "自（北京时间）", .time),
                .said("until", "至（不含，北京时间）", .time), .said("exact", "是否未作保护", .boolean),
                .said("sha256", "定义摘要"),
            ],
            values: [figure] + figure["breakdown"].list,
            row: { row in
                let row = row ?? .absent
                let isSuppressed = row["suppressed"].isTrue
                // The whole has no class at all, and a class that is unknown is null.
                let isOfClass = row.members?.contains { $0.name == "class" } ?? false
                func value(_ name: String) -> Cell { row[name].isNull && isSuppressed ? .suppressed : .init(row[name]) }
                return [
                    .init(figure["metric"]), .init(figure["version"]), .init(panel["code"]), .init(panel["n"]),
                    .init(figure["as_of"]), .init(figure["recorded_by"]), isOfClass ? .init(figure["by"]) : .none,
                    isOfClass ? .init(row["class"]) : .none, value("numerator"), value("denominator"), value("rate"),
                    .init(panel["version"]), .init(panel["dated_on"]), .init(figure["count"]), .bool(isSuppressed),
                    .init(figure["from"]), .init(figure["until"]), .bool(figure["exact"].isTrue),
                    .text(metric.digest),
                ]
            })
    }

    /// A figure over the whole market.
    public init(_ figure: Figure) {
        let (metric, request) = (figure.metric, figure.request)
        func time(_ date: Date?) -> Cell { date.map { .text(SnapshotTimes.text($0)) } ?? .none }
        func stated(_ text: String?) -> Cell { text.map(Cell.text) ?? .none }
        self.init(
            metric,
            columns: [
                .said("metric", "指标"), .said("version", "版本", .integer), .said("from", "自（北京时间）", .time),
                .said("until", "至（不含，北京时间）", .time), .said("as_of", "截至（北京时间）", .time),
                .said("recorded_by", "已知至（北京时间）", .time), .said("holds", "采购类别"), .value("by", "维度"),
                .value("class", "类别"), .value("name", "项目"), .value("unit", "单位"),
                .value("value", "数值（金额为最小货币单位）", .number), .value("suppressed", "是否隐去", .boolean),
                .value("amount", "金额（货币单位）", .money), .said("counted_to", "计至日志位置", .integer),
                .said("withheld", "分类是否不公布", .boolean), .said("exact", "是否未作保护", .boolean),
                .said("sha256", "定义摘要"),
            ],
            values: figure.cells,
            row: { cell in
                let value = cell?.value.map { Cell.text("\($0)") } ?? .suppressed
                // Minor units are hundredths, here as on every page.
                let amount = cell?.value.map { Cell.text("\($0 / 100)") } ?? .suppressed
                return [
                    .text(metric.name), .text("\(metric.version)"), time(request.from), time(request.until),
                    time(request.asOf), time(request.recordedBy), stated(request.standing),
                    cell?.className == nil ? .none : stated(request.dimension), stated(cell?.className),
                    stated(cell?.name),
                    stated(cell?.unit), value, .bool(cell?.isSuppressed ?? false),
                    cell?.isMoney ?? false ? amount : .none,
                    stated(figure.countedTo.map { "\($0)" }), .bool(figure.isWithheld), .bool(figure.isExact),
                    .text(metric.digest),
                ]
            })
    }

    /// Without an ending; what is not protected says so, wherever it is sent.
    public var fileName: String {
        context.contains { $0.0.name == "exact" && $0.1 == .bool(true) } ? "\(metric.name)-exact" : metric.name
    }

    /// As texts under a header, for CSV.
    public var texts: [[String]] { [columns.map(\.name)] + rows.map { $0.map(\.text) } }
}

extension FigureTable.Column {
    fileprivate static func said(_ name: String, _ chinese: String, _ kind: Kind = .text) -> Self {
        .init(name: name, chinese: chinese, kind: kind, isContext: true)
    }
    fileprivate static func value(_ name: String, _ chinese: String, _ kind: Kind = .text) -> Self {
        .init(name: name, chinese: chinese, kind: kind, isContext: false)
    }
}

extension FigureTable.Cell {
    fileprivate init(_ node: JSONNode) {
        self = node.isNull ? .none : node.truth.map(Self.bool) ?? .text(node.string)
    }

    /// As CSV has it.
    public var text: String {
        switch self {
        case .none, .suppressed: ""
        case .bool(let truth): "\(truth)"
        case .text(let text): text
        }
    }
}
