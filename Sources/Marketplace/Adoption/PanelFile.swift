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

    public private(set) var members: [Member] = []
    public private(set) var refused: [RefusedLine] = []
    let sha256: [UInt8]
    /// Rows that say anything.
    var rows: Int { members.count + Set(refused.map(\.line)).count }

    /// - Throws: `InvalidInput` when it is no CSV, its columns are others, or it has more than 20,000 rows.
    public init(_ bytes: [UInt8]) throws {
        let table = try CSVTable(bytes)
        try table.checkColumns(of: "A panel", needed: Array(Self.columns.prefix(2)), all: Self.columns)
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

    /// - Returns: nil when a field is refused.
    private static func member(_ reader: inout LineReader) -> Member? {
        guard reader.hasEveryCell() else { return nil }
        let code = reader.needed("enterprise_code").flatMap { reader.creditCode($0, of: "enterprise_code") }
        let reason = reader.needed("reason")
        let (section, province, kind) = (reader.section(), reader.province(), reader.enterpriseKind())
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
