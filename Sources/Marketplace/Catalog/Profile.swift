/// What a table holds, column by column. Odd values are counted as such, so that every table has a profile. One column is
/// looked at after the other, so that no more is held than the table and the different values of one column.
struct Profile: Sendable, Codable {
    /// Counted from 1; a profile by older rules is made anew.
    static let rules = 4

    let rows: Int
    /// Rows that repeat an earlier one in every cell.
    let duplicates: Int
    let columns: [Column]
    /// The first rows, whose personal values are left out only when they are shown: what is personal can be learnt later.
    let sample: [[String]]

    static let sampleRows = 20

    struct Column: Sendable, Codable {
        let name: String
        let type: ColumnType
        let empty: Int
        /// How many different values there are, exactly: spellings that Unicode holds for the same text are one.
        let distinct: Int
        /// Cells that are not of the type, and the first lines that hold one.
        var invalid = 0
        var invalidLines: [Int] = []
        /// As they are written: of numbers by size, of dates by time, of texts by their letters in Unicode.
        var minimum: String?
        var maximum: String?
        /// Of numbers: the values that a quarter, half and three quarters of the cells do not exceed.
        var quartiles: [String]?
        /// Of texts, in characters.
        var longest: Int?
        /// Of texts and truths, where there are few different ones.
        var frequent: [Frequent]?

        enum CodingKeys: String, CodingKey {
            case name, type, empty, distinct, invalid, minimum, maximum, quartiles, longest, frequent
            case invalidLines = "invalid_lines"
        }
    }

    struct Frequent: Sendable, Codable {
        let value: String
        let count: Int
    }

    init(of table: CSVTable, declared: [ProductListing.Column]) {
        let types = Dictionary(declared.map { ($0.name, $0.type) }) { first, _ in first }
        rows = table.records.count
        duplicates = rows - Set(table.records.map(\.cells)).count
        columns = table.header.enumerated().map { place, name in
            Column(name, ColumnType(declared: types[name]), at: place, of: table.records)
        }
        sample = table.records.prefix(Self.sampleRows).map(\.cells)
    }
}

extension Profile.Column {
    private static let namedLines = 5
    /// So many different values can be shown one by one.
    private static let few = 20
    private static let shown = 5
    /// In characters; what is longer is cut.
    private static let longestShown = 80

    init(_ name: String, _ type: ColumnType, at place: Int, of records: [CSVTable.Record]) {
        var counts: [String: Int] = [:]
        for record in records where place < record.cells.count && !record.cells[place].allSatisfy(\.isWhitespace) {
            counts[record.cells[place], default: 0] += 1
        }
        self.name = name
        self.type = type
        empty = records.count - counts.values.reduce(0, +)
        distinct = counts.count
        if type == .text {
            minimum = counts.keys.min().map(Self.cut)
            maximum = counts.keys.max().map(Self.cut)
            longest = counts.keys.map(\.count).max()
        } else {
            let (valid, others) = Self.sorted(counts, by: type)
            invalid = others.values.reduce(0, +)
            invalidLines = Self.lines(holding: others, at: place, of: records)
            minimum = valid.first.map { Self.cut($0.value) }
            maximum = valid.last.map { Self.cut($0.value) }
            if type == .number || type == .integer { quartiles = Self.quartiles(of: valid) }
        }
        if (type == .text || type == .boolean) && (1...Self.few).contains(counts.count) {
            frequent = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.shown)
                .map { .init(value: Self.cut($0.key), count: $0.value) }
        }
    }

    private typealias Place = (place: Double, value: String, count: Int)

    private static func sorted(_ counts: [String: Int], by type: ColumnType) -> ([Place], others: [String: Int]) {
        var valid: [Place] = []
        var others: [String: Int] = [:]
        for (value, count) in counts {
            if let place = type.place(of: value) { valid.append((place, value, count)) } else { others[value] = count }
        }
        return (valid.sorted { ($0.place, $0.value) < ($1.place, $1.value) }, others)
    }

    private static func lines(holding values: [String: Int], at place: Int, of records: [CSVTable.Record]) -> [Int] {
        guard !values.isEmpty else { return [] }
        return Array(
            records.lazy.filter { place < $0.cells.count && values[$0.cells[place]] != nil }.map(\.line)
                .prefix(namedLines))
    }

    private static func quartiles(of sorted: [Place]) -> [String]? {
        let cells = sorted.reduce(0) { $0 + $1.count }
        guard cells > 0 else { return nil }
        return [1, 2, 3].map { quarter in
            let rank = (quarter * cells + 3) / 4
            var seen = 0
            let value = sorted.first {
                seen += $0.count
                return seen >= rank
            }
            return cut(value?.value ?? "")
        }
    }

    private static func cut(_ value: String) -> String {
        // NUL cannot be kept in jsonb.
        let text = value.contains("\0") ? value.replacing("\0", with: "\u{FFFD}") : value
        return text.count > longestShown ? text.prefix(longestShown) + "…" : text
    }
}
