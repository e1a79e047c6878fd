/// An entry while it is read, with what was found wrong with it.
struct Candidate {
    static let longestTitle = 500
    /// More does not go into an index.
    static let longestIdentifier = 2_000
    static let longestDescription = 20_000

    var entry: CatalogueEntry
    var problems: [CatalogueProblem] = []
    /// Where the entry stands in the file, when the format tells.
    var line: Int?

    init(position: Int, identifier: String = "", line: Int? = nil) {
        entry = CatalogueEntry(identifier: identifier, position: position)
        self.line = line
    }

    var isLanding: Bool { !problems.contains { $0.severity == .refused } }

    mutating func refuse(_ reason: CatalogueProblem.Reason, _ field: String?, _ message: String) {
        report(.refused, reason, field, message)
    }

    mutating func note(_ reason: CatalogueProblem.Reason, _ field: String?, _ message: String) {
        report(.noted, reason, field, message)
    }

    private mutating func report(
        _ severity: CatalogueProblem.Severity, _ reason: CatalogueProblem.Reason, _ field: String?, _ message: String
    ) {
        problems.append(
            CatalogueProblem(
                position: entry.position, line: line, identifier: entry.identifier.isEmpty ? nil : entry.identifier,
                severity: severity, reason: reason, field: field, message: message))
    }

    /// A single line of text: control characters out, white space folded; nil when nothing is left.
    mutating func line(_ value: String?, _ field: String, longest: Int = 2_000) -> String? {
        guard let value, !value.isEmpty else { return nil }
        let folded = clean(value, field).foldedSpace
        return folded.isEmpty ? nil : cut(folded, field, longest)
    }

    mutating func addTitle(_ value: String?, language: String?) {
        guard let title = line(value, "title", longest: Self.longestTitle) else { return }
        entry.titles.append(TaggedText(text: title, language: language ?? Self.guessedLanguage(of: title)))
    }

    mutating func addDescription(_ value: String?, language: String?) {
        guard let value, !value.isEmpty else { return }
        var text = clean(value, "description")
        if let plain = PlainText.reduced(text) {
            text = plain
            note(.htmlReduced, "description", "The description holds HTML; its text was taken.")
        }
        text = cut(text.trimmedSpace, "description", Self.longestDescription)
        guard !text.isEmpty else { return }
        entry.descriptions.append(TaggedText(text: text, language: language ?? Self.guessedLanguage(of: text)))
    }

    /// A date in ISO 8601; an impossible one refuses the entry, what is no date at all is dropped.
    mutating func date(_ value: String?, _ field: String) -> String? {
        guard let value = value?.trimmedSpace, !value.isEmpty else { return nil }
        switch DateText.read(value) {
        case .date(let date): return date
        case .impossible:
            refuse(.impossibleDate, field, "'\(value.prefix(40))' is no day that exists.")
        case .unreadable:
            note(.unreadableDate, field, "'\(value.prefix(40))' is not a date; it was left out.")
        }
        return nil
    }

    /// Checks what every entry needs. Call it last.
    mutating func finish() {
        if entry.identifier.isEmpty {
            refuse(
                .missingIdentifier, "identifier", "The entry has no identifier and no address that could serve as one.")
        }
        if entry.identifier.utf8.count > Self.longestIdentifier {
            refuse(
                .malformedEntry, "identifier", "The identifier is longer than \(Self.longestIdentifier) bytes.")
            entry.identifier = ""
        }
        if entry.sharingClass == "not_shared" && entry.sharingBasis == nil {
            refuse(.missingBasis, "sharingBasis", "An entry that is not shared must state its legal basis.")
        }
        if entry.titles.isEmpty && isLanding { refuse(.missingTitle, "title", "The entry has no title.") }
        guard isLanding else { return }
        if entry.descriptions.isEmpty { note(.missingDescription, "description", "The entry has no description.") }
        if entry.publisher == nil {
            note(
                .missingPublisher, "publisher",
                "The entry names nobody who provides it: a link without a responsible party.")
        }
    }

    /// Control characters out, and a replacement character for each half of a character that JSON-LD held.
    mutating func clean(_ text: String, _ field: String) -> String {
        // Control characters are single bytes of UTF-8, so no character has to be decoded to find them.
        let isControl = { (byte: UInt8) in byte < 0x20 && !(9...10 ~= byte) && byte != 13 || byte == 0x7F }
        var text = text
        if text.utf8.contains(where: isControl) {
            note(.controlCharacters, field, "Control characters were taken out.")
            text = String(decoding: text.utf8.filter { !isControl($0) }, as: UTF8.self)
        }
        if text.utf8.contains(SurrogateGate.firstByte), let mended = SurrogateGate.replaced(text) {
            note(.malformedText, field, "Half a character (such as \\ud800) stands in the text.")
            text = mended
        }
        return text
    }

    private mutating func cut(_ text: String, _ field: String, _ longest: Int) -> String {
        guard text.utf8.count > longest, text.count > longest else { return text }
        note(.textTooLong, field, "The text has \(text.count) characters; it was cut after \(longest).")
        return String(text.prefix(longest))
    }

    private static func guessedLanguage(of text: String) -> String? {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } ? "zh" : nil
    }
}
