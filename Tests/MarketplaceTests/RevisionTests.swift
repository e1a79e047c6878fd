import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct RevisionTests {
    private let now = Fixtures.day.addingTimeInterval(3600)
    private let code = "DP-FLOOD-001"
    private let second = "street,complaints\nGulou,5\n\"Long, Road\",4\nNew Street,1\n"

    private func with(_ work: (Market, Database, Fixtures) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await market.tables.makeMissing(now: { now })
            try await work(market, database, fixtures)
        }
    }

    private func file(_ name: String = "flood.csv", sha256: [UInt8]? = nil) -> RevisionUploads.File {
        .init(name: name, mediaType: "text/csv", charset: nil, compression: nil, sha256: sha256, sm3: nil)
    }

    @discardableResult
    private func send(
        _ text: String, _ range: RevisionUploads.Range = .whole, file: RevisionUploads.File? = nil, number: Int = 2,
        to market: Market, by party: UUID
    ) async throws -> RevisionUploads.Received {
        try await market.uploads.receive(
            file ?? self.file(), range, isOnly: true, revision: number, of: code, by: party, now: now
        ) { upload in try Array(text.utf8).withUnsafeBytes { try upload.write($0) } }
    }

    private func publish(_ text: String, number: Int = 2, in market: Market, by party: UUID) async throws -> [String:
        Any]
    {
        try await send(text, number: number, to: market, by: party)
        try await market.uploads.submit(number, of: code, by: party, now: now)
        try await market.revisionCheck.checkAll(now: { now })
        return try fields(await market.uploads.upload(number, of: code, by: party).document)
    }

    @Test func `what has arrived of a cut upload stays, and the rest goes on from there`() async throws {
        try await with { market, _, fixtures in
            let (first, rest) = (second.prefix(20), second.dropFirst(20))
            let part = try await send(
                String(first), .init(offset: 0, end: 20, total: second.utf8.count), to: market, by: fixtures.seller)
            #expect(part.bytes == 20 && part.identity == nil)
            let arrived = try await market.uploads.received("flood.csv", revision: 2, of: code, by: fixtures.seller)
            #expect(arrived == 20)
            let whole = try await send(
                String(rest), .init(offset: 20, end: second.utf8.count, total: second.utf8.count), to: market,
                by: fixtures.seller)
            #expect(whole.identity?.sha256 == SHA256.digest(Array(second.utf8)))
        }
    }

    @Test func `bytes behind a gap, or more than were announced, are refused and change nothing`() async throws {
        try await with { market, _, fixtures in
            await #expect(throws: UploadError.self) {
                try await send("x", .init(offset: 5, end: 6, total: 9), to: market, by: fixtures.seller)
            }
            await #expect(throws: UploadError.self) {
                try await send("xyz", .init(offset: 0, end: 2, total: 9), to: market, by: fixtures.seller)
            }
            let arrived = try await market.uploads.received("flood.csv", revision: 2, of: code, by: fixtures.seller)
            #expect(arrived == 0)
        }
    }

    @Test func `a file that is not what it is said to be is refused`() async throws {
        try await with { market, database, fixtures in
            await #expect(throws: InvalidInput.self) {
                try await send(
                    second, file: file(sha256: Array(repeating: 1, count: 32)), to: market, by: fixtures.seller)
            }
            let files = try await count("revision_file", in: database)
            #expect(files == 0)
        }
    }

    @Test func `only the next number is taken, and only from who operates the product`() async throws {
        try await with { market, _, fixtures in
            for number in [1, 3] {
                await #expect(throws: UploadError.self) {
                    try await send(second, number: number, to: market, by: fixtures.seller)
                }
            }
            await #expect(throws: CatalogError.self) { try await send(second, to: market, by: fixtures.bank) }
        }
    }

    @Test func `a revision that keeps its contract is published with its table and what changed, and told`()
        async throws
    {
        try await with { market, database, fixtures in
            _ = try await market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: fixtures.bank,
                key: IdempotencyKey("k"), body: [], now: now)
            try await market.tables.makeMissing(now: { now })
            let upload = try await publish(second, in: market, by: fixtures.seller)
            #expect(upload["state"] as? String == "published")
            let revision = try fields(await market.catalog.revision(2, of: code))
            let changes = revision["changes"] as? [String: Any]
            #expect(changes?["rows_added"] as? Int == 2 && changes?["rows_removed"] as? Int == 1)
            #expect(try await count("revision_part WHERE number = 2", in: database) == 1)
            #expect(try await count("market_event WHERE type = 'revision.published'", in: database) == 1)
            #expect(try await market.catalog.sample(of: code)?.rows.first == ["Gulou", "5"])
            let check = try await market.content.verify()
            #expect(check.wrong == 0 && check.checked >= 4)
            #expect(try await market.operations.verify().allSatisfy { $0.wrong == 0 })
        }
    }

    @Test func `a revision that breaks its contract publishes nothing, and says where`() async throws {
        try await with { market, database, fixtures in
            let upload = try await publish(
                "street,complaints\nGulou,3\nHere,many\nThere\n", in: market, by: fixtures.seller)
            #expect(upload["state"] as? String == "refused")
            let problems = (upload["refusal"] as? [String: Any])?["problems"] as? [[String: Any]]
            #expect(problems?.first?["line"] as? Int == 4 && problems?.first?["rule"] as? String == "ragged")
            #expect(try await count("product_revision", in: database) == 1)
            // It can be mended under the same number.
            #expect(try await publish(second, in: market, by: fixtures.seller)["state"] as? String == "published")
        }
    }

    @Test func `a published revision takes no more, and the same content is not published twice`() async throws {
        try await with { market, _, fixtures in
            _ = try await publish(second, in: market, by: fixtures.seller)
            await #expect(throws: UploadError.self) { try await send(second, to: market, by: fixtures.seller) }
            let again = try await publish(second, number: 3, in: market, by: fixtures.seller)
            #expect(again["state"] as? String == "refused")
        }
    }

    @Test func `several servers check an upload once`() async throws {
        try await with { market, database, fixtures in
            try await send(second, to: market, by: fixtures.seller)
            try await market.uploads.submit(2, of: code, by: fixtures.seller, now: now)
            let time = now
            async let one = market.revisionCheck.checkAll(now: { time })
            async let other = market.revisionCheck.checkAll(now: { time })
            #expect(try await one + other == 1)
            #expect(try await count("product_revision", in: database) == 2)
        }
    }

    @Test func `an upload whose server went away is checked by another`() async throws {
        try await with { market, database, fixtures in
            try await send(second, to: market, by: fixtures.seller)
            try await market.uploads.submit(2, of: code, by: fixtures.seller, now: now)
            // As a server leaves it that is killed while it checks.
            _ = try await database.execute(
                Statement(name: "test/taken", text: "UPDATE revision_upload SET taken_until = $1"), now + 60)
            let time = now
            #expect(try await market.revisionCheck.checkAll(now: { time }) == 0)
            #expect(try await market.revisionCheck.checkAll(now: { time + 61 }) == 1)
        }
    }

    @Test func `content that nothing refers to goes after a day, and what a revision holds stays`() async throws {
        try await with { market, database, fixtures in
            try await send("street,complaints\nX,1\n", to: market, by: fixtures.seller)
            try await market.uploads.remove("flood.csv", revision: 2, of: code, by: fixtures.seller)
            #expect(try await market.content.sweep(now: Date()) == 0)
            #expect(try await market.content.sweep(now: Date() + 2 * 86_400) == 1)
            let check = try await market.content.verify()
            #expect(check.wrong == 0 && check.checked == 2)
        }
    }

    @Test func `content that lay in the database moves into a file`() async throws {
        try await with { market, database, fixtures in
            for sql in [
                "INSERT INTO content (sha256, bytes, recorded_at) VALUES (sha256('ab'), 2, now())",
                "INSERT INTO content_chunk VALUES (sha256('ab'), 0, 'a'), (sha256('ab'), 1, 'b')",
            ] { _ = try await database.execute(Statement(name: "test/\(sql.prefix(24))", text: sql)) }
            try await market.content.moveOutOfDatabase()
            #expect(try Data(contentsOf: market.delivery.url(of: SHA256.digest(Array("ab".utf8)))) == Data("ab".utf8))
            #expect(try await count("content_chunk", in: database) == 0)
        }
    }

    @Test func `the contract names columns, keys, rules and what is personal`() async throws {
        try await with { market, _, fixtures in
            let contract = """
                {"columns": [{"name": "street", "type": "text", "zh": "街道", "en": "street", "required": true},
                 {"name": "complaints", "type": "integer", "zh": "件数", "en": "complaints", "minimum": 0}],
                 "keys": ["street"], "source": {"title": "fixture", "url": "https://example.org"}}
                """
            try await market.uploads.open(
                2, of: code, contract: try JSONDecoder().decode(RevisionContract.self, from: Data(contract.utf8)),
                by: fixtures.seller, now: now)
            #expect(try await publish(second, in: market, by: fixtures.seller)["state"] as? String == "published")
            let yaml = try await market.catalog.openDataContract(of: code)
            for line in ["kind: DataContract", "primaryKey: true", "minimum: 0", "logicalType: integer"] {
                #expect(yaml.contains(line), "\(line)")
            }
        }
    }

    @Test func `a key that is not unique is refused`() async throws {
        try await with { market, _, fixtures in
            let contract = """
                {"columns": [{"name": "street", "type": "text", "zh": "街道", "en": "street"},
                 {"name": "complaints", "type": "integer", "zh": "件数", "en": "complaints"}],
                 "keys": ["street"], "source": {"title": "fixture", "url": "https://example.org"}}
                """
            try await market.uploads.open(
                2, of: code, contract: try JSONDecoder().decode(RevisionContract.self, from: Data(contract.utf8)),
                by: fixtures.seller, now: now)
            let upload = try await publish(second + "Gulou,9\n", in: market, by: fixtures.seller)
            let problems = (upload["refusal"] as? [String: Any])?["problems"] as? [[String: Any]]
            #expect(problems?.first?["rule"] as? String == "key")
        }
    }

    private func count(_ table: String, in database: Database) async throws -> Int {
        try await database.first(Statement(name: "test/\(table)", text: "SELECT count(*) FROM \(table)")) {
            try $0.next(Int.self)
        } ?? -1
    }
}
