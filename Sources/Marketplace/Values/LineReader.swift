import Foundation

/// What is wrong with a line of a file. Lines are counted from 1 for the header, in records: a cell with line breaks counts as
/// one.
public struct RefusedLine: Sendable, Hashable, Codable {
    public let line: Int
    public let field: String
    public let reason: String
}

/// What importing the lines of a file did: each is new, corrects what was said before, says what is known already, or is refused.
public struct ImportedLines: Sendable, Codable {
    public let new, corrected, known: Int
    public let refused: [RefusedLine]
}

/// A file of lines that each state one thing by a key: those that can be read, and what is wrong with the others.
struct LinesRead<Item> {
    private(set) var items: [Item] = []
    private(set) var refused: [RefusedLine] = []

    /// - Parameters:
    ///   - name: of what the file is, such as `A declaration`.
    ///   - key: the column, its name in words, and the key of an item: no two lines have the same.
    ///   - read: nil when a field is refused.
    /// - Throws: `InvalidInput` when it is no CSV, its columns are others, or it has too many rows.
    init(
        _ bytes: [UInt8], of name: String, needed: [String], columns: [String], mostRows: Int = 20_000,
        key: (column: String, word: String, of: (Item) -> String), read: (inout LineReader) -> Item?
    ) throws {
        let table = try CSVTable(bytes)
        try table.checkColumns(of: name, needed: needed, all: columns)
        guard table.records.count <= mostRows else {
            throw InvalidInput("file", "\(name) has at most \(mostRows) rows.")
        }
        var lines: [String: Int] = [:]
        for record in table.records where !record.cells.allSatisfy(\.isEmpty) {
            var reader = LineReader(table: table, record: record)
            let item = read(&reader)
            if let item, let first = lines[key.of(item)] {
                reader.refuse(key.column, "This \(key.word) stands in line \(first) already.")
            } else if let item {
                lines[key.of(item)] = record.line
            }
            refused += reader.refused
            if let item, reader.refused.isEmpty { items.append(item) }
        }
    }
}

/// One line, and what was found wrong with it so far.
struct LineReader {
    private static let kinds = ["central_soe", "local_soe", "private", "foreign", "other"]
    /// The provinces of GB/T 2260, in its order.
    private static let provinces: Set<String> = [
        "110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000", "310000", "320000", "330000",
        "340000", "350000", "360000", "370000", "410000", "420000", "430000", "440000", "450000", "460000", "500000",
        "510000", "520000", "530000", "540000", "610000", "620000", "630000", "640000", "650000", "710000", "810000",
        "820000",
    ]

    let table: CSVTable
    let record: CSVTable.Record
    private(set) var refused: [RefusedLine] = []

    init(table: CSVTable, record: CSVTable.Record) {
        self.table = table
        self.record = record
    }

    mutating func refuse(_ field: String, _ reason: String) {
        refused.append(RefusedLine(line: record.line, field: field, reason: reason))
    }

    /// A row with more or fewer cells than the header has one that it was not written for.
    mutating func hasEveryCell() -> Bool {
        guard record.cells.count != table.header.count else { return true }
        refuse("row", "It has \(record.cells.count) cells, the header has \(table.header.count).")
        return false
    }

    mutating func cell(_ column: String) -> String? {
        guard let text = table.cell(column, of: record)?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty
        else { return nil }
        guard text.utf8.count <= 400, !text.contains("\0") else {
            refuse(column, "This cell is longer than 400 bytes or holds a NUL character.")
            return nil
        }
        return text
    }

    mutating func needed(_ column: String) -> String? {
        let before = refused.count
        let text = cell(column)
        if text == nil, refused.count == before { refuse(column, "This cell is empty.") }
        return text
    }

    mutating func checked(_ column: String, _ complaint: String, _ isKnown: (String) -> Bool) -> String? {
        guard let text = cell(column) else { return nil }
        guard isKnown(text) else {
            refuse(column, "\(complaint): '\(text.prefix(40))'.")
            return nil
        }
        return text
    }

    mutating func creditCode(_ text: String, of column: String) -> String? {
        taking(column) { try CreditCode(text).text }
    }

    /// What a check makes of a cell; nil when it refuses it.
    mutating func taking<Value>(_ column: String, _ check: () throws -> Value) -> Value? {
        do { return try check() } catch {
            refuse(column, (error as? InvalidInput)?.message ?? "This cannot be read.")
            return nil
        }
    }

    /// A day that has begun in the time of Beijing.
    mutating func pastDay(_ column: String, now: Date) -> String? {
        guard let text = needed(column) else { return nil }
        return taking(column) {
            let day = try calendarDay(text, field: column)
            guard try legalDay(day, field: column) <= now else {
                throw InvalidInput(column, "This day lies in the future: '\(text.prefix(40))'.")
            }
            return day
        }
    }

    /// `yes` or `no`; an empty cell is no.
    mutating func truth(_ column: String) -> Bool {
        checked(column, "Neither yes nor no") { ["yes", "no"].contains($0) } == "yes"
    }

    mutating func section() -> String? {
        checked("section", "No section of GB/T 4754, a letter from A to T") { $0.wholeMatch(of: /[A-T]/) != nil }
    }

    mutating func province() -> String? {
        checked("province", "No province of GB/T 2260, such as 350000", Self.provinces.contains)
    }

    /// The province of a division of GB/T 2260; nil when it is of none, such as that of the central level.
    static func province(ofDivision division: String) -> String? {
        let province = division.prefix(2) + "0000"
        return provinces.contains(String(province)) ? String(province) : nil
    }

    mutating func enterpriseKind() -> String? {
        let kinds = Self.kinds
        return checked(
            "enterprise_kind", "No kind of enterprise, one of \(kinds.joined(separator: ", "))", kinds.contains)
    }
}

extension CSVTable {
    /// - Parameter name: of what has the columns, as a sentence begins with it.
    /// - Throws: `InvalidInput` that names columns that are unknown, there twice or missing.
    func checkColumns(of name: String, needed: [String], all: [String]) throws {
        let takes = "\(name.prefix(1).lowercased())\(name.dropFirst()) has \(all.joined(separator: ", "))."
        let unknown = header.filter { !all.contains($0) }
        guard unknown.isEmpty else {
            let named = unknown.map { $0.isEmpty ? "without a name" : "'\($0.prefix(60))'" }
            throw InvalidInput("file", "There is no such column: \(named.joined(separator: ", ")); \(takes)")
        }
        if let twice = header.first(where: { name in header.filter { $0 == name }.count > 1 }) {
            throw InvalidInput("file", "The column \(twice) is there twice.")
        }
        if let missing = needed.first(where: { !header.contains($0) }) {
            throw InvalidInput("file", "The column \(missing) is missing; \(takes)")
        }
    }
}
