import Foundation
import Postgres
import TestSupport
import Testing

@testable import Marketplace

/// Passwords, by which people sign in to the portal.
@Suite struct PasswordTests {
    private let now = Fixtures.day
    private let password = "correct horse 电池"

    private func with(_ work: (Accounts, Database) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            _ = try await Fixtures.make(in: market)
            try await market.accounts.setPassword(
                password, of: "li.wei", party: Fixtures.sellerCode, role: .operator, now: now)
            try await work(market.accounts, database)
        }
    }

    @Test func `scrypt makes what RFC 7914 says`() throws {
        let expected = bytes(hexadecimal: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
        let hash = PasswordHash(
            salt: Array("SodiumChloride".utf8), cost: 16_384, blockSize: 8, parallelization: 1, bytes: expected ?? [])
        #expect(try hash.isOf("pleaseletmein") && !hash.isOf("pleaseletmeIn"))
    }

    @Test func `a password opens a session for its party and role, whatever the case of the name`() async throws {
        try await with { accounts, _ in
            let cookie = try await accounts.signIn(name: "Li.Wei", password: password, now: now)
            let account = try #require(try await accounts.session(cookie: cookie, now: now)).account
            #expect(account.partyCode == Fixtures.sellerCode && account.role == .operator)
        }
    }

    @Test func `an unknown name is answered as a wrong password is`() async throws {
        try await with { accounts, _ in
            for (name, tried) in [("li.wei", "correct horse"), ("li.wei", ""), ("nobody", password), ("", password)] {
                await #expect(throws: SignInError.wrongPassword) {
                    try await accounts.signIn(name: name, password: tried, now: now)
                }
            }
        }
    }

    @Test func `made-up names make no place for more tries of a name`() async throws {
        try await with { accounts, _ in
            for _ in 1...5 { _ = try? await accounts.signIn(name: "li.wei", password: "a wrong password", now: now) }
            let tooLong = String(repeating: "x", count: 1_001)
            for number in 0..<10_001 {
                _ = try? await accounts.signIn(name: "nobody\(number)", password: tooLong, now: now)
            }
            await #expect(throws: SignInError.tooManyTries) {
                try await accounts.signIn(name: "li.wei", password: password, now: now)
            }
        }
    }

    @Test func `after five wrong tries a name waits ten minutes, even with its password, and others do not`()
        async throws
    {
        try await with { accounts, _ in
            for name in ["li.wei", "nobody"] {
                for _ in 1...5 {
                    await #expect(throws: SignInError.wrongPassword) {
                        try await accounts.signIn(name: name, password: "a wrong password", now: now)
                    }
                }
                await #expect(throws: SignInError.tooManyTries) {
                    try await accounts.signIn(name: name, password: password, now: now + 599)
                }
            }
            await #expect(throws: SignInError.wrongPassword) {
                try await accounts.signIn(name: "somebody", password: password, now: now)
            }
            _ = try await accounts.signIn(name: "li.wei", password: password, now: now + 600)
        }
    }

    @Test func `a new password ends the sessions of the old one, and so does its removal`() async throws {
        try await with { accounts, _ in
            let old = try await accounts.signIn(name: "li.wei", password: password, now: now)
            try await accounts.setPassword(
                "another password", of: "li.wei", party: Fixtures.sellerCode, role: .operator, now: now)
            #expect(try await accounts.session(cookie: old, now: now) == nil)
            #expect(try await !accounts.holds(password: password, of: "li.wei"))
            let new = try await accounts.signIn(name: "li.wei", password: "another password", now: now)
            #expect(try await accounts.removePassword(of: "li.wei"))
            #expect(try await accounts.session(cookie: new, now: now) == nil)
            #expect(try await !accounts.removePassword(of: "li.wei"))
        }
    }

    @Test(arguments: [
        ("Li Wei", "a long password", Fixtures.sellerCode, Role.operator, "name"),
        ("", "a long password", Fixtures.sellerCode, .operator, "name"),
        ("li.wei", "elevenchars", Fixtures.sellerCode, .operator, "password"),
        ("li.wei", "a long password", Fixtures.sellerCode, .enterprise, "role"),
    ])
    func `what cannot be a user is refused by field`(
        name: String, password: String, party: String, role: Role, field: String
    ) async throws {
        try await with { accounts, _ in
            await #expect {
                try await accounts.setPassword(password, of: name, party: party, role: role, now: now)
            } throws: {
                ($0 as? InvalidInput)?.field == field
            }
        }
    }

    @Test func `the same password is kept differently each time, and never as it is`() async throws {
        try await with { accounts, database in
            try await accounts.setPassword(
                password, of: "wang", party: Fixtures.sellerCode, role: .operator, now: now)
            let kept = try await database.all(
                Statement(name: "test/hashes", text: "SELECT salt, hash FROM portal_password")
            ) { [try $0.next([UInt8].self), try $0.next([UInt8].self)] }
            #expect(kept.count == 2 && Set(kept.map { $0[0] }).count == 2 && Set(kept.map { $0[1] }).count == 2)
        }
    }
}
