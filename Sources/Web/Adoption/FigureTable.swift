import Foundation
import Hummingbird
import Marketplace

/// A figure as CSV with a byte-order mark, for spreadsheets: a row for the whole and one for each class, each with the
/// metric, panel, n, both times and the rule of counting, so that no row is a number without its definition.
struct FigureTable {
    private static let header = [
        "metric", "version", "panel", "n", "as_of", "recorded_by", "by", "class", "numerator", "denominator", "rate",
        "panel_version", "dated_on", "count", "from", "until", "suppressed",
    ]
    private let rows: [[String]]

    init(_ figure: JSONDocument) throws {
        let figure = try JSONNode(figure)
        let common = [
            figure["metric"].string, figure["version"].string, figure["panel"]["code"].string,
            figure["panel"]["n"].string, figure["as_of"].string, figure["recorded_by"].string,
        ]
        let rule = [
            figure["panel"]["version"].string, figure["panel"]["dated_on"].string, figure["count"].string,
            figure["from"].string, figure["until"].string,
        ]
        func row(_ dimension: String, _ name: String, _ values: JSONNode) -> [String] {
            common + [dimension, name] + ["numerator", "denominator", "rate"].map { values[$0].string } + rule
                + [values["suppressed"].isTrue ? "true" : "false"]
        }
        rows =
            [row("", "", figure)]
            + figure["breakdown"].list.map { row(figure["by"].string, $0["class"].string, $0) }
    }

    func response(named name: String) -> Response { csvResponse([Self.header] + rows, named: name) }
}

/// Rows as CSV (RFC 4180) with a byte-order mark, for spreadsheets.
func csvResponse(_ rows: [[String]], named name: String) -> Response {
    let lines = rows.map { $0.map(\.csvCell).joined(separator: ",") + "\r\n" }
    return Response(
        status: .ok,
        headers: [
            .contentType: "text/csv; charset=utf-8", .vary: "Accept",
            .contentDisposition: "attachment; filename=\"\(name)\"",
        ],
        body: .init(byteBuffer: ByteBuffer(string: "\u{FEFF}" + lines.joined())))
}

extension String {
    /// RFC 4180; what a spreadsheet would take for a formula is quoted as text, a negative number is none.
    var csvCell: String {
        let isFormula = first.map { "=+-@\t\r".contains($0) } ?? false && wholeMatch(of: /-[0-9]+(\.[0-9]+)?/) == nil
        let safe = isFormula ? "'" + self : self
        guard safe.contains(where: { "\",\r\n".contains($0) }) else { return safe }
        return "\"" + safe.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}
