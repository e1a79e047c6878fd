import Foundation

/// What a person typed, as groups of words: those of a group mean the same, and each group says something else.
struct SearchQuery: Sendable {
    /// The words typed, folded. More than ten say no more.
    let words: [String]
    /// Each group's texts: what was typed first, then its synonyms.
    private(set) var groups: [[String]]
    /// The whole text when it may be a code.
    let code: String?
    /// What was read in place of a word that nothing holds.
    private(set) var corrections: [String: String] = [:]

    init(_ text: String) {
        words = Array(SearchText.typedWords(of: text).map { SearchText.folded($0) }.prefix(10))
        groups = words.map { [$0] }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        code = trimmed.contains(where: \.isWhitespace) || trimmed.isEmpty ? nil : trimmed.uppercased()
    }

    static let longestRun = 4
    /// The word that every document holds.
    private static let everything = "'x0'"

    /// Up to four words that stand together, which may be one term: `used car`, 二手车.
    var runs: [String] {
        (0..<words.count).flatMap { start in
            (start..<min(start + Self.longestRun, words.count)).map { Self.text(words[start...$0]) }
        }
    }

    /// - Parameters:
    ///   - synonyms: by the run of words that they belong to.
    ///   - corrections: by the word that nothing holds.
    ///   - empty: words that say nothing, such as "the".
    mutating func apply(synonyms: [String: [String]], corrections: [String: String], empty: [String]) {
        self.corrections = corrections
        let words = words.filter { !empty.contains($0) }.map { corrections[$0] ?? $0 }
        groups = []
        var start = 0
        while start < words.count {
            // The longest term takes its words.
            let end = (start..<min(start + Self.longestRun, words.count)).reversed().first {
                synonyms[Self.text(words[start...$0])] != nil
            }
            let own = Self.text(words[start...(end ?? start)])
            groups.append([own] + (synonyms[own] ?? []).filter { $0 != own }.sorted())
            start = (end ?? start) + 1
        }
    }

    /// What the corrections make of the text; nil when there are none.
    var corrected: String? {
        corrections.isEmpty ? nil : Self.text(words.map { corrections[$0] ?? $0 }[...])
    }

    /// As a tsquery of the configuration `market`: all groups must occur; of three or more, one may be missing.
    var required: String {
        let parts = groups.map(Self.query)
        guard parts.count > 2 else { return parts.isEmpty ? Self.everything : parts.joined(separator: " & ") }
        return parts.indices.map { missing in
            Self.joined(parts.enumerated().filter { $0.offset != missing }.map(\.element), "&")
        }.joined(separator: " | ")
    }

    /// What comes near when too little holds all: one of two groups, or two neighbours of more; of a single Chinese word the
    /// same of its pairs of characters. Nil when there is nothing to leave out.
    var near: String? {
        let lexemes = groups.first.map { SearchText.words(of: $0[0]).map(Self.quoted) } ?? []
        let parts = groups.count == 1 ? lexemes : groups.map(Self.query)
        switch parts.count {
        case 0, 1: return nil
        case 2: return Self.joined(parts, "|")
        default: return zip(parts, parts.dropFirst()).map { Self.joined([$0, $1], "&") }.joined(separator: " | ")
        }
    }

    /// Every word, for ranking.
    var any: String {
        let lexemes = groups.flatMap { $0 }.flatMap { SearchText.words(of: $0) }
        return lexemes.isEmpty ? Self.everything : Self.joined(lexemes.map(Self.quoted), "|")
    }

    private static func query(_ group: [String]) -> String {
        joined(group.map { text in joined(SearchText.words(of: text).map(quoted), "&") }, "|")
    }

    private static func quoted(_ lexeme: String) -> String { "'\(lexeme)'" }

    private static func joined(_ parts: [String], _ operation: String) -> String {
        "(" + parts.joined(separator: " \(operation) ") + ")"
    }

    /// Words as they are written together: Chinese without blanks.
    static func text(_ words: ArraySlice<String>) -> String {
        words.reduce(into: "") { text, word in
            if let last = text.unicodeScalars.last, let first = word.unicodeScalars.first,
                !SearchText.isHan(last) || !SearchText.isHan(first)
            {
                text += " "
            }
            text += word
        }
    }
}
