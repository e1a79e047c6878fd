import Foundation

/// What the key of a cursor is made of; its parts are divided by blanks. A cursor comes from outside, so its key is held
/// against this before a statement reads it.
public enum KeyPart: Sendable {
    case id, code, number, decimal, day, time, truth
    /// A time as twenty digits, down to the microsecond.
    case digits
    case word(String)

    func fits(_ text: Substring) -> Bool {
        switch self {
        case .id: UUID(uuidString: String(text)) != nil
        case .code: text.wholeMatch(of: /[\p{L}\p{N}][^\p{Z}\p{C}]*/) != nil
        case .number: Int32(text) != nil
        case .decimal: Float(text)?.isFinite ?? false
        case .day: text.utf8.count == 10 && Self.isTime(text)
        // As JSON, in quotes.
        case .time:
            text.utf8.count > 12 && text.first == "\"" && text.last == "\"" && Self.isTime(text.dropFirst().dropLast())
        case .truth: text == "true" || text == "false"
        case .digits: text.wholeMatch(of: /[0-9]{20}/) != nil
        case .word(let word): text == word
        }
    }

    private static func isTime(_ text: Substring) -> Bool {
        (try? parsedTime(String(text), field: "cursor")) != nil
    }
}

extension Cursor {
    /// - Throws: `InvalidInput` unless the parts of the key fit one of the forms.
    func check(_ forms: [[KeyPart]]) throws {
        let parts = key.split(separator: " ", omittingEmptySubsequences: false)
        let fits = forms.contains { form in form.count == parts.count && zip(form, parts).allSatisfy { $0.fits($1) } }
        guard fits else {
            throw InvalidInput("cursor", "This is not a cursor of this list: take `next` of the page before.")
        }
    }
}
