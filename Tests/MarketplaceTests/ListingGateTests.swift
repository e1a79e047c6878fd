import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct ListingGateTests {
    private let now = Fixtures.day.addingTimeInterval(3600)

    /// A drafted product whose entry states what the test says, with the credentials of the test in force.
    private func withDraft(
        entry members: String = "{}", conditions: String = "[]", credentials: Bool = true,
        _ work: (Market, Database, Fixtures) async throws -> Void
    ) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(Fixtures.catalogue.utf8)),
                by: fixtures.administration, now: Fixtures.day)
            try await state(members, of: "Flood complaints", in: database)
            var listing = try Fixtures.listing()
            var offer = try Fixtures.offer("OF-FLOOD-FREE", kind: "free", price: 0)
            offer.conditions = try Self.conditions(conditions)
            listing.offers = [offer]
            if credentials {
                listing.credentials = ["resource_registration", "product_registration", "authorisation"].map {
                    .init(kind: $0, issuer: Fixtures.administrationCode)
                }
            }
            try await market.catalog.draft(
                listing, content: Fixtures.table, mediaType: "text/csv", operator: fixtures.seller, now: now)
            for draft in try await drafts(in: database) {
                try await market.catalog.take(
                    .init(
                        state: "in_force", reason: "issued elsewhere", number: "SYNTHETIC-1", since: "2026-01-01",
                        until: "2028-12-31"), of: draft, by: fixtures.administration, actsForIssuers: false, now: now)
            }
            try await work(market, database, fixtures)
        }
    }

    private static func conditions(_ json: String) throws -> [Condition] {
        try JSONDecoder().decode([Condition].self, from: Data(json.utf8))
    }

    private func drafts(in database: Database) async throws -> [UUID] {
        try await database.all(
            Statement(name: "test/drafts", text: "SELECT id FROM credential WHERE state = 'draft'")
        ) { try $0.next(UUID.self) }
    }

    private func blockers(_ market: Market, _ fixtures: Fixtures) async throws -> [String] {
        do {
            try await market.catalog.list("DP-FLOOD-001", by: fixtures.seller, now: now)
            return []
        } catch CatalogError.notListable(_, let blockers) {
            return blockers.map(\.kind)
        }
    }

    private let purposes = #""conditions": [{"kind": "purpose", "value": ["research", "risk_assessment"]}]"#

    @Test func `a product whose conditions come from the directory is listed, and only then found`() async throws {
        try await withDraft(entry: "{\(purposes)}") { market, _, fixtures in
            await #expect(throws: CatalogError.self) {
                try await market.catalog.product("DP-FLOOD-001", now: Fixtures.day)
            }
            #expect(try await blockers(market, fixtures) == [])
            let product = try fields(await market.catalog.product("DP-FLOOD-001", now: Fixtures.day))
            #expect(product["code"] as? String == "DP-FLOOD-001")
        }
    }

    @Test func `a refusal names every blocker at once`() async throws {
        let entry =
            #"{"sharingClass": "not_shared", "sharingBasis": "law", "grade": "core", "personalInformation": true,"#
            + #""receivedFrom": "91110000MA00000A1Y", "conditions": [{"kind": "retention", "value": 30},"#
            + #"{"kind": "region", "value": "Fujian"}]}"#
        try await withDraft(entry: entry, credentials: false) { market, _, fixtures in
            let found = try await blockers(market, fixtures)
            #expect(
                found == [
                    "assessment_missing", "condition_added", "condition_loosened", "condition_malformed",
                    "consent_missing", "core_data", "credential_missing", "credential_missing", "credential_missing",
                    "not_shared",
                ])
        }
    }

    @Test func `a link without a responsible party blocks`() async throws {
        try await withDraft(entry: "{\(purposes)}") { market, database, fixtures in
            try await database.execute(
                Statement(name: "test/nobody", text: "DELETE FROM responsibility WHERE role = 'provider'"))
            #expect(try await blockers(market, fixtures) == ["link_without_party", "link_without_party"])
        }
    }

    @Test func `an added condition is told to the publisher and blocks until its basis is accepted`() async throws {
        try await withDraft { market, database, fixtures in
            #expect(try await blockers(market, fixtures) == ["condition_added"])
            #expect(try await blockers(market, fixtures) == ["condition_added"])
            let told = try await database.first(
                Statement(
                    name: "test/told",
                    text: "SELECT count(*) FROM notice WHERE kind = 'condition.added' AND party_id = $1"),
                fixtures.administration
            ) { try $0.next(Int.self) }
            #expect(told == 1)
            let flag = try await openFlag(in: market)
            try await market.catalog.decide(
                flag, .accepted, reason: "article 14", by: fixtures.administration, now: now)
            #expect(try await blockers(market, fixtures) == [])
            await #expect(throws: CatalogError.self) {
                try await market.catalog.decide(flag, .refused, reason: "no", by: fixtures.administration, now: now)
            }
        }
    }

    @Test func `a refused condition blocks until its offer is withdrawn`() async throws {
        try await withDraft { market, _, fixtures in
            try await market.catalog.decide(
                openFlag(in: market), .refused, reason: "no law says so", by: fixtures.administration, now: now)
            #expect(try await blockers(market, fixtures) == ["condition_added"])
            try await market.catalog.withdrawOffer("OF-FLOOD-FREE", by: fixtures.seller, now: now)
            #expect(try await blockers(market, fixtures) == ["no_offer"])
        }
    }

    @Test func `an offer that loosens the directory blocks, and cannot be added to a listed product`() async throws {
        let entry =
            #"{"conditions": [{"kind": "purpose", "value": ["research", "risk_assessment"]},"#
            + #"{"kind": "redistribution", "value": "forbidden", "basis": "law"}]}"#
        try await withDraft(entry: entry, conditions: #"[{"kind": "redistribution", "value": "free"}]"#) {
            market, _, fixtures in
            #expect(try await blockers(market, fixtures) == ["condition_loosened"])
            var good = try Fixtures.offer("OF-GOOD", kind: "free", price: 0)
            good.conditions = try Self.conditions(#"[{"kind": "redistribution", "value": "forbidden"}]"#)
            try await market.catalog.offer(good, of: "DP-FLOOD-001", by: fixtures.seller, now: now)
            try await market.catalog.withdrawOffer("OF-FLOOD-FREE", by: fixtures.seller, now: now)
            #expect(try await blockers(market, fixtures) == [])
            await #expect {
                try await market.catalog.offer(
                    Fixtures.offer("OF-LOOSE", kind: "free", price: 0), of: "DP-FLOOD-001", by: fixtures.seller,
                    now: now)
            } throws: { if case CatalogError.offerLoosens = $0 { true } else { false } }
        }
    }

    @Test func `data received by sharing is listed once its provider consents, whose clock runs`() async throws {
        try await withDraft(entry: #"{"receivedFrom": "\#(Fixtures.carrierCode)", \#(purposes)}"#) {
            market, database, fixtures in
            #expect(try await blockers(market, fixtures) == ["consent_missing"])
            let entry = try await database.first(
                Statement(
                    name: "test/code",
                    text: "SELECT code FROM directory_entry WHERE identifier = 'flood'")
            ) { try $0.next(String.self) }
            let asked = try fields(
                await market.catalog.askConsent(
                    entry: entry ?? "", product: "DP-FLOOD-001", by: fixtures.seller, now: now))
            let id = try #require(UUID(uuidString: asked["id"] as? String ?? ""))
            #expect(asked["state"] as? String == "asked" && asked["due_on"] is String)
            await #expect(throws: CatalogError.self) {
                try await market.catalog.askConsent(
                    entry: entry ?? "", product: "DP-FLOOD-001", by: fixtures.seller, now: now)
            }
            let answer = try JSONDecoder().decode(
                ConsentAnswer.self,
                from: Data(
                    #"{"answer": "given", "since": "2026-01-01", "until": "2027-01-01", "document": "No. 7", "document_sha256": "\#(String(repeating: "a", count: 64))"}"#
                        .utf8))
            _ = try await market.catalog.answerConsent(id, answer, by: fixtures.carrier, now: now)
            #expect(try await blockers(market, fixtures) == [])
            let met = try await database.first(
                Statement(name: "test/met", text: "SELECT state FROM deadline WHERE rule = 'answer_conditional'")
            ) { try $0.next(String.self) }
            #expect(met == "met")
        }
    }

    @Test func `a product of another operator can be neither changed nor listed`() async throws {
        try await withDraft { market, _, fixtures in
            await #expect(throws: CatalogError.self) {
                try await market.catalog.list("DP-FLOOD-001", by: fixtures.bank, now: now)
            }
            await #expect(throws: CatalogError.self) {
                try await market.catalog.draft(
                    Fixtures.listing(), content: Fixtures.table, mediaType: "text/csv", operator: fixtures.bank,
                    now: now)
            }
        }
    }

    @Test func `a listed product cannot be given a revision or an offer that could not be listed`() async throws {
        try await withDraft(entry: "{\(purposes)}") { market, database, fixtures in
            #expect(try await blockers(market, fixtures) == [])
            var listing = try Fixtures.listing()
            try await market.catalog.draft(
                listing, content: Fixtures.table, mediaType: "text/csv", operator: fixtures.seller, now: now)
            listing.offers = [try Fixtures.offer("OF-PRICED", kind: "one_off", price: 5)]
            await #expect {
                try await market.catalog.draft(
                    listing, content: Fixtures.table, mediaType: "text/csv", operator: fixtures.seller, now: now)
            } throws: {
                guard case CatalogError.notListable(_, let blockers) = $0 else { return false }
                return blockers.map(\.kind) == ["condition_added", "credential_missing"]
            }
            let offers = try fields(
                await market.catalog.offers(of: "DP-FLOOD-001", for: nil, cursor: nil, limit: nil, now: Fixtures.day))
            #expect((offers["items"] as? [Any])?.count == 1)
        }
    }

    private func openFlag(in market: Market) async throws -> UUID {
        let flags = try fields(await market.catalog.flags(.open, cursor: nil, limit: nil))["items"] as? [[String: Any]]
        return try #require(UUID(uuidString: flags?.first?["id"] as? String ?? ""))
    }
}
