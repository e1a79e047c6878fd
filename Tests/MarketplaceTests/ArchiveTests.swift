import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// January 2026 is older than the retention, February is not.
@Suite struct ArchiveTests {
    private let now = BillingFixture.time("2029-02-15T00:00:00Z")
    private let january = "usage_event_2026_01"

    /// How many wait for a lock in this database.
    private static let waiting = """
        SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE NOT pg_locks.granted AND datname = current_database()
        """

    private func time(_ text: String) -> Date { BillingFixture.time("2026-\(text)+08:00") }

    /// A purchase with usage in both months.
    private func with(
        billed: Bool = true, _ work: (BillingFixture, BillingFixture.Purchase) async throws -> Void
    ) async throws {
        try await BillingFixture.with { it in
            try await it.market.operations.makeUsagePartitions(from: time("01-15T00:00:00"))
            try await it.offer("OF-M", kind: "metered", prices: ["call": "10"])
            let bought = try await it.purchase("OF-M", by: it.fixtures.bank, at: time("01-10T15:00:00"))
            // The last of January in UTC is the first of February in Beijing.
            for day in [
                "01-12T10:00:30", "01-12T10:14:59.123456", "01-20T12:00:00", "01-31T23:59:00", "02-01T00:10:00",
            ] {
                try await it.use(bought, "call", 3, at: time(day))
            }
            for day in ["02-01T09:00:00", "02-05T12:00:00"] { try await it.use(bought, "call", 2, at: time(day)) }
            // What a file of texts could lose: nulls and empty texts, quotes and ends of lines, digits behind the point.
            try await it.run(
                """
                UPDATE usage_event SET source = E'/s,"1"\\r\\n', source_id = E'\\\\N é😀', dimensions = '{"a": "x\\ny"}',
                    quantity = 3.000000 WHERE occurred_at = $1::timestamptz
                """, time("01-20T12:00:00"))
            try await it.run(
                """
                UPDATE usage_window SET dimensions = '{"a": "x\\ny"}', quantity = 3.000000, least = 3.000000, most = 3.000000,
                    latest = 3.000000 WHERE since = $1::timestamptz
                """, time("01-20T12:00:00"))
            if billed { _ = try await it.market.billing.bill(now: time("12-31T00:00:00") + 200 * 86_400) }
            try await work(it, bought)
        }
    }

    private typealias Reading = @Sendable () async throws -> [String]

    /// What everybody who reads single events asks for.
    private func readings(_ bought: BillingFixture.Purchase, in it: BillingFixture) async throws -> [Reading] {
        let (buyer, seller) = (try await it.account(.enterprise), try await it.account(.operator))
        let (metering, bank, right) = (it.market.metering, bought.enterprise, bought.entitlement)
        let day = time("02-10T00:00:00")
        var readings: [Reading] = []
        for filter in [
            UsageFilter(), UsageFilter(meter: "call", from: time("01-12T10:10:00"), until: time("02-01T08:00:00")),
        ] {
            readings.append {
                [try await metering.usage(of: right, enterprise: bank, filter, cursor: nil, limit: nil).text]
            }
            readings.append {
                try await metering.events(of: right, enterprise: bank, filter, after: nil).events
            }
        }
        for (window, from) in [("MINUTE", "01-31T23:50:00"), ("HOUR", "01-12T10:05:00")] {
            let query = try MeterQuery(
                from: time(from), until: time("02-01T00:11:00"), window: window, zone: nil, subjects: [], groups: [],
                filter: [:], now: now)
            for account in [buyer, seller] {
                readings.append { [try await metering.query("call", query, seenBy: account, now: day).text] }
            }
        }
        let reported = try EventFilter(
            from: nil, until: nil, recordedFrom: nil, recordedUntil: nil, subject: nil, id: nil, limit: 2)
        readings.append { try await metering.events(reported, seenBy: buyer, now: day) }
        for invoice in try await it.invoices() {
            let id = try #require(UUID(uuidString: invoice["id"] as? String ?? ""))
            let place = try await it.market.billing.place(of: id, seenBy: buyer)
            readings.append { try await it.market.billing.usage(behind: place, after: nil).lines }
        }
        let events = try await it.database.all(
            Statement(name: "test/names", text: "SELECT id FROM usage_event ORDER BY id")
        ) { try $0.next(UUID.self) }
        for event in events {
            readings.append { [now] in
                [
                    try await it.market.lineage.responsibility(
                        forUsage: event, of: bank, asOf: nil, recordedBy: now
                    ).text
                ]
            }
        }
        return readings
    }

    private func archive(_ it: BillingFixture, at time: Date? = nil) async throws -> [String] {
        (try await it.market.usageArchives.archive(now: time ?? now) ?? []).map { "\($0.name) \($0.outcome)" }
    }

    private func holds(_ table: String, in it: BillingFixture) async throws -> Bool {
        try await it.number("SELECT count(*) FROM pg_class WHERE relname = '\(table)'") == 1
    }

    private func file(of it: BillingFixture) async throws -> URL {
        let found = try await it.database.first(
            Statement(name: "test/file", text: "SELECT current_database()::text, sha256 FROM usage_archive")
        ) { (name: try $0.next(String.self), sha256: try $0.next([UInt8].self)) }
        let archive = try #require(found)
        let home = FileManager.default.temporaryDirectory.appendingPathComponent(archive.name)
        return ContentFiles(folder: home.appendingPathComponent("content")).url(of: archive.sha256)
    }

    private func named(in it: BillingFixture) async throws -> [String] {
        try await it.market.operations.verify().filter { $0.wrong > 0 }.flatMap(\.named)
    }

    private func recalled(in it: BillingFixture) async throws -> Int {
        try await it.number("SELECT count(*) FROM recalled_usage")
    }

    @Test func `a month that is older than its retention leaves the database, and is answered for as before`()
        async throws
    {
        try await with { it, bought in
            let readings = try await readings(bought, in: it)
            var before: [[String]] = []
            for reading in readings { before.append(try await reading()) }
            #expect(before.allSatisfy { !$0.isEmpty })
            #expect(try await it.wrongChecks() == [])
            #expect(try await archive(it) == ["2026-01 archived(rows: 5)"])
            #expect(try await holds(january, in: it) == false)
            #expect(try await it.number("SELECT count(*) FROM usage_event") == 2)
            for (reading, before) in zip(readings, before) {
                #expect(try await reading() == before)
                // Each of them alone brings back what it reads.
                _ = try await it.market.usageRecalls.forgetUnused(now: Date() + 2 * 86_400)
                #expect(try await recalled(in: it) == 0)
            }
            #expect(try await it.wrongChecks() == [])
            #expect(try await archive(it) == [])
        }
    }

    @Test func `a month stays until it is wholly older than its retention`() async throws {
        try await with { it, _ in
            let early = try await archive(it, at: BillingFixture.time("2029-01-31T23:59:59Z"))
            #expect(early == [])
            #expect(try await holds(january, in: it))
            #expect(try await archive(it, at: BillingFixture.time("2029-02-01T00:00:00Z")).count == 1)
        }
    }

    @Test func `a shorter retention is a policy, and archives more`() async throws {
        try await with { it, _ in
            let policy = try PolicyStatement(
                rule: "usage_retention", since: "2028-01-01", days: nil, value: 12, source: "Decision 7", verified: true
            )
            _ = try await it.market.deadlines.correct(policy, by: it.fixtures.administration, now: now)
            let months = try await archive(it, at: BillingFixture.time("2028-04-01T00:00:00Z"))
            #expect(months.prefix(2) == ["2026-01 archived(rows: 5)", "2026-02 archived(rows: 2)"])
        }
    }

    @Test func `usage is not archived while late events of it may still come`() async throws {
        try await with { it, _ in
            let retention = { (months: Decimal) in
                try PolicyStatement(
                    rule: "usage_retention", since: "2028-01-01", days: nil, value: months, source: "s", verified: true)
            }
            await #expect(throws: InvalidInput.self) {
                try await it.market.deadlines.correct(retention(1), by: it.fixtures.administration, now: now)
            }
            await #expect(throws: InvalidInput.self) {
                try await it.market.deadlines.correct(retention(2.5), by: it.fixtures.administration, now: now)
            }
            _ = try await it.market.deadlines.correct(retention(2), by: it.fixtures.administration, now: now)
            let meter = try NewMeter(
                code: "slow", titleZH: "慢", titleEN: "Slow", unit: "1", eventType: "slow", aggregation: "count",
                value: nil, scale: nil, dimensions: nil, product: nil, hoursAccepted: 57 * 24)
            let officer = try await it.account(.administrator)
            await #expect(throws: MeteringError.self) {
                try await it.market.metering.make(meter, by: officer, now: now)
            }
        }
    }

    @Test func `a month whose usage is not billed yet stays`() async throws {
        try await with(billed: false) { it, _ in
            let months = try await archive(it)
            #expect(months == ["2026-01 unbilled"])
            #expect(try await holds(january, in: it))
        }
    }

    @Test func `a month without usage goes without a file`() async throws {
        try await BillingFixture.with { it in
            try await it.market.operations.makeUsagePartitions(from: time("01-15T00:00:00"))
            #expect(try await archive(it) == ["2026-01 empty"])
            #expect(try await holds(january, in: it) == false)
            #expect(try await it.number("SELECT count(*) FROM usage_archive") == 0)
        }
    }

    @Test func `usage from before the first partition is archived too`() async throws {
        try await with { it, bought in
            try await it.use(bought, "call", 3, at: BillingFixture.time("2025-12-20T12:00:00Z"))
            #expect(try await archive(it) == ["2025-12 archived(rows: 1)", "2026-01 archived(rows: 5)"])
            #expect(try await it.number("SELECT count(*) FROM usage_event_default") == 0)
        }
    }

    @Test func `an archiving that is ended before the month is gone loses nothing, and the next goes on`() async throws
    {
        try await with { it, bought in
            try await it.database.withTransaction { other in
                try await other.script("LOCK TABLE \(january) IN ACCESS SHARE MODE")
                #expect(try await archive(it) == ["2026-01 busy"])
                let killed = Task { try await archive(it) }
                try await Task.sleep(for: .milliseconds(1500))
                killed.cancel()
                _ = await killed.result
            }
            #expect(try await it.number("SELECT count(*) FROM usage_archive") == 0)
            #expect(try await it.number("SELECT count(*) FROM \(january)") == 5)
            #expect(try await it.wrongChecks() == [])
            #expect(try await archive(it) == ["2026-01 archived(rows: 5)"])
            #expect(try await it.wrongChecks() == [])
        }
    }

    @Test func `what comes into a month while it is archived is archived with it`() async throws {
        try await with { it, bought in
            let archiving = try await it.database.withTransaction { other in
                try await other.script(
                    "INSERT INTO usage_event SELECT enterprise_id, occurred_at, gen_random_uuid(), entitlement_id, meter, 7, 0,"
                        + " product_id, revision, recorded_at FROM \(january) LIMIT 1")
                let archiving = Task { try await archive(it) }
                // It has copied the month, and waits for this transaction.
                while try await it.number(Self.waiting) == 0 { try await Task.sleep(for: .milliseconds(20)) }
                return archiving
            }
            #expect(try await archiving.value == ["2026-01 archived(rows: 6)"])
            let sum = try await it.market.metering.events(
                of: bought.entitlement, enterprise: bought.enterprise, UsageFilter(), after: nil
            ).events.count
            #expect(sum == 8)
        }
    }

    @Test func `several servers archive a month once`() async throws {
        try await with { it, _ in
            let second = try Market(database: it.database)
            async let one = archive(it)
            async let other = second.usageArchives.archive(now: now)
            let both = try await one + (other ?? []).map { "\($0.name) \($0.outcome)" }
            #expect(both.filter { $0 == "2026-01 archived(rows: 5)" }.count == 1)
        }
    }

    @Test func `verify names an archive that is missing or changed, and a total that differs`() async throws {
        try await with { it, _ in
            _ = try await archive(it)
            try await it.run("UPDATE usage_total SET quantity = quantity + 1 WHERE day = '2026-01-20'")
            #expect(try await named(in: it).contains { $0.hasSuffix("call 2026-01-20") })
            try await it.run("UPDATE usage_total SET quantity = quantity - 1 WHERE day = '2026-01-20'")
            #expect(try await named(in: it) == [])
            let file = try await file(of: it)
            var bytes = try Data(contentsOf: file)
            bytes[100] ^= 1
            try bytes.write(to: file)
            #expect(try await named(in: it).contains { $0.hasPrefix("2026-01: ") && $0.contains("SHA-256") })
            try FileManager.default.removeItem(at: file)
            #expect(try await named(in: it).contains { $0.hasPrefix("2026-01: ") && $0.contains("missing") })
        }
    }

    @Test func `an archive stays among the content that is referred to`() async throws {
        try await with { it, _ in
            _ = try await archive(it)
            let file = try await file(of: it)
            try FileManager.default.setAttributes([.modificationDate: now - 9 * 86_400], ofItemAtPath: file.path)
            try await it.market.content.sweep(now: now + 9 * 86_400)
            #expect(FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test func `what was recalled is forgotten when nobody has read it for a day`() async throws {
        try await with { it, bought in
            _ = try await archive(it)
            let read = {
                try await it.market.metering.events(
                    of: bought.entitlement, enterprise: bought.enterprise, UsageFilter(), after: nil
                ).events.count
            }
            #expect(try await read() == 7)
            try await it.market.usageRecalls.forgetUnused(now: Date() + 86_000)
            #expect(try await recalled(in: it) == 5)
            // Read again 25 hours later: in use since.
            try await it.run("UPDATE usage_recall SET used_at = used_at - interval '25 hours'")
            #expect(try await read() == 7)
            try await it.market.usageRecalls.forgetUnused(now: Date())
            #expect(try await recalled(in: it) == 5)
            try await it.market.usageRecalls.forgetUnused(now: Date() + 86_500)
            #expect(try await recalled(in: it) == 0)
            #expect(try await read() == 7)
        }
    }

    @Test func `a page of newer events recalls nothing, and several readers recall a month once`() async throws {
        try await with { it, bought in
            _ = try await archive(it)
            _ = try await it.market.metering.usage(
                of: bought.entitlement, enterprise: bought.enterprise, cursor: nil, limit: 1)
            #expect(try await recalled(in: it) == 0)
            try await withThrowingTaskGroup(of: Int.self) { readers in
                for _ in 0..<4 {
                    readers.addTask {
                        try await it.market.metering.events(
                            of: bought.entitlement, enterprise: bought.enterprise, UsageFilter(), after: nil
                        ).events.count
                    }
                }
                for try await count in readers { #expect(count == 7) }
            }
            #expect(try await it.number("SELECT count(*) FROM usage_recall") == 1)
        }
    }
}
