import Foundation
import Testing

/// Every label and message of the portal exists in both languages.
@Suite struct WordsTests {
    /// The pairs `text("中文", "English")` of the portal's sources, with where they stand.
    private func pairs() throws -> [(place: String, chinese: String, english: String)] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Web/Portal")
        let literal = #""((?:[^"\\\n]|\\.)*)""#
        let pair = try Regex(#"\btext\(\s*"# + literal + #",\s*"# + literal, as: (Substring, Substring, Substring).self)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().flatMap { name in
            let source = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            return source.matches(of: pair).map { (name, plain($0.output.1), plain($0.output.2)) }
        }
    }

    /// Without what is put in: data keeps its own language.
    private func plain(_ literal: Substring) -> String {
        String(literal.replacing(/\\\([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*\)/, with: ""))
    }

    private func hasHan(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x3400...0x9FFF).contains($0.value) }
    }

    @Test func `no label or message is missing in either language`() throws {
        let languages = ["en": "zh", "zh-CN": "en", "English": "中文"]
        let pairs = try pairs()
        #expect(pairs.count > 400)
        for pair in pairs where languages[pair.chinese] != pair.english {
            #expect(!hasHan(pair.english), "\(pair.place): \(pair.english)")
            // An article or a measure word may stand alone.
            let isWord = pair.english.contains(/[A-Za-z]{2}/)
            #expect(!isWord || hasHan(pair.chinese), "\(pair.place): \(pair.chinese) | \(pair.english)")
            #expect(!pair.chinese.contains(/[\u3400-\u9FFF]{2}/) || isWord, "\(pair.place): \(pair.chinese)")
        }
    }
}
