import Foundation
import Postgres
import TestSupport
import Testing

@testable import Marketplace

/// Figures that are kept and recomputed.
@Suite struct SnapshotTests {
    private let now = Fixtures.day + 3600

    private struct Desk: Sendable {
        let market: Market
        let database: Database
        let fixtures: Fixtures
        let analyst: Account

        func keep(
            _ key: String = "k", by dimension: String? = "section", count: CountingRule = .legalEntity,
            asOf: Date? = nil, recordedBy: Date? = nil, now: Date
        ) async throws -> [String: Any] {
            let wanted = SnapshotRequest(
                metric: "adoption-rate", panel: "test-panel", by: dimension, count: count, asOf: asOf,
                recordedBy: recordedBy)
            return try fields(
                await market.snapshots.keep(
                    wanted, by: analyst, key: IdempotencyKey(key), body: Array("\(wanted)".utf8), now: now
                ).snapshot)
        }

        func buy(_ key: String, now: Date) async throws {
            _ = try await market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"),
                for: key == "bank" ? fixtures.bank : fixtures.carrier, key: IdempotencyKey(key), body: [], now: now)
        }

        func checks() async throws -> [Snapshots.Check] {
            var all: [Snapshots.Check] = []
            try await market.snapshots.verify { all.append($0) }
            return all
        }

        func change(_ sql: String) async throws {
            try await database.withConnection { try await $0.script(sql) }
        }
    }

    private func with(_ work: (Desk) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let members = "enterprise_code,reason\n\(Fixtures.bankCode),first\n\(Fixtures.carrierCode),second\n"
            try await Fixtures.panel(members: members, in: market)
            let token = try await market.accounts.createToken(
                party: Fixtures.administrationCode, role: .analyst, days: 30, now: Fixtures.day
            ).token
            let analyst = try #require(try await market.accounts.account(token: token, now: Fixtures.day))
            try await work(Desk(market: market, database: database, fixtures: fixtures, analyst: analyst))
        }
    }

    @Test func `a snapshot holds definition, parameters, watermark, result and its hash, signed`() async throws {
        try await with { desk in
            try await desk.buy("bank", now: now)
            let snapshot = try await desk.keep(now: now + 60)
            let metric = try #require(desk.market.adoption.metric("adoption-rate"))
            #expect(snapshot["version"] as? Int == metric.version && snapshot["definition"] as? String == metric.digest)
            let parameters = try #require(snapshot["parameters"] as? [String: Any])
            #expect(parameters["panel"] as? String == "test-panel" && parameters["by"] as? String == "section")
            #expect((snapshot["result"] as? [String: Any])?["numerator"] as? Int == 1)
            #expect((snapshot["watermark"] as? [String: Any])?["purchases"] as? Int == 1)
            #expect((snapshot["result_sha256"] as? String)?.count == 64)
            let algorithms = (snapshot["signatures"] as? [[String: Any]])?.compactMap { $0["algorithm"] as? String }
            #expect(algorithms == ["SM2-SM3", "Ed25519"])
        }
    }

    @Test func `a snapshot is recomputed the same after more was bought`() async throws {
        try await with { desk in
            try await desk.buy("bank", now: now)
            _ = try await desk.keep(now: now + 60)
            try await desk.buy("carrier", now: now + 120)
            let checks = try await desk.checks()
            #expect(checks.map(\.problems) == [[]] && checks.allSatisfy(\.isSame))
            #expect(try await desk.keep("later", now: now + 180)["id"] != nil)
            #expect(try await desk.market.snapshots.verify().wrong == 0)
        }
    }

    @Test func `each axis has its own time: what was known by then of what had happened by then`() async throws {
        try await with { desk in
            try await desk.buy("bank", now: now + 60)
            for (asOf, recordedBy, bought) in [(120.0, 120.0, 1), (0, 120, 0), (120, 0, 0)] {
                let kept = try await desk.keep(
                    "\(asOf) \(recordedBy)", asOf: now + asOf, recordedBy: now + recordedBy, now: now + 200)
                #expect((kept["result"] as? [String: Any])?["numerator"] as? Int == bought, "\(asOf) \(recordedBy)")
            }
        }
    }

    @Test func `a member keeps the class that it had when the panel was recorded`() async throws {
        try await with { desk in
            try await desk.buy("bank", now: now)
            _ = try await desk.keep(now: now + 60)
            try await desk.change("UPDATE party SET industry_section = 'A' WHERE kind = 'enterprise'")
            #expect(try await desk.checks().allSatisfy(\.isSame))
        }
    }

    @Test func `what was recorded in the last half minute is not in a snapshot`() async throws {
        try await with { desk in
            try await desk.buy("bank", now: now)
            let early = try await desk.keep("early", now: now + 10)
            let late = try await desk.keep("late", now: now + 30)
            #expect([early, late].map { ($0["result"] as? [String: Any])?["numerator"] as? Int } == [0, 1])
        }
    }

    @Test func `no axis lies in the future, and what was known is settled`() async throws {
        try await with { desk in
            for (asOf, recordedBy, field) in [(1.0, -30.0, "as_of"), (0, -29, "recorded_by")] {
                await #expect {
                    _ = try await desk.keep(asOf: now + asOf, recordedBy: now + recordedBy, now: now)
                } throws: { ($0 as? InvalidInput)?.field == field }
            }
        }
    }

    @Test func `the same key keeps one snapshot, and with another body it is refused`() async throws {
        try await with { desk in
            let first = try await desk.keep(asOf: now, now: now)
            let again = try await desk.keep(asOf: now, now: now + 60)
            #expect(first["id"] as? String == again["id"] as? String)
            await #expect(throws: AdoptionError.self) { try await desk.keep(asOf: now - 1, now: now + 60) }
        }
    }

    @Test func `a result that no longer comes out is named`() async throws {
        try await with { desk in
            let kept = try await desk.keep(now: now)
            // A purchase that was slipped in as if it had been known then.
            try await desk.buy("bank", now: now - 60)
            let checks = try await desk.checks()
            #expect(checks.map { $0.id.uuidString.lowercased() } == [kept["id"] as? String])
            #expect(
                checks[0].problems.map(\.description) == [
                    "its result differs at breakdown J numerator: kept 0, recomputed 1",
                    "its result differs at breakdown J rate: kept 0, recomputed 1.0000",
                    "its result differs at numerator: kept 0, recomputed 1",
                    "its result differs at rate: kept 0, recomputed 0.5000",
                ])
            #expect(try await desk.market.snapshots.verify().wrong == 1)
        }
    }

    @Test func `a snapshot that was changed is told by hash and signature`() async throws {
        try await with { desk in
            _ = try await desk.keep(now: now)
            try await desk.change(
                """
                UPDATE adoption_snapshot SET (document, sha256) = (SELECT changed, sha256(changed) FROM (SELECT
                    convert_to(replace(convert_from(document, 'UTF8'), '"numerator":0', '"numerator":1'), 'UTF8')) AS c (changed))
                """)
            let problems = try await desk.checks()[0].problems
            #expect(problems.contains { $0.description.contains("SM2-SM3 signature") })
            #expect(problems.contains { $0.description.contains("Ed25519 signature") })
            #expect(problems.contains(.resultHash))
        }
    }

    @Test func `a snapshot is recomputed by the rule of counting that it holds`() async throws {
        try await with { desk in
            let members = """
                enterprise_code,reason,group
                \(Fixtures.bankCode),first,Holding
                \(Fixtures.carrierCode),second,Holding
                """
            try await Fixtures.panel(members: members, in: desk.market, now: now)
            let kept = try await desk.keep(count: .group, now: now + 60)
            #expect((kept["parameters"] as? [String: Any])?["count"] as? String == "group")
            #expect((kept["result"] as? [String: Any])?["denominator"] as? Int == 1)
            #expect(try await desk.checks().allSatisfy(\.isSame))
        }
    }

    @Test func `a corrected panel changes no snapshot that was kept before`() async throws {
        try await with { desk in
            _ = try await desk.keep(now: now + 60)
            let members = "enterprise_code,reason\n\(Fixtures.bankCode),first\n"
            try await Fixtures.panel(members: members, in: desk.market, now: now + 120)
            let later = try await desk.keep("later", now: now + 180)
            #expect((later["result"] as? [String: Any])?["denominator"] as? Int == 1)
            #expect(try await desk.checks().allSatisfy(\.isSame))
        }
    }

    @Test(arguments: [true, false])
    func `a snapshot of another definition is told apart from one that differs, also one without a rule of counting`(
        hasRule: Bool
    ) async throws {
        try await with { desk in
            let kept = try await desk.keep(now: now)
            let id = try #require(UUID(uuidString: kept["id"] as? String ?? ""))
            // As a market signed it before its metric was changed.
            var tree = try JSONTree(json: Array(try await desk.market.snapshots.snapshot(id).text.utf8))
            guard case .object(var members) = tree else { return }
            members["definition"] = .text(String(repeating: "0", count: 64))
            if !hasRule, case .object(var parameters)? = members["parameters"] {
                parameters["count"] = nil
                members["parameters"] = .object(parameters)
            }
            let keys = try await desk.database.withTransaction {
                try await desk.market.keys.inForce(in: $0, now: now)
            }
            tree = try JSONTree(json: SignedDocument.sign(members, with: keys))
            try await desk.database.execute(
                Statement(
                    name: "test/resign",
                    text: "UPDATE adoption_snapshot SET document = $1::bytea, sha256 = sha256($1::bytea)"),
                try tree.canonical())
            let check = try await desk.checks()[0]
            #expect(check.isOfAnotherDefinition && check.problems == [] && check.recomputed.isEmpty)
            #expect(try await desk.market.snapshots.verify().wrong == 0)
        }
    }
}
