import Foundation
import Postgres

/// What a step of a credential states.
public struct CredentialStep: Sendable, Codable {
    public var state: String
    public var reason: String?
    /// The query code of a registration, or the number of a document.
    public var number: String?
    /// The first and the last day of the period, such as `2026-01-01`.
    public var since: String?
    public var until: String?

    public init(state: String, reason: String? = nil, number: String? = nil, since: String? = nil, until: String? = nil)
    {
        (self.state, self.reason, self.number, self.since, self.until) = (state, reason, number, since, until)
    }

    func check() throws {
        try ProductListing.checkText(state, "state", limit: 40)
        if let reason { try ProductListing.checkText(reason, "reason", limit: 2_000) }
        if let number { try ProductListing.checkText(number, "number", limit: 200) }
        for (day, field) in [(since, "since"), (until, "until")] {
            if let day { try checkDay(day, field) }
        }
        guard (since == nil) == (until == nil), (since ?? "") <= (until ?? "") else {
            throw InvalidInput("until", "A period has a first and a last day, in this order.")
        }
    }
}

/// A period in which the credentials of a listing are in force, as first and last day.
public struct CredentialPeriod: Sendable {
    public let since: String
    public let until: String

    /// - Parameter days: how many days from the day of `now` on, in Beijing.
    public init(from now: Date, days: Int) {
        since = Self.day(now)
        until = Self.day(now.addingTimeInterval(Double(days) * 86_400))
    }

    private static func day(_ time: Date) -> String {
        time.formatted(
            Date.ISO8601FormatStyle(timeZone: TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt).year().month().day())
    }
}

/// - Throws: `InvalidInput` unless it is a day such as `2026-01-31`.
func checkDay(_ text: String, _ field: String) throws {
    guard text.utf8.count == 10, text >= "1900-01-01", text <= "2999-12-31",
        (try? parsedTime(text, field: field)) != nil
    else { throw InvalidInput(field, "'\(text.prefix(40))' is not a day like 2026-01-31.") }
}

/// Papers that make a product sellable.
extension Catalog {
    public func credentials(of code: String, reader: UUID?, seesAll: Bool, now: Date) async throws -> JSONDocument {
        let document = try await store.document(
            "credentials/list_product_credentials", code, reader, seesAll, now)
        guard let document else { throw CatalogError.unknownProduct(code) }
        return document
    }

    /// Begins an application for a credential of a product that a party operates.
    public func apply(for credential: ProductListing.Credential, of code: String, by party: UUID, now: Date)
        async throws
    {
        let product = try await ownProduct(code, of: party)
        try await store.database.withTransaction {
            try await apply(for: credential, field: "", product: product.id, holder: party, in: $0, now: now)
        }
    }

    func apply(
        for credential: ProductListing.Credential, field: String, product: UUID, holder: UUID,
        in transaction: Transaction, now: Date
    ) async throws {
        try ProductListing.checkChoice(credential.kind, "\(field)kind", Self.credentialKinds)
        let issuer = try await transaction.first(store.statements["parties/find_party_id"], credential.issuer) {
            try $0.next(UUID.self)
        }
        guard issuer != nil else { throw InvalidInput("\(field)issuer", "No party has the code \(credential.issuer).") }
        try await transaction.execute(
            store.statements["credentials/insert_credential"], UUID.version7(at: now), product, credential.kind,
            holder, credential.issuer, now)
    }

    static let credentialKinds = [
        "resource_registration", "product_registration", "authorisation", "price_approval",
        "property_rights_registration",
    ]

    /// Moves a credential to its next state.
    /// - Parameter actsForIssuers: an administration records what any issuer did.
    /// - Returns: the new state.
    public func take(
        _ step: CredentialStep, of credential: UUID, by party: UUID, actsForIssuers: Bool, now: Date
    ) async throws {
        try step.check()
        let moved: String?
        do {
            moved = try await store.database.first(
                store.statements["credentials/take_step"], credential, step.state, party, actsForIssuers, step.reason,
                step.number, step.since, step.until, now
            ) { try $0.next(String.self) }
        } catch let error as PostgresError where error.isCheckViolation {
            throw CatalogError.credentialIncomplete
        } catch let error as PostgresError where error.isExclusionViolation {
            throw CatalogError.credentialOverlaps
        }
        if moved != nil { return }
        let found = try await store.database.first(
            store.statements["credentials/find_credential"], credential, party
        ) { (state: try $0.next(String.self), isParty: try $0.next(Bool.self), next: try $0.next(String.self)) }
        guard let found, found.isParty || actsForIssuers else { throw CatalogError.unknownCredential }
        throw CatalogError.stepNotPossible(from: found.state, to: step.state, possible: found.next)
    }

    /// Records the drafts of a product's credentials as issued, with a number that says that they are synthetic.
    func recordCredentials(
        of product: UUID, code: String, _ period: CredentialPeriod, by officer: UUID, now: Date
    ) async throws {
        let drafts = try await store.database.all(store.statements["credentials/list_drafts"], product) {
            (id: try $0.next(UUID.self), kind: try $0.next(String.self))
        }
        for draft in drafts {
            let step = CredentialStep(
                state: "in_force", reason: "synthetic, for demonstration", number: "SYNTHETIC-\(draft.kind)-\(code)",
                since: period.since, until: period.until)
            try await take(step, of: draft.id, by: officer, actsForIssuers: true, now: now)
        }
    }

    /// Ends credentials whose last day is past and warns of those, and of consents, that end soon. It may run as often as
    /// one likes.
    /// - Returns: how many ended and of how many it warned.
    public func keepCredentialsCurrent(now: Date) async throws -> (ended: Int, warned: Int) {
        let ended = try await store.database.execute(store.statements["credentials/expire"], now)
        let credentials = try await store.database.execute(store.statements["credentials/warn"], now)
        return (ended, credentials + (try await store.database.execute(store.statements["consents/warn"], now)))
    }
}
