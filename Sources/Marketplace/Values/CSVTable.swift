import SwiftCSV

/// A table read from CSV with a header, in UTF-8 with or without a byte-order mark.
public struct CSVTable: Sendable {
    public struct Record: Sendable {
        /// Counted from 1 for the header, in records: a cell with line breaks counts as one.
        public let line: Int
        public let cells: [String]
    }

    public let header: [String]
    public let records: [Record]

    /// - Throws: `InvalidInput` that says where the text stops being UTF-8 or CSV.
    public init(_ bytes: [UInt8]) throws {
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: content, as: UTF8.self) else {
            throw InvalidInput("file", "The table is not UTF-8.")
        }
        do {
            let rows = try EnumeratedCSV(string: text, delimiter: .comma, loadColumns: false)
            header = rows.header
            records = rows.rows.enumerated().map { Record(line: $0.offset + 2, cells: $0.element) }
        } catch {
            throw InvalidInput("file", "The table is not well-formed CSV: \(error)")
        }
    }

    /// The cells of a record by column; nil where a cell is empty or the column is missing.
    public func cell(_ column: String, of record: Record) -> String? {
        guard let index = header.firstIndex(of: column), index < record.cells.count else { return nil }
        return record.cells[index].isEmpty ? nil : record.cells[index]
    }
}
