import Foundation

/// A version of a panel as it is to be recorded.
public struct PanelImport: Sendable {
    let code, titleZh, titleEn, datedOn: String
    var file: PanelFile
    let allOrNothing: Bool
    /// SHA-256 of all that was sent.
    let digest: [UInt8]

    /// - Parameters:
    ///   - file: CSV with the columns of `PanelFile`.
    ///   - allOrNothing: whether one bad line refuses the file.
    /// - Throws: `InvalidInput` for what cannot be right, whatever the market holds.
    public init(
        code: String, titleZh: String, titleEn: String, datedOn: String, file bytes: [UInt8], allOrNothing: Bool = false
    ) throws {
        guard code.wholeMatch(of: /[a-z0-9][a-z0-9-]{1,39}/) != nil else {
            throw InvalidInput(
                "code",
                "A panel's code is 2 to 40 small letters, digits and hyphens, such as leading-2025, and begins with no hyphen."
            )
        }
        self.code = code
        self.titleZh = try Self.title(titleZh, field: "title_zh")
        self.titleEn = try Self.title(titleEn, field: "title_en")
        self.datedOn = try calendarDay(datedOn, field: "dated_on")
        self.allOrNothing = allOrNothing
        file = try PanelFile(bytes)
        let head = [code, self.titleZh, self.titleEn, datedOn, "\(allOrNothing)", ""].joined(separator: "\n")
        digest = SHA256.digest(Array(head.utf8) + bytes)
    }

    private static func title(_ text: String, field: String) throws -> String {
        let title = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !title.isEmpty else { throw InvalidInput(field, "This title is empty.") }
        guard title.unicodeScalars.count <= 200, !title.contains("\0"), !title.contains("\n") else {
            throw InvalidInput(field, "A title is one line of at most 200 characters.")
        }
        return title
    }
}

/// What importing a panel did.
public struct PanelReport: Sendable, Codable {
    public let code: String
    /// The version that the panel now has as its newest.
    public let version: Int
    /// False when the newest version was of the same file, titles and date already.
    public let made: Bool
    /// Rows of the file that say anything.
    public let rows: Int
    public let members: Int
    public let refused: [RefusedLine]

    /// As JSON, spelt the same each time.
    public var document: JSONDocument {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return JSONDocument(text: String(decoding: try encoder.encode(self), as: UTF8.self))
        }
    }
}

public enum PanelError: MarketplaceError {
    case noGoodLine([RefusedLine]), badLines([RefusedLine]), emptyFile
    case unknownVersion(String, Int)
    case keyUsedForAnother

    public var code: RefusalCode {
        switch self {
        case .noGoodLine, .badLines, .emptyFile: .invalid
        case .unknownVersion: .notFound
        case .keyUsedForAnother: .keyReused
        }
    }

    public var message: String {
        switch self {
        case .noGoodLine: "No line of the file can be taken, so there is nothing to record."
        case .badLines(let lines):
            "Nothing was taken: all or nothing was asked for, and \(Set(lines.map(\.line)).count) lines cannot be taken."
        case .emptyFile: "The file has no line behind its header."
        case .unknownVersion(let code, let number): "The panel \(code) has no version \(number)."
        case .keyUsedForAnother: "This Idempotency-Key was used for another import."
        }
    }

    public var field: String? {
        switch self {
        case .noGoodLine, .badLines, .emptyFile: "file"
        default: nil
        }
    }

    /// The lines that are the reason.
    public var lines: [RefusedLine] {
        switch self {
        case .noGoodLine(let lines), .badLines(let lines): lines
        default: []
        }
    }

    public var problems: [FieldProblem] {
        lines.map { FieldProblem("line \($0.line): \($0.field)", $0.reason) }
    }
}
