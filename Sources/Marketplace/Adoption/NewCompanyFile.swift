import Foundation

/// Companies that central enterprises established, as CSV. Lines that cannot be right are kept aside, each with its fields and
/// reasons.
public struct NewCompanyFile: Sendable {
    struct Company: Sendable {
        let line: Int
        let code, name, groupCode, groupName, establishedOn, source: String
        let section, province: String?
        let isSynthetic, isWithdrawn: Bool
    }

    private static let needed = ["company_code", "name", "group_code", "group_name", "established_on", "source"]
    public static let columns = needed + ["section", "province", "synthetic", "withdrawn"]
    /// In bytes, as sent.
    public static let largest = 4 << 20
    /// Since then a company gets its credit code when it is registered, and keeps it wherever it moves.
    private static let firstCodes = "2015-10-01"

    private(set) var companies: [Company]
    public private(set) var refused: [RefusedLine]

    /// - Throws: `InvalidInput` when it is no CSV, its columns are others, or it has more than 20,000 rows.
    public init(_ bytes: [UInt8], now: Date) throws {
        let lines = try LinesRead(
            bytes, of: "A list of new companies", needed: Self.needed, columns: Self.columns,
            key: ("company_code", "code", \.code)
        ) { Self.company(&$0, now: now) }
        (companies, refused) = (lines.items, lines.refused)
    }

    /// - Returns: nil when a field is refused.
    private static func company(_ reader: inout LineReader, now: Date) -> Company? {
        guard reader.hasEveryCell() else { return nil }
        let (code, name) = (enterpriseCode("company_code", &reader), reader.needed("name"))
        let (group, groupName) = (enterpriseCode("group_code", &reader), reader.needed("group_name"))
        if let code, code == group {
            reader.refuse("group_code", "The company cannot be the central enterprise that established it.")
        }
        let (day, source) = (reader.pastDay("established_on", now: now), reader.needed("source"))
        let (section, stated) = (reader.section(), reader.province())
        let (isSynthetic, isWithdrawn) = (reader.truth("synthetic"), reader.truth("withdrawn"))
        guard let code, let day else { return nil }
        let registered = day < firstCodes ? nil : LineReader.province(ofDivision: String(code.dropFirst(2).prefix(6)))
        if let registered, let stated, registered != stated {
            reader.refuse(
                "province",
                "By its credit code the company was registered in \(registered), not in \(stated); leave this cell empty."
            )
        }
        guard reader.refused.isEmpty, let name, let group, let groupName, let source else { return nil }
        return Company(
            line: reader.record.line, code: code, name: name, groupCode: group, groupName: groupName,
            establishedOn: day, source: source, section: section, province: registered ?? stated,
            isSynthetic: isSynthetic, isWithdrawn: isWithdrawn)
    }

    /// A credit code of class 91: registered with market supervision, and an enterprise (GB 32100-2015).
    private static func enterpriseCode(_ column: String, _ reader: inout LineReader) -> String? {
        reader.needed(column).flatMap { reader.creditCode($0, of: column) }.flatMap { code in
            guard !code.hasPrefix("91") else { return code }
            reader.refuse(column, "A credit code of an enterprise begins with 91, this one with \(code.prefix(2)).")
            return nil
        }
    }

    /// Takes companies out whose groups are known as something else than central enterprises.
    mutating func refuse(notCentral kinds: [String: String]) {
        let found = companies.compactMap { company in
            kinds[company.groupCode].map { kind in
                RefusedLine(
                    line: company.line, field: "group_code",
                    reason: "The market knows this code as that of another kind than a central enterprise: \(kind).")
            }
        }
        companies.removeAll { kinds[$0.groupCode] != nil }
        refused = (refused + found).sorted { $0.line < $1.line }
    }
}
