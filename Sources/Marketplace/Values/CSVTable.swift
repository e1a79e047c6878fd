import CCSV

/// A table read from CSV with a header, in UTF-8 with or without a byte-order mark.
public struct CSVTable: Sendable {
    public struct Record: Sendable {
        /// Counted from 1 for the header, in records: a cell with line breaks counts as one, an empty line as none.
        public let line: Int
        public let cells: [String]
    }

    public let header: [String]
    /// Each with at least as many cells as the header: those that are missing at its end are empty.
    public let records: [Record]

    /// - Parameter limit: how many records are wanted; what follows them is not read.
    /// - Throws: `InvalidInput` that says where the text stops being UTF-8 or CSV.
    public init(_ bytes: [UInt8], limit: Int = .max - 1) throws {
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard String(validating: content, as: UTF8.self) != nil else {
            throw InvalidInput("file", "The table is not UTF-8.")
        }
        let rows = try RowReader().rows(of: content, limit: limit + 1)
        let header = rows.first ?? []
        self.header = header
        records = rows.dropFirst().prefix(limit).enumerated().map { place, cells in
            let missing = max(0, header.count - cells.count)
            return Record(line: place + 2, cells: cells + repeatElement("", count: missing))
        }
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

    /// libcsv can be stopped only between the pieces it is given.
    private static let piece = 4096

    /// At least the first `limit` rows.
    func rows(of content: ArraySlice<UInt8>, limit: Int) throws -> [[String]] {
        var parser = csv_parser()
        csv_init(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI))
        defer { csv_free(&parser) }
        let myself = Unmanaged.passUnretained(self).toOpaque()
        let isRead = content.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: Self.piece) where rows.count < limit {
                let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + Self.piece, bytes.count)])
                guard csv_parse(&parser, piece.baseAddress, piece.count, Self.cell, Self.row, myself) == piece.count
                else { return false }
            }
            return rows.count >= limit || csv_fini(&parser, Self.cell, Self.row, myself) == 0
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
        let reader = Unmanaged<RowReader>.fromOpaque($1!).takeUnretainedValue()
        reader.rows.append(reader.cells)
        reader.cells.removeAll(keepingCapacity: true)
    }
}
