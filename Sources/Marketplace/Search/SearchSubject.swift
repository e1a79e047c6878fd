import Foundation

/// What the search reads of an entry, a product or a scenario, as PostgreSQL answers it.
struct SearchSubject: Decodable, Sendable {
    let id: UUID
    let kind, code: String
    let version: Int
    let titles: [String?]
    let descriptions: [String?]?
    let keywords, themes, names, formats, domains, regions, sectors, priceKinds: [String?]?
    let columns: [String?]?
    let modified: String?
    let recorded: String
    let frequency, licence, spatial, grade, sharing, productKind, useClass: String?
    let hasContact: Bool
    let sources: [String]?
    /// The parties that answer for the data, and that sells it.
    let providers: [UUID?]?
    let seller: UUID?
    let staleAt: String?

    var parties: [UUID] { (providers ?? []).compactMap { $0 } + (seller.map { [$0] } ?? []) }
}

/// A party with every name that it and those before it had.
struct NamedParty: Sendable {
    let code: String
    let names: [String]
}

/// What the index keeps of a subject: texts in words, facets, and what suggestions are made of.
struct SearchRecord: Encodable, Sendable {
    struct Phrase: Hashable, Sendable {
        let folded, text: String
        let isWord: Bool
    }

    let id: UUID
    let kind, code: String
    let version: Int
    let quality: Double
    let titleWords: Int
    let staleAt: String?
    let title, keywords, names, description: String
    let facets: [[String]]
    let phrases: [String]
    var digest = ""
    /// The phrases with their texts; not part of the row.
    let spelled: [Phrase]

    enum CodingKeys: String, CodingKey {
        case id, kind, code, version, quality, title, keywords, names, description, facets, phrases, digest
        case titleWords = "title_words"
        case staleAt = "stale_at"
    }

    init(_ subject: SearchSubject, parties: [UUID: NamedParty]) throws {
        (id, kind, code, version) = (subject.id, subject.kind, subject.code, subject.version)
        staleAt = subject.staleAt
        let titles = subject.titles.compactMap { $0 }
        let keywords = (subject.keywords ?? []).compactMap { $0 }
        let themes = (subject.themes ?? []).compactMap { $0 }.map(Self.name)
        let providers = (subject.providers ?? []).compactMap { $0.flatMap { parties[$0] } }
        let seller = subject.seller.flatMap { parties[$0] }
        let names = (subject.names ?? []).compactMap { $0 } + providers.flatMap(\.names) + (seller?.names ?? [])
        let words = titles.map { SearchText.words(of: $0, withSingles: true) }
        title = words.joined(separator: [Self.gap]).joined(separator: " ")
        titleWords = min(Int(Int16.max), words.map(\.count).min() ?? 0)
        self.keywords = Self.line(keywords + themes + [subject.code])
        self.names = Self.line(names)
        let texts = (subject.descriptions ?? []).compactMap { $0.map { String($0.prefix(4_000)) } }
        description = Self.line(texts + (subject.columns ?? []).compactMap { $0.map { String($0.prefix(200)) } })
        quality = Self.quality(of: subject, description: texts.first ?? "")
        facets = Self.facets(of: subject, themes: themes, providers: providers.map(\.code), seller: seller?.code)
        let isShort = subject.kind != "entry"
        spelled = Self.phrases(titles: titles, keywords: keywords, names: names + (isShort ? titles : []))
        phrases = spelled.map(\.folded)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        digest = SHA256.digest(try encoder.encode(self)).hexadecimal
    }

    /// Words on both sides do not stand together; the parser of PostgreSQL drops it.
    private static let gap = "."

    private static func line(_ texts: [String]) -> String {
        texts.map { SearchText.words(of: $0).joined(separator: " ") }.joined(separator: " \(gap) ")
    }

    /// The last part of an address, which is a theme's name in the vocabularies that portals use; else the text itself.
    private static func name(_ theme: String) -> String {
        guard theme.hasPrefix("http"), let last = theme.split(whereSeparator: { "/#".contains($0) }).last else {
            return theme
        }
        return last.removingPercentEncoding ?? String(last)
    }

    /// Completeness, 0 to 1, and a twentieth for each year since 2000. What is newer than its record counts as that.
    private static func quality(of subject: SearchSubject, description: String) -> Double {
        let has = [
            description.count >= 40, subject.keywords?.isEmpty == false, subject.themes?.isEmpty == false,
            subject.frequency != nil, subject.licence != nil, subject.hasContact, subject.providers?.isEmpty == false,
            subject.formats?.isEmpty == false || subject.columns?.isEmpty == false,
        ]
        let completeness = Double(has.count { $0 }) / Double(has.count)
        let day = [subject.modified, subject.recorded].compactMap { $0 }.min() ?? ""
        let parts = day.prefix(10).split(separator: "-").compactMap { Double($0) }
        guard let year = parts.first, (1900...2200).contains(year) else { return completeness }
        let month = parts.count > 1 ? parts[1] - 1 : 0
        return completeness + (year - 2000 + month / 12) / 20
    }

    private static func facets(
        of subject: SearchSubject, themes: [String], providers: [String], seller: String?
    ) -> [[String]] {
        let regions = (subject.regions ?? []).compactMap { $0 } + (subject.spatial.flatMap(region).map { [$0] } ?? [])
        let values: [(SearchFacet, [String])] = [
            (.kind, [subject.kind]), (.domain, subject.domains?.compactMap { $0 } ?? []), (.field, themes),
            (.sector, subject.sectors?.compactMap { $0 } ?? []), (.region, regions), (.provider, providers),
            (.seller, seller.map { [$0] } ?? []), (.delivery, delivery(of: subject)),
            (.price, subject.priceKinds?.compactMap { $0 } ?? []),
            (.frequency, subject.frequency.map { [$0] } ?? []), (.grade, subject.grade.map { [$0] } ?? []),
            (.sharing, subject.sharing.map { [$0] } ?? []), (.use, subject.useClass.map { [$0] } ?? []),
            (.source, subject.sources ?? []),
        ]
        return values.flatMap { facet, values in
            var seen: Set<String> = []
            return values.filter { !$0.isEmpty && $0.count <= 80 && seen.insert($0).inserted }.prefix(20)
                .map { [facet.rawValue, $0] }
        }
    }

    /// A place by its name; coordinates and outlines are none.
    private static func region(_ spatial: String) -> String? {
        let name = name(spatial).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let first = name.unicodeScalars.first, first.properties.isAlphabetic, name.count <= 60,
            !name.contains("(("), !name.contains("=")
        else { return nil }
        return name
    }

    private static func delivery(of subject: SearchSubject) -> [String] {
        if subject.productKind == "api" { return ["api"] }
        let services = ["API", "WMS", "WFS", "REST", "SPARQL", "ODATA", "GEOSERVICE", "WEB SERVICE"]
        return (subject.formats ?? []).compactMap { $0 }.map { format in
            services.contains { format.uppercased().contains($0) } ? "api" : "file"
        }
    }

    private static func phrases(titles: [String], keywords: [String], names: [String]) -> [Phrase] {
        let words = (titles + keywords).flatMap(SearchText.typedWords).filter { word in
            (2...30).contains(word.count) && word.contains(where: \.isLetter)
        }
        let whole = (keywords + names).map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .filter { (2...80).contains($0.count) }
        var seen: Set<String> = []
        return (words.map { ($0.lowercased(), true) } + whole.map { ($0, false) }).compactMap { text, isWord in
            let folded = SearchText.folded(text)
            guard !folded.isEmpty, seen.insert(folded).inserted else { return nil }
            return Phrase(folded: folded, text: text, isWord: isWord || !text.contains(" "))
        }
    }
}

/// What results can be narrowed by, in the order in which they are shown.
public enum SearchFacet: String, Sendable, CaseIterable {
    case kind, domain, field, sector, region, provider, seller, delivery, price, frequency, grade, sharing, use, source
}
