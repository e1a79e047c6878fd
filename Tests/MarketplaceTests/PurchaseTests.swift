import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct PurchaseTests {
    private let now = Fixtures.day.addingTimeInterval(3600)

    private func buy(
        _ offer: String = "OF-FLOOD-FREE", for enterprise: UUID, key: String = "k1", purpose: String = "research",
        body: String? = nil, in market: Market
    ) async throws -> (id: String, entitlement: String, repeated: Bool) {
        let outcome = try await market.purchases.buy(
            PurchaseRequest(offer: offer, purpose: purpose), for: enterprise, key: IdempotencyKey(key),
            body: Array((body ?? offer + purpose).utf8), now: now)
        let purchase = try fields(outcome.purchase)
        let entitlement = purchase["entitlement"] as? [String: Any]
        return (purchase["id"] as? String ?? "", entitlement?["id"] as? String ?? "", outcome.repeated)
    }

    private func withProduct(_ work: (Market, Database, Fixtures) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await work(market, database, fixtures)
        }
    }

    private func count(_ table: String, in database: Database) async throws -> Int {
        try await database.first(Statement(name: "test/\(table)", text: "SELECT count(*) FROM \(table)")) {
            try $0.next(Int.self)
        } ?? -1
    }

    @Test func `accepting an offer gives a purchase and an entitlement for its term`() async throws {
        try await withProduct { market, _, fixtures in
            let bought = try await buy(for: fixtures.bank, in: market)
            #expect(!bought.repeated)
            let entitlements = try fields(
                try await market.purchases.entitlements(of: fixtures.bank, cursor: nil, limit: nil, now: now))
            let items = entitlements["items"] as? [[String: Any]] ?? []
            #expect(items.map { $0["id"] as? String } == [bought.entitlement])
            #expect(items.first?["in_force"] as? Bool == true)
        }
    }

    @Test func `retrying with the same key returns the first purchase`() async throws {
        try await withProduct { market, database, fixtures in
            let first = try await buy(for: fixtures.bank, in: market)
            let again = try await buy(for: fixtures.bank, in: market)
            #expect(again.id == first.id && again.repeated)
            #expect(try await count("purchase", in: database) == 1)
        }
    }

    @Test func `the same key with another body is refused and buys nothing`() async throws {
        try await withProduct { market, database, fixtures in
            _ = try await buy(for: fixtures.bank, in: market)
            await #expect(throws: PurchaseError.self) {
                try await buy("OF-FLOOD-ONCE", for: fixtures.bank, in: market)
            }
            #expect(try await count("purchase", in: database) == 1)
        }
    }

    @Test func `the same key of another enterprise is another command`() async throws {
        try await withProduct { market, database, fixtures in
            _ = try await buy(for: fixtures.bank, in: market)
            _ = try await buy(for: fixtures.insurer, in: market)
            #expect(try await count("purchase", in: database) == 2)
        }
    }

    @Test func `twenty requests at once with one key make one purchase`() async throws {
        try await withProduct { market, database, fixtures in
            let ids = await withTaskGroup(of: String?.self) { group in
                for _ in 0..<20 { group.addTask { try? await buy(for: fixtures.bank, in: market).id } }
                return await group.reduce(into: Set<String>()) { if let id = $1 { $0.insert(id) } }
            }
            #expect(ids.count == 1)
            let (purchases, entitlements) = (
                try await count("purchase", in: database), try await count("entitlement", in: database)
            )
            #expect(purchases == 1 && entitlements == 1)
        }
    }

    @Test func `of many purchases at once those that are refused keep nothing from the others`() async throws {
        try await withProduct { market, database, fixtures in
            let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
                for number in 0..<60 {
                    group.addTask {
                        // A NUL, which no statement can hold, is every tenth's mistake; every tenth's other is its purpose.
                        let offer = number % 10 == 3 ? "OF-\0" : "OF-FLOOD-FREE"
                        let purpose = number % 10 == 7 ? "marketing" : "research"
                        let bought = try? await buy(
                            offer, for: fixtures.bank, key: "many-\(number)", purpose: purpose, in: market)
                        return (number, bought?.entitlement.isEmpty == false)
                    }
                }
                return await group.reduce(into: [Int: Bool]()) { $0[$1.0] = $1.1 }
            }
            let bought = outcomes.filter(\.value).keys.sorted()
            #expect(bought == (0..<60).filter { ![3, 7].contains($0 % 10) })
            for table in ["purchase", "entitlement", "command_key", "purchase_transition"] {
                let kept = try await count(table, in: database)
                #expect(kept == 48, "\(table)")
            }
        }
    }

    @Test func `a withdrawn offer is refused with its reason`() async throws {
        try await withProduct { market, database, fixtures in
            try await market.catalog.withdrawOffer("OF-FLOOD-FREE", now: now)
            await #expect { try await buy(for: fixtures.bank, in: market) } throws: {
                if case PurchaseError.offerWithdrawn = $0 { true } else { false }
            }
            #expect(try await count("command_key", in: database) == 0)
        }
    }

    @Test func `an offer reserved for another enterprise is unknown`() async throws {
        try await withProduct { market, _, fixtures in
            try await fixtures.offer(
                "OF-PRIVATE", price: 5, reservedFor: Fixtures.insurerCode, in: market, now: now)
            await #expect { try await buy("OF-PRIVATE", for: fixtures.bank, in: market) } throws: {
                if case PurchaseError.unknownOffer = $0 { true } else { false }
            }
            _ = try await buy("OF-PRIVATE", for: fixtures.insurer, in: market)
        }
    }

    @Test func `a purpose that the offer does not allow is refused and names those it does`() async throws {
        try await withProduct { market, _, fixtures in
            await #expect { try await buy(for: fixtures.bank, purpose: "resale", in: market) } throws: {
                ($0 as? PurchaseError)?.field == "purpose"
                    && ($0 as? PurchaseError)?.message.contains("research") ?? false
            }
        }
    }

    @Test func `a purchase and a withdrawal at once leave either a purchase or a refusal`() async throws {
        try await withProduct { market, database, fixtures in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<30 {
                    group.addTask { _ = try? await buy(for: fixtures.bank, key: "k\(number)", in: market) }
                }
                group.addTask { try? await market.catalog.withdrawOffer("OF-FLOOD-FREE", now: now) }
            }
            let purchases = try await count("purchase", in: database)
            #expect(try await count("entitlement", in: database) == purchases)
            #expect(try await count("command_key", in: database) == purchases)
            await #expect(throws: PurchaseError.self) { try await buy(for: fixtures.bank, key: "late", in: market) }
        }
    }

    @Test func `nobody waits for an offer that somebody else is changing but who buys it`() async throws {
        try await withProduct { market, database, fixtures in
            let late = try await database.withTransaction { transaction in
                try await transaction.script("SELECT FROM offer WHERE code = 'OF-FLOOD-FREE' FOR UPDATE")
                let late = Task { try await buy(for: fixtures.bank, key: "late", in: market) }
                for number in 0..<2 {
                    _ = try await buy("OF-FLOOD-ONCE", for: fixtures.bank, key: "other-\(number)", in: market)
                }
                return late
            }
            #expect(try await late.value.repeated == false)
            #expect(try await count("purchase", in: database) == 3)
        }
    }

    @Test func `a purchase of another enterprise is unknown`() async throws {
        try await withProduct { market, _, fixtures in
            let bought = try await buy(for: fixtures.bank, in: market)
            let id = try #require(UUID(uuidString: bought.id))
            await #expect(throws: PurchaseError.self) { try await market.purchases.purchase(id, of: fixtures.insurer) }
        }
    }

    @Test func `each download is counted once, with its bytes`() async throws {
        try await withProduct { market, _, fixtures in
            let bought = try await buy(for: fixtures.bank, in: market)
            let id = try #require(UUID(uuidString: bought.entitlement))
            let content = try await market.delivery.download(id, of: fixtures.bank, now: now)
            #expect(try Array(Data(contentsOf: market.delivery.url(of: content.sha256))) == Fixtures.table)
            _ = try await market.delivery.download(id, of: fixtures.bank, now: now.addingTimeInterval(1))
            let usage = try fields(
                try await market.metering.usage(of: id, enterprise: fixtures.bank, cursor: nil, limit: nil))
            let totals = usage["totals"] as? [[String: Any]] ?? []
            #expect(totals.first?["events"] as? Int == 2)
            #expect(totals.first?["bytes"] as? Int == 2 * Fixtures.table.count)
        }
    }

    @Test func `nothing is delivered or counted after the entitlement's term`() async throws {
        try await withProduct { market, database, fixtures in
            let bought = try await buy(for: fixtures.bank, in: market)
            let id = try #require(UUID(uuidString: bought.entitlement))
            await #expect(throws: DeliveryError.expired) {
                try await market.delivery.download(id, of: fixtures.bank, now: now.addingTimeInterval(31 * 86_400))
            }
            await #expect(throws: DeliveryError.unknownEntitlement) {
                try await market.delivery.download(id, of: fixtures.insurer, now: now)
            }
            #expect(try await count("usage_event", in: database) == 0)
        }
    }

    @Test func `the chain of a purchase names a party for every link`() async throws {
        try await withProduct { market, _, fixtures in
            let bought = try await buy(for: fixtures.bank, in: market)
            let id = try #require(UUID(uuidString: bought.id))
            let chain = try fields(
                try await market.lineage.responsibility(for: id, of: fixtures.bank, asOf: nil, recordedBy: now))
            let links = chain["links"] as? [[String: Any]] ?? []
            #expect(
                links.map { $0["link"] as? String } == [
                    "source", "publication", "sharing", "authorisation", "processing", "listing", "delivery", "use",
                ])
            let parties = links.map { ($0["party"] as? [String: Any])?["code"] as? String }
            #expect(links.filter { $0["required"] as? Bool == true && $0["party"] is NSNull }.isEmpty)
            #expect(links.allSatisfy { $0["party"] is NSNull || ($0["basis_sha256"] as? String)?.count == 64 })
            #expect(
                parties[1...] == [
                    Fixtures.administrationCode, parties[0], nil, Fixtures.sellerCode, Fixtures.sellerCode,
                    Fixtures.sellerCode,
                    Fixtures.bankCode,
                ])
            #expect(((links[0]["party"] as? [String: Any])?["name"] as? String) == "District data bureau")
        }
    }

    @Test func `the chain of a purchase stays as it was when the provider changes later`() async throws {
        try await withProduct { market, _, fixtures in
            let bought = try await buy(for: fixtures.bank, in: market)
            let id = try #require(UUID(uuidString: bought.id))
            let later = now.addingTimeInterval(86_400)
            let moved = Fixtures.catalogue.replacingOccurrences(of: "District data bureau", with: "City data bureau")
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(moved.utf8)), by: fixtures.administration,
                now: later)
            let provider = { (asOf: Date?) async throws -> String? in
                let chain = try fields(
                    try await market.lineage.responsibility(
                        for: id, of: fixtures.bank, asOf: asOf, recordedBy: later.addingTimeInterval(60)))
                let links = chain["links"] as? [[String: Any]] ?? []
                return (links.first?["party"] as? [String: Any])?["name"] as? String
            }
            #expect(try await provider(nil) == "District data bureau")
            #expect(try await provider(later.addingTimeInterval(30)) == "City data bureau")
        }
    }
}
