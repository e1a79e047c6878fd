import Foundation
import Postgres

/// Passwords, by which people sign in to the portal. Systems use tokens.
extension Accounts {
    static let shortestPassword = 12
    private static let longestPassword = 1_000

    /// The cookie of a new session. An unknown name is answered as a wrong password is, and as late.
    /// - Throws: `SignInError`.
    public func signIn(name: String, password: String, now: Date) async throws -> String {
        let name = name.lowercased()
        // Nobody has such a password. It costs no hash, so it must not count either: names would be counted by the thousand.
        guard password.utf8.count <= Self.longestPassword else { throw SignInError.wrongPassword }
        guard tries.begin(name, now: now) else { throw SignInError.tooManyTries }
        let id: UUID?
        do { id = try await passwordID(name: name, password: password) } catch SignInError.busy {
            tries.takeBack(name)
            throw SignInError.busy
        }
        guard let id else { throw SignInError.wrongPassword }
        tries.forget(name)
        return try await cookie(for: id, now: now)
    }

    /// Whether a name has this password.
    public func holds(password: String, of name: String) async throws -> Bool {
        try await passwordID(name: name, password: password) != nil
    }

    private func passwordID(name: String, password: String) async throws -> UUID? {
        let kept = try await store.database.first(store.statements["accounts/find_password"], name, lane: .read) {
            row in
            let (id, salt) = (try row.next(UUID.self), try row.next([UInt8].self))
            let hash = PasswordHash(
                salt: salt, cost: try row.next(Int.self), blockSize: try row.next(Int.self),
                parallelization: try row.next(Int.self), bytes: try row.next([UInt8].self))
            return (id: id, hash: hash)
        }
        let isRight = try await hashing.run {
            guard let kept else {
                _ = try PasswordHash(of: password, salt: Array(repeating: 0, count: 16))
                return false
            }
            return try kept.hash.isOf(password)
        }
        return isRight ? kept?.id : nil
    }

    /// Gives a name a password; sessions that were opened with the one before end.
    public func setPassword(_ password: String, of name: String, party code: String, role: Role, now: Date) async throws
    {
        guard name.wholeMatch(of: /[a-z0-9][a-z0-9._-]{0,63}/) != nil else {
            throw InvalidInput("name", "A user name is 1 to 64 of a-z, 0-9, '.', '_' and '-', a letter or digit first.")
        }
        guard password.unicodeScalars.count >= Self.shortestPassword, password.utf8.count <= Self.longestPassword else {
            throw InvalidInput(
                "password",
                "A password has at least \(Self.shortestPassword) characters, and at most \(Self.longestPassword) bytes."
            )
        }
        let party = try await holder(of: role, party: code)
        let salt = try Self.randomBytes(16)
        let hash = try await hashing.run { try PasswordHash(of: password, salt: salt) }
        defer { known.forget() }
        try await store.database.execute(
            store.statements["accounts/set_password"], name, UUID.version7(at: now), party, role.rawValue, hash.salt,
            hash.cost, hash.blockSize, hash.parallelization, hash.bytes, now)
    }

    /// Whether the name had one; its sessions end.
    public func removePassword(of name: String) async throws -> Bool {
        defer { known.forget() }
        return try await store.database.execute(store.statements["accounts/remove_password"], name) == 1
    }

    /// A password that nobody guesses: 24 hexadecimal digits.
    public static func randomPassword() throws -> String { try randomBytes(12).hexadecimal }
}
