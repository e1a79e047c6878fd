import CCSV

/// A table read from CSV with a header, in UTF-8 with or without a byte-order mark.
public struct CSVTable: Sendable {
    public struct Record: Sendable {
        /// Counted from 1 for the header, in records: a cell with line breaks counts as one, and an empty line in a table of
        /// several columns as none.
        public let line: Int
        public let cells: [String]
    }

    public let header: [String]
    /// As they stand in the file, also with fewer or more cells than the header. Blanks around a cell without quotation marks
    /// are not part of it.
    public let records: [Record]

    /// - Parameter limit: how many records are wanted; nil: all. What is wrong behind them does not matter.
    /// - Throws: `InvalidInput` that says where the text stops being UTF-8 or CSV.
    public init(_ bytes: [UInt8], limit: Int? = nil) throws {
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard String(validating: content, as: UTF8.self) != nil else {
            throw InvalidInput("file", "The table is not UTF-8.")
        }
        let rows = try RowReader().rows(of: content, limit: limit.map { $0 + 1 })
        header = rows.first ?? []
        records = rows.dropFirst().prefix(limit ?? rows.count).enumerated().map { .init(line: $0 + 2, cells: $1) }
    }

    /// The cells of a record by column; nil where a cell is empty or the column is missing.
    public func cell(_ column: String, of record: Record) -> String? {
        guard let index = header.firstIndex(of: column), index < record.cells.count else { return nil }
        return record.cells[index].isEmpty ? nil : record.cells[index]
    }
}

/// What libcsv reads of a text, row by row.
private final class RowReader {
    private var rows: [[String]] = []
    private var cells: [String] = []
    private var lastEnd: Int32 = 0

    /// libcsv can be stopped only between the pieces it is given.
    private static let piece = 4096

    /// At least the first `limit` rows.
    func rows(of content: ArraySlice<UInt8>, limit: Int?) throws -> [[String]] {
        var parser = csv_parser()
        csv_init(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL))
        defer { csv_free(&parser) }
        let myself = Unmanaged.passUnretained(self).toOpaque()
        let isRead = content.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: Self.piece) {
                let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + Self.piece, bytes.count)])
                let read = csv_parse(&parser, piece.baseAddress, piece.count, Self.cell, Self.row, myself)
                if let limit, rows.count >= limit { return true }
                guard read == piece.count else { return false }
            }
            return csv_fini(&parser, Self.cell, Self.row, myself) == 0
        }
        guard isRead else {
            throw InvalidInput(
                "file",
                "The table is not well-formed CSV: a quotation mark is missing, or stands where none may, in record "
                    + "\(rows.count + 1).")
        }
        return rows
    }

    private static let cell: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
        let text = String(decoding: UnsafeRawBufferPointer(start: $0, count: $1), as: UTF8.self)
        Unmanaged<RowReader>.fromOpaque($2!).takeUnretainedValue().cells.append(text)
    }

    private static let row: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = {
        Unmanaged<RowReader>.fromOpaque($1!).takeUnretainedValue().endRow(by: $0)
    }

    /// libcsv tells every line end by itself, so that empty lines are not lost: in a table of one column such a line is a
    /// record whose cell is empty. In wider tables it is none.
    private func endRow(by end: Int32) {
        let isRestOfLineEnd = cells.isEmpty && end == 0x0A && lastEnd == 0x0D
        lastEnd = end
        if cells.isEmpty, rows.first?.count == 1, !isRestOfLineEnd, end != -1 { cells = [""] }
        guard !cells.isEmpty else { return }
        rows.append(cells)
        cells.removeAll(keepingCapacity: true)
    }
}
