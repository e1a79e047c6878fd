import Foundation
import Hummingbird
import Marketplace

extension Market {
    /// A figure in the form that is asked for.
    /// - Throws: `TableEngineError`, for forms that the table engine makes.
    func figureResponse(
        _ document: JSONDocument, _ table: @autoclosure () throws -> FigureTable, as format: TableFormat
    ) async throws -> Response {
        let made: FigureFiles.Format
        switch format {
        case .json: return jsonResponse(document)
        case .csv:
            let table = try table()
            return csvResponse(table.texts, named: "\(table.metric).csv")
        case .xlsx: made = .xlsx
        case .parquet: made = .parquet
        }
        let table = try table()
        return fileResponse(
            try await figureFiles.file(table, as: made), type: format.mediaType,
            named: "\(table.metric).\(format.rawValue)")
    }
}

private func fileResponse(_ bytes: [UInt8], type: String, named name: String) -> Response {
    Response(
        status: .ok,
        headers: [
            .contentType: type, .vary: "Accept", .contentDisposition: "attachment; filename=\"\(name)\"",
        ],
        body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
}

/// Rows as CSV (RFC 4180) with a byte-order mark, for spreadsheets.
func csvResponse(_ rows: [[String]], named name: String) -> Response {
    let lines = rows.map { $0.map(\.csvCell).joined(separator: ",") + "\r\n" }
    return fileResponse(Array("\u{FEFF}\(lines.joined())".utf8), type: "text/csv; charset=utf-8", named: name)
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
