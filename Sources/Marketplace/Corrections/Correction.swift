import Foundation

/// What an enterprise says about an error in what it bought.
public struct CorrectionRequest: Sendable {
    public static let kinds = [
        "wrong_value", "missing_row", "outdated", "wrong_description", "duplicate_row", "wrong_unit", "delivery",
    ]

    public var purchase: UUID
    public var kind: String
    public var field: String?
    public var rowKey: String?
    public var description: String
    public var evidence: String?
    /// The link of the chain it is about: source, processing or delivery; nil for the one the market proposes.
    public var link: String?

    /// - Throws: `InvalidInput` on a kind or link that there is not.
    public init(
        purchase: UUID, kind: String, field: String? = nil, rowKey: String? = nil, description: String,
        evidence: String? = nil, link: String? = nil
    ) throws {
        guard Self.kinds.contains(kind) else {
            throw InvalidInput("kind", "'\(kind.prefix(60))' is not one of \(Self.kinds.joined(separator: ", ")).")
        }
        guard link.map(["source", "processing", "delivery"].contains) ?? true else {
            throw InvalidInput("link", "A link is source, processing or delivery.")
        }
        (self.purchase, self.kind, self.field, self.rowKey) = (purchase, kind, field, rowKey)
        (self.description, self.evidence, self.link) = (description, evidence, link)
    }
}

/// A step of a correction that somebody takes.
public struct CorrectionStep: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case check, `return`, complete
        case passOn = "pass_on"
        case extend, correct
        case confirmCorrect = "confirm_correct"
        case feedBack = "feed_back"

        /// The states it may be taken from, and the state it leads to.
        var states: (from: [String], to: String) {
            switch self {
            case .check: (["raised"], "checking")
            case .return: (["raised", "checking", "extended"], "returned")
            case .complete: (["returned"], "checking")
            case .passOn: (["raised", "checking", "extended"], "raised")
            case .extend: (["raised", "checking"], "extended")
            case .correct: (Self.answerable, "corrected")
            case .confirmCorrect: (Self.answerable, "confirmed_correct")
            case .feedBack: (["corrected", "confirmed_correct"], "fed_back")
            }
        }

        private static let answerable = ["checking", "extended", "corrected", "confirmed_correct"]
    }

    public var kind: Kind
    public var text: String
    /// Why an administration acts for a party that has no account.
    public var basis: String?
    public var link: String?
    public var entry: String?
    public var fixedEntryVersion: Int?
    public var fixedRevision: Int?

    /// - Throws: `InvalidInput` when the step lacks what it needs.
    public init(
        _ kind: Kind, text: String, basis: String? = nil, link: String? = nil, entry: String? = nil,
        fixedEntryVersion: Int? = nil, fixedRevision: Int? = nil
    ) throws {
        if kind == .passOn {
            guard let link, ["source", "publication", "processing", "delivery"].contains(link) else {
                throw InvalidInput("link", "To pass it on, say the link: source, publication, processing or delivery.")
            }
            guard entry != nil || !["source", "publication"].contains(link) else {
                throw InvalidInput("directory_entry", "Say which directory entry of the product it is about.")
            }
        }
        guard kind == .correct || (fixedEntryVersion == nil && fixedRevision == nil) else {
            throw InvalidInput("step", "Only the step correct names the version or revision that put it right.")
        }
        (self.kind, self.text, self.basis, self.link, self.entry) = (kind, text, basis, link, entry)
        (self.fixedEntryVersion, self.fixedRevision) = (fixedEntryVersion, fixedRevision)
    }
}

public enum CorrectionError: MarketplaceError {
    case unknown
    case unknownField(String, columns: [String])
    case nobodyAnswers
    case notYours
    case basisNeeded
    case hasAccount
    case notNow(String, state: String)
    case cannotExtend
    case cannotRoute

    public var code: RefusalCode {
        switch self {
        case .unknown: .notFound
        case .unknownField, .basisNeeded: .invalid
        case .notYours, .hasAccount: .forbidden
        case .nobodyAnswers, .notNow, .cannotExtend, .cannotRoute: .conflict
        }
    }

    public var message: String {
        switch self {
        case .unknown: "There is no such correction that you may see."
        case .unknownField(let field, let columns):
            "The revision that was bought has no column '\(field.prefix(60))': \(columns.joined(separator: ", "))."
        case .nobodyAnswers: "Nobody is recorded as the operator of this product, so the correction has no addressee."
        case .notYours: "This step is taken by the responsible party, or completing by the enterprise that raised it."
        case .basisNeeded: "You act for a party without an account: state the basis."
        case .hasAccount: "The responsible party has an account of its own and takes this step itself."
        case .notNow(let step, let state):
            "The step \(step) cannot be taken in the state \(state), was taken already, or names a version or revision "
                + "that does not exist or is no newer than the one that was wrong."
        case .cannotExtend: "The time limit was extended already, does not run now, or may not be extended."
        case .cannotRoute:
            "Nobody answers for that link, the product is not made of that entry, or it is with that party already."
        }
    }

    public var field: String? {
        switch self {
        case .unknownField: "field"
        case .basisNeeded: "basis"
        case .notNow, .cannotExtend: "step"
        case .cannotRoute: "link"
        case .unknown, .nobodyAnswers, .notYours, .hasAccount: nil
        }
    }
}
