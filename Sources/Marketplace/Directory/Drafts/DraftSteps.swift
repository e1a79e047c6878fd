import Foundation
import Postgres

/// What the compiling department found out about an entry before it submits it.
public struct Assessment: Sendable {
    let secrecy: String
    let personalInformation: Bool
    let grade: String
    let basis: String

    public static let members: Set<String> = ["secrecy", "personal_information", "grade", "basis"]
    public static let secrecies = ["none", "work_secret", "state_secret"]

    public init(_ object: [String: Any]) throws {
        var checker = FieldChecker(object)
        checker.allow(Self.members)
        secrecy = checker.choice("secrecy", of: Self.secrecies, required: true) ?? ""
        personalInformation = checker.truth("personal_information", required: true) ?? false
        grade = checker.choice("grade", of: EntryFields.grades, required: true) ?? ""
        basis = checker.text("basis", limit: 2_000, required: true) ?? ""
        guard checker.problems.isEmpty else { throw InvalidFields(checker.problems) }
    }
}

/// What the competent body decides on a submitted draft.
public struct Decision: Sendable {
    public enum Outcome: String, Sendable, CaseIterable { case approved, returned, refused }

    let outcome: Outcome
    /// The reasons of a refusal; the basis on which a body decides on a draft of its own.
    let reason: String?
    /// All that is missing, told once.
    let missing: [String]?

    public static let members: Set<String> = ["outcome", "reason", "missing"]

    public init(_ object: [String: Any]) throws {
        var checker = FieldChecker(object)
        checker.allow(Self.members)
        let outcome = checker.choice("outcome", of: Outcome.allCases.map(\.rawValue), required: true)
            .flatMap(Outcome.init)
        reason = checker.text("reason", limit: 2_000, required: outcome == .refused)
        missing = checker.texts("missing")
        if outcome == .returned && !checker.has("missing") {
            checker.refuse("missing", "Say once and in full what is missing.")
        }
        if outcome != .returned && checker.has("missing") {
            checker.refuse("missing", "Only a draft that is returned has something missing.")
        }
        guard checker.problems.isEmpty else { throw InvalidFields(checker.problems) }
        self.outcome = outcome ?? .approved
    }

    fileprivate var missingJSON: String? {
        get throws { try missing.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) } }
    }
}

extension Drafts {
    /// Records the assessment of secrecy, personal information and grade; a secret closes the draft.
    public func assess(_ id: UUID, _ assessment: Assessment, by party: UUID, now: Date) async throws -> JSONDocument {
        try await step(
            "assessed", "drafts/assess_draft", id, party, now, assessment.secrecy, assessment.personalInformation,
            assessment.grade, assessment.basis)
    }

    /// Submits the draft to the competent body, whose days to review it begin, or go on after a return.
    public func submit(_ id: UUID, reason: String?, by party: UUID, now: Date) async throws -> JSONDocument {
        try await step(
            "submitted", "drafts/submit_draft", id, party, now, UUID.version7(at: now), UUID.version7(at: now), reason)
    }

    public func decide(_ id: UUID, _ decision: Decision, by party: UUID, now: Date) async throws -> JSONDocument {
        do {
            return try await step(
                decision.outcome.rawValue, "drafts/decide_draft", id, party, now, decision.outcome.rawValue,
                decision.reason, decision.missingJSON, UUID.version7(at: now))
        } catch let error as PostgresError where error.isCheckViolation {
            throw DraftError.ownDraftNeedsBasis
        }
    }

    /// Takes back a draft that is not decided yet.
    public func withdraw(_ id: UUID, reason: String, by party: UUID, now: Date) async throws -> JSONDocument {
        try await step("withdrawn", "drafts/withdraw_draft", id, party, now, reason)
    }

    /// Runs the statement of a step, which takes draft, party and time first and answers no row when the draft is not in
    /// a state for it; then tells why.
    func step(
        _ name: String, _ statement: String, _ id: UUID, _ party: UUID, _ now: Date,
        _ parameters: (any PostgresParameter)?...
    ) async throws -> JSONDocument {
        let taken = try await store.database.first(
            store.statements[statement], values: [id, party, now] + parameters
        ) { try $0.next(UUID.self) }
        if taken == nil { throw try await obstacle(to: name, of: id, by: party) }
        return try await draft(id, for: party)
    }

    private func obstacle(to step: String, of id: UUID, by party: UUID) async throws -> DraftError {
        let draft = try await store.database.first(store.statements["drafts/find_draft_state"], id, party) { row in
            (
                state: try row.next(String.self), kind: try row.next(String.self), isOwn: try row.next(Bool.self),
                wasReturned: try row.next(Bool.self), isCompetent: try row.next(Bool.self),
                hasBody: try row.next(Bool.self), lacksClass: try row.next(Bool.self)
            )
        }
        guard let draft else { return .unknownDraft }
        if ["approved", "returned", "refused"].contains(step) {
            if !draft.isCompetent { return .notCompetent }
            if step == "returned" && draft.state == "submitted" && draft.wasReturned { return .returnedBefore }
            return .wrongState(draft.state, step: step)
        }
        if !draft.isOwn { return .notYours("this draft") }
        if step == "submitted" && !draft.hasBody { return .noCompetentBody }
        if step == "submitted" && draft.state == "draft" { return .needsAssessment }
        if step == "submitted" && draft.lacksClass { return .needsSharingClass }
        if step == "assessed" && draft.state == "draft" { return .nothingToAssess }
        return .wrongState(draft.state, step: step)
    }
}
