import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct PurchaseStepsTests {
    private let now = DealFixture.now
    private let day = 86_400.0

    @Test func `a request names at once all that it lacks, and nothing is kept of it`() async throws {
        try await DealFixture.with { it in
            try await it.run(
                """
                INSERT INTO offer_condition (offer_id, kind, value, position)
                SELECT offer.id, stated.kind, stated.value::jsonb, 9 FROM offer, (VALUES ('region', '["350000"]'),
                    ('sector', '["G"]'), ('retention', '90'), ('qualification', '["surveying", "filing"]')) AS stated (kind, value)
                WHERE code = 'OF-FLOOD-ONCE'
                """)
            await #expect {
                try await it.request(UseStatement(purpose: "resale", qualifications: ["filing"]))
            } throws: { error in
                let problems = (error as? PurchaseError)?.problems ?? []
                let surveying = problems.first { $0.field == "qualifications" }?.reason ?? ""
                return problems.map(\.field) == [
                    "enterprise", "from", "place", "purpose", "qualifications", "retention_days", "scope", "until",
                ] && surveying.contains("surveying") && !surveying.contains("filing")
            }
            var use = DealFixture.use()
            (use.place, use.retentionDays, use.qualifications) = ("440100", 91, ["surveying", "filing"])
            await #expect {
                try await it.request(use)
            } throws: { ($0 as? PurchaseError)?.problems.map(\.field) == ["enterprise", "place", "retention_days"] }
            #expect(try await it.count("purchase") == 0)
            #expect(try await it.count("command_key") == 0)
            (use.place, use.retentionDays) = ("350100", 90)
            let bought = try await it.request(use, for: it.fixtures.carrier)
            #expect(try await it.state(bought) == "requested")
        }
    }

    @Test(arguments: [
        (-2.0, 10.0, "from"), (400, 10, "from"), (1, 31, "until"), (1, -1, "until"),
    ])
    func `a period outside the offer's term is refused by name`(_ from: Double, _ days: Double, _ field: String)
        async throws
    {
        try await DealFixture.with { it in
            await #expect {
                try await it.request(DealFixture.use(from: from, days: days))
            } throws: { ($0 as? PurchaseError)?.problems.contains { $0.field == field } ?? false }
        }
    }

    @Test func `a request waits, with a duty to decide and both sides told, and grants nothing`() async throws {
        try await DealFixture.with { it in
            let bought = try await it.request()
            #expect(try await it.state(bought) == "requested")
            #expect(try await it.count("entitlement") == 0)
            #expect(try await it.count("deadline WHERE rule = 'purchase_decision' AND state = 'running'") == 1)
            #expect(try await it.count("notice WHERE kind = 'purchase.requested'") == 2)
            #expect(try await it.value("SELECT string_agg(type, ' ') FROM market_event") == "purchase.requested")
            let accepted = try fields(try await it.market.purchases.purchase(bought, of: it.buyer.partyID))
            #expect(accepted["entitlement"] is NSNull && accepted["accepted_at"] is NSNull)
            await #expect(throws: PurchaseError.self) {
                try await it.market.purchases.accepted(bought, of: it.buyer.partyID)
            }
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `the last approval concludes the agreement, and the use begins on its day`() async throws {
        try await DealFixture.with(approval: "operator_and_provider") { it in
            let bought = try await it.request()
            try await it.decide(.approve, on: bought)
            #expect(try await it.state(bought) == "requested")
            await #expect(throws: PurchaseError.self) { try await it.decide(.approve, on: bought, key: "again") }
            try await it.decide(.approve, on: bought, by: it.provider)
            #expect(try await it.state(bought) == "agreed")
            #expect(try await it.isSound() == [])
            #expect(try await it.market.purchases.advance(now: now + day / 2) == 0)
            #expect(try await it.market.purchases.advance(now: now + day) == 1)
            #expect(try await it.state(bought) == "active")
            let told = try await it.value(
                "SELECT string_agg(type, ' ' ORDER BY id) FROM market_event WHERE purchase_id = '\(bought)'")
            #expect(told == "purchase.requested purchase.approved purchase.agreed purchase.active")
            let moved = try fields(try await it.market.purchases.transitions(of: bought, seenBy: it.buyer))
            let items = moved["items"] as? [[String: Any]] ?? []
            #expect(items.map { $0["to"] as? String } == ["requested", "approved", "agreed", "active"])
            #expect(items[2]["by"] is NSNull && items.allSatisfy { !(($0["reason"] as? String) ?? "").isEmpty })
            #expect((moved["decisions"] as? [[String: Any]] ?? []).count == 2)
            #expect(try await it.count("deadline WHERE rule = 'purchase_decision' AND state = 'met'") == 2)
            #expect(try await it.count("notice WHERE kind = 'purchase.active'") == 3)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `a rejection by one of those who decide ends it for all, with the reason, and gives the place back`()
        async throws
    {
        try await DealFixture.with(approval: "operator_and_provider") { it in
            try await it.limit(to: 1)
            let bought = try await it.request()
            await #expect { try await it.request(key: "other") } throws: {
                if case PurchaseError.soldOut = $0 { true } else { false }
            }
            try await it.decide(.reject, on: bought, by: it.provider)
            #expect(try await it.state(bought) == "rejected")
            #expect(try await it.count("deadline WHERE state = 'running' AND rule = 'purchase_decision'") == 0)
            #expect(try await it.count("notice WHERE message_en LIKE '%because of reject%'") == 3)
            await #expect { try await it.decide(.approve, on: bought) } throws: {
                if case PurchaseError.notNow(_, "rejected") = $0 { true } else { false }
            }
            _ = try await it.request(key: "other")
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `a request comes back once, is completed with what was missing, and is decided on anew`() async throws {
        try await DealFixture.with(approval: "operator_and_provider") { it in
            let bought = try await it.request()
            try await it.decide(.approve, on: bought, by: it.provider)
            try await it.decide(.return, on: bought)
            #expect(try await it.state(bought) == "returned")
            var use = DealFixture.use()
            use.scope = nil
            await #expect {
                try await it.market.purchases.complete(use, of: bought, it.command(it.buyer, "complete"))
            } throws: { ($0 as? PurchaseError)?.problems.map(\.field) == ["scope"] }
            use.scope = "a study of drains, chapter 2"
            await #expect(throws: PurchaseError.self) {
                try await it.market.purchases.complete(use, of: bought, it.command(it.seller, "complete"))
            }
            _ = try await it.market.purchases.complete(use, of: bought, it.command(it.buyer, "complete"))
            #expect(try await it.state(bought) == "requested")
            await #expect { try await it.decide(.return, on: bought, key: "twice") } throws: {
                if case PurchaseError.returnedBefore = $0 { true } else { false }
            }
            try await it.decide(.approve, on: bought)
            #expect(try await it.state(bought) == "requested")
            try await it.decide(.approve, on: bought, by: it.provider, key: "anew")
            #expect(try await it.state(bought) == "agreed")
            #expect(try await it.value("SELECT scope FROM purchase") == "a study of drains, chapter 2")
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `an administration decides for a provider without an account, on a basis`() async throws {
        try await DealFixture.with(approval: "operator_and_provider") { it in
            let bought = try await it.request()
            #expect(throws: InvalidInput.self) {
                try RequestDecision(.approve, reason: "x", party: it.provider.partyCode)
            }
            let decision = try RequestDecision(
                .approve, reason: "the department agreed by letter", party: it.provider.partyCode, basis: "letter 12")
            await #expect {
                try await it.market.purchases.decide(decision, on: bought, it.command(it.officer))
            } throws: {
                if case PurchaseError.hasAccount = $0 { true } else { false }
            }
            try await it.run(
                "UPDATE access_token SET revoked_at = '\(now.formatted(.iso8601))' WHERE id = '\(it.provider.accessID)'"
            )
            await #expect(throws: PurchaseError.self) {
                try await it.market.purchases.decide(decision, on: bought, it.command(it.seller))
            }
            _ = try await it.market.purchases.decide(decision, on: bought, it.command(it.officer))
            try await it.decide(.approve, on: bought)
            #expect(try await it.state(bought) == "agreed")
            #expect(try await it.value("SELECT basis FROM purchase_decision WHERE basis IS NOT NULL") == "letter 12")
        }
    }

    @Test func `what keeps an offer from being sold keeps an approved request from being agreed until it is lifted`()
        async throws
    {
        try await DealFixture.with { it in
            let bought = try await it.request(DealFixture.use(from: 0))
            try await it.run(
                """
                INSERT INTO product_suspension (id, product_id, cause, reason_zh, reason_en, suspended_at)
                SELECT gen_random_uuid(), id, 'officer', 'x', 'x', '\(now.formatted(.iso8601))' FROM product
                """)
            try await it.decide(.approve, on: bought)
            #expect(try await it.state(bought) == "approved")
            #expect(try await it.count("entitlement") == 0)
            #expect(try await it.market.purchases.advance(now: now + 60) == 0)
            try await it.run("UPDATE product_suspension SET lifted_at = suspended_at + interval '1 hour'")
            #expect(try await it.market.purchases.advance(now: now + 3700) == 1)
            #expect(try await it.state(bought) == "active")
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `a purchase is cancelled freely before it is active, and its place is free again`() async throws {
        try await DealFixture.with { it in
            try await it.limit(to: 1)
            for state in ["requested", "returned", "agreed"] {
                let bought = try await it.request(key: state)
                if state == "returned" { try await it.decide(.return, on: bought, key: state) }
                if state == "agreed" { try await it.decide(.approve, on: bought, key: state) }
                #expect(try await it.state(bought) == state)
                await #expect(throws: PurchaseError.self) {
                    try await it.market.purchases.cancel(
                        bought, at: .atOnce, reason: "x", it.command(it.seller, "cancel"))
                }
                _ = try await it.market.purchases.cancel(
                    bought, at: .periodEnd, reason: "no longer needed", it.command(it.buyer, "cancel"))
                #expect(try await it.state(bought) == "ended cancelled")
                #expect(try await it.isSound() == [])
            }
            #expect(try await it.value("SELECT taken FROM offer_place") == "0")
        }
    }

    @Test func `an active purchase is cancelled to the end of what is paid for, or at once`() async throws {
        try await DealFixture.with { it in
            try await it.run(
                """
                UPDATE offer SET kind = 'subscription', billing_period = 'month', term_days = 365, trial_days = 7
                WHERE code = 'OF-FLOOD-ONCE'
                """)
            let bought = try await it.request(DealFixture.use(from: 0, days: 300))
            try await it.decide(.approve, on: bought)
            #expect(try await it.state(bought) == "active")
            let cancel = { (time: CancellationTime, at: Date) in
                try await it.market.purchases.cancel(
                    bought, at: time, reason: "too dear", it.command(it.buyer, "\(time) \(at)", at: at))
            }
            let (_, repeated) = try await cancel(.periodEnd, now + 40 * day)
            #expect(!repeated)
            #expect(try await it.state(bought) == "active")
            await #expect { try await cancel(.periodEnd, now + 41 * day) } throws: {
                if case PurchaseError.cancelledBefore = $0 { true } else { false }
            }
            // Seven days of trial, then the second month.
            #expect(
                try await it.value("SELECT ended_at = lower(valid) + interval '7 days 2 months' FROM entitlement")
                    == "true")
            #expect(try await it.market.purchases.advance(now: now + 60 * day) == 0)
            #expect(try await it.market.purchases.advance(now: now + 70 * day) == 1)
            #expect(try await it.state(bought) == "ended cancelled")
            #expect(try await it.count("notice WHERE kind = 'purchase.cancelled'") == 2)
            #expect(try await it.isSound() == [])

            let other = try await it.request(DealFixture.use(from: 0, days: 300), key: "other")
            try await it.decide(.approve, on: other, key: "other")
            _ = try await it.market.purchases.cancel(
                other, at: .atOnce, reason: "too dear", it.command(it.buyer, at: now + day))
            #expect(try await it.state(other) == "ended cancelled")
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `the operator ends a purchase for breach with a document, and the next access is refused`() async throws
    {
        try await DealFixture.with { it in
            let bought = try await it.request(DealFixture.use(from: 0))
            await #expect { try await it.terminate(bought, by: it.seller) } throws: {
                if case PurchaseError.notNow(_, "requested") = $0 { true } else { false }
            }
            try await it.decide(.approve, on: bought)
            let right = try await it.right(of: bought)
            _ = try await it.market.delivery.download(right, of: it.buyer.partyID, now: now + 1)
            await #expect(throws: PurchaseError.self) { try await it.terminate(bought, by: it.buyer) }
            _ = try await it.terminate(bought, by: it.seller)
            #expect(try await it.state(bought) == "ended terminated")
            #expect(
                try await it.value("SELECT document FROM purchase_transition WHERE to_state = 'ended'") == "report 7")
            await #expect(throws: DeliveryError.purchaseEnded) {
                try await it.market.delivery.download(right, of: it.buyer.partyID, now: now + 200)
            }
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `a refund ends a purchase once`() async throws {
        try await DealFixture.with { it in
            let bought = try await it.request(DealFixture.use(from: 0))
            try await it.decide(.approve, on: bought)
            let refund = { () async throws in
                try await it.database.withTransaction { transaction in
                    try await it.market.purchases.end(
                        bought, of: it.buyer.partyID, as: .refunded, by: nil, reason: "paid twice", in: transaction,
                        now: now + 100)
                }
            }
            try await refund()
            #expect(try await it.state(bought) == "ended refunded")
            await #expect(throws: PurchaseError.self) { try await refund() }
            #expect(try await it.count("market_event WHERE type = 'purchase.ended'") == 1)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `time ends what is over, and a right does not wait for it`() async throws {
        try await DealFixture.with { it in
            let active = try await it.request(DealFixture.use(from: 0, days: 5), key: "a")
            let agreed = try await it.request(DealFixture.use(from: 1, days: 5), key: "b")
            let waiting = try await it.request(DealFixture.use(from: 1, days: 5), key: "c")
            try await it.decide(.approve, on: active, key: "a")
            try await it.decide(.approve, on: agreed, key: "b")
            // Agreed, and its day has come: usable before anything was moved.
            _ = try await it.market.delivery.download(
                it.right(of: agreed), of: it.buyer.partyID, now: now + 1.5 * day)
            await #expect(throws: DeliveryError.expired) {
                try await it.market.delivery.download(it.right(of: active), of: it.buyer.partyID, now: now + 6 * day)
            }
            #expect(try await it.market.purchases.advance(now: now + 7 * day, batch: 1) == 4)
            for purchase in [active, agreed, waiting] { #expect(try await it.state(purchase) == "ended expired") }
            #expect(try await it.market.purchases.advance(now: now + 8 * day) == 0)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `an offer without approval that is wanted for later is agreed until then`() async throws {
        try await DealFixture.with { it in
            let later = UseStatement(purpose: "research", since: now + day, until: now + 3 * day)
            let bought = try await it.request(later, offer: "OF-FLOOD-FREE")
            #expect(try await it.state(bought) == "agreed")
            await #expect(throws: DeliveryError.expired) {
                try await it.market.delivery.download(it.right(of: bought), of: it.buyer.partyID, now: now + 1)
            }
            #expect(try await it.market.purchases.advance(now: now + day) == 1)
            _ = try await it.request(later, offer: "OF-FLOOD-FREE", key: "second live purchase")
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `what was accepted stays as it was`() async throws {
        try await DealFixture.with { it in
            let bought = try await it.request(DealFixture.use(from: 0))
            try await it.decide(.approve, on: bought)
            let accepted = try await it.market.purchases.accepted(bought, of: it.buyer.partyID)
            try await it.market.catalog.withdrawOffer("OF-FLOOD-ONCE", now: now + 60)
            let moved = Fixtures.catalogue.replacingOccurrences(of: "District data bureau", with: "City data bureau")
                .replacingOccurrences(of: "Complaints by street", with: "Complaints by house")
            _ = try await it.market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(moved.utf8)), by: it.officer.partyID,
                now: now + day)
            #expect(try await it.market.purchases.accepted(bought, of: it.buyer.partyID) == accepted)
            let terms = try fields(accepted)
            #expect((terms["buyer"] as? [String: Any])?["code"] as? String == Fixtures.bankCode)
            #expect((terms["seller"] as? [String: Any])?["code"] as? String == Fixtures.sellerCode)
            #expect(((terms["offer"] as? [String: Any])?["price_minor"] as? Int) == 1_000_000)
            let entry = (terms["directory_entries"] as? [[String: Any]])?.first
            #expect(entry?["version"] as? Int == 1 && (entry?["sha256"] as? String)?.count == 64)
            #expect((terms["responsibility"] as? [Any])?.count == 8)
        }
    }
}

extension DealFixture {
    func limit(to places: Int) async throws {
        try await run(
            "INSERT INTO offer_place (offer_id, places) SELECT id, \(places) FROM offer WHERE code = 'OF-FLOOD-ONCE'")
    }

    func right(of purchase: UUID) async throws -> UUID {
        UUID(uuidString: try await value("SELECT id FROM entitlement WHERE purchase_id = '\(purchase)'")) ?? UUID()
    }

    func terminate(_ purchase: UUID, by account: Account) async throws -> Purchases.Answer {
        try await market.purchases.terminate(
            purchase, reason: "sold it on", document: "report 7", command(account, "end", at: DealFixture.now + 100))
    }
}
