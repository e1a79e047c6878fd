import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct PaymentTests {
    private let begin = BillingFixture.time("2026-01-10T15:00:00+08:00")
    private let now = BillingFixture.time("2026-02-11T00:00:00+08:00")

    /// Two invoices of 106.00 each, INV-000001 of the bank and INV-000002 of the insurer or the other way round.
    private func withInvoices(_ work: (BillingFixture, Account, [UUID]) async throws -> Void) async throws {
        try await BillingFixture.with { billing in
            try await billing.offer("OF-S", kind: "subscription", price: 10_000)
            for enterprise in [billing.fixtures.bank, billing.fixtures.insurer] {
                _ = try await billing.purchase("OF-S", by: enterprise, at: begin)
            }
            _ = try await billing.market.billing.bill(now: now)
            let ids = try await billing.invoices().sorted {
                ($0["number"] as? String ?? "") < ($1["number"] as? String ?? "")
            }.compactMap { UUID(uuidString: $0["id"] as? String ?? "") }
            try await work(billing, billing.account(.operator), ids)
            #expect(try await billing.wrongChecks() == [])
        }
    }

    private func record(_ rows: String, of billing: BillingFixture) async throws -> Billing.StatementReport {
        let table = try CSVTable(Array("date,amount,currency,payer,reference\n\(rows)".utf8))
        return try await billing.market.billing.record(
            BankStatement(table, now: now + 40 * 86_400), of: billing.fixtures.seller, now: now)
    }

    private func state(_ id: UUID, in billing: BillingFixture) async throws -> String {
        let invoice = try fields(await billing.market.billing.invoice(id, seenBy: billing.account(.administrator)))
        return "\(invoice["state"] as? String ?? "") \(invoice["open_minor"] as? Int ?? -1)"
    }

    @Test func `payments settle invoices by number: in part, in full, and what is above is kept`() async throws {
        try await withInvoices { billing, seller, ids in
            let first = try await record("2026-02-12,50.00,CNY,Bank,invoice INV-000001 thank you\n", of: billing)
            #expect(first == .init(rows: 1, known: 0, recorded: 1, matched: 1, problems: []))
            #expect(try await state(ids[0], in: billing) == "issued 5600")
            let second = try await record(
                "2026-02-13,100.00,CNY,Bank,inv-1\n2026-02-13,106,CNY,Insurer,INV-000002\n2026-02-13,9.99,CNY,Nobody,gift\n",
                of: billing)
            #expect(second.matched == 2)
            #expect(try await state(ids[0], in: billing) == "paid 0")
            #expect(try await state(ids[1], in: billing) == "paid 0")
            let over = try fields(
                await billing.market.billing.payments(seenBy: seller, state: "over", cursor: nil, limit: nil))
            #expect((over["items"] as? [[String: Any]])?.map { $0["open_minor"] as? Int } == [4400])
            let unmatched = try fields(
                await billing.market.billing.payments(seenBy: seller, state: "unmatched", cursor: nil, limit: nil))
            #expect((unmatched["items"] as? [[String: Any]])?.map { $0["open_minor"] as? Int } == [999])
            let paid = try await billing.number("SELECT count(*) FROM market_event WHERE type = 'invoice.paid'")
            #expect(paid == 2)
        }
    }

    @Test func `bad rows are named by line, good ones land, and the same file again changes nothing`() async throws {
        try await withInvoices { billing, _, ids in
            let rows = """
                2026-02-12,106.00,CNY,Bank,INV-000001
                2026-02-30,1.00,CNY,Bank,x
                2026-02-12,1.005,CNY,Bank,x
                2026-02-12,0,CNY,Bank,x
                2026-02-12,99999999999999999999,CNY,Bank,x
                2026-02-12,5.00,yuan,Bank,x
                2026-02-12,5.00,ZZZ,Bank,x
                2126-02-12,5.00,CNY,Bank,x
                2026-02-12,5.00,CNY,,x
                2026-02-12,5.00,CNY,Twice,same
                2026-02-12,5.00,CNY,Twice,same

                """
            let report = try await record(rows, of: billing)
            #expect(report.recorded == 3 && report.matched == 1)
            #expect(
                report.problems.map(\.field) == [
                    "line 3: date", "line 4: amount", "line 5: amount", "line 6: amount", "line 7: currency",
                    "line 8: currency", "line 9: date", "line 10: payer",
                ])
            let again = try await record(rows, of: billing)
            #expect(again.recorded == 0 && again.known == 3 && again.matched == 0)
            #expect(try await state(ids[0], in: billing) == "paid 0")
            #expect(throws: InvalidInput.self) {
                try BankStatement(CSVTable(Array("date,amount\n1,2\n".utf8)), now: now)
            }
        }
    }

    @Test func `a payment is matched by hand as far as it goes, once`() async throws {
        try await withInvoices { billing, seller, ids in
            _ = try await record(
                "2026-02-12,60.00,CNY,Bank,no number\n2026-02-12,10.00,USD,Bank,no number\n", of: billing)
            let page = try fields(
                await billing.market.billing.payments(seenBy: seller, state: nil, cursor: nil, limit: nil))
            let payments = (page["items"] as? [[String: Any]] ?? []).reversed()
                .compactMap { UUID(uuidString: $0["id"] as? String ?? "") }
            let yuan = try #require(payments.first { _ in true })
            var refused = 0
            for payment in payments {
                do {
                    try await billing.market.billing.match(payment, with: "INV-000001", by: seller, now: now)
                } catch BillingError.noMatch { refused += 1 }
            }
            #expect(refused == 1)
            #expect(try await state(ids[0], in: billing) == "issued 4600")
            await #expect(throws: BillingError.self) {
                try await billing.market.billing.match(yuan, with: "INV-000002", by: seller, now: now)
            }
            await #expect(throws: BillingError.self) {
                try await billing.market.billing.match(yuan, with: "INV-000077", by: seller, now: now)
            }
        }
    }

    private func credit(
        _ id: UUID, line: Int? = nil, _ amount: Int64?, key: String, in billing: BillingFixture, by seller: Account
    ) async throws -> [String: Any] {
        try fields(
            await billing.market.billing.credit(
                id, CreditRequest(line: line, amount: amount, reason: "agreed"), by: seller, key: IdempotencyKey(key),
                body: Array("\(line ?? 0) \(amount ?? 0)".utf8), now: now
            ).invoice)
    }

    @Test func `a credit note is never above what is left, and a repeat gives nothing back twice`() async throws {
        try await withInvoices { billing, seller, ids in
            _ = try await credit(ids[0], 600, key: "a", in: billing, by: seller)
            _ = try await credit(ids[0], 600, key: "a", in: billing, by: seller)
            #expect(try await state(ids[0], in: billing) == "issued 10000")
            await #expect(throws: PurchaseError.self) { try await credit(ids[0], 5, key: "a", in: billing, by: seller) }
            await #expect(throws: BillingError.self) {
                try await credit(ids[0], 10_001, key: "b", in: billing, by: seller)
            }
            await #expect(throws: BillingError.self) {
                try await credit(ids[0], line: 7, 1, key: "c", in: billing, by: seller)
            }
            let whole = try await credit(ids[0], line: 1, nil, key: "d", in: billing, by: seller)
            #expect(whole["state"] as? String == "void")
            await #expect(throws: BillingError.self) { try await credit(ids[0], 1, key: "e", in: billing, by: seller) }
            let notes = whole["credit_notes"] as? [[String: Any]] ?? []
            #expect(notes.map { $0["number"] as? String } == ["CN-000001", "CN-000002"])
            #expect(notes.reduce(0) { $0 + ($1["net_minor"] as? Int ?? 0) } == 10_000)
            #expect(notes.reduce(0) { $0 + ($1["vat_minor"] as? Int ?? 0) } == 600)
        }
    }

    @Test func `a partial refund leaves the purchase, a full one ends it, and the money sent settles it`() async throws
    {
        try await withInvoices { billing, seller, ids in
            _ = try await record("2026-02-12,106.00,CNY,Bank,INV-000001\n", of: billing)
            _ = try await credit(ids[0], 3_000, key: "a", in: billing, by: seller)
            let ended = "SELECT count(*) FROM purchase WHERE state = 'ended' AND ended_as = 'refunded'"
            #expect(try await billing.number(ended) == 0)
            _ = try await credit(ids[0], nil, key: "b", in: billing, by: seller)
            #expect(try await billing.number(ended) == 1)
            let told =
                "SELECT count(*) FROM market_event WHERE type = 'purchase.ended' AND data ->> 'ended_as' = 'refunded'"
            #expect(try await billing.number(told) == 1)
            let sent = try await record(
                "2026-02-14,-30.00,CNY,Bank,CN-000001\n2026-02-14,-76,CNY,Bank,CN-000002\n", of: billing)
            #expect(sent.matched == 2)
            #expect(try await billing.number("SELECT sum(refund_minor - refunded_minor)::bigint FROM credit_note") == 0)
            _ = try await billing.market.billing.bill(now: BillingFixture.time("2026-06-01T00:00:00+08:00"))
            #expect(
                try await billing.number("SELECT count(DISTINCT purchase_id) FROM billing_period WHERE number > 1") == 1
            )
        }
    }

    @Test func `shares of income are exact, follow what is kept, and a change of rule counts from its day`()
        async throws
    {
        try await withInvoices { billing, seller, ids in
            let shares = [
                RevenueShare(party: Fixtures.administrationCode, role: "source", parts: 1),
                RevenueShare(party: Fixtures.sellerCode, role: "operator", parts: 1),
                RevenueShare(party: Fixtures.carrierCode, role: "market", parts: 1),
            ]
            try await billing.market.billing.share(
                "DP-FLOOD-001", from: "2026-01-01", shares, basis: "agreement", now: now)
            await #expect(throws: BillingError.self) {
                try await billing.market.billing.share("DP-FLOOD-001", from: "2025-01-01", shares, basis: "x", now: now)
            }
            _ = try await record("2026-02-12,106.00,CNY,Bank,INV-000001\n", of: billing)
            let parts = """
                SELECT string_agg(amount::text, ' ' ORDER BY amount) FROM (
                    SELECT sum(CASE credit WHEN 'share' THEN amount_minor ELSE -amount_minor END) AS amount
                    FROM ledger_posting WHERE cause = 'share' GROUP BY party_id) AS shares
                """
            let read = {
                try await billing.database.first(Statement(name: "test/parts", text: parts)) {
                    try $0.next(String?.self)
                } ?? ""
            }
            #expect(try await read() == "3333 3333 3334")
            _ = try await credit(ids[0], 1_060, key: "a", in: billing, by: seller)
            #expect(try await read() == "3000 3000 3000")
            try await billing.market.billing.share(
                "DP-FLOOD-001", from: "2026-03-01", Array(shares.prefix(2)), basis: "new", now: now)
            #expect(try await billing.number("SELECT count(*) FROM revenue_share WHERE upper_inf(valid)") == 2)
        }
    }

    @Test func `the ledger refuses that a posting is changed or deleted`() async throws {
        try await withInvoices { billing, _, _ in
            for sql in [
                "UPDATE ledger_posting SET amount_minor = 1 WHERE number = 1",
                "DELETE FROM ledger_posting WHERE number = 1",
                "UPDATE ledger_posting SET debit = 'bank' WHERE number = 1",
            ] {
                await #expect(throws: PostgresError.self) { try await billing.run(sql) }
            }
        }
    }

    @Test(arguments: [1, 2, 3]) func `under random histories every ledger balances and agrees`(seed: UInt64)
        async throws
    {
        try await withInvoices { billing, seller, ids in
            var random = Seeded(state: seed)
            for step in 0..<40 {
                let id = ids[Int.random(in: 0...1, using: &random)]
                let amount = Int64.random(in: 1...4_000, using: &random)
                do {
                    switch Int.random(in: 0...5, using: &random) {
                    case 0:
                        let number = Int.random(in: 1...3, using: &random)
                        _ = try await record(
                            "2026-02-1\(Int.random(in: 1...9, using: &random)),\(amount).\(step),CNY,P\(step),INV-\(number)\n",
                            of: billing)
                    case 1:
                        _ = try await record(
                            "2026-02-12,-\(amount / 10 + 1),CNY,P\(step),CN-\(amount % 4)\n", of: billing)
                    case 2, 3: _ = try await credit(id, amount, key: "k\(step)", in: billing, by: seller)
                    case 4:
                        _ = try await credit(id, line: 1, amount % 500 + 1, key: "k\(step)", in: billing, by: seller)
                    default:
                        _ = try await record("2026-02-12,\(amount / 100 + 1),CNY,P\(step),INV-1 INV-2\n", of: billing)
                    }
                } catch is BillingError {}
                #expect(try await billing.wrongChecks() == [], "step \(step) of seed \(seed)")
            }
            let ledger = try fields(await billing.market.billing.ledger(of: nil, cursor: nil, limit: nil))
            #expect((ledger["sums"] as? [[String: Any]])?.map { $0["sum_minor"] as? Int } == [0])
        }
    }

    /// The same numbers for the same seed (splitmix64).
    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }
}
