import Foundation

/// What an operator states of a revision before it sends the content.
public struct RevisionContract: Sendable, Codable {
    public var columns: [ProductListing.Column]
    /// Columns that together name a row.
    public var keys: [String]?
    /// What it is made of; without them, the entries of the revision before, in the versions in force.
    public var entries: [ProductListing.Entry]?
    public var entryBasis: String?
    public var source: ProductListing.Source

    enum CodingKeys: String, CodingKey {
        case columns, keys, entries, source
        case entryBasis = "entry_basis"
    }

    public static let mostColumns = 2_000

    public func check() throws {
        try ProductListing.checkText(source.title, "source.title", limit: 500)
        try ProductListing.checkText(source.url, "source.url", limit: 2_000)
        try ProductListing.checkColumns(columns, keys: keys ?? [])
        try ProductListing.checkEntries(entries ?? [])
    }
}

extension ProductListing {
    static func checkColumns(_ columns: [Column], keys: [String]) throws {
        guard (1...RevisionContract.mostColumns).contains(columns.count) else {
            throw InvalidInput("columns", "A table has 1 to \(RevisionContract.mostColumns) columns.")
        }
        var seen: Set<String> = []
        for (index, column) in columns.enumerated() {
            try checkText(column.name, "columns[\(index)].name", limit: 200)
            guard !Self.reservedNames.contains(column.name.lowercased()) else {
                throw InvalidInput("columns[\(index)].name", "This name is kept for change data.")
            }
            // Tools that read tables hold names in either case for the same.
            guard seen.insert(column.name.lowercased()).inserted else {
                throw InvalidInput("columns[\(index)].name", "The column '\(column.name)' is stated twice.")
            }
            try checkRules(column, index)
        }
        guard Set(keys).count == keys.count else { throw InvalidInput("keys", "A column is named twice.") }
        if let unknown = keys.first(where: { key in !columns.contains { $0.name == key } }) {
            throw InvalidInput("keys", "No column is called '\(unknown.prefix(100))'.")
        }
    }

    /// Of Delta's change data, and of the table engine's own columns.
    private static let reservedNames: Set = [
        "_change_type", "_commit_version", "_commit_timestamp", "_place", "_row",
    ]

    private static func checkRules(_ column: Column, _ index: Int) throws {
        let type = ColumnType(declared: column.type)
        let places = try [("minimum", column.minimum), ("maximum", column.maximum)].map { name, bound in
            try bound.map { bound in
                guard type != .text, type != .boolean, let place = type.place(of: bound.text) else {
                    throw InvalidInput("columns[\(index)].\(name)", "This is no value of a column of \(column.type).")
                }
                return place
            }
        }
        if let least = places[0], let most = places[1], least > most {
            throw InvalidInput("columns[\(index)].maximum", "The maximum lies below the minimum.")
        }
        guard let values = column.values else { return }
        guard !values.isEmpty, values.allSatisfy({ type == .text ? !$0.isEmpty : type.place(of: $0) != nil }) else {
            throw InvalidInput(
                "columns[\(index)].values", "These are one or more values of a column of \(column.type).")
        }
    }

    static func checkEntries(_ entries: [Entry]) throws {
        for (index, entry) in entries.enumerated() {
            try checkText(entry.code, "entries[\(index)].code", limit: 200)
            guard (1...1_000_000).contains(entry.version ?? 1) else {
                throw InvalidInput("entries[\(index)].version", "A version counts from 1.")
            }
        }
    }
}

/// A bound of the values of a column: a number, or a time as text.
public enum ColumnBound: Sendable, Codable, Hashable {
    case number(Decimal)
    case time(String)

    var text: String {
        switch self {
        case .number(let number): "\(number)"
        case .time(let text): text
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = try (try? container.decode(Decimal.self)).map(Self.number) ?? .time(container.decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .time(let text): try container.encode(text)
        }
    }
}
