import Foundation

/// The members of a panel as CSV. Lines that cannot be right are kept aside, each with its fields and reasons; the others are
/// members. It has no column for a person: a panel is of enterprises.
public struct PanelFile: Sendable {
    public struct Member: Sendable {
        let line: Int
        let code: String
        let reason: String
        let name, section, province, kind, group: String?
    }

    public static let columns = [
        "enterprise_code", "reason", "name", "section", "province", "enterprise_kind", "group",
    ]
    /// In bytes, as sent.
    public static let largest = 4 << 20
    static let mostRows = 20_000
    private static let neededColumns = columns.prefix(2)
    private static let kinds = ["central_soe", "local_soe", "private", "foreign", "other"]
    /// The provinces of GB/T 2260, in its order.
    private static let provinces: Set<String> = [
        "110000", "120000", "130000", "140000", "150000", "210000", "220000", "230000", "310000", "320000", "330000",
        "340000", "350000", "360000", "370000", "410000", "420000", "430000", "440000", "450000", "460000", "500000",
        "510000", "520000", "530000", "540000", "610000", "620000", "630000", "640000", "650000", "710000", "810000",
        "820000",
    ]

    public private(set) var members: [Member] = []
    public private(set) var refused: [RefusedLine] = []
    let sha256: [UInt8]
    /// Rows that say anything.
    var rows: Int { members.count + Set(refused.map(\.line)).count }

    /// - Throws: `InvalidInput` when it is no CSV, its columns are others, or it has more than 20,000 rows.
    public init(_ bytes: [UInt8]) throws {
        let table = try CSVTable(bytes)
        try Self.checkHeader(table.header)
        guard table.records.count <= Self.mostRows else {
            throw InvalidInput("file", "A panel has at most \(Self.mostRows) rows.")
        }
        sha256 = SHA256.digest(bytes)
        var lines: [String: Int] = [:]
        for record in table.records where !record.cells.allSatisfy(\.isEmpty) {
            var reader = LineReader(table: table, record: record)
            let member = Self.member(&reader)
            if let member, let first = lines[member.code] {
                reader.refuse("enterprise_code", "This code stands in line \(first) already.")
            } else if let member {
                lines[member.code] = record.line
            }
            refused += reader.refused
            if let member, reader.refused.isEmpty { members.append(member) }
        }
        refuseGroupsInGroups()
    }

    private static func checkHeader(_ header: [String]) throws {
        let takes = "a panel has \(columns.joined(separator: ", "))."
        let unknown = header.filter { !columns.contains($0) }
        guard unknown.isEmpty else {
            let named = unknown.map { $0.isEmpty ? "without a name" : "'\($0.prefix(60))'" }
            throw InvalidInput("file", "There is no such column: \(named.joined(separator: ", ")); \(takes)")
        }
        if let twice = header.first(where: { name in header.filter { $0 == name }.count > 1 }) {
            throw InvalidInput("file", "The column \(twice) is there twice.")
        }
        if let missing = neededColumns.first(where: { !header.contains($0) }) {
            throw InvalidInput("file", "The column \(missing) is missing; \(takes)")
        }
    }

    /// - Returns: nil when a field is refused.
    private static func member(_ reader: inout LineReader) -> Member? {
        guard reader.hasEveryCell() else { return nil }
        let code = reader.needed("enterprise_code").flatMap { reader.creditCode($0, of: "enterprise_code") }
        let reason = reader.needed("reason")
        let section = reader.checked("section", "No section of GB/T 4754, a letter from A to T") {
            $0.wholeMatch(of: /[A-T]/) != nil
        }
        let province = reader.checked("province", "No province of GB/T 2260, such as 350000", provinces.contains)
        let kind = reader.checked(
            "enterprise_kind", "No kind of enterprise, one of \(kinds.joined(separator: ", "))", kinds.contains)
        let group = reader.cell("group").flatMap { text in
            // What has the form of a credit code is one.
            text.wholeMatch(of: /[0-9A-Za-z]{2}[0-9]{6}[0-9A-Za-z]{10}/) == nil
                ? text : reader.creditCode(text, of: "group")
        }
        let name = reader.cell("name")
        guard reader.refused.isEmpty, let code, let reason else { return nil }
        return Member(
            line: reader.record.line, code: code, reason: reason, name: name, section: section, province: province,
            kind: kind, group: group)
    }

    /// A group is named by its top: else some of its members would be counted apart from the others.
    private mutating func refuseGroupsInGroups() {
        let groups = Dictionary(uniqueKeysWithValues: members.map { ($0.code, $0.group ?? $0.code) })
        refuse("group") { member in
            guard let group = member.group, let above = groups[group], above != group else { return nil }
            return "The group \(group) belongs to the group \(above) itself: name that one."
        }
    }

    /// Takes members out whose codes are those of bodies that are no enterprises.
    mutating func refuse(publicBodies kinds: [String: String]) {
        refuse("enterprise_code") { member in
            kinds[member.code].map {
                "This code is that of a \($0.replacing("_", with: " ")), no enterprise."
            }
        }
    }

    /// - Parameter reason: why a member is refused; nil when it is not.
    private mutating func refuse(_ field: String, _ reason: (Member) -> String?) {
        let found = members.compactMap { member in
            reason(member).map { RefusedLine(line: member.line, field: field, reason: $0) }
        }
        guard !found.isEmpty else { return }
        let lines = Set(found.map(\.line))
        members.removeAll { lines.contains($0.line) }
        refused = (refused + found).sorted { $0.line < $1.line }
    }
}

/// What is wrong with a line of a file. Lines are counted from 1 for the header, in records: a cell with line breaks counts as
/// one.
public struct RefusedLine: Sendable, Hashable, Codable {
    public let line: Int
    public let field: String
    public let reason: String
}

/// One line, and what was found wrong with it so far.
private struct LineReader {
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
        do { return try CreditCode(text).text } catch {
            refuse(column, (error as? InvalidInput)?.message ?? "This is no credit code.")
            return nil
        }
    }
}
