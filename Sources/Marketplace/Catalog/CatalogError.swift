public enum CatalogError: MarketplaceError {
    case unknownProduct(String), unknownOffer(String), notYours(String), codeTaken(String)
    case unknownRevision(String, Int), noTable(String), profileNotMade(String)
    case unknownEntry(String, field: String), sameContent(String), revisionTaken(String, Int)
    case noDirectoryEntry(product: String)
    case malformedTable(product: String, line: Int, reason: String)
    case notListable(String, [Catalog.Blocker])
    case offerLoosens(String, [String])
    case unknownFlag, flagDecided(String)
    case unknownCredential, stepNotPossible(from: String, to: String, possible: String)
    case credentialIncomplete, credentialOverlaps
    case noConsentToAsk(String), unknownConsent, consentAnswered, consentNotGiven

    public var code: RefusalCode {
        switch self {
        case .unknownProduct, .unknownOffer, .notYours, .unknownFlag, .unknownCredential, .unknownConsent,
            .unknownRevision, .noTable:
            .notFound
        case .profileNotMade: .unavailable
        case .noDirectoryEntry, .codeTaken, .sameContent, .revisionTaken, .notListable, .offerLoosens, .flagDecided,
            .stepNotPossible,
            .credentialOverlaps, .noConsentToAsk, .consentAnswered, .consentNotGiven:
            .conflict
        case .malformedTable, .unknownEntry, .credentialIncomplete: .invalid
        }
    }

    public var message: String {
        switch self {
        case .unknownProduct(let code): "No listed product has the code \(code)."
        case .unknownOffer(let code): "No offer with the code \(code) stands."
        case .notYours(let code): "You operate no product with the code \(code)."
        case .sameContent(let code): "The newest revision of \(code) has the same content in the same columns."
        case .revisionTaken(let code, let number): "Another revision \(number) of \(code) was published meanwhile."
        case .codeTaken(let code): "The code \(code) is taken."
        case .unknownRevision(let code, let number): "No listed product \(code) has a revision \(number)."
        case .noTable(let code): "The content of this revision of \(code) is no table, so it has no profile."
        case .profileNotMade(let code): "The profile of this revision of \(code) is being made; ask again in a minute."
        case .unknownEntry(let code, _): "No directory entry \(code) with this version exists."
        case .noDirectoryEntry(let product):
            "The product \(product) cannot be listed: none of the directory entries it names is in force."
        case .malformedTable(let product, let line, let reason):
            "The table of product \(product) is not well-formed at line \(line): \(reason)"
        case .notListable(let code, let blockers):
            "The product \(code) cannot be listed: " + blockers.map(\.en).joined(separator: " ")
        case .offerLoosens(let code, let reasons):
            "The offer \(code) cannot be made: " + reasons.joined(separator: " ")
        case .unknownFlag: "No flagged condition has this id."
        case .flagDecided(let decision): "This condition was \(decision) already."
        case .unknownCredential: "You hold and issue no credential with this id."
        case .stepNotPossible(let from, let to, let possible):
            "From \(from) a credential cannot go to \(to) by you or without a reason; what may follow: \(possible)."
        case .credentialIncomplete:
            "A credential in force has a number and a period with both ends, within the longest term of its kind."
        case .credentialOverlaps: "Another credential of this kind is in force in this period."
        case .noConsentToAsk(let entry):
            "For the entry \(entry) no consent can be asked: it is not in force, names no department it received its "
                + "data from, or the same was asked already."
        case .unknownConsent: "No consent with this id was asked for."
        case .consentAnswered: "This consent was answered already."
        case .consentNotGiven: "This consent is not given, or was withdrawn already."
        }
    }

    public var field: String? {
        switch self {
        case .unknownEntry(_, let field): field
        case .credentialIncomplete: "until"
        case .unknownRevision: "revision"
        case .stepNotPossible: "state"
        case .noConsentToAsk: "entry"
        default: nil
        }
    }

    public var problems: [FieldProblem] {
        switch self {
        case .notListable(_, let blockers): blockers.map { FieldProblem($0.subject ?? $0.kind, $0.en) }
        case .offerLoosens(_, let reasons): reasons.map { FieldProblem("conditions", $0) }
        default: []
        }
    }
}
