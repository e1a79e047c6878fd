import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct CredentialTests {
    private let now = Fixtures.day.addingTimeInterval(3600)

    private func withProduct(_ work: (Market, Database, Fixtures) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await work(market, database, fixtures)
        }
    }

    private func text(_ sql: String, in database: Database) async throws -> [String] {
        try await database.all(Statement(name: "test/text", text: sql)) { try $0.next(String.self) }
    }

    private func buy(_ offer: String, for fixtures: Fixtures, in market: Market, at time: Date) async throws {
        _ = try await market.purchases.buy(
            PurchaseRequest(offer: offer, purpose: "research"), for: fixtures.bank,
            key: IdempotencyKey("\(offer) \(time)"), body: Array(offer.utf8), now: time)
    }

    @Test func `a registration goes its way step by step, each with who and when, and its clocks run`() async throws {
        try await withProduct { market, database, fixtures in
            try await market.catalog.apply(
                for: .init(kind: "property_rights_registration", issuer: Fixtures.administrationCode),
                of: "DP-FLOOD-001", by: fixtures.seller, now: now)
            let id = try #require(
                UUID(
                    uuidString: try await text("SELECT id::text FROM credential WHERE state = 'draft'", in: database)[0]
                ))
            let steps: [(String, UUID, String?)] = [
                ("submitted", fixtures.seller, nil), ("returned", fixtures.administration, "the source is missing"),
                ("submitted", fixtures.seller, nil), ("accepted", fixtures.administration, nil),
                ("in_review", fixtures.administration, nil), ("in_publicity", fixtures.administration, nil),
            ]
            for (state, party, reason) in steps {
                try await market.catalog.take(
                    .init(state: state, reason: reason), of: id, by: party, actsForIssuers: false, now: now)
            }
            await #expect(throws: CatalogError.self) {
                try await market.catalog.take(
                    .init(state: "in_force"), of: id, by: fixtures.administration, actsForIssuers: false, now: now)
            }
            try await market.catalog.take(
                .init(state: "in_force", number: "Q-1", since: "2026-06-01", until: "2029-05-31"), of: id,
                by: fixtures.administration, actsForIssuers: false, now: now)
            #expect(
                try await text("SELECT rule || ' ' || state FROM deadline ORDER BY began_at, rule, id", in: database)
                    .sorted() == [
                        "registration_acceptance met", "registration_acceptance met", "registration_first met",
                        "registration_first met", "registration_publicity met", "registration_review met",
                    ])
            #expect(
                try await text("SELECT to_state FROM credential_step WHERE credential_id = '\(id)'", in: database).count
                    == 7)
        }
    }

    @Test func `a step out of order, by the wrong side or without its reason is refused`() async throws {
        try await withProduct { market, database, fixtures in
            let id = try #require(
                UUID(
                    uuidString: try await text(
                        "SELECT id::text FROM credential WHERE kind = 'authorisation'", in: database)[0]))
            for (state, reason, party) in [
                ("submitted", "x", fixtures.administration), ("terminated", "x", fixtures.seller),
                ("terminated", nil, fixtures.administration),
            ] as [(String, String?, UUID)] {
                await #expect(throws: CatalogError.self) {
                    try await market.catalog.take(
                        .init(state: state, reason: reason), of: id, by: party, actsForIssuers: false, now: now)
                }
            }
            await #expect {
                try await market.catalog.take(
                    .init(state: "terminated", reason: "x"), of: id, by: fixtures.bank, actsForIssuers: false, now: now)
            } throws: { if case CatalogError.unknownCredential = $0 { true } else { false } }
        }
    }

    @Test func `an agreement of more than five years is refused`() async throws {
        try await withProduct { market, database, fixtures in
            try await market.catalog.apply(
                for: .init(kind: "authorisation", issuer: Fixtures.administrationCode), of: "DP-FLOOD-001",
                by: fixtures.seller, now: now)
            let id = try #require(
                UUID(
                    uuidString: try await text("SELECT id::text FROM credential WHERE state = 'draft'", in: database)[0]
                ))
            let step = { (until: String) in
                CredentialStep(state: "in_force", reason: "signed", number: "A-2", since: "2029-01-01", until: until)
            }
            await #expect(throws: CatalogError.self) {
                try await market.catalog.take(
                    step("2034-01-01"), of: id, by: fixtures.administration, actsForIssuers: false, now: now)
            }
            try await market.catalog.take(
                step("2033-12-31"), of: id, by: fixtures.administration, actsForIssuers: false, now: now)
        }
    }

    @Test func `purchases stop at the earliest end of what an offer needs, with the reason`() async throws {
        try await withProduct { market, database, fixtures in
            try await buy("OF-FLOOD-ONCE", for: fixtures, in: market, at: now)
            let price = try #require(
                UUID(
                    uuidString: try await text(
                        "SELECT id::text FROM credential WHERE kind = 'price_approval'", in: database)[0]))
            try await market.catalog.take(
                .init(state: "revoked", reason: "the ceiling was lowered"), of: price, by: fixtures.administration,
                actsForIssuers: false, now: now)
            await #expect {
                try await buy(
                    "OF-FLOOD-ONCE", for: fixtures, in: market, at: now.addingTimeInterval(1))
            } throws: { ($0 as? PurchaseError)?.message.contains("Price approval") ?? false }
            // A free offer needs no price approval.
            try await buy("OF-FLOOD-FREE", for: fixtures, in: market, at: now.addingTimeInterval(2))
            let ended = Fixtures.day.addingTimeInterval(732 * 86_400)
            await #expect { try await buy("OF-FLOOD-FREE", for: fixtures, in: market, at: ended) } throws: {
                ($0 as? PurchaseError)?.message.contains("Authorisation agreement (ended on 2028-05-28)") ?? false
            }
        }
    }

    @Test func `what ends within sixty days is warned of once, and expires by itself`() async throws {
        try await withProduct { market, database, fixtures in
            let early = try await market.catalog.keepCredentialsCurrent(
                now: Fixtures.day.addingTimeInterval(600 * 86_400))
            #expect(early.ended == 0 && early.warned == 0)
            let near = Fixtures.day.addingTimeInterval(680 * 86_400)
            #expect(try await market.catalog.keepCredentialsCurrent(now: near).warned == 4)
            #expect(try await market.catalog.keepCredentialsCurrent(now: near).warned == 0)
            #expect(
                try await text(
                    "SELECT DISTINCT due_on::text FROM deadline WHERE rule = 'registration_renewal'", in: database)
                    == ["2028-05-28"])
            let past = try await market.catalog.keepCredentialsCurrent(
                now: Fixtures.day.addingTimeInterval(740 * 86_400))
            #expect(past.ended == 4 && past.warned == 0)
            #expect(
                try await text("SELECT party_id::text FROM notice WHERE kind = 'credential.ending'", in: database)
                    == Array(repeating: fixtures.seller.uuidString.lowercased(), count: 4))
        }
    }

    @Test func `a flagged offer of a listed product cannot be bought until its basis is accepted`() async throws {
        try await withProduct { market, _, fixtures in
            try await market.catalog.offer(
                Fixtures.offer("OF-NEW", kind: "free", price: 0), of: "DP-FLOOD-001", by: fixtures.seller, now: now)
            await #expect { try await buy("OF-NEW", for: fixtures, in: market, at: now) } throws: {
                if case PurchaseError.conditionNotAccepted = $0 { true } else { false }
            }
        }
    }
}
