import Foundation
import Testing

/// Every label and message of the portal exists in both languages.
@Suite struct WordsTests {
    /// The portal's sources by their places.
    private func sources() throws -> [(place: String, text: String)] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Web/Portal")
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
            .sorted()
            .map { ($0, try String(contentsOf: folder.appending(path: $0), encoding: .utf8)) }
    }

    /// The pairs `text("中文", "English")`, with where they stand.
    private func pairs() throws -> [(place: String, chinese: String, english: String)] {
        let literal = #""((?:[^"\\\n]|\\.)*)""#
        let pair = try Regex(#"\btext\(\s*"# + literal + #",\s*"# + literal, as: (Substring, Substring, Substring).self)
        return try sources().flatMap { place, text in
            text.matches(of: pair).map { (place, plain($0.output.1), plain($0.output.2)) }
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

    @Test func `markup has no words of its own`() throws {
        let markup = try sources().filter { $0.place.hasPrefix("Markup/") && $0.place != "Markup/HTML.swift" }
        #expect(markup.count >= 4)
        for (place, text) in markup {
            // In lines of markup, what stands between tags and in what is read out, without what is put in.
            for line in text.split(separator: "\n") where line.contains(/<\/?[a-z]/) {
                let own = plain(line.replacing("\\\"", with: "\""))
                let said =
                    own.matches(of: />([^<>"{}()]+)/).map(\.output.1)
                    + own.matches(of: /(?:aria-label|title|alt|placeholder)="([^"]*)"/).map(\.output.1)
                for word in said {
                    #expect(!word.contains(/[A-Za-z\u3400-\u9FFF]{2}/), "\(place): \(line)")
                }
            }
        }
    }
}
