import Foundation

/// Why a step in the life of a directory entry cannot be taken.
public enum DraftError: MarketplaceError {
    case unknownDraft
    case unknownSource(String)
    case unknownEntry(String)
    case unknownVersion(Int, entry: String)
    case notYours(String)
    case forAnotherProvider
    case notInForce(String)
    case otherDraftOpen(String)
    case periodNotPast(field: String)
    case kindIsFixed(String)
    case wrongState(String, step: String)
    case needsAssessment
    case needsSharingClass
    case nothingToAssess
    case returnedBefore
    case noCompetentBody
    case ownDraftNeedsBasis
    case notCompetent
    case keyUsedForAnother

    public var code: RefusalCode {
        switch self {
        case .unknownDraft, .unknownSource, .unknownEntry, .unknownVersion: .notFound
        case .notYours, .forAnotherProvider, .notCompetent: .forbidden
        case .notInForce, .otherDraftOpen, .wrongState, .needsAssessment, .needsSharingClass, .nothingToAssess,
            .returnedBefore,
            .noCompetentBody:
            .conflict
        case .periodNotPast, .kindIsFixed, .ownDraftNeedsBasis: .invalid
        case .keyUsedForAnother: .keyReused
        }
    }

    public var message: String {
        switch self {
        case .unknownDraft: "There is no such draft for you."
        case .unknownSource(let code): "No source of the directory has the code \(code)."
        case .unknownEntry(let code): "No directory entry has the code \(code)."
        case .unknownVersion(let number, let entry): "The directory entry \(entry) has no version \(number)."
        case .notYours(let code):
            "Only the provider of \(code) and the competent body of its source may compile drafts for it."
        case .forAnotherProvider:
            "A department compiles its own entries: the provider is another, and you are not the competent body."
        case .notInForce(let code): "The directory entry \(code) is not in force: there is nothing to withdraw."
        case .otherDraftOpen(let code):
            "Another draft for \(code) is open; it must be released, refused or withdrawn first."
        case .periodNotPast: "A correction is about the past: this time lies ahead."
        case .kindIsFixed(let kind): "This draft is of kind \(kind), which an edit does not change."
        case .wrongState(let state, let step): "This draft is \(state); it cannot be \(step) now."
        case .needsAssessment:
            "Secrecy, personal information and grade must be assessed before this draft can be submitted."
        case .needsSharingClass:
            "A new entry says how it is shared before it is submitted: unconditional, conditional or not_shared."
        case .nothingToAssess: "This draft has no document, so there is nothing to assess: submit it."
        case .returnedBefore: "This draft was returned once before; now it can be approved or refused."
        case .noCompetentBody: "The source has no competent body that could review this draft."
        case .ownDraftNeedsBasis:
            "You compiled this draft: state the basis on which you decide on it yourself as the competent body."
        case .notCompetent: "Only the competent body of the source may do this."
        case .keyUsedForAnother: "This Idempotency-Key was used for a request with another body."
        }
    }

    public var field: String? {
        switch self {
        case .unknownSource: "source"
        case .unknownEntry, .notInForce, .otherDraftOpen: "entry"
        case .unknownVersion: "version"
        case .forAnotherProvider: "provider"
        case .periodNotPast(let field): field
        case .kindIsFixed: "kind"
        case .ownDraftNeedsBasis: "reason"
        case .keyUsedForAnother: "Idempotency-Key"
        default: nil
        }
    }
}
