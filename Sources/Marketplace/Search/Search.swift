import Foundation
import Postgres

/// One search over products, scenarios and directory entries, in Chinese and English. Only texts, freshness and
/// completeness rank; nothing that counts use is read here.
public struct Search: Sendable {
    private let store: Store
    private let kept: KeptAnswers
    /// What finds more may be a minute old.
    private static let broadAnswer = 10_000

    init(store: Store, kept: KeptAnswers) { (self.store, self.kept) = (store, kept) }

    /// What is asked: words or none, and values by facet, of which a result needs one each.
    public struct Request: Sendable {
        public var text: String?
        public var filters: [SearchFacet: [String]]
        public var cursor: String?
        public var limit: Int?

        public init(text: String?, filters: [SearchFacet: [String]] = [:], cursor: String? = nil, limit: Int? = nil) {
            (self.text, self.filters, self.cursor, self.limit) = (text, filters, cursor, limit)
        }
    }

    private struct Filter: Encodable { let facet: String, values: [String] }

    /// How many values of a facet are counted out; those that were asked for are always among them.
    static let facetValues = 12

    /// Results with their highlights, best first, with the total and the facets of the whole answer: `{"total", "facets":
    /// {facet: [{"value", "count", "party"?}]}, "corrected"?, "near"?, "items", "next"}`. `corrected` says what was searched
    /// for when a word is in nothing. When fewer than ten hold the words, some that come near follow, not counted in the
    /// total; `near` says how many. An answer of ten thousand and more is up to a minute old, which `counted_at` says.
    public func results(_ asked: Request, now: Date) async throws -> JSONDocument {
        let filters = asked.filters.map { Filter(facet: $0.key.rawValue, values: $0.value.sorted()) }
            .sorted { $0.facet < $1.facet }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let conditions = String(decoding: try encoder.encode(filters), as: UTF8.self)
        let typed = (asked.text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let request = try PageRequest(
            query: "search?q=\(typed)&\(conditions)", key: [.number, .decimal, .code], cursor: asked.cursor,
            limit: asked.limit ?? 20)
        let query = try await understood(typed)
        // Synonyms and corrections act on the words; what else the answer depends on is told with the index.
        let key = [request.query, query.required, query.any, request.cursor?.key ?? "", "\(request.limit)"]
        return try await kept.answer(to: key.joined(separator: "\n")) {
            try await answer(query, conditions, request, now: now)
        }
    }

    /// Another server changed the index: what was answered from it is asked for anew.
    public func indexChanged() async { await kept.indexChanged() }

    private func answer(
        _ query: SearchQuery, _ conditions: String, _ request: PageRequest, now: Date
    ) async throws -> KeptAnswers.Answer {
        let found = try await find(query, conditions, request)
        var rows = found.rows
        let near = rows.count > request.limit ? [] : try await near(query, conditions, found, limit: request.limit)
        rows += near
        async let items = items(rows, words: query.groups.flatMap { $0 }, now: now)
        var head = "\"total\":\(found.total),\"facets\":\(try await facets(found.values)),"
        if let corrected = query.corrected { head += "\"corrected\":\(try Self.json(.text(corrected)))," }
        if found.total >= Self.broadAnswer { head += "\"counted_at\":\"\(now.formatted(.iso8601))\"," }
        if !near.isEmpty { head += "\"near\":\(near.count)," }
        let document = try await Page(items, request: request).json(head: head)
        return KeptAnswers.Answer(document: document, isBroad: found.total >= Self.broadAnswer)
    }

    /// Words and phrases of titles, keywords and names that begin as typed, those in most documents first:
    /// `{"items": [text]}`. When the whole text begins nothing, its last word is completed.
    public func suggestions(for text: String, limit: Int?) async throws -> JSONDocument {
        let limit = limit ?? 8
        guard (1...20).contains(limit) else { throw InvalidInput("limit", "Suggestions are 1 to 20.") }
        let typed = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let last = typed.last else { return JSONDocument(text: #"{"items":[]}"#) }
        let whole = typed.joined(separator: " ")
        // A short beginning reads thousands of phrases, and everybody types it on the way to a longer one.
        return try await kept.answer(to: "suggestions \(limit)\n\(whole)") {
            var found = try await phrases(beginning: whole, limit: limit)
            if found.isEmpty, typed.count > 1 {
                let rest = typed.dropLast().joined(separator: " ")
                found = try await phrases(beginning: last, limit: limit).map { "\(rest) \($0)" }
            }
            let document = JSONDocument(text: "{\"items\":\(try Self.json(.list(found.map(JSONTree.text))))}")
            return KeptAnswers.Answer(document: document, isBroad: false)
        }
    }

    private func phrases(beginning text: String, limit: Int) async throws -> [String] {
        try await store.database.all(
            store.statements["search/list_suggestions"], escapedForLike(SearchText.folded(text)), limit, lane: .read
        ) { try $0.next(String.self) }
    }

    // MARK: Finding

    private struct Words: Decodable {
        let synonyms: [String: [String]]
        let corrections: [String: String]
        let empty: [String]
    }

    private func understood(_ text: String) async throws -> SearchQuery {
        var query = SearchQuery(text)
        guard !query.words.isEmpty else { return query }
        var known = try await words(query)
        query.apply(synonyms: known.synonyms, corrections: known.corrections, empty: known.empty)
        if let corrected = query.corrected {
            known = try await words(SearchQuery(corrected))
            query.apply(synonyms: known.synonyms, corrections: query.corrections, empty: known.empty)
        }
        return query
    }

    private func words(_ query: SearchQuery) async throws -> Words {
        let known = try await store.database.first(
            store.statements["search/read_words"], query.runs, query.words, lane: .search
        ) { try $0.next(String.self) }
        guard let known else { throw RowMissing(statement: "search/read_words") }
        return try JSONDecoder().decode(Words.self, from: Data(known.utf8))
    }

    private struct Found: Sendable {
        struct Row: Sendable { let kind: String, id: UUID, key: String }
        struct Value: Sendable { let facet, value: String, count: Int64 }
        let total: Int
        /// The codes of all that was found, when they are fewer than ten.
        let few: [String]?
        let values: [Value]
        let rows: [Row]

        init(_ row: inout Postgres.Row) throws {
            total = try row.next(Int.self)
            few = try row.next([String]?.self)
            let (facets, values) = (try row.next([String].self), try row.next([String].self))
            let counts = try row.next([Int64].self)
            self.values = counts.indices.map { Value(facet: facets[$0], value: values[$0], count: counts[$0]) }
            let (kinds, ids) = (try row.next([String].self), try row.next([UUID].self))
            let keys = try row.next([String].self)
            rows = keys.indices.map { Row(kind: kinds[$0], id: ids[$0], key: keys[$0]) }
        }
    }

    private func find(_ query: SearchQuery, _ filters: String, _ request: PageRequest) async throws -> Found {
        let key = request.cursor?.key.split(separator: " ", maxSplits: 2).map(String.init)
        let found = try await store.database.first(
            store.statements["search/find_documents"], query.required, query.any, query.code, filters,
            request.limit + 1, Self.facetValues, key?[0], key?[1], key?[2], lane: .search
        ) { try Found(&$0) }
        guard let found else { throw RowMissing(statement: "search/find_documents") }
        return found
    }

    /// What follows when too few hold the words; it has no page after it, so its keys are not asked for.
    private func near(_ query: SearchQuery, _ filters: String, _ found: Found, limit: Int) async throws -> [Found.Row] {
        guard let few = found.few, let near = query.near, found.rows.count < limit else { return [] }
        return try await store.database.all(
            store.statements["search/list_near"], near, query.any, filters, few, limit - found.rows.count, lane: .search
        ) { Found.Row(kind: try $0.next(String.self), id: try $0.next(UUID.self), key: "") }
    }

    // MARK: Showing

    private struct Shown: Sendable {
        let document: String
        let titles, descriptions: [(text: String, language: String)]

        init(_ row: inout Postgres.Row) throws {
            document = try row.next(String.self)
            titles = Array(zip(try row.next([String].self), try row.next([String].self)))
            descriptions = Array(zip(try row.next([String].self), try row.next([String].self)))
        }
    }

    private func items(_ rows: [Found.Row], words: [String], now: Date) async throws -> [(
        key: String, document: String
    )] {
        let ids = { (kind: String) in rows.filter { $0.kind == kind }.map(\.id) }
        let shown = try await store.database.all(
            store.statements["search/list_found"], ids("entry"), ids("product"), ids("scenario"), now, lane: .search
        ) { (id: try $0.next(UUID.self), shown: try Shown(&$0)) }
        let byID = Dictionary(uniqueKeysWithValues: shown.map { ($0.id, $0.shown) })
        let marks = Highlighter(words: words.flatMap(SearchText.typedWords).map { SearchText.folded($0) })
        return rows.map { row in
            // What was taken away since it was found keeps its place, so that the pages stay in step.
            guard let shown = byID[row.id] else { return (row.key, "{\"kind\":\"\(row.kind)\",\"gone\":true}") }
            var bytes = Array(shown.document.utf8.dropLast())
            bytes += #","highlights":{"descriptions":["#.utf8
            Self.write(shown.descriptions, to: &bytes) { marks.excerpt(of: $0, length: 240) }
            bytes += #"],"titles":["#.utf8
            Self.write(shown.titles, to: &bytes) { marks.parts(of: $0) }
            bytes += "]}}".utf8
            return (row.key, String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Twenty results have some hundred pieces, so they are written as they are found.
    private static func write(
        _ texts: [(text: String, language: String)], to bytes: inout [UInt8], divide: (String) -> [TextPart]
    ) {
        for (place, (text, language)) in texts.enumerated() {
            bytes += (place > 0 ? ",{" : "{").utf8
            if !language.isEmpty {
                bytes += #""language":"#.utf8
                JSONTree.write(language, to: &bytes)
                bytes.append(UInt8(ascii: ","))
            }
            bytes += #""parts":["#.utf8
            for (place, part) in divide(text).enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += (part.match ? #"{"match":true,"text":"# : #"{"match":false,"text":"#).utf8
                JSONTree.write(part.text, to: &bytes)
                bytes.append(UInt8(ascii: "}"))
            }
            bytes += "]}".utf8
        }
    }

    private func facets(_ counted: [Found.Value]) async throws -> String {
        let named = ["provider", "seller"]
        let codes = Array(Set(counted.filter { named.contains($0.facet) }.map(\.value)))
        let parties =
            codes.isEmpty
            ? []
            : try await store.database.all(
                store.statements["search/list_parties"], codes, lane: .search
            ) { (code: try $0.next(String.self), document: try $0.next(String.self)) }
        let byCode = Dictionary(uniqueKeysWithValues: parties.map { ($0.code, $0.document) })
        let members = try SearchFacet.allCases.compactMap { facet -> String? in
            let values = try counted.filter { $0.facet == facet.rawValue }.map { value in
                let party = named.contains(value.facet) ? byCode[value.value].map { ",\"party\":\($0)" } ?? "" : ""
                return "{\"value\":\(try Self.json(.text(value.value))),\"count\":\(value.count)\(party)}"
            }
            return values.isEmpty ? nil : "\"\(facet.rawValue)\":[\(values.joined(separator: ","))]"
        }
        return "{\(members.joined(separator: ","))}"
    }

    private static func json(_ tree: JSONTree) throws -> String {
        String(decoding: try tree.canonical(), as: UTF8.self)
    }
}
