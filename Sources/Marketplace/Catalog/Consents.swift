import Foundation
import Postgres

/// What a department answers to an operator that asked for its consent.
public struct ConsentAnswer: Sendable, Codable {
    public var answer: String
    public var reason: String?
    /// The first and the last day of the period.
    public var since: String?
    public var until: String?
    public var document: String?
    /// The document's SHA-256 in hexadecimal digits.
    public var documentDigest: String?

    public init(
        answer: String, reason: String?, since: String?, until: String?, document: String?, documentDigest: String?
    ) {
        (self.answer, self.reason, self.since, self.until) = (answer, reason, since, until)
        (self.document, self.documentDigest) = (document, documentDigest)
    }

    enum CodingKeys: String, CodingKey {
        case answer, reason, since, until, document
        case documentDigest = "document_sha256"
    }

    func check() throws {
        try ProductListing.checkChoice(answer, "answer", ["given", "refused"])
        if let reason { try ProductListing.checkText(reason, "reason", limit: 2_000) }
        if answer == "refused" {
            guard reason != nil else { throw InvalidInput("reason", "A refusal has a reason.") }
            let extra = [
                (since, "since"), (until, "until"), (document, "document"), (documentDigest, "document_sha256"),
            ]
            if let member = extra.first(where: { $0.0 != nil })?.1 {
                throw InvalidInput(member, "A refusal has a reason only.")
            }
            return
        }
        guard let since, let until, let document, let documentDigest else {
            throw InvalidInput(
                [(since, "since"), (until, "until"), (document, "document")].first { $0.0 == nil }?.1
                    ?? "document_sha256", "A consent has a period, a document and its SHA-256.")
        }
        try checkDay(since, "since")
        try checkDay(until, "until")
        guard since <= until else { throw InvalidInput("until", "The last day is before the first.") }
        try ProductListing.checkText(document, "document", limit: 500)
        guard documentDigest.wholeMatch(of: /[0-9a-f]{64}/) != nil else {
            throw InvalidInput("document_sha256", "A SHA-256 has 64 hexadecimal digits, in lower case.")
        }
    }
}

/// Consent of the departments that provided data by sharing.
extension Catalog {
    /// Asks the department that an entry's data was received from.
    /// - Parameter product: nil for every product of the operator.
    public func askConsent(entry: String, product code: String?, by party: UUID, now: Date) async throws -> JSONDocument
    {
        var product: UUID?
        if let code { product = try await ownProduct(code, of: party).id }
        let id = try await store.database.first(
            store.statements["consents/ask"], UUID.version7(at: now), entry, party, product, now
        ) { try $0.next(UUID.self) }
        guard let id else { throw CatalogError.noConsentToAsk(entry) }
        return try await consent(id)
    }

    public func answerConsent(_ id: UUID, _ answer: ConsentAnswer, by party: UUID, now: Date) async throws
        -> JSONDocument
    {
        try answer.check()
        let answered = try await store.database.withTransaction { transaction in
            try await transaction.execute(store.statements["consents/lock_entry"], id)
            let entry = try await transaction.first(
                store.statements["consents/answer"], id, answer.answer, answer.reason, answer.since, answer.until,
                answer.document, answer.documentDigest.map { "\\x" + $0 }, party, now
            ) { try $0.next(UUID.self) }
            guard let entry, answer.answer == "given" else { return entry != nil }
            try await transaction.execute(
                store.statements["impact/lift_standing"], [entry], nil as UUID?, "its provider consents", now)
            return true
        }
        let document = try await consent(id)
        guard answered else { throw CatalogError.consentAnswered }
        return document
    }

    /// Withdraws a consent that was given: what it alone carried can be sold no more, and those concerned are told.
    public func withdrawConsent(_ id: UUID, reason: String, by party: UUID, now: Date) async throws -> JSONDocument {
        try ProductListing.checkText(reason, "reason", limit: 2_000)
        let withdrawn = try await store.database.withTransaction { transaction in
            try await transaction.execute(store.statements["consents/lock_entry"], id)
            let withdrawn = try await transaction.first(
                store.statements["consents/withdraw"], id, reason, party, now
            ) { try $0.next(Date.self) }
            guard let withdrawn else { return false }
            try await transaction.execute(store.statements["consents/suspend_listings"], id, withdrawn)
            return true
        }
        let document = try await consent(id)
        guard withdrawn else { throw CatalogError.consentNotGiven }
        return document
    }

    /// One consent, as the operator that asked for it or, for nil, an administration sees it.
    public func consent(_ id: UUID, askedBy operator: UUID?) async throws -> JSONDocument {
        try await consent(id, of: `operator`)
    }

    /// - Parameter operator: nil for the consents of every operator.
    public func consents(askedBy operator: UUID?, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(
            query: "consents of \(`operator`?.uuidString ?? "all")", key: [.id], cursor: cursor, limit: limit)
        return try await store.page(
            "consents/list_consents", `operator`, nil as UUID?, request.cursor?.key, request: request
        ).json()
    }

    private func consent(_ id: UUID, of operator: UUID? = nil) async throws -> JSONDocument {
        let found = try await store.database.first(
            store.statements["consents/list_consents"], `operator`, id, nil as UUID?, 1
        ) { row in
            _ = try row.next(String.self)
            return JSONDocument(text: try row.next(String.self))
        }
        guard let found else { throw CatalogError.unknownConsent }
        return found
    }
}
