import Foundation
import Postgres

/// Who answers for a directory entry or a product, in a role, over a period, on a basis.
public enum Responsibilities {
    /// As in the constraint `responsibility_role_known`, without what only a purchase gives.
    public static let roles = [
        "source", "provider", "publisher", "authoriser", "operator", "marketplace", "seller", "deliverer", "security",
        "contact",
    ]
}

extension Parties {
    /// Makes a party answer in a role for a directory entry or a product, unless another party does in that period.
    public func assign(
        _ role: String, for subject: String, to party: String, since: Date, until: Date?, basis: Basis, now: Date
    ) async throws -> UUID {
        if let until, until <= since { throw InvalidInput("until", "The period must end after it begins.") }
        let holder = try await holder(party, of: role, for: subject)
        let made = try await store.database.first(
            store.statements["parties/insert_responsibility"], UUID.version7(at: now), holder, role, subject, since,
            until, basis.reference, basis.sha256, now
        ) { try $0.next(UUID.self) }
        guard let made else { throw ResponsibilityError.heldByAnother(role: role, subject: subject) }
        return made
    }

    /// Makes a party answer in a role for a directory entry or a product from a time on, in place of whoever does; nobody is
    /// left without an answer between the two. What is open for that role goes with it.
    public func replace(
        _ role: String, for subject: String, by party: String, since: Date, basis: Basis, recordedBy: UUID, now: Date
    ) async throws -> UUID {
        guard since <= now else { throw InvalidInput("since", "A change is recorded when it has come into effect.") }
        let holder = try await holder(party, of: role, for: subject)
        let made = try await store.database.first(
            store.statements["parties/replace_responsibility"], UUID.version7(at: now), holder, role, subject, since,
            basis.reference, basis.sha256, now, recordedBy
        ) { try $0.next(UUID.self) }
        guard let made else { throw ResponsibilityError.nothingToReplace(role: role, subject: subject) }
        return made
    }

    private func holder(_ party: String, of role: String, for subject: String) async throws -> UUID {
        guard Responsibilities.roles.contains(role) else {
            let known = Responsibilities.roles.joined(separator: ", ")
            throw InvalidInput("role", "'\(role.prefix(60))' is not one of \(known).")
        }
        let holder = try await id(of: party)
        let unknown = try await store.database.first(
            store.statements["parties/find_unknown_codes"], [party], [subject]
        ) { (what: try $0.next(String.self), code: try $0.next(String.self)) }
        if unknown != nil { throw ResponsibilityError.unknownSubject(subject) }
        return holder
    }

    /// Whether a party may record something of another party, or of an entry or product.
    /// - Throws: `ResponsibilityError.notCompetent`.
    public func requireCompetence(of recorder: UUID, forParty party: String? = nil, subject: String? = nil) async throws
    {
        let may = try await store.database.first(
            store.statements["parties/find_competence"], recorder, party, subject
        ) { try $0.next(Bool.self) }
        guard may == true else { throw ResponsibilityError.notCompetent }
    }

    /// Everything that a party answered for at a time, as far as it was known at another.
    public func responsibilities(
        of code: String, asOf: Date, recordedBy: Date, cursor: String?, limit: Int?
    ) async throws -> JSONDocument {
        let request = try PageRequest(query: "responsibilities of \(code)", key: [.id], cursor: cursor, limit: limit)
        let holder = try await id(of: code)
        return try await store.page(
            "lineage/list_party_responsibilities", holder, asOf, recordedBy, request.cursor?.key, request: request
        ).json()
    }
}

public enum ResponsibilityError: MarketplaceError {
    case unknownSubject(String)
    case heldByAnother(role: String, subject: String)
    case nothingToReplace(role: String, subject: String)
    case notCompetent

    public var code: RefusalCode {
        switch self {
        case .unknownSubject: .unprocessable
        case .heldByAnother, .nothingToReplace: .conflict
        case .notCompetent: .forbidden
        }
    }

    public var field: String? { if case .notCompetent = self { nil } else { "subject" } }

    public var message: String {
        switch self {
        case .unknownSubject(let code): "No directory entry and no product has the code \(code.prefix(100))."
        case .heldByAnother(let role, let subject):
            "A party already answers for \(subject) in the role \(role) in that period; periods of one role never overlap. "
                + "State `replaces` to put this one in its place."
        case .nothingToReplace(let role, let subject):
            "Nobody else answers for \(subject) in the role \(role) then: there is nobody to replace."
        case .notCompetent:
            "Only the competent body of a source that it is about records this, or the party itself."
        }
    }
}
