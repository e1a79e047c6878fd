import Foundation
import Postgres
import TestSupport
import Testing

@testable import Marketplace

@Suite struct ReceiptTests {
    private let now = Fixtures.day.addingTimeInterval(3600)

    private func withProduct(_ work: (Market, Database, Fixtures) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await work(market, database, fixtures)
        }
    }

    /// - Returns: purchase and entitlement.
    private func buy(_ key: String, for enterprise: UUID, in market: Market) async throws -> (UUID, UUID) {
        let outcome = try await market.purchases.buy(
            PurchaseRequest(offer: "OF-FLOOD-ONCE", purpose: "research"), for: enterprise, key: IdempotencyKey(key),
            body: Array(key.utf8), now: now)
        let purchase = try fields(outcome.purchase)
        let entitlement = purchase["entitlement"] as? [String: Any]
        return try (
            #require(UUID(uuidString: purchase["id"] as? String ?? "")),
            #require(UUID(uuidString: entitlement?["id"] as? String ?? ""))
        )
    }

    private func bytes(_ document: JSONDocument) -> [UInt8] { Array(document.text.utf8) }

    private func number(_ sql: String, _ database: Database) async throws -> Int {
        try await database.first(Statement(name: "test/\(sql.hashValue)", text: sql)) { try $0.next(Int.self) } ?? -1
    }

    @Test func `a receipt proves a purchase and a delivery, and is the same each time`() async throws {
        try await withProduct { market, database, fixtures in
            let (purchase, entitlement) = try await buy("k", for: fixtures.bank, in: market)
            _ = try await market.delivery.download(entitlement, of: fixtures.bank, now: now + 1)
            let receipt = try await market.receipts.receipt(ofPurchase: purchase, for: fixtures.bank, now: now + 2)
            let keys = try await market.keys.document()
            let agreement = try await market.receipts.agreement(of: purchase, for: fixtures.bank, now: now + 2)
            let check = ReceiptCheck(bytes(receipt), keys: bytes(keys), agreement: bytes(agreement))
            #expect(check.problems == [])
            #expect(check.summary.contains("purchase.active"))
            #expect(
                try await market.receipts.receipt(ofPurchase: purchase, for: fixtures.bank, now: now + 9) == receipt)

            let list = try fields(
                await market.receipts.receipts(of: purchase, for: fixtures.bank, cursor: nil, limit: nil, now: now + 2))
            let items = list["items"] as? [[String: Any]] ?? []
            #expect(items.map { $0["type"] as? String } == ["delivery.completed", "purchase.active"])
            for item in items {
                let id = item["id"] as? String ?? ""
                let one = try await market.receipts.receipt(id, for: fixtures.bank, now: now + 3)
                #expect(ReceiptCheck(bytes(one), keys: bytes(keys), agreement: bytes(agreement)).problems == [])
                let position = item["position"] as? Int ?? -1
                #expect(try await market.receipts.receipt("\(position)", for: fixtures.seller, now: now + 3) == one)
            }
            #expect(try await number("SELECT count(*) FROM log_head", database) == 1)
        }
    }

    @Test func `an agreement holds what was accepted, and its parts have the hashes of the receipt`() async throws {
        try await withProduct { market, _, fixtures in
            let (purchase, _) = try await buy("k", for: fixtures.bank, in: market)
            let agreement = try JSONTree(
                json: bytes(try await market.receipts.agreement(of: purchase, for: fixtures.bank, now: now)))
            #expect(agreement["buyer"]?["code"]?.text == Fixtures.bankCode)
            #expect(agreement["seller"]?["code"]?.text == Fixtures.sellerCode)
            #expect(agreement["terms"]?["price"]?["minor_units"]?.number == 1_000_000)
            #expect(agreement["directory_entries"]?.list?.first?["sha256"]?.text?.count == 64)
            #expect((agreement["responsibility"]?.list?.count ?? 0) >= 5)
            let policy = String(decoding: try #require(agreement["policy"]).canonical(), as: UTF8.self)
            for word in ["odrl:Agreement", "odrl/2/assignee", "payAmount", "10000.00", "risk_assessment"] {
                #expect(policy.contains(word) || policy.contains(word.replacing("odrl/2/", with: "odrl:")), "\(word)")
            }
            let receipt = try JSONTree(
                json: bytes(try await market.receipts.receipt(ofPurchase: purchase, for: fixtures.bank, now: now)))
            for part in ["listing", "terms", "responsibility"] {
                let hash = SHA256.digest(try #require(agreement[part]).canonical()).hexadecimal
                #expect(receipt["record"]?["agreement"]?[part]?.text == hash, "\(part)")
            }
        }
    }

    @Test func `what was accepted is shown from the signed agreement, whatever the product is called later`()
        async throws
    {
        try await withProduct { market, database, fixtures in
            let (purchase, _) = try await buy("k", for: fixtures.bank, in: market)
            let before = try fields(await market.purchases.accepted(purchase, of: fixtures.bank))
            let agreement = try await market.receipts.agreement(of: purchase, for: fixtures.bank, now: now + 2)
            try await database.execute(
                Statement(name: "test/rename", text: "UPDATE product SET title_en = 'Renamed'"))
            var shown = try fields(await market.purchases.accepted(purchase, of: fixtures.bank))
            let digest = shown.removeValue(forKey: "agreement_sha256") as? String
            #expect(digest == SHA256.digest(bytes(agreement)).map { String(format: "%02x", $0) }.joined())
            #expect(shown as NSDictionary == before as NSDictionary)
        }
    }

    @Test func `others than buyer and seller find neither agreement nor receipt`() async throws {
        try await withProduct { market, _, fixtures in
            let (purchase, _) = try await buy("k", for: fixtures.bank, in: market)
            _ = try await market.receipts.receipt(ofPurchase: purchase, for: fixtures.seller, now: now)
            for stranger in [fixtures.insurer, fixtures.administration] {
                await #expect(throws: ReceiptError.self) {
                    try await market.receipts.receipt(ofPurchase: purchase, for: stranger, now: now)
                }
                await #expect(throws: ReceiptError.self) {
                    try await market.receipts.agreement(of: purchase, for: stranger, now: now)
                }
                await #expect(throws: ReceiptError.self) {
                    try await market.receipts.receipt("0", for: stranger, now: now)
                }
            }
        }
    }

    /// Every way to change one scalar, one name, or one element of a list.
    private func changes(of tree: JSONTree) -> [JSONTree] {
        switch tree {
        case .null: return [.bool(true)]
        case .bool(let truth): return [.bool(!truth)]
        case .number(let number): return [.number("\((Int(number) ?? 0) + 1)")]
        case .text(let text):
            let other = text.uppercased() == text ? text + "x" : text.uppercased()
            return [.text(text.dropLast() + (text.last == "0" ? "1" : "0")), .text(text + "0"), .text(other)]
        case .list(let list):
            let inner = list.indices.flatMap { place in
                changes(of: list[place]).map { changed in
                    JSONTree.list(list.enumerated().map { $0.offset == place ? changed : $0.element })
                }
            }
            return inner + [JSONTree.list(list + [.null])]
                + (list.isEmpty ? [] : [JSONTree.list(Array(list.dropLast()))])
        case .object(let members):
            let inner = members.flatMap { name, value in
                changes(of: value).map { JSONTree.object(members.merging([name: $0]) { $1 }) }
                    + [.object(members.filter { $0.key != name })]
            }
            return inner + [.object(members.merging(["more": .null]) { $1 })]
        }
    }

    @Test func `a change of anything in a receipt is found`() async throws {
        try await withProduct { market, _, fixtures in
            for number in 0..<5 { _ = try await buy("k\(number)", for: fixtures.bank, in: market) }
            _ = try await market.notary.record(now: now)
            let receipt = bytes(try await market.receipts.receipt("3", for: fixtures.bank, now: now))
            #expect(ReceiptCheck(receipt).problems == [])
            let changed = changes(of: try JSONTree(json: receipt))
            #expect(changed.count > 100)
            for tree in changed {
                let text = try tree.canonical()
                #expect(!ReceiptCheck(text).problems.isEmpty, "\(String(decoding: text, as: UTF8.self))")
            }
            for place in stride(from: 0, to: receipt.count, by: 7) {
                var flipped = receipt
                flipped[place] ^= 1
                #expect(!ReceiptCheck(flipped).problems.isEmpty, "byte \(place)")
            }
            #expect(!ReceiptCheck(receipt + [10]).problems.isEmpty)
        }
    }

    @Test func `receipts verify with old keys after a rotation, and not with the keys of another market`() async throws
    {
        try await withProduct { market, _, fixtures in
            let (first, _) = try await buy("k1", for: fixtures.bank, in: market)
            let before = bytes(try await market.receipts.receipt(ofPurchase: first, for: fixtures.bank, now: now))
            let oldKeys = bytes(try await market.keys.document())
            try await market.keys.rotate([.sm2, .ed25519], now: now + 60)
            let (second, _) = try await buy("k2", for: fixtures.bank, in: market)
            let after = bytes(try await market.receipts.receipt(ofPurchase: second, for: fixtures.bank, now: now + 61))
            let keys = bytes(try await market.keys.document())
            #expect(try await market.keys.all().map(\.version).sorted() == [1, 1, 2, 2])
            for receipt in [before, after] { #expect(ReceiptCheck(receipt, keys: keys).problems == []) }
            #expect(!ReceiptCheck(after, keys: oldKeys).problems.isEmpty)
            #expect(try await market.log.verify(keys: market.keys).problems == [])
        }
    }

    @Test func `two notaries at once record everything once`() async throws {
        try await withProduct { market, database, fixtures in
            for number in 0..<20 { _ = try await buy("k\(number)", for: fixtures.bank, in: market) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    let now = now
                    group.addTask { try await market.notary.recordAll(now: { now }) }
                }
                try await group.waitForAll()
            }
            #expect(try await number("SELECT count(*) FROM log_leaf", database) == 20)
            #expect(try await number("SELECT count(*) FROM market_event WHERE position IS NULL", database) == 0)
            #expect(try await market.log.verify(keys: market.keys).problems == [])
        }
    }

    @Test func `a notary that ends in the middle of a batch leaves nothing behind, and the next one goes on`()
        async throws
    {
        try await withProduct { market, database, fixtures in
            for number in 0..<5 { _ = try await buy("k\(number)", for: fixtures.bank, in: market) }
            // The last statement of the batch fails: as if the server had ended there.
            try await database.script("ALTER TABLE log_head ADD CONSTRAINT ended CHECK (size <> 5)")
            await #expect(throws: PostgresError.self) { try await market.notary.record(now: now) }
            for table in ["log_leaf", "log_node", "log_head", "agreement", "signing_key"] {
                #expect(try await number("SELECT count(*) FROM \(table)", database) == 0, "\(table)")
            }
            try await database.script("ALTER TABLE log_head DROP CONSTRAINT ended")
            #expect(try await market.notary.record(now: now) == 5)
            #expect(try await market.log.verify(keys: market.keys).problems == [])
        }
    }

    @Test func `the log refuses to be changed, and a change by force is found by its first leaf`() async throws {
        try await withProduct { market, database, fixtures in
            for number in 0..<7 { _ = try await buy("k\(number)", for: fixtures.bank, in: market) }
            _ = try await market.notary.record(now: now)
            for sql in [
                "UPDATE log_leaf SET document = '\\x00' WHERE position = 2", "DELETE FROM log_leaf WHERE position = 2",
                "UPDATE log_leaf SET document = '\\x00', hash = sha256('\\x0000') WHERE position = 2",
                "UPDATE log_node SET hash = sha256('x') WHERE level = 0 AND position = 6",
                "UPDATE log_node SET hash = sha256('x') WHERE level = 1 AND position = 0",
                "DELETE FROM log_node WHERE level = 0 AND position = 6", "UPDATE agreement SET document = '\\x00'",
                "UPDATE log_head SET document = '\\x00'", "UPDATE signing_key SET public_key = '\\x00'",
            ] {
                await #expect(throws: PostgresError.self, "\(sql)") { try await database.script(sql) }
            }
            try await database.script(
                """
                ALTER TABLE log_leaf DROP CONSTRAINT log_leaf_hash_is_of_document;
                UPDATE log_leaf SET document = convert_to(replace(convert_from(document, 'UTF8'), 'active', 'passive'),
                    'UTF8') WHERE position IN (3, 5)
                """)
            let problems = try await market.log.verify(keys: market.keys).problems
            #expect(problems.first?.hasPrefix("leaf 3 is the first that differs") == true, "\(problems)")
            #expect(problems.contains("the head over 7 leaves has another root than the leaves"))
        }
    }

    @Test func `a history that was rewritten and signed anew is found by an older head`() async throws {
        try await withProduct { market, database, fixtures in
            for number in 0..<3 { _ = try await buy("k\(number)", for: fixtures.bank, in: market) }
            _ = try await market.notary.record(now: now)
            let kept = bytes(try await market.log.head())
            for number in 3..<5 { _ = try await buy("k\(number)", for: fixtures.bank, in: market) }
            _ = try await market.notary.record(now: now + 1)
            #expect(try await market.log.verify(kept: kept, keys: market.keys).problems == [])

            // Who has the keys and the database forgets the second purchase and records the rest again.
            try await database.script(
                """
                UPDATE market_event SET position = NULL;
                DELETE FROM log_leaf;
                DELETE FROM log_head;
                DELETE FROM log_node;
                DELETE FROM agreement;
                DELETE FROM market_event WHERE id = (SELECT id FROM market_event ORDER BY id OFFSET 1 LIMIT 1)
                """)
            _ = try await market.notary.record(now: now + 2)
            #expect(try await market.log.verify(keys: market.keys).problems == [])
            let problems = try await market.log.verify(kept: kept, keys: market.keys).problems
            #expect(problems == ["the first 3 leaves have another root than the kept head: the history was rewritten"])
        }
    }

    @Test func `the log shows that each of its sizes is the beginning of each later one`() async throws {
        try await withProduct { market, _, fixtures in
            var roots: [Int: [UInt8]] = [:]
            for number in 1...9 {
                _ = try await buy("k\(number)", for: fixtures.bank, in: market)
                _ = try await market.notary.record(now: now)
                let head = try JSONTree(json: bytes(try await market.log.head(size: number)))
                roots[number] = Marketplace.bytes(hexadecimal: head["root"]?.text ?? "")
            }
            for (older, oldRoot) in roots {
                for (newer, root) in roots where newer >= older {
                    let proof = try JSONTree(json: bytes(try await market.log.consistency(from: older, to: newer)))
                    let path = (proof["path"]?.list ?? []).compactMap { Marketplace.bytes(hexadecimal: $0.text ?? "") }
                    #expect(MerkleTree.isConsistent(from: older, oldRoot, to: newer, root, path: path))
                }
            }
            await #expect(throws: InvalidInput.self) { try await market.log.inclusion(of: 9, size: 9) }
            await #expect(throws: ReceiptError.self) { try await market.log.inclusion(of: 3, size: 10) }
        }
    }

    @Test func `private keys are in files that only their owner reads, and nowhere else`() async throws {
        try await withProduct { market, database, fixtures in
            _ = try await buy("k", for: fixtures.bank, in: market)
            _ = try await market.notary.record(now: now)
            let folder = try #require(market.keys.folder)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files.count == 2)
            for file in files {
                let path = folder.appendingPathComponent(file).path
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o600)
                try FileManager.default.removeItem(atPath: path)
            }
            _ = try await buy("k2", for: fixtures.bank, in: market)
            await #expect(throws: ReceiptError.self) { try await market.notary.record(now: now) }
        }
    }
}
