import Foundation

/// What a search for packages asks for, in the simple part of CKAN's query language that is understood here.
public struct PackageSearch: Sendable {
    public enum Order: String, Sendable { case name, modified }

    /// Every one must be in the title.
    var words: [String] = []
    var organisation: String?
    var tags: [String] = []
    var order = Order.name
    var isDescending = false
    var start = 0
    var rows = 10

    init() {}

    /// - Throws: `InvalidInput` that names the parameter, for whatever is not understood: a search that leaves a part out
    ///   would answer something else than what was asked.
    public init(q: String?, fq: [String], sort: String?, start: Int?, rows: Int?) throws {
        if let q, q != "*:*", q != "*" {
            words = q.split(separator: " ").map(String.init)
            let isPlain = { (word: String) in
                !["AND", "OR", "NOT"].contains(word) && !word.contains { "\"*?:()[]{}~^+!&|\\".contains($0) }
                    && !word.hasPrefix("-")
            }
            guard words.allSatisfy(isPlain) else {
                throw InvalidInput("q", "A search takes plain words, all of which must be in the title, or *:*.")
            }
        }
        for filter in fq { try add(filter) }
        try add(sort: sort)
        self.start = start ?? 0
        self.rows = rows ?? 10
        guard self.start >= 0 else { throw InvalidInput("start", "A page starts at 0 or later.") }
        guard (0...1000).contains(self.rows) else { throw InvalidInput("rows", "A page has 0 to 1000 rows.") }
    }

    var sortText: String {
        "\(order == .name ? "name" : "metadata_modified") \(isDescending ? "desc" : "asc")"
    }

    /// `organization:name` and `tags:name` or `tags:"a name"`, joined by spaces or AND.
    private mutating func add(_ filter: String) throws {
        var rest = Substring(filter)
        while true {
            rest = rest.drop { $0 == " " }
            if rest.hasPrefix("AND ") { rest = rest.dropFirst(4).drop { $0 == " " } }
            guard !rest.isEmpty else { return }
            guard
                let match = rest.prefixMatch(
                    of: /\+?(organization|owner_org|tags):(?:"([^"\\]+)"|([^\s"():*?\[\]{}]+))/)
            else {
                throw InvalidInput("fq", "A filter is organization:NAME or tags:NAME, joined by AND; this is not one.")
            }
            let value = String(match.2 ?? match.3 ?? "")
            if match.1 == "tags" {
                tags.append(value)
            } else if organisation == nil || organisation == value {
                organisation = value
            } else {
                throw InvalidInput("fq", "A dataset has one organisation; the filter names two.")
            }
            rest = rest[match.range.upperBound...]
        }
    }

    private mutating func add(sort: String?) throws {
        switch sort?.lowercased() {
        case nil, "name asc", "name": break
        case "name desc": isDescending = true
        case "metadata_modified asc", "metadata_modified": order = .modified
        // What CKAN itself sorts by when nothing is said; there are no scores here.
        case "metadata_modified desc", "score desc, metadata_modified desc":
            (order, isDescending) = (.modified, true)
        default:
            throw InvalidInput("sort", "Datasets are sorted by name or metadata_modified, asc or desc.")
        }
    }
}
