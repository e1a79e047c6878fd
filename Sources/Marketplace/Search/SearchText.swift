import CICU
import Foundation
import Synchronization

/// Texts as the search compares them: lower case, without accents, half width, and Chinese in its simplified form, so that
/// 氣象 is found by 气象. Words of letters stay whole; of Chinese, which PostgreSQL cannot divide into words, every two
/// characters that stand together are one word. No dictionary can hide a word so; that of ICU only says where the words
/// end of what a person typed.
enum SearchText {
    /// The words of a text in their order. - Parameter withSingles: also each Chinese character by itself, for short texts.
    static func words(of text: String, withSingles: Bool = false) -> [String] {
        var words: [String] = []
        for run in runs(of: text) {
            guard run.isHan else {
                words.append(folded(run.text))
                continue
            }
            let characters = simplified(run.text)
            if characters.count == 1 || withSingles { words += characters.map(String.init) }
            words += zip(characters, characters.dropFirst()).map { String([$0, $1]) }
        }
        return words
    }

    /// What a person typed, in words as a reader would divide it. A single Chinese character belongs to the word before it.
    static func typedWords(of text: String) -> [String] {
        var words: [String] = []
        let units = Array(text.utf16)
        guard let iterator = icu_words(units, Int32(units.count)) else { return [] }
        defer { icu_close(iterator) }
        var (start, touches) = (0, false)
        while case let end = Int(icu_next(iterator)), end > start {
            let piece = String(decoding: units[start..<end], as: UTF16.self)
            start = end
            guard let first = runs(of: piece).first else {
                touches = false
                continue
            }
            if touches, first.isHan, piece.count == 1, let last = words.last, last.unicodeScalars.allSatisfy(isHan) {
                words[words.count - 1] += piece
            } else {
                words.append(piece)
            }
            touches = true
        }
        return words
    }

    /// - Parameter text: a word. ASCII, which is most of what is read, does without the library.
    static func folded(_ text: some StringProtocol) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text.lowercased() }
        let units = Array(text.utf16)
        return folding.withLock { folding in
            var buffer = units + Array(repeating: 0, count: units.count * 3 + 32)
            let size = icu_transliterate(folding.library, &buffer, Int32(units.count), Int32(buffer.count))
            return size < 0 ? text.lowercased() : String(decoding: buffer[..<Int(size)], as: UTF16.self)
        }
    }

    /// Chinese characters in their simplified forms, as many as there are.
    static func simplified(_ han: some StringProtocol) -> [Character] { simplifiedScalars(han).map(Character.init) }

    static func simplifiedScalars(_ han: some StringProtocol) -> [Unicode.Scalar] {
        han.unicodeScalars.map { scalar in
            let place = Int(scalar.value) - Int(hanBlock.lowerBound)
            return simple.indices.contains(place) ? simple[place] : Unicode.Scalar(folded(String(scalar))) ?? scalar
        }
    }

    /// The simplified form of each character of the main blocks: asking the library for each run took most of the time.
    private static let simple: [Unicode.Scalar] = hanBlock.map { value in
        let scalar = Unicode.Scalar(value) ?? " "
        return Unicode.Scalar(folded(String(scalar))) ?? scalar
    }
    private static let hanBlock: ClosedRange<UInt32> = 0x3400...0x9FFF

    struct Run {
        let text: Substring
        let isHan: Bool
    }

    static func runs(of text: String) -> [Run] {
        var runs: [Run] = []
        eachRun(of: text) { runs.append(Run(text: text[$0], isHan: $1)) }
        return runs
    }

    /// Stretches of Chinese characters, and of other letters and digits; all else divides them.
    static func eachRun(of text: String, _ body: (_ run: Range<String.Index>, _ isHan: Bool) -> Void) {
        let scalars = text.unicodeScalars
        var place = scalars.startIndex
        while place < scalars.endIndex {
            guard isLetter(scalars[place]) else {
                scalars.formIndex(after: &place)
                continue
            }
            let (begin, han) = (place, isHan(scalars[place]))
            while place < scalars.endIndex, isLetter(scalars[place]), isHan(scalars[place]) == han {
                scalars.formIndex(after: &place)
            }
            body(begin..<place, han)
        }
    }

    static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
        default: false
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x80 else {
            return switch UInt8(scalar.value) {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .decimalNumber:
            true
        default: false
        }
    }

    /// The library is asked by one thread at a time.
    private struct Folding: @unchecked Sendable { let library: UnsafeMutableRawPointer? }
    private static let folding = Mutex<Folding>(
        {
            let rules = Array("NFKD; [:Mn:] Remove; NFKC; Lower; Hant-Hans".utf16)
            return Folding(library: icu_transliterator(rules, Int32(rules.count)))
        }())
}
