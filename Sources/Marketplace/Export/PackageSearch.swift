import Foundation

/// What a search for packages asks for, in the simple part of CKAN's query language that is understood here.
public struct PackageSearch: Sendable {
    public enum Order: String, Sendable { case name, id, modified }

    /// Every one must be in the title.
    var words: [String] = []
    /// Any of them; nil: whichever it is.
    var organisations: [String]?
    var excluded: [String] = []
    var tags: [String] = []
    /// What was changed before or after is left out; nil: whenever it was.
    var modifiedSince, modifiedUntil: Date?
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
        "\(order == .modified ? "metadata_modified" : order.rawValue) \(isDescending ? "desc" : "asc")"
    }

    /// `organization:name`, `organization:(a OR b)`, `organization:a OR organization:b`, `-organization:name`, `tags:name` or
    /// `tags:"a name"`, and `metadata_modified:[2026-01-01T00:00:00Z TO *]`, joined by spaces or AND.
    private mutating func add(_ filter: String) throws {
        var rest = Substring(filter)
        while true {
            rest = rest.drop { $0 == " " }
            if rest.hasPrefix("AND ") { rest = rest.dropFirst(4).drop { $0 == " " } }
            guard !rest.isEmpty else { return }
            if let span = rest.prefixMatch(of: /\+?metadata_modified:\[(\S+) TO (\S+)\]/) {
                try addSpan(String(span.1), String(span.2))
                rest = rest[span.range.upperBound...]
            } else if let any = rest.prefixMatch(of: Self.organisations) {
                let names = any.2.matches(of: Self.name).map { String($0.2 ?? $0.3 ?? "") }
                    .filter { !["OR", "organization", "owner_org"].contains($0) }
                if any.1 == "-" { excluded += names } else { try require(names) }
                rest = rest[any.range.upperBound...]
            } else if let tag = rest.prefixMatch(of: /\+?tags:(?:"([^"\\]+)"|([^\s"():*?\[\]{}]+))/) {
                tags.append(String(tag.1 ?? tag.2 ?? ""))
                rest = rest[tag.range.upperBound...]
            } else {
                throw InvalidInput(
                    "fq",
                    "A filter is organization:NAME, tags:NAME or metadata_modified:[TIME TO *], joined by AND; this is not one."
                )
            }
        }
    }

    private static var name: Regex<(Substring, Substring, Substring?, Substring?)> {
        /("([^"\\]+)"|([^\s"():*?\[\]{}]+))/
    }

    /// One organisation, several in brackets, or several terms; OR stands between them.
    private static var organisations: Regex<(Substring, Substring?, Substring)> {
        /([+\-])?(\(?(?:organization|owner_org):(?:\([^()]+\)|"[^"\\]+"|[^\s"():*?\[\]{}]+)(?: OR (?:organization|owner_org):(?:"[^"\\]+"|[^\s"():*?\[\]{}]+))*\)?)/
    }

    private mutating func require(_ names: [String]) throws {
        guard let before = organisations, before != names else { return organisations = names }
        organisations = before.filter(names.contains)
        guard organisations?.isEmpty == false else {
            throw InvalidInput("fq", "A dataset has one organisation; the filter demands two.")
        }
    }

    private mutating func addSpan(_ since: String, _ until: String) throws {
        let time = { (text: String) in text == "*" ? nil : try parsedTime(text, field: "fq") }
        (modifiedSince, modifiedUntil) = (try time(since) ?? modifiedSince, try time(until) ?? modifiedUntil)
    }

    private mutating func add(sort: String?) throws {
        switch sort?.lowercased() {
        case nil, "name asc", "name": break
        case "name desc": isDescending = true
        // Harvesters go by it, because a dataset keeps its place then.
        case "id asc", "id": order = .id
        case "id desc": (order, isDescending) = (.id, true)
        case "metadata_modified asc", "metadata_modified": order = .modified
        // What CKAN itself sorts by when nothing is said; there are no scores here.
        case "metadata_modified desc", "score desc, metadata_modified desc":
            (order, isDescending) = (.modified, true)
        default:
            throw InvalidInput("sort", "Datasets are sorted by name, id or metadata_modified, asc or desc.")
        }
    }
}
