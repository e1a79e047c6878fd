/// A piece of a text, and whether it is what was searched for.
struct TextPart: Sendable, Hashable {
    let text: String
    let match: Bool
}

/// Finds in texts what was searched for, whatever its case, accents or kind of Chinese characters.
struct Highlighter: Sendable {
    private let han: [[Unicode.Scalar]]
    private let letters: [String]
    /// First bytes of the words of letters: most words of a text begin otherwise, and need not be folded.
    private let beginnings: Set<UInt8>

    /// - Parameter words: folded; one of letters is found at the beginning of a word, by its stem.
    init(words: [String]) {
        let isHan = { (word: String) in word.unicodeScalars.first.map(SearchText.isHan) ?? false }
        han = words.filter(isHan).map { Array($0.unicodeScalars) }
        letters = Set(words).filter { !$0.isEmpty && !isHan($0) }.sorted()
        beginnings = Set(letters.compactMap(\.utf8.first))
    }

    /// The whole text, divided where the words stand in it.
    func parts(of text: String) -> [TextPart] { Self.divided(text[...], at: places(in: text)) }

    /// The same for a stretch of a long text that holds the first place where the words stand.
    /// - Parameter length: in Unicode scalars.
    func excerpt(of text: String, length: Int) -> [TextPart] {
        let marked = places(in: text)
        let scalars = text.unicodeScalars
        guard text.utf8.count > length, scalars.count > length else { return Self.divided(text[...], at: marked) }
        let first = marked.map(\.lowerBound).min() ?? text.startIndex
        let lead = scalars.index(first, offsetBy: -length / 4, limitedBy: text.startIndex) ?? text.startIndex
        let limit = scalars.index(lead, offsetBy: length, limitedBy: text.endIndex) ?? text.endIndex
        let start = limit == text.endIndex ? scalars.index(limit, offsetBy: -length) : lead
        // Words of letters stay whole.
        let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        let begin =
            start == text.startIndex
            ? start : scalars[start...].prefix(20).firstIndex(where: isBlank).map(scalars.index(after:)) ?? start
        let end = limit == text.endIndex ? limit : scalars[..<limit].suffix(20).lastIndex(where: isBlank) ?? limit
        let inside = marked.filter { $0.lowerBound >= begin && $0.upperBound <= end }
        var parts = Self.divided(text[begin..<end], at: inside)
        if begin > text.startIndex { parts.insert(.init(text: "…", match: false), at: 0) }
        if end < text.endIndex { parts.append(.init(text: "…", match: false)) }
        return parts
    }

    private func places(in text: String) -> [Range<String.Index>] {
        var marked: [Range<String.Index>] = []
        SearchText.eachRun(of: text) { run, isHan in
            if isHan {
                if !han.isEmpty { mark(run, in: text, &marked) }
            } else if let first = text.utf8[run].first, first >= 0x80 || beginnings.contains(Self.lowered(first)) {
                let own = SearchText.folded(text[run])
                if letters.contains(where: { Self.isSame($0, own) }) { marked.append(run) }
            }
        }
        return marked
    }

    private func mark(_ run: Range<String.Index>, in text: String, _ marked: inout [Range<String.Index>]) {
        let characters = SearchText.simplifiedScalars(text[run])
        let indices = Array(text.unicodeScalars[run].indices) + [run.upperBound]
        for word in han where word.count <= characters.count {
            for start in 0...(characters.count - word.count)
            where characters[start] == word[0] && characters[start..<start + word.count].elementsEqual(word) {
                marked.append(indices[start]..<indices[start + word.count])
            }
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }

    /// Whether two English words differ by their endings only, near enough for the eye.
    private static func isSame(_ word: String, _ other: String) -> Bool {
        if word == other { return true }
        let (size, otherSize) = (word.utf8.count, other.utf8.count)
        let common = zip(word.utf8, other.utf8).prefix { $0 == $1 }.count
        return common >= 3 && max(size, otherSize) - common <= 3 && common >= min(size, otherSize) - 1
    }

    private static func divided(_ text: Substring, at marked: [Range<String.Index>]) -> [TextPart] {
        guard !marked.isEmpty else { return text.isEmpty ? [] : [.init(text: String(text), match: false)] }
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
