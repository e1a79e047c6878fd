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
        guard Responsibilities.roles.contains(role) else {
            let known = Responsibilities.roles.joined(separator: ", ")
            throw InvalidInput("role", "'\(role.prefix(60))' is not one of \(known).")
        }
        if let until, until <= since { throw InvalidInput("until", "The period must end after it begins.") }
        let holder = try await id(of: party)
        let unknown = try await store.database.first(
            store.statements["parties/find_unknown_codes"], [party], [subject]
        ) { (what: try $0.next(String.self), code: try $0.next(String.self)) }
        if unknown != nil { throw ResponsibilityError.unknownSubject(subject) }
        let made = try await store.database.first(
            store.statements["parties/insert_responsibility"], UUID.version7(at: now), holder, role, subject, since,
            until, basis.reference, basis.sha256, now
        ) { try $0.next(UUID.self) }
        guard let made else { throw ResponsibilityError.heldByAnother(role: role, subject: subject) }
        return made
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

    public var code: RefusalCode {
        switch self {
        case .unknownSubject: .unprocessable
        case .heldByAnother: .conflict
        }
    }

    public var field: String? { "subject" }

    public var message: String {
        switch self {
        case .unknownSubject(let code): "No directory entry and no product has the code \(code.prefix(100))."
        case .heldByAnother(let role, let subject):
            "A party already answers for \(subject) in the role \(role) in that period; periods of one role never overlap."
        }
    }
}
