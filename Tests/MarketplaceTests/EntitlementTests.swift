import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct EntitlementTests {
    private let now = DealFixture.now
    private let day = 86_400.0

    /// Buys by the free offer with these quotas of downloads, as SQL values of quantity, period, hard and what is carried over.
    private func buy(_ quotas: String, in it: DealFixture, days: Int = 365, trialDays: Int? = nil) async throws -> UUID
    {
        try await it.run(
            """
            UPDATE offer SET term_days = \(days), trial_days = \(trialDays.map(String.init) ?? "NULL")
            WHERE code = 'OF-FLOOD-FREE'
            """)
        try await it.run(
            """
            INSERT INTO offer_quota (offer_id, meter, trial, quantity, period, hard, carry_over)
            SELECT offer.id, 'download', quota.* FROM offer, (VALUES \(quotas)) AS quota WHERE code = 'OF-FLOOD-FREE'
            """)
        let bought = try await it.request(UseStatement(purpose: "research"), offer: "OF-FLOOD-FREE")
        return try await it.right(of: bought)
    }

    private func use(_ right: UUID, in it: DealFixture, at time: Date) async throws {
        _ = try await it.market.delivery.download(right, of: it.buyer.partyID, now: time)
    }

    private func uses(_ right: UUID, in it: DealFixture, at time: Date, tries: Int = 20) async -> Int {
        var done = 0
        for number in 0..<tries {
            do { try await use(right, in: it, at: time + Double(number)) } catch { return done }
            done += 1
        }
        return done
    }

    private func standing(_ right: UUID, in it: DealFixture, at time: Date, quantity: String? = nil) async throws
        -> [String: Any]
    {
        try fields(
            await it.market.purchases.entitlement(
                right, of: it.buyer.partyID, use: IntendedUse(meter: "download", quantity: quantity), now: time))
    }

    private func left(_ right: UUID, in it: DealFixture, at time: Date) async throws -> [Double] {
        let grants = try await standing(right, in: it, at: time)["grants"] as? [[String: Any]] ?? []
        return grants.map { ($0["left"] as? NSNumber)?.doubleValue ?? -1 }
    }

    @Test func `many uses at once are held against quotas and suspensions as each alone is`() async throws {
        try await DealFixture.with { it in
            let right = try await buy("(false, 10, NULL::text, true, 0)", in: it)
            func refusals() async throws -> [[String]] {
                let uses = try ["10", "11", "0.5", nil].map {
                    (entitlement: right, use: try IntendedUse(meter: "download", quantity: $0))
                }
                let items = try fields(
                    await it.market.purchases.entitlements(uses, of: it.buyer.partyID, now: now + 1))["items"]
                return (items as? [[String: Any]] ?? []).map { $0["refused_for"] as? [String] ?? ["?"] }
            }
            #expect(try await refusals() == [[], ["quota"], [], []])
            try await it.run(
                "UPDATE entitlement SET suspended_at = requested_at, suspension_reason = 'late' FROM purchase")
            #expect(try await refusals() == [["suspended"], ["suspended", "quota"], ["suspended"], ["suspended"]])
        }
    }

    @Test func `a hard quota is never exceeded, however many use it at once`() async throws {
        try await DealFixture.with { it in
            let right = try await buy("(false, 10, NULL::text, true, 0)", in: it)
            let done = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<40 {
                    group.addTask { (try? await use(right, in: it, at: now + Double(number) / 100)) != nil }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(done == 10)
            await #expect(throws: DeliveryError.quotaUsedUp) { try await use(right, in: it, at: now + 50) }
            let standing = try await standing(right, in: it, at: now + 60)
            #expect(standing["allowed"] as? Bool == false && standing["refused_for"] as? [String] == ["quota"])
            #expect(try await it.count("usage_event") == 10)
            #expect(try await it.isSound() == [])
            await #expect(throws: PostgresError.self) { try await it.run("UPDATE entitlement_grant SET used = 11") }
        }
    }

    @Test func `a quota comes again each period, and carries over what the one before left of its own`() async throws {
        try await DealFixture.with { it in
            let right = try await buy("(false, 4, 'month', true, 3)", in: it)
            #expect(await uses(right, in: it, at: now, tries: 2) == 2)
            #expect(try await left(right, in: it, at: now + 10 * day) == [2])
            // Two are left of the first month: six in the second. Of those, two carried ones go first.
            #expect(try await left(right, in: it, at: now + 32 * day) == [6])
            #expect(await uses(right, in: it, at: now + 32 * day, tries: 3) == 3)
            #expect(try await left(right, in: it, at: now + 64 * day) == [4 + 3])
            // Nothing was used in the third month: no more than the limit is carried into the fourth.
            #expect(try await left(right, in: it, at: now + 95 * day) == [4 + 3])
            #expect(await uses(right, in: it, at: now + 95 * day) == 7)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `top-ups go by priority and by what ends first, and end when they end`() async throws {
        try await DealFixture.with { it in
            let right = try await buy("(false, 2, NULL::text, true, 0)", in: it)
            let topUp = { (quantity: String, priority: Int, days: Double, key: String) in
                try await it.market.purchases.topUp(
                    entitlement: right,
                    TopUp(
                        meter: "download", quantity: quantity, reason: "more", priority: priority,
                        until: now + days * day),
                    it.command(it.seller, key, body: key))
            }
            _ = try await topUp("3", 50, 20, "a")
            _ = try await topUp("1", 50, 10, "b")
            _ = try await topUp("5", 200, 30, "c")
            #expect(try await topUp("5", 200, 30, "c").repeated)
            await #expect(throws: PurchaseError.self) {
                try await it.market.purchases.topUp(
                    entitlement: right, TopUp(meter: "download", quantity: "1", reason: "x"), it.command(it.buyer, "d"))
            }
            await #expect(throws: EntitlementError.self) {
                try await it.market.purchases.topUp(
                    entitlement: right, TopUp(meter: "row", quantity: "1", reason: "x"), it.command(it.seller, "e"))
            }
            // In the order of use: the one that ends first, the other of its priority, the offer's, the last.
            #expect(try await left(right, in: it, at: now) == [1, 3, 2, 5])
            #expect(await uses(right, in: it, at: now, tries: 2) == 2)
            #expect(try await left(right, in: it, at: now + 60) == [0, 2, 2, 5])
            #expect(try await left(right, in: it, at: now + 25 * day) == [2, 5])
            #expect(await uses(right, in: it, at: now + 25 * day) == 7)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `a fraction left in one grant and the rest in the next make one use`() async throws {
        try await DealFixture.with { it in
            let right = try await buy("(false, 1.5, NULL::text, true, 0)", in: it)
            _ = try await it.market.purchases.topUp(
                entitlement: right, TopUp(meter: "download", quantity: "0.5", reason: "more", priority: 900),
                it.command(it.seller))
            #expect(await uses(right, in: it, at: now) == 2)
            #expect(try await it.count("grant_use") == 3)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `a soft quota lets more through and tells both sides once`() async throws {
        try await DealFixture.with { it in
            let right = try await buy("(false, 2, NULL::text, false, 0)", in: it)
            #expect(await uses(right, in: it, at: now, tries: 2) == 2)
            #expect(try await it.count("notice WHERE kind = 'entitlement.exceeded'") == 0)
            let standing = try await standing(right, in: it, at: now + 5)
            #expect(standing["allowed"] as? Bool == true && standing["over_quota"] as? Bool == true)
            #expect(await uses(right, in: it, at: now + 10, tries: 3) == 3)
            #expect(try await it.count("notice WHERE kind = 'entitlement.exceeded'") == 2)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `a trial has its own quota, and what comes after it another`() async throws {
        try await DealFixture.with { it in
            let right = try await buy(
                "(true, 1, NULL::text, true, 0), (false, 3, 'day', true, 0)", in: it, trialDays: 7)
            #expect(await uses(right, in: it, at: now) == 1)
            #expect(await uses(right, in: it, at: now + 7 * day) == 3)
            #expect(await uses(right, in: it, at: now + 8 * day) == 3)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `a suspension stops the next use, an officer or the operator gives it, and a resumption lets it go on`()
        async throws
    {
        try await DealFixture.with { it in
            let right = try await buy("(false, 9, NULL::text, true, 0)", in: it)
            await #expect(throws: PurchaseError.self) {
                try await it.market.purchases.suspend(entitlement: right, reason: "x", it.command(it.buyer, "a"))
            }
            _ = try await it.market.purchases.suspend(entitlement: right, reason: "audit", it.command(it.seller, "b"))
            await #expect(throws: DeliveryError.suspended) { try await use(right, in: it, at: now) }
            let listed = try fields(
                try await it.market.purchases.entitlements(of: it.buyer.partyID, cursor: nil, limit: nil, now: now))
            #expect((listed["items"] as? [[String: Any]])?.first?["in_force"] as? Bool == false)
            _ = try await it.market.purchases.resume(entitlement: right, reason: "clean", it.command(it.officer, "c"))
            try await use(right, in: it, at: now)
            await #expect(throws: EntitlementError.self) {
                try await it.market.purchases.resume(entitlement: right, reason: "clean", it.command(it.officer, "d"))
            }
            #expect(try await it.count("notice WHERE kind LIKE 'entitlement.%'") == 4)
            #expect(
                try await it.count("market_event WHERE type IN ('entitlement.suspended', 'entitlement.resumed')") == 2)
        }
    }

    @Test(arguments: [
        ("2026-01-31 10:00+08", "month", "2026-02-28 09:59+08", 0),
        ("2026-01-31 10:00+08", "month", "2026-02-28 10:00+08", 1),
        ("2026-01-31 10:00+08", "month", "2026-03-31 09:00+08", 1),
        ("2026-01-31 10:00+08", "month", "2026-03-31 10:00+08", 2),
        ("2026-03-15 00:00+08", "quarter", "2026-09-15 00:00+08", 2),
        ("2024-02-29 00:00+08", "year", "2026-02-28 00:00+08", 2),
        ("2026-03-15 12:00+08", "day", "2026-03-17 11:59+08", 1),
    ])
    func `a period begins on the day of the first one`(
        _ first: String, _ period: String, _ moment: String, _ number: Int
    )
        async throws
    {
        try await DealFixture.with { it in
            let found = try await it.value("SELECT period_number('\(first)', '\(period)', '\(moment)')")
            #expect(Int(found) == number)
        }
    }
}
