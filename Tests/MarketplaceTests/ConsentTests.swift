import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// The fixture's product is made of data that its department received by sharing from the carrier.
@Suite struct ConsentTests {
    private let now = Fixtures.day.addingTimeInterval(3600)

    private func with(until: String = "2026-12-31", _ work: (Market, Database, Fixtures, UUID) async throws -> Void)
        async throws
    {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await state(#"{"receivedFrom": "\#(Fixtures.carrierCode)"}"#, of: "Flood complaints", in: database)
            let consent = try await consent(until: until, for: "DP-FLOOD-001", fixtures, in: market)
            try await work(market, database, fixtures, consent)
        }
    }

    private func consent(
        until: String, for product: String?, _ fixtures: Fixtures, in market: Market, at time: Date? = nil
    ) async throws -> UUID {
        let now = time ?? now
        let entries =
            try fields(await market.catalog.product("DP-FLOOD-001", now: Fixtures.day))["directory_entries"]
            as? [[String: Any]]
        let asked = try fields(
            await market.catalog.askConsent(
                entry: entries?.first?["code"] as? String ?? "", product: product, by: fixtures.seller, now: now))
        let id = try #require(UUID(uuidString: asked["id"] as? String ?? ""))
        let members = [
            "answer": "given", "since": "2026-01-01", "until": until, "document": "Letter No. 7",
            "document_sha256": String(repeating: "a", count: 64),
        ]
        let answer = try JSONDecoder().decode(
            ConsentAnswer.self, from: JSONSerialization.data(withJSONObject: members))
        _ = try await market.catalog.answerConsent(id, answer, by: fixtures.administration, now: now)
        return id
    }

    private func withdraw(_ consent: UUID, _ fixtures: Fixtures, in market: Market, at time: Date? = nil) async throws {
        _ = try await market.catalog.withdrawConsent(
            consent, reason: "the purpose changed", by: fixtures.administration, now: time ?? now + 60)
    }

    private func buy(_ fixtures: Fixtures, in market: Market, at time: Date) async throws {
        _ = try await market.purchases.buy(
            PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: fixtures.bank,
            key: IdempotencyKey("\(time)"), body: Array("\(time)".utf8), now: time)
    }

    private func open(in market: Market) async throws -> [String?] {
        let page = try fields(await market.impact.suspensions(of: "DP-FLOOD-001", cursor: nil, limit: nil))
        return (page["items"] as? [[String: Any]] ?? []).filter { $0["lifted_at"] is NSNull }
            .map { $0["cause"] as? String }
    }

    private func notices(_ kind: String, to party: UUID, in market: Market) async throws -> [[String: Any]] {
        let page = try fields(await market.notices.notices(to: party, cursor: nil, limit: nil))
        return (page["items"] as? [[String: Any]] ?? []).filter { $0["kind"] as? String == kind }
    }

    @Test func `a withdrawn consent suspends the listing, and operator and department are told`() async throws {
        try await with { market, _, fixtures, consent in
            try await buy(fixtures, in: market, at: now)
            try await withdraw(consent, fixtures, in: market)
            #expect(try await open(in: market) == ["consent"])
            await #expect { try await buy(fixtures, in: market, at: now + 120) } throws: {
                ($0 as? PurchaseError)?.message.contains("withdrew its consent: the purpose changed") ?? false
            }
            #expect(try await notices("product.suspended", to: fixtures.carrier, in: market).count == 1)
            #expect(try await notices("consent.withdrawn", to: fixtures.seller, in: market).count == 1)
            let told = try await notices("product.suspended", to: fixtures.seller, in: market)
            let notice = try #require(UUID(uuidString: told.first?["id"] as? String ?? ""))
            let seen = try fields(await market.notices.acknowledge(notice, by: fixtures.seller, now: now + 180))
            #expect(told.count == 1 && seen["acknowledged_at"] is String)
        }
    }

    @Test func `a withdrawal by a clock that lies behind the answer suspends the listing as well`() async throws {
        try await with { market, _, fixtures, consent in
            try await withdraw(consent, fixtures, in: market, at: now - 3600)
            #expect(try await open(in: market) == ["consent"])
        }
    }

    @Test func `a consent is withdrawn once, and only when it was given`() async throws {
        try await with { market, _, fixtures, consent in
            await #expect(throws: InvalidInput.self) {
                try await market.catalog.withdrawConsent(consent, reason: " ", by: fixtures.administration, now: now)
            }
            let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        do {
                            try await withdraw(consent, fixtures, in: market)
                            return true
                        } catch CatalogError.consentNotGiven { return false }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
            #expect(try await open(in: market) == ["consent"])
            await #expect {
                try await market.catalog.withdrawConsent(UUID(), reason: "x", by: fixtures.administration, now: now)
            } throws: { if case CatalogError.unknownConsent = $0 { true } else { false } }
        }
    }

    @Test func `purchases that race with a withdrawal are made before it or refused`() async throws {
        try await with { market, _, fixtures, consent in
            let made = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        do {
                            try await buy(fixtures, in: market, at: now + 61 + Double(number))
                            return 1
                        } catch is PurchaseError { return 0 }
                    }
                }
                group.addTask {
                    try await withdraw(consent, fixtures, in: market)
                    return 0
                }
                return try await group.reduce(0, +)
            }
            #expect((0...8).contains(made))
            await #expect(throws: PurchaseError.self) { try await buy(fixtures, in: market, at: now + 100) }
            let kept = try fields(await market.purchases.purchases(of: fixtures.bank, cursor: nil, limit: nil))
            #expect((kept["items"] as? [Any])?.count == made)
        }
    }

    @Test func `a listing that another consent carries stays on sale`() async throws {
        try await with { market, _, fixtures, consent in
            _ = try await self.consent(until: "2027-01-31", for: nil, fixtures, in: market)
            try await withdraw(consent, fixtures, in: market)
            #expect(try await open(in: market) == [])
            try await buy(fixtures, in: market, at: now + 120)
        }
    }

    @Test func `a new consent lifts the suspension`() async throws {
        try await with { market, _, fixtures, consent in
            try await withdraw(consent, fixtures, in: market)
            _ = try await self.consent(
                until: "2027-01-31", for: "DP-FLOOD-001", fixtures, in: market, at: now + 90)
            #expect(try await open(in: market) == [])
            try await buy(fixtures, in: market, at: now + 120)
        }
    }

    @Test func `an operator cannot lift the suspension while the consent is missing`() async throws {
        try await with { market, _, fixtures, consent in
            try await withdraw(consent, fixtures, in: market)
            let page = try fields(await market.impact.suspensions(of: "DP-FLOOD-001", cursor: nil, limit: nil))
            let id = (page["items"] as? [[String: Any]])?.first?["id"] as? String
            let suspension = try #require(UUID(uuidString: id ?? ""))
            await #expect {
                try await market.impact.lift(
                    suspension, of: "DP-FLOOD-001", by: fixtures.seller, isOfficer: false, reason: "x", now: now + 90)
            } throws: { if case ImpactError.cannotStand = $0 { true } else { false } }
        }
    }

    @Test func `a consent that runs out stops purchases after its last day`() async throws {
        try await with(until: "2026-06-30") { market, _, fixtures, _ in
            try await buy(fixtures, in: market, at: parsedTime("2026-06-30T23:59:59+08:00", field: "now"))
            let first = try parsedTime("2026-07-01T00:00:00+08:00", field: "now")
            await #expect { try await buy(fixtures, in: market, at: first) } throws: {
                guard case PurchaseError.consentLacking(_, let entries) = $0 else { return false }
                return entries.contains(Fixtures.carrierCode)
            }
            #expect(try await open(in: market) == [])
        }
    }

    @Test func `a consent's end is the end of what is sellable, and the market warns of it once`() async throws {
        try await with(until: "2026-12-31") { market, _, fixtures, _ in
            let papers = try fields(
                await market.catalog.credentials(of: "DP-FLOOD-001", reader: nil, seesAll: false, now: now))
            #expect(papers["sellable_until"] as? String == "2026-12-31")
            let (early, near) = (
                try parsedTime("2026-10-31", field: "now"), try parsedTime("2026-11-03", field: "now")
            )
            #expect(try await market.catalog.keepCredentialsCurrent(now: early).warned == 0)
            #expect(try await market.catalog.keepCredentialsCurrent(now: near).warned == 1)
            #expect(try await market.catalog.keepCredentialsCurrent(now: near).warned == 0)
            #expect(try await notices("consent.ending", to: fixtures.seller, in: market).count == 1)
            func duties() async throws -> [String?] {
                let page = try fields(
                    await market.deadlines.deadlines(
                        of: fixtures.seller, DeadlineFilter(rule: "consent_renewal"), cursor: nil, limit: nil, now: near
                    ))
                return (page["items"] as? [[String: Any]] ?? []).map { $0["due_on"] as? String }
            }
            #expect(try await duties() == ["2026-12-31"])
            _ = try await self.consent(until: "2027-12-31", for: "DP-FLOOD-001", fixtures, in: market)
            #expect(try await duties() == [])
        }
    }

    @Test func `a withdrawn consent still answers for the time before it`() async throws {
        try await with { market, database, fixtures, consent in
            try await withdraw(consent, fixtures, in: market)
            let ends = Statement(
                name: "test/ends",
                text: "SELECT until::text FROM product, obtained_source(product.id, $1) WHERE code = 'DP-FLOOD-001'")
            #expect(try await database.all(ends, now + 30) { try $0.next(String?.self) } == ["2026-12-31"])
            #expect(try await database.all(ends, now + 60) { try $0.next(String?.self) } == [nil])
        }
    }
}
