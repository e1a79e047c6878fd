import Foundation
import Postgres
import TestSupport
import Testing

@testable import Marketplace

/// Sessions of the portal: signed, bound to what opened them, and ended with it.
@Suite struct SessionTests {
    private let now = Fixtures.day

    private func with(
        _ work: (Market, Database, _ token: (id: UUID, token: String), _ cookie: String) async throws -> Void
    ) async throws {
        try await TestMarket.with { market, database in
            _ = try await Fixtures.make(in: market)
            let token = try await market.accounts.createToken(
                party: Fixtures.bankCode, role: .enterprise, days: 1, now: now)
            let cookie = try await market.accounts.signIn(token: token.token, now: now)
            try await work(market, database, token, cookie)
        }
    }

    @Test func `a session speaks for the party of the token that opened it, and does not hold the token`() async throws
    {
        try await with { market, _, token, cookie in
            let session = try #require(try await market.accounts.session(cookie: cookie, now: now + 60))
            #expect(session.account.accessID == token.id && session.account.partyCode == Fixtures.bankCode)
            #expect(session.account.role == .enterprise)
            #expect(!cookie.contains(token.token) && !cookie.contains(session.formToken))
        }
    }

    @Test func `a cookie that was changed is nobody's`() async throws {
        try await with { market, _, token, cookie in
            for place in cookie.indices {
                var changed = cookie
                changed.replaceSubrange(place...place, with: cookie[place] == "0" ? "1" : "0")
                let found = try await market.accounts.session(cookie: changed, now: now)
                #expect(found == nil, "\(changed)")
            }
            for other in ["", ".", ".....", "a.b.c.d.e.f", token.token, cookie + "0", String(cookie.dropLast(64))] {
                let found = try await market.accounts.session(cookie: other, now: now)
                #expect(found == nil, "\(other)")
            }
        }
    }

    @Test func `a cookie of another market is nobody's`() async throws {
        try await with { market, database, _, _ in
            let foreign = SessionKey(version: 1, secret: Array(repeating: 7, count: 32))
            let account = try #require(
                try await database.first(
                    Statement(name: "test/token", text: "SELECT id FROM access_token LIMIT 1")
                ) { try $0.next(UUID.self) })
            let cookie = foreign.cookie(of: Session(access: account, now: now))
            #expect(try await market.accounts.session(cookie: cookie, now: now) == nil)
        }
    }

    @Test func `a session ends after a working day, and with its token`() async throws {
        try await with { market, _, token, cookie in
            let length = Double(Session.length)
            #expect(try await market.accounts.session(cookie: cookie, now: now + length - 1) != nil)
            #expect(try await market.accounts.session(cookie: cookie, now: now + length) == nil)
            let late = try await market.accounts.signIn(token: token.token, now: now + 86_000)
            #expect(try await market.accounts.session(cookie: late, now: now + 86_399) != nil)
            #expect(try await market.accounts.session(cookie: late, now: now + 86_400) == nil)
        }
    }

    @Test func `revoking the token ends its sessions with the next request`() async throws {
        try await with { market, _, token, cookie in
            #expect(try await market.accounts.session(cookie: cookie, now: now) != nil)
            _ = try await market.accounts.revokeToken(token.id, now: now)
            #expect(try await market.accounts.session(cookie: cookie, now: now) == nil)
        }
    }

    @Test func `who signed out is signed out everywhere, and other sessions of the token go on`() async throws {
        try await with { market, database, token, cookie in
            let other = try Market(database: database)
            let second = try await market.accounts.signIn(token: token.token, now: now)
            let session = try #require(try await other.accounts.session(cookie: cookie, now: now))
            try await market.accounts.end(session.session, now: now)
            try await market.accounts.end(session.session, now: now)
            #expect(try await market.accounts.session(cookie: cookie, now: now) == nil)
            #expect(try await other.accounts.session(cookie: cookie, now: now + 1) == nil)
            #expect(try await other.accounts.session(cookie: second, now: now + 1) != nil)
        }
    }

    @Test func `servers on one database take each other's sessions, and a new key ends them all`() async throws {
        try await with { market, database, token, cookie in
            let other = try Market(database: database)
            #expect(try await other.accounts.session(cookie: cookie, now: now) != nil)
            try await market.accounts.rotateSessionKey(now: now)
            #expect(try await market.accounts.session(cookie: cookie, now: now) == nil)
            #expect(try await other.accounts.session(cookie: cookie, now: now + 1) == nil)
            let fresh = try await other.accounts.signIn(token: token.token, now: now + 1)
            #expect(try await market.accounts.session(cookie: fresh, now: now + 1) != nil)
        }
    }
}
