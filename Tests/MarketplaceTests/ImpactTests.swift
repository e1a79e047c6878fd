import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// The fixture's product is made of "Flood complaints"; these tests change that entry upstream.
@Suite struct ImpactTests {
    private let later = Fixtures.day.addingTimeInterval(7200)

    private func with(_ work: (Market, Fixtures) async throws -> Void) async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            _ = try await market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: fixtures.bank,
                key: IdempotencyKey("k"), body: [], now: Fixtures.day.addingTimeInterval(3600))
            try await work(market, fixtures)
        }
    }

    private func load(_ entries: String, at time: Date, in market: Market, by party: UUID) async throws {
        _ = try await market.directory.importCatalogue(
            ImportRequest(
                fileName: "city.data.json", bytes: Array("{\"dataset\": [\(entries)]}".utf8), maxWithdrawnShare: 1),
            by: party, now: time)
    }

    private let bus = #"{"identifier": "bus", "title": "Bus stops"}"#
    private let flood = #"{"identifier": "flood", "title": "Flood complaints", "publisher": {"name": "Water bureau"}}"#

    private func notices(to party: UUID, in market: Market) async throws -> [[String: Any]] {
        let page = try fields(try await market.notices.notices(to: party, cursor: nil, limit: nil))
        return page["items"] as? [[String: Any]] ?? []
    }

    /// Those that do not come from the purchase itself.
    private func changes(to party: UUID, in market: Market) async throws -> [[String: Any]] {
        try await notices(to: party, in: market).filter { $0["kind"] as? String != "purchase.active" }
    }

    private func open(in market: Market) async throws -> [[String: Any]] {
        let page = try fields(try await market.impact.suspensions(of: "DP-FLOOD-001", cursor: nil, limit: nil))
        return (page["items"] as? [[String: Any]] ?? []).filter { $0["lifted_at"] is NSNull }
    }

    private func floodCode(in market: Market) async throws -> String {
        let product = try fields(
            try await market.catalog.product("DP-FLOOD-001", now: Fixtures.day.addingTimeInterval(2)))
        return (product["directory_entries"] as? [[String: Any]])?.first?["code"] as? String ?? ""
    }

    @Test func `a withdrawn entry suspends the listing and tells seller and enterprise`() async throws {
        try await with { market, fixtures in
            try await load(bus, at: later, in: market, by: fixtures.administration)
            #expect(try await open(in: market).map { $0["cause"] as? String } == ["upstream"])
            let told = try await notices(to: fixtures.seller, in: market)
            #expect(told.count { $0["kind"] as? String == "directory.change" } == 1, "\(told)")
            #expect(try await changes(to: fixtures.bank, in: market).count == 1)
            #expect(try await notices(to: fixtures.insurer, in: market).isEmpty)
            await #expect(throws: PurchaseError.self) {
                try await market.purchases.buy(
                    PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: fixtures.insurer,
                    key: IdempotencyKey("k"), body: [], now: later + 1)
            }
        }
    }

    @Test func `an entry that comes back lifts the suspension`() async throws {
        try await with { market, fixtures in
            try await load(bus, at: later, in: market, by: fixtures.administration)
            try await load("\(bus), \(flood)", at: later + 60, in: market, by: fixtures.administration)
            #expect(try await open(in: market).isEmpty)
        }
    }

    @Test func `an entry that moves to another body tells of it and suspends nothing`() async throws {
        try await with { market, fixtures in
            try await load("\(bus), \(flood)", at: later, in: market, by: fixtures.administration)
            #expect(try await open(in: market).isEmpty)
            let told = try await changes(to: fixtures.bank, in: market)
            #expect(told.count == 1)
            #expect((told.first?["message_en"] as? String)?.contains("moved to another provider") ?? false)
        }
    }

    @Test func `a change that narrows nothing tells nobody`() async throws {
        try await with { market, fixtures in
            let reworded = Fixtures.catalogue.replacingOccurrences(of: "Complaints by street", with: "By street")
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(reworded.utf8)), by: fixtures.administration,
                now: later)
            #expect(try await changes(to: fixtures.bank, in: market).isEmpty)
            #expect(try await open(in: market).isEmpty)
        }
    }

    @Test(arguments: [
        #"{"sharingClass": "not_shared"}"#, #"{"grade": "core"}"#, #"{"receivedFrom": "A-BUREAU"}"#,
        #"{"conditions": [{"kind": "purpose", "value": ["research"], "basis": "x"}]}"#,
        #"{"items": [{"name": "street"}]}"#, #"{"personalInformation": true}"#,
        #"{"conditions": [{"kind": "fee", "value": "free", "basis": "x"}]}"#,
    ])
    func `a version that narrows what may be done is an obstacle`(change: String) async throws {
        try await with { market, fixtures in
            let before = #"{"items": [{"name": "street"}, {"name": "complaints"}]}"#
            let code = try await floodCode(in: market)
            // The version that the revision was made of gets its items, and the next version the change.
            try await market.database.script(
                """
                UPDATE directory_entry_version AS version SET document = document || '\(before)'::jsonb
                FROM directory_entry AS entry WHERE entry.id = version.entry_id AND entry.code = '\(code)';
                INSERT INTO directory_entry_version (entry_id, number, title, document, digest, import_id, recorded_at)
                SELECT entry_id, 2, title, document || '\(change)'::jsonb, digest, import_id, version.recorded_at
                FROM directory_entry_version AS version JOIN directory_entry AS entry ON entry.id = entry_id
                WHERE entry.code = '\(code)';
                UPDATE directory_entry_validity AS validity SET number = 2
                FROM directory_entry AS entry WHERE entry.id = validity.entry_id AND entry.code = '\(code)'
                """)
            let obstacles = try await market.database.all(
                Statement(name: "test/obstacles", text: "SELECT kind FROM upstream_obstacle(now())")
            ) { try $0.next(String.self) }
            #expect(obstacles.count == 1, "\(obstacles)")
        }
    }

    @Test func `an entry that nobody provides any more suspends what is made of it`() async throws {
        try await with { market, fixtures in
            try await load(
                "\(bus), {\"identifier\": \"flood\", \"title\": \"Flood complaints\"}", at: later, in: market,
                by: fixtures.administration)
            let reason = try await open(in: market).first?["reason_en"] as? String ?? ""
            #expect(reason.contains("nobody provides"), "\(reason)")
        }
    }

    @Test func `who only asked for a purchase is among those touched, and is told`() async throws {
        try await with { market, fixtures in
            try await market.database.script("UPDATE offer SET approval = 'operator' WHERE code = 'OF-FLOOD-ONCE'")
            _ = try await market.purchases.buy(
                PurchaseRequest(
                    offer: "OF-FLOOD-ONCE",
                    statement: UseStatement(
                        purpose: "research", scope: "a study", since: later + 86_400, until: later + 2 * 86_400)),
                for: fixtures.insurer, key: IdempotencyKey("ask"), body: [], now: later - 30)
            let impact = try fields(
                try await market.impact.impact(of: floodCode(in: market), cursor: nil, limit: nil, now: later))
            let purchases = (impact["items"] as? [[String: Any]] ?? []).filter { $0["kind"] as? String == "purchase" }
            #expect(
                purchases.map { $0["state"] as? String } == ["active", "requested"] && impact["purchases"] as? Int == 2)
            #expect(purchases.last?["entitlement"] is NSNull)
            try await load(bus, at: later, in: market, by: fixtures.administration)
            #expect(
                try await notices(to: fixtures.insurer, in: market).contains {
                    $0["kind"] as? String == "directory.change"
                })
        }
    }

    @Test func `impact lists product, offers and purchases with the exact version`() async throws {
        try await with { market, _ in
            let code = try await floodCode(in: market)
            let page = try fields(
                try await market.impact.impact(of: code, cursor: nil, limit: nil, now: later))
            let items = page["items"] as? [[String: Any]] ?? []
            #expect(items.map { $0["kind"] as? String } == ["product", "offer", "offer", "purchase"])
            #expect(items.last?["enterprise"] as? String == Fixtures.bankCode)
            #expect(items.last?["entry_version"] as? Int == 1 && page["entitlements_in_force"] as? Int == 1)
            var seen = 0
            var cursor: String?
            repeat {
                let part = try fields(
                    try await market.impact.impact(of: code, cursor: cursor, limit: 1, now: later))
                seen += (part["items"] as? [Any])?.count ?? 0
                cursor = part["next"] as? String
            } while cursor != nil
            #expect(seen == 4)
        }
    }

    @Test func `an officer lifts with a reason, an operator only what can stand, and nobody twice`() async throws {
        try await with { market, fixtures in
            try await load(bus, at: later, in: market, by: fixtures.administration)
            let id = try #require(UUID(uuidString: try await open(in: market).first?["id"] as? String ?? ""))
            await #expect(throws: ImpactError.self) {
                try await market.impact.lift(
                    id, of: "DP-FLOOD-001", by: fixtures.seller, isOfficer: false, reason: "please", now: later + 1)
            }
            try await market.impact.lift(
                id, of: "DP-FLOOD-001", by: fixtures.administration, isOfficer: true, reason: "published elsewhere",
                now: later + 2)
            #expect(try await open(in: market).isEmpty)
            await #expect(throws: ImpactError.self) {
                try await market.impact.lift(
                    id, of: "DP-FLOOD-001", by: fixtures.administration, isOfficer: true, reason: "again",
                    now: later + 3)
            }
        }
    }

    @Test func `notices come unacknowledged first, page to the end, and are acknowledged by their party only`()
        async throws
    {
        try await with { market, fixtures in
            try await load(bus, at: later, in: market, by: fixtures.administration)
            try await load("\(bus), \(flood)", at: later + 60, in: market, by: fixtures.administration)
            try await load(bus, at: later + 120, in: market, by: fixtures.administration)
            let all = try await notices(to: fixtures.seller, in: market)
            let newest = try #require(UUID(uuidString: all.first?["id"] as? String ?? ""))
            await #expect(throws: NoticeError.self) {
                try await market.notices.acknowledge(newest, by: fixtures.bank, now: later + 180)
            }
            _ = try await market.notices.acknowledge(newest, by: fixtures.seller, now: later + 180)
            #expect(try await market.notices.unacknowledged(by: fixtures.seller) == all.count - 1)
            var ids: [String] = []
            var cursor: String?
            repeat {
                let page = try fields(
                    try await market.notices.notices(to: fixtures.seller, cursor: cursor, limit: 1))
                ids += (page["items"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
                cursor = page["next"] as? String
            } while cursor != nil
            #expect(ids.count == all.count && ids.last?.lowercased() == newest.uuidString.lowercased())
        }
    }
}
