import Foundation

/// What a metric says of itself, in Chinese and English: for readers of files and of printed reports.
public struct MetricWords: Sendable {
    /// A thing said of it, in both languages; the same text twice where it is of none.
    public struct Line: Sendable {
        public let name, chinese, english: String
    }

    public let title: Line
    public let definition: Line
    /// Everything else, what was ported among it: numerator, denominator, unit, axes, dimensions, name, version and digest.
    public let details: [Line]

    /// - Throws: when the head is no JSON, which it always is.
    public init(_ metric: Metric) throws {
        let head = try JSONNode(metric.document)
        title = Self.line("名称 title", head["title"])
        definition = Self.line("统计定义 definition", head["definition"])
        let axes = [("as_of", "截至 as_of"), ("recorded_by", "已知至 recorded_by")].filter { !head["axes"][$0.0].isNull }
        let parts = [
            ("ported", Self.portedName), ("numerator", "分子 numerator"), ("denominator", "分母 denominator"),
        ].filter { !head[$0.0].isNull }
        details =
            parts.map { Self.line($0.1, head[$0.0]) } + [Self.line("单位 unit", head["unit"])]
            + axes.map { Self.line($0.1, head["axes"][$0.0]) }
            + (metric.counts.isEmpty ? [] : [Self.line("计数规则 counts", metric.counts.joined(separator: ", "))])
            + [
                Self.line("维度 dimensions", metric.dimensions.joined(separator: ", ")),
                Self.line("标识 metric", metric.name), Self.line("版本 version", "\(metric.version)"),
                Self.line("摘要 SHA-256", metric.digest),
            ]
    }

    /// Of an earlier version: what of it is taken otherwise now.
    public var ported: Line? { details.first { $0.name == Self.portedName } }
    private static let portedName = "移植 ported"

    /// All of it, and what a figure was asked by and over, as rows of three texts.
    func lines(with context: [(FigureTable.Column, FigureTable.Cell)]) -> [[String]] {
        let asked = context.filter { !["metric", "version", "sha256"].contains($0.0.name) && $0.1 != .none }
        return ([title, definition] + details).map { [$0.name, $0.chinese, $0.english] }
            + asked.map { column, cell in ["\(column.chinese) \(column.name)", cell.text, cell.text] }
    }

    private static func line(_ name: String, _ text: String) -> Line { .init(name: name, chinese: text, english: text) }

    /// Of `{zh, en}`, of a text, or of the texts of several values by their names.
    private static func line(_ name: String, _ node: JSONNode) -> Line {
        guard let members = node.members else { return line(name, node.string) }
        if !node["zh"].isNull || !node["en"].isNull {
            return .init(name: name, chinese: node["zh"].string, english: node["en"].string)
        }
        let each = members.map { member in (member.name, line("", member.value)) }
        let texts = each.map { "\($0.0): \($0.1.english)" }.joined(separator: "; ")
        guard each.contains(where: { $0.1.chinese != $0.1.english }) else { return line(name, texts) }
        return .init(
            name: name, chinese: each.map { "\($0.0)：\($0.1.chinese)" }.joined(separator: "；"),
            english: texts)
    }
}
