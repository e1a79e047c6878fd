import COpenSSL
import Foundation
import Postgres

/// What the holder of a token or password may do.
public enum Role: String, Sendable, CaseIterable { case enterprise, `operator`, administrator, analyst }

/// Who a request speaks for.
public struct Account: Sendable, Hashable {
    /// The id of the token or password that it was shown by.
    public let accessID: UUID
    public let partyID: UUID
    public let partyCode: String
    public let partyName: String
    /// The name for readers of English.
    public let partyNameEnglish: String
    public let role: Role
}

/// Tokens: hashed at rest, expiring, revocable; passwords; and the sessions that both open.
public struct Accounts: Sendable {
    let store: Store
    let known = KnownAccounts()
    let sessionKeys = SessionKeys()
    let tries = SignInTries()
    let hashing = PasswordHashing()

    init(store: Store) { self.store = store }

    /// A new token and its id; the token itself is shown this once and never again.
    public func createToken(party code: String, role: Role, days: Int, now: Date) async throws -> (
        id: UUID, token: String
    ) {
        guard (1...3660).contains(days) else { throw InvalidInput("days", "A token lives for 1 to 3660 days.") }
        let party = try await holder(of: role, party: code)
        let token = try "dm_" + Self.randomBytes(32).hexadecimal
        let id = UUID.version7(at: now)
        try await store.database.execute(
            store.statements["accounts/insert_token"], SHA256.digest(Array(token.utf8)), id, party, role.rawValue,
            now, now.addingTimeInterval(Double(days) * 86_400))
        return (id, token)
    }

    /// Nil when the token is unknown, expired or revoked. A token is looked up at most once a second by each server; one that
    /// is revoked here is unknown at once, one that is revoked by another program within that second.
    public func account(token: String, now: Date) async throws -> Account? {
        let digest = SHA256.digest(Array(token.utf8))
        if let account = known.account(digest, now: now) { return account }
        let generation = known.generation
        let found = try await store.database.first(
            store.statements["accounts/find_account"], digest, now, lane: .read, as: Self.found)
        guard let found else { return nil }
        known.keep(found.account, digest, from: now, until: min(found.until, now + 1), generation: generation)
        return found.account
    }

    /// Who a row speaks for, and until when.
    @Sendable static func found(_ row: inout Row) throws -> (account: Account, until: Date) {
        let (id, party) = (try row.next(UUID.self), try row.next(UUID.self))
        let (code, name, english) = (
            try row.next(String.self), try row.next(String.self), try row.next(String.self)
        )
        let role = try row.next(String.self)
        guard let role = Role(rawValue: role) else { throw UnknownRole(role: role) }
        let account = Account(
            accessID: id, partyID: party, partyCode: code, partyName: name, partyNameEnglish: english, role: role)
        return (account, try row.next(Date.self))
    }

    /// The party of a code, which can have the role.
    func holder(of role: Role, party code: String) async throws -> UUID {
        let party = try await store.database.first(store.statements["parties/find_party_id"], code) {
            (id: try $0.next(UUID.self), kind: try $0.next(String.self))
        }
        guard let party else { throw try Parties.unknown(code) }
        guard role != .enterprise || party.kind == "enterprise" else {
            throw InvalidInput(
                "role", "Only an enterprise can have the role enterprise; \(code) is a \(party.kind).")
        }
        return party.id
    }

    /// Whether a token in force was revoked now.
    public func revokeToken(_ id: UUID, now: Date) async throws -> Bool {
        defer { known.forget() }
        return try await store.database.execute(store.statements["accounts/revoke_token"], id, now) == 1
    }

    /// The tokens of a party, without the tokens themselves.
    public func tokens(of code: String) async throws -> [JSONDocument] {
        try await store.database.all(store.statements["accounts/list_tokens"], code) { row in
            _ = try row.next(String.self)
            return JSONDocument(text: try row.next(String.self))
        }
    }

    static func randomBytes(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard RAND_bytes(&bytes, Int32(count)) == 1 else { throw RandomnessUnavailable() }
        return bytes
    }

    struct RandomnessUnavailable: Error {}
    private struct UnknownRole: Error { let role: String }
}
