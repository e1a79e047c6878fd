import Foundation
import Postgres
import TestSupport
import Testing

@testable import Marketplace

@Suite struct DeliveryTests {
    private let now = Fixtures.day.addingTimeInterval(3600)
    private let code = "DP-FLOOD-001"

    private func with(
        offer: String = "OF-FLOOD-FREE", _ work: (Market, Database, Fixtures, UUID) async throws -> Void
    ) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let outcome = try await market.purchases.buy(
                PurchaseRequest(offer: offer, purpose: "research"), for: fixtures.bank, key: IdempotencyKey("k"),
                body: [], now: now)
            let right = (try fields(outcome.purchase)["entitlement"] as? [String: Any])?["id"] as? String ?? ""
            try await work(market, database, fixtures, UUID(uuidString: right) ?? UUID())
        }
    }

    private func publishSecond(in market: Market, _ fixtures: Fixtures) async throws {
        let bytes = Array("street,complaints\nGulou,5\n".utf8)
        try await market.tables.makeMissing(now: { now })
        _ = try await market.uploads.receive(
            .init(name: "f.csv", mediaType: "text/csv", charset: nil, compression: nil, sha256: nil, sm3: nil), .whole,
            isOnly: true, revision: 2, of: code, by: fixtures.seller, now: now
        ) { upload in try bytes.withUnsafeBytes { try upload.write($0) } }
        try await market.uploads.submit(2, of: code, by: fixtures.seller, now: now)
        try await market.revisionCheck.checkAll(now: { now })
    }

    private func count(_ table: String, in database: Database) async throws -> Int {
        try await database.first(Statement(name: "test/\(table)", text: "SELECT count(*) FROM \(table)")) {
            try $0.next(Int.self)
        } ?? -1
    }

    @Test func `a download that goes on is the same one for a day`() async throws {
        try await with { market, database, fixtures, right in
            let found = try await market.delivery.find(right, of: fixtures.bank, now: now)
            try await market.delivery.count(found, of: fixtures.bank, now: now)
            try await market.delivery.count(found, of: fixtures.bank, goesOn: true, now: now + 3600)
            #expect(try await count("delivery", in: database) == 1)
            try await market.delivery.count(found, of: fixtures.bank, goesOn: true, now: now + 90_000)
            #expect(try await count("delivery", in: database) == 2)
        }
    }

    @Test func `going on with what was never begun is counted`() async throws {
        try await with { market, database, fixtures, right in
            let found = try await market.delivery.find(right, of: fixtures.bank, now: now)
            try await market.delivery.count(found, of: fixtures.bank, goesOn: true, now: now)
            #expect(try await count("delivery", in: database) == 1)
        }
    }

    @Test func `a delivery is recorded with its purpose and revision, and proved by a receipt's event`() async throws {
        try await with { market, database, fixtures, right in
            _ = try await market.delivery.download(right, of: fixtures.bank, now: now)
            let page = try fields(
                await market.delivery.deliveries(of: right, enterprise: fixtures.bank, cursor: nil, limit: nil))
            let item = (page["items"] as? [[String: Any]])?.first
            #expect(item?["purpose"] as? String == "research" && item?["revision"] as? Int == 1)
            #expect(
                try await count(
                    "delivery JOIN market_event ON subject_id = delivery.id AND type = 'delivery.completed'",
                    in: database) == 1)
            #expect(try await market.operations.verify().allSatisfy { $0.wrong == 0 })
        }
    }

    @Test func `rows and bytes are counted beside a download where a grant speaks of them, and a hard one stops it`()
        async throws
    {
        try await with { market, database, fixtures, right in
            _ = try await database.execute(
                Statement(
                    name: "test/grant",
                    text: """
                        INSERT INTO entitlement_grant (enterprise_id, entitlement_id, meter, id, quantity, hard, carry_over, priority,
                            valid, since, granted_at)
                        SELECT enterprise_id, id, 'row', gen_random_uuid(), 3, true, 0, 1, valid, lower(valid), lower(valid)
                        FROM entitlement
                        """))
            _ = try await market.delivery.download(right, of: fixtures.bank, now: now)
            #expect(try await count("usage_event WHERE meter = 'row' AND quantity = 2", in: database) == 1)
            await #expect(throws: DeliveryError.quotaUsedUp) {
                try await market.delivery.download(right, of: fixtures.bank, now: now + 1)
            }
            #expect(try await count("usage_event", in: database) == 2)
            #expect(try await count("delivery", in: database) == 1)
        }
    }

    @Test func `a subscription reaches later revisions, and what was paid once the one that was bought`() async throws {
        for (offer, reached) in [("OF-FLOOD-FREE", 2), ("OF-FLOOD-ONCE", 1)] {
            try await with(offer: offer) { market, _, fixtures, right in
                try await publishSecond(in: market, fixtures)
                #expect(try await market.delivery.find(right, of: fixtures.bank, now: now).revision == reached)
                if reached == 1 {
                    await #expect(throws: DeliveryError.unknownRevision(2)) {
                        try await market.delivery.find(right, of: fixtures.bank, revision: 2, now: now)
                    }
                }
            }
        }
    }

    @Test func `a form is made once, whoever asks for it at the same time`() async throws {
        try await with { market, database, fixtures, right in
            try await market.tables.makeMissing(now: { now })
            let made = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        try await market.delivery.find(right, of: fixtures.bank, format: .jsonl, now: now).sha256
                    }
                }
                return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
            }
            #expect(made.count == 1)
            #expect(try await count("revision_rendition", in: database) == 1)
        }
    }

    @Test func `copies of a marked product carry the mark, and the order of their rows tells whose they are`()
        async throws
    {
        try await with { market, database, fixtures, right in
            _ = try await database.execute(
                Statement(name: "test/mark", text: "UPDATE product SET watermark = 'order'"))
            try await market.tables.makeMissing(now: { now })
            let found = try await market.delivery.find(right, of: fixtures.bank, now: now)
            let mark = try #require(found.mark)
            #expect(found.format == .csv && found.fileName == "DP-FLOOD-001-r1-\(mark).csv")
            await #expect(throws: DeliveryError.onlyMarked) {
                try await market.delivery.find(right, of: fixtures.bank, format: .original, now: now)
            }
            let trace = try await market.delivery.trace(market.delivery.url(of: found.sha256), as: .csv, of: code)
            #expect(trace.matchedRows == 2 && trace.candidates.first?.enterprise == Fixtures.bankCode)
        }
    }

    // MARK: Delta Sharing

    private func reader(_ market: Market, _ fixtures: Fixtures, _ right: UUID) async throws -> Sharing.Reader {
        let made = try await market.sharing.makeCredential(for: right, of: fixtures.bank, now: now)
        return try #require(try await market.sharing.reader(token: made.token, now: now))
    }

    @Test func `a query is counted, and its links are read until they expire or the right is suspended`() async throws {
        try await with { market, database, fixtures, right in
            try await market.tables.makeMissing(now: { now })
            let reader = try await reader(market, fixtures, right)
            let answer = try await market.sharing.query(for: reader, .init(), .parquet, base: "http://m", now: now)
            #expect(answer.version == 1 && answer.lines.count == 3)
            #expect(try await count("delivery WHERE way = 'delta_sharing' AND files = 1", in: database) == 1)
            let url = try #require(
                (JSONTree(json: Array(answer.lines[2].utf8))["file"]?["url"]?.text).flatMap(URLComponents.init(string:))
            )
            func link(_ change: (String, String) -> String = { $1 }) -> SharedLink? {
                SharedLink(
                    sha256: url.path.split(separator: "/").last.map(String.init) ?? "",
                    parameter: { name in
                        url.queryItems?.first { $0.name == name }?.value.map { change(name, $0) }
                    })
            }
            let good = try #require(link())
            #expect(try Data(contentsOf: await market.sharing.file(of: good, now: now)).prefix(4) == Data("PAR1".utf8))
            let longer = try #require(link { $0 == "expires" ? "\((Int($1) ?? 0) + 60)" : $1 })
            for (link, time) in [(good, now + 3601), (longer, now)] {
                await #expect(throws: DeliveryError.linkExpired) { try await market.sharing.file(of: link, now: time) }
            }
            _ = try await database.execute(
                Statement(
                    name: "test/suspend",
                    text: "UPDATE entitlement SET suspended_at = $1, suspension_reason = 'test'"), now)
            await #expect(throws: DeliveryError.suspended) { try await market.sharing.file(of: good, now: now) }
            await #expect(throws: DeliveryError.suspended) {
                try await market.sharing.query(for: reader, .init(), .parquet, base: "http://m", now: now)
            }
        }
    }

    @Test func `a token that was revoked or has expired reads nothing`() async throws {
        try await with { market, _, fixtures, right in
            let made = try await market.sharing.makeCredential(for: right, of: fixtures.bank, days: 1, now: now)
            #expect(try await market.sharing.reader(token: made.token, now: now + 86_401) == nil)
            #expect(try await market.sharing.reader(token: made.token + "0", now: now) == nil)
            try await market.sharing.revokeCredential(made.id, of: right, enterprise: fixtures.bank, now: now)
            #expect(try await market.sharing.reader(token: made.token, now: now) == nil)
            await #expect(throws: DeliveryError.unknownCredential) {
                try await market.sharing.revokeCredential(made.id, of: right, enterprise: fixtures.insurer, now: now)
            }
        }
    }

    @Test func `a page goes on only with a token that an answer gave`() async throws {
        try await with { market, database, fixtures, right in
            try await market.tables.makeMissing(now: { now })
            let reader = try await reader(market, fixtures, right)
            var query = Sharing.Query()
            query.mostFiles = 1
            let first = try await market.sharing.query(for: reader, query, .parquet, base: "http://m", now: now)
            #expect(first.lines.last?.contains(#""nextPageToken":"""#) == true)
            query.pageToken = "1.0.1.9999999999.00"
            await #expect(throws: InvalidInput.self) {
                try await market.sharing.query(for: reader, query, .parquet, base: "http://m", now: now)
            }
            #expect(try await count("delivery", in: database) == 1)
        }
    }

    @Test func `parts that no row of a predicate can be in are left out`() throws {
        let statistics = try JSONTree(
            json: Array(
                #"{"minValues":{"n":10,"s":"b"},"maxValues":{"n":20,"s":"m"},"nullCount":{"n":0,"s":1}}"#.utf8))
        func predicate(_ operation: String, _ column: String, _ type: String, _ value: String) -> String {
            #"{"op":"\#(operation)","children":[{"op":"column","name":"\#(column)","valueType":"\#(type)"},"#
                + #"{"op":"literal","value":"\#(value)","valueType":"\#(type)"}]}"#
        }
        let cases = [
            (predicate("equal", "n", "int", "9"), false), (predicate("equal", "n", "int", "10"), true),
            (predicate("greaterThan", "n", "long", "20"), false), (predicate("lessThan", "n", "long", "11"), true),
            (predicate("lessThan", "n", "int", "10"), false), (predicate("equal", "s", "string", "z"), false),
            (predicate("equal", "other", "int", "1"), true), (#"{"op":"unheard","children":[]}"#, true),
            (#"{"op":"isNull","children":[{"op":"column","name":"n","valueType":"int"}]}"#, false),
            (#"{"op":"not","children":[\#(predicate("equal", "n", "int", "9"))]}"#, true),
            (
                #"{"op":"and","children":[\#(predicate("equal", "n", "int", "12")),\#(predicate("equal", "s", "string", "z"))]}"#,
                false
            ),
            (
                #"{"op":"or","children":[\#(predicate("equal", "n", "int", "12")),\#(predicate("equal", "s", "string", "z"))]}"#,
                true
            ),
        ]
        for (text, may) in cases { #expect(try JSONPredicate(text).mayHold(statistics) == may, "\(text)") }
        #expect(throws: InvalidInput.self) { try JSONPredicate("{") }
    }

    @Test func `rows are read by a condition, counted as a call, and nothing but conditions is taken`() async throws {
        try await with { market, database, fixtures, _ in
            try await market.tables.makeMissing(now: { now })
            let answer = try fields(
                await market.delivery.rows(
                    of: code, .init(select: ["street"], condition: "complaints > 3"), by: fixtures.bank, now: now))
            #expect((answer["items"] as? [[String: Any]])?.first?["street"] as? String == "Long, Road")
            #expect(try await count("usage_event WHERE meter = 'call'", in: database) == 1)
            for bad in ["read_csv('/etc/passwd')", "1 = 1; SELECT 1", "x > 1", "(SELECT 1) = 1"] {
                await #expect(throws: DeliveryError.self) {
                    try await market.delivery.rows(of: code, .init(condition: bad), by: fixtures.bank, now: now)
                }
            }
            #expect(try await count("usage_event", in: database) == 1)
            await #expect(throws: DeliveryError.noEntitlement(code)) {
                try await market.delivery.rows(of: code, .init(), by: fixtures.insurer, now: now)
            }
        }
    }
}
