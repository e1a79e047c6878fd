import Foundation
import Postgres

/// Words that mean the same, as the administration states them. A search reads them at once.
public struct Synonyms: Sendable {
    let store: Store

    public func all(cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "synonyms", key: [.code], cursor: cursor, limit: limit)
        return try await store.page("search/list_synonyms", request.cursor?.key, request: request).json()
    }

    /// States what means the same as a word; what was stated for it before is replaced.
    public func put(_ word: String, synonyms: [String], by administration: UUID, now: Date) async throws {
        try await put([(word, synonyms)], by: administration, now: now)
    }

    /// States several, all of them or none.
    public func put(_ list: [(word: String, synonyms: [String])], by administration: UUID, now: Date) async throws {
        let checked = try list.map { try Self.checked($0.word, $0.synonyms) }
        try await store.database.withTransaction { transaction in
            for (word, synonyms, folded) in checked {
                try await transaction.execute(
                    store.statements["search/upsert_synonym"], word, synonyms, folded, administration, now)
            }
        }
    }

    /// - Throws: `SearchError.unknownWord` when nothing is stated for it.
    public func remove(_ word: String) async throws {
        guard try await store.database.execute(store.statements["search/delete_synonym"], word) == 1 else {
            throw SearchError.unknownWord(word)
        }
    }

    private static func checked(
        _ word: String, _ synonyms: [String]
    ) throws -> (word: String, synonyms: [String], folded: [String]) {
        guard (1...30).contains(synonyms.count) else {
            throw InvalidInput("synonyms", "A word has 1 to 30 synonyms.")
        }
        let texts = try zip(["word"] + synonyms.indices.map { "synonyms[\($0)]" }, [word] + synonyms).map {
            field, text in
            let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            guard (1...60).contains(text.unicodeScalars.count) else {
                throw InvalidInput(field, "A word or phrase has 1 to 60 characters.")
            }
            let words = SearchQuery(text).words
            guard (1...SearchQuery.longestRun).contains(words.count), !text.contains("\0") else {
                throw InvalidInput(field, "'\(text)' is not one to four words.")
            }
            return (text, SearchQuery.text(words[...]))
        }
        var seen: Set<String> = []
        if let (index, _) = texts.enumerated().first(where: { !seen.insert($0.element.1).inserted }) {
            throw InvalidInput(
                index == 0 ? "word" : "synonyms[\(index - 1)]",
                "'\(texts[index].0)' is the same as another of these words for a search.")
        }
        return (texts[0].0, texts.dropFirst().map(\.0), texts.map(\.1))
    }
}

public enum SearchError: MarketplaceError {
    case unknownWord(String)

    public var code: RefusalCode { .notFound }
    public var field: String? { "word" }
    public var message: String {
        switch self {
        case .unknownWord(let word): "No synonyms are stated for '\(word.prefix(60))'."
        }
    }
}
