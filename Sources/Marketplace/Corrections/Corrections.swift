import Foundation
import Postgres

/// Corrections: doubts about what was bought, with the responsible party of the right link.
public struct Corrections: Sendable {
    let store: Store
    let deadlines: Deadlines

    private static let rule = "correction"
    private static let states = [
        "raised", "returned", "checking", "extended", "corrected", "confirmed_correct", "fed_back",
    ]

    /// Raises a correction and gives the responsible party its duty.
    /// - Parameters:
    ///   - key: the `Idempotency-Key`; the same key and body answer the first correction again.
    ///   - body: the bytes the request came with, by whose digest a repeat is recognised.
    public func raise(
        _ request: CorrectionRequest, by enterprise: UUID, key: IdempotencyKey, body: [UInt8], now: Date
    ) async throws -> (correction: JSONDocument, repeated: Bool) {
        let digest = SHA256.digest(body)
        try await check(request, of: enterprise)
        let id = UUID.version7(at: now)
        let raised = try await store.database.withTransaction { transaction in
            let responsible = try await transaction.first(
                store.statements["corrections/raise_correction"], enterprise, request.purchase, id, key.text, digest,
                request.kind, request.field, request.rowKey, request.description, request.evidence, request.link, now
            ) { row in
                _ = try row.next(UUID.self)
                return try row.next(UUID.self)
            }
            guard let responsible else { return false }
            try await deadlines.begin(
                Self.rule, of: responsible, about: Self.subject(id), in: transaction, now: now)
            return true
        }
        if raised { return (try await correction(id, of: enterprise), false) }
        return (try await earlier(of: enterprise, key: key, digest: digest), true)
    }

    /// - Throws: when the purchase is not the enterprise's, or the field is none of the revision's columns.
    private func check(_ request: CorrectionRequest, of enterprise: UUID) async throws {
        let columns = try await store.database.first(
            store.statements["corrections/find_purchase_columns"], enterprise, request.purchase
        ) { try $0.next([String].self) }
        guard let columns else { throw PurchaseError.unknownPurchase }
        if let field = request.field, !columns.contains(field) {
            throw CorrectionError.unknownField(field, columns: columns)
        }
    }

    private func earlier(of enterprise: UUID, key: IdempotencyKey, digest: [UInt8]) async throws -> JSONDocument {
        let earlier = try await store.database.first(
            store.statements["corrections/find_command"], enterprise, key.text
        ) { (digest: try $0.next([UInt8].self), correction: try $0.next(UUID?.self)) }
        guard let earlier else { throw CorrectionError.nobodyAnswers }
        guard earlier.digest == digest, let id = earlier.correction else { throw PurchaseError.keyUsedForAnother }
        return try await correction(id, of: enterprise)
    }

    private func correction(_ id: UUID, of enterprise: UUID) async throws -> JSONDocument {
        let document = try await store.database.first(
            store.statements["corrections/find_correction"], enterprise, id
        ) { JSONDocument(text: try $0.next(String.self)) }
        guard let document else { throw CorrectionError.unknown }
        return document
    }

    /// A correction that an account may see: the enterprise's own, one it answers for, one about its product, or any.
    public func correction(_ id: UUID, seenBy account: Account, now: Date) async throws -> JSONDocument {
        try await correction(id, of: standing(id, seenBy: account, now: now).enterprise)
    }

    /// Corrections that an account may see, newest first.
    public func corrections(seenBy account: Account, state: String?, cursor: String?, limit: Int?) async throws
        -> JSONDocument
    {
        let query = "corrections \(account.partyID) \(account.role) \(state ?? "")"
        let request = try PageRequest(query: query, key: [.id], cursor: cursor, limit: limit)
        if let state, !Self.states.contains(state) {
            throw InvalidInput("state", "A state is one of \(Self.states.joined(separator: ", ")).")
        }
        let enterprise = account.role == .enterprise ? account.partyID : nil
        let party = account.role == .operator ? account.partyID : nil
        return try await store.page(
            "corrections/list_corrections", enterprise, party, state, request.cursor?.key, request: request
        ).json()
    }

    /// Takes a step: the state, the step, the clock and the notices together.
    public func take(_ step: CorrectionStep, of id: UUID, by account: Account, now: Date) async throws -> JSONDocument {
        let standing = try await standing(id, seenBy: account, now: now)
        try standing.allow(step, by: account)
        try await store.database.withTransaction { transaction in
            try await moveClock(step, of: id, before: true, in: transaction, now: now)
            let party = try await transaction.first(
                store.statements["corrections/take_step"], standing.enterprise, id, step.kind.rawValue,
                step.kind.states.from, step.kind.states.to, account.partyID, step.text, step.basis,
                step.fixedEntryVersion, step.fixedRevision, now
            ) { try $0.next(UUID.self) }
            guard party != nil else { throw CorrectionError.notNow(step.kind.rawValue, state: standing.state) }
            if step.kind == .passOn {
                try await passOn(step, of: id, enterprise: standing.enterprise, in: transaction, now: now)
            }
            try await moveClock(step, of: id, before: false, in: transaction, now: now)
        }
        return try await correction(id, of: standing.enterprise)
    }

    private func passOn(
        _ step: CorrectionStep, of id: UUID, enterprise: UUID, in transaction: Transaction, now: Date
    ) async throws {
        let party = try await transaction.first(
            store.statements["corrections/route_correction"], enterprise, id, step.link, step.entry, now
        ) { try $0.next(UUID.self) }
        guard let party else { throw CorrectionError.cannotRoute }
        try await deadlines.passOn(Self.rule, about: Self.subject(id), to: party, in: transaction)
    }

    private func moveClock(
        _ step: CorrectionStep, of id: UUID, before: Bool, in transaction: Transaction, now: Date
    ) async throws {
        let subject = Self.subject(id)
        switch (step.kind, before) {
        case (.extend, true):
            let isExtended = try await deadlines.extend(
                Self.rule, about: subject, basis: step.text, in: transaction, now: now)
            guard isExtended else { throw CorrectionError.cannotExtend }
        case (.return, false): try await deadlines.pause(Self.rule, about: subject, in: transaction, now: now)
        case (.complete, false): try await deadlines.resume(Self.rule, about: subject, in: transaction, now: now)
        case (.feedBack, false):
            try await deadlines.end(Self.rule, about: subject, met: true, in: transaction, now: now)
        default: break
        }
    }

    private func standing(_ id: UUID, seenBy account: Account, now: Date) async throws -> CorrectionStanding {
        let standing = try await store.database.first(
            store.statements["corrections/find_case"], id, account.partyID, account.role == .administrator, now
        ) { row in
            let (enterprise, _) = (try row.next(UUID.self), try row.next(UUID.self))
            return CorrectionStanding(
                enterprise: enterprise, state: try row.next(String.self), raisedIt: try row.next(Bool.self),
                answersForIt: try row.next(Bool.self), operatesIt: try row.next(Bool.self),
                hasAccount: try row.next(Bool.self))
        }
        guard let standing else { throw CorrectionError.unknown }
        return standing
    }

    private static func subject(_ id: UUID) -> Deadlines.Subject {
        .init(kind: "correction", id: id, code: id.uuidString.lowercased())
    }
}

/// Where a correction stands, and what the one who asks is to it.
struct CorrectionStanding: Sendable {
    let enterprise: UUID
    let state: String
    let raisedIt: Bool
    let answersForIt: Bool
    let operatesIt: Bool
    let hasAccount: Bool

    /// The enterprise completes its papers; the responsible party takes every other step. The product's operator and the
    /// administration may pass it on; the administration acts for a party without an account and says why.
    func allow(_ step: CorrectionStep, by account: Account) throws {
        if step.kind == .complete {
            guard raisedIt, account.role == .enterprise else { throw CorrectionError.notYours }
            return
        }
        guard account.role != .enterprise, account.role != .analyst else { throw CorrectionError.notYours }
        if answersForIt { return }
        if step.kind == .passOn, operatesIt || account.role == .administrator { return }
        guard account.role == .administrator else { throw CorrectionError.notYours }
        guard !hasAccount else { throw CorrectionError.hasAccount }
        guard step.basis != nil else { throw CorrectionError.basisNeeded }
    }
}
