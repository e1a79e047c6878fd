/// A piece of a text, and whether it is what was searched for.
struct TextPart: Sendable, Hashable {
    let text: String
    let match: Bool
}

extension SearchText {
    /// Divides a text where the words stand in it, whatever their case, accents or kind of Chinese characters.
    /// - Parameter words: folded; one of letters is found at the beginning of a word, by its stem.
    static func parts(of text: String, words: [String]) -> [TextPart] {
        divided(text, at: places(of: words, in: text))
    }

    /// The same for a stretch of a long text that holds the first place where the words stand.
    /// - Parameter length: in characters.
    static func excerpt(of text: String, words: [String], length: Int) -> [TextPart] {
        let marked = places(of: words, in: text)
        guard text.count > length else { return divided(text, at: marked) }
        let first = marked.map(\.lowerBound).min() ?? text.startIndex
        let lead = text.index(first, offsetBy: -length / 4, limitedBy: text.startIndex) ?? text.startIndex
        let limit = text.index(lead, offsetBy: length, limitedBy: text.endIndex) ?? text.endIndex
        let start = limit == text.endIndex ? text.index(limit, offsetBy: -length) : lead
        // Words of letters stay whole.
        let begin =
            start == text.startIndex
            ? start : text[start...].prefix(20).firstIndex(where: \.isWhitespace).map(text.index(after:)) ?? start
        let end =
            limit == text.endIndex ? limit : text[..<limit].suffix(20).lastIndex(where: \.isWhitespace) ?? limit
        let inside = marked.filter { $0.lowerBound >= begin && $0.upperBound <= end }
        var parts = divided(text[begin..<end], at: inside)
        if begin > text.startIndex { parts.insert(.init(text: "…", match: false), at: 0) }
        if end < text.endIndex { parts.append(.init(text: "…", match: false)) }
        return parts
    }

    private static func places(of words: [String], in text: String) -> [Range<String.Index>] {
        let han = words.filter { $0.unicodeScalars.first.map(isHan) ?? false }.map { Array($0.unicodeScalars) }
        let letters = Set(words.filter { !($0.unicodeScalars.first.map(isHan) ?? true) })
        // Most words of a text begin otherwise, and need not be folded.
        let beginnings = Set(letters.compactMap(\.utf8.first))
        var marked: [Range<String.Index>] = []
        for run in runs(of: text) {
            guard run.isHan else {
                if let first = run.text.utf8.first, first < 0x80, !beginnings.contains(lowered(first)) { continue }
                let own = folded(run.text)
                if letters.contains(where: { isSame($0, own) }) {
                    marked.append(run.text.startIndex..<run.text.endIndex)
                }
                continue
            }
            guard !han.isEmpty else { continue }
            let (characters, indices) = (
                simplifiedScalars(run.text), Array(run.text.unicodeScalars.indices) + [run.text.endIndex]
            )
            for word in han where word.count <= characters.count {
                for start in 0...(characters.count - word.count)
                where characters[start] == word[0] && characters[start..<start + word.count].elementsEqual(word) {
                    marked.append(indices[start]..<indices[start + word.count])
                }
            }
        }
        return marked
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }

    /// Whether two English words differ by their endings only, near enough for the eye.
    private static func isSame(_ word: String, _ other: String) -> Bool {
        if word == other { return true }
        let common = zip(word, other).prefix { $0 == $1 }.count
        return common >= 3 && max(word.count, other.count) - common <= 3
            && common >= min(word.count, other.count) - 1
    }

    private static func divided(_ text: some StringProtocol, at marked: [Range<String.Index>]) -> [TextPart] {
        var parts: [TextPart] = []
        var place = text.startIndex
        for range in marked.sorted(by: { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) })
        where range.upperBound > place {
            if range.lowerBound > place {
                parts.append(.init(text: String(text[place..<range.lowerBound]), match: false))
            }
            parts.append(.init(text: String(text[max(place, range.lowerBound)..<range.upperBound]), match: true))
            place = range.upperBound
        }
        if place < text.endIndex { parts.append(.init(text: String(text[place...]), match: false)) }
        return parts
    }
}
