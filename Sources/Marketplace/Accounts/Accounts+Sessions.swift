import Foundation
import Postgres

/// A session whose owner is known.
public struct OpenSession: Sendable {
    public let session: Session
    public let account: Account
    /// What every form of the session must hold.
    public let formToken: String

    public func accepts(formToken sent: String?) -> Bool {
        sent.map { areEqual(Array($0.utf8), Array(formToken.utf8)) } ?? false
    }
}

extension Accounts {
    /// The cookie of a new session. - Throws: `SignInError.badToken` when the token is unknown, expired or revoked.
    public func signIn(token: String, now: Date) async throws -> String {
        guard let account = try await account(token: token, now: now) else { throw SignInError.badToken }
        return try await cookie(for: account.accessID, now: now)
    }

    func cookie(for access: UUID, now: Date) async throws -> String {
        try await sessionKey(now: now).cookie(of: Session(access: access, now: now))
    }

    /// The session of a cookie; nil when it is not one of the market's, has ended, or what it was opened with has. As with
    /// tokens, what another program ends or revokes is noticed within a second.
    public func session(cookie: String, now: Date) async throws -> OpenSession? {
        guard let version = SessionKey.version(of: cookie), let key = try await sessionKey(version),
            let session = key.session(of: cookie), session.isOpen(at: now),
            let account = try await account(of: session, version: version, now: now)
        else { return nil }
        return OpenSession(session: session, account: account, formToken: key.formToken(of: session))
    }

    private func account(of session: Session, version: Int, now: Date) async throws -> Account? {
        let place = Array("\(session.id)".utf8)
        if let account = known.account(place, now: now) { return account }
        let generation = known.generation
        let found = try await store.database.first(
            store.statements["accounts/find_session_account"], session.id, version, session.access, session.end, now,
            lane: .read, as: Self.found)
        guard let found else { return nil }
        known.keep(found.account, place, from: now, until: min(found.until, now + 1), generation: generation)
        return found.account
    }

    /// Signs out: the cookie is good for nothing from now on, whoever may have kept it.
    public func end(_ session: Session, now: Date) async throws {
        defer { known.forget() }
        try await store.database.execute(store.statements["accounts/end_session"], session.id, session.end, now)
    }

    /// Ends all sessions.
    public func rotateSessionKey(now: Date) async throws {
        defer { known.forget() }
        try await store.database.execute(store.statements["accounts/rotate_session_key"], Self.randomBytes(32), now)
    }

    /// The key in force. Before a session is signed it is read anew: with an old one it would not last.
    func sessionKey(now: Date) async throws -> SessionKey {
        if let key = try await readSessionKey() { return key }
        try await store.database.execute(store.statements["accounts/make_session_key"], Self.randomBytes(32), now)
        guard let key = try await readSessionKey() else { throw RowMissing(statement: "accounts/find_session_key") }
        return key
    }

    func sessionKey(_ version: Int) async throws -> SessionKey? {
        if let key = sessionKeys.key(version) { return key }
        let key = try await readSessionKey()
        return key?.version == version ? key : nil
    }

    private func readSessionKey() async throws -> SessionKey? {
        let key = try await store.database.first(store.statements["accounts/find_session_key"], lane: .read) {
            SessionKey(version: try $0.next(Int.self), secret: try $0.next([UInt8].self))
        }
        if let key { sessionKeys.keep(key) }
        return key
    }
}
