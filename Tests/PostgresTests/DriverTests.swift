import Foundation
import Logging
import Postgres
import TestSupport
import Testing

@Suite struct DriverTests {
    private func with(_ work: (Database) async throws -> Void) async throws {
        try await TestMarket.with { _, database in
            do { try await work(database) } catch let error as PostgresError {
                // Its description says nothing on purpose; a test wants the details.
                Issue.record("\(error.debugDescription)")
            }
        }
    }

    private func sql(_ text: String) -> Statement { Statement(name: "test", text: text) }

    @Test func `values of every type come back as they were sent`() async throws {
        try await with { database in
            let (id, time) = (UUID(), Date(timeIntervalSince1970: 1_780_000_000.123456))
            let row = try await database.first(
                sql(
                    """
                    SELECT $1::bigint, $2::text, $3::uuid, $4::timestamptz, $5::bytea, $6::boolean, $7::text[], $8::float8,
                        $9::integer, NULL::text
                    """), Int64.max, "二手车 'quoted' \\", id, time, [UInt8](0...255), true, ["a\"b", "c,d", "\\"], 1.5, 7
            ) { row in
                #expect(try row.next(Int64.self) == .max)
                #expect(try row.next(String.self) == "二手车 'quoted' \\")
                #expect(try row.next(UUID.self) == id)
                #expect(abs(try row.next(Date.self).timeIntervalSince(time)) < 0.000_002)
                #expect(try row.next([UInt8].self) == [UInt8](0...255))
                #expect(try row.next(Bool.self))
                #expect(try row.next([String].self) == ["a\"b", "c,d", "\\"])
                #expect(try row.next(Double.self) == 1.5)
                #expect(try row.next(Int.self) == 7)
                return try row.next(String?.self)
            }
            #expect(row == .some(nil))
        }
    }

    @Test func `numeric, date and enum come as their text, beside columns that come in binary elsewhere`() async throws
    {
        try await with { database in
            let texts = try await database.first(sql("SELECT 1.50::numeric, '2025-08-01'::date, 7::bigint, true")) {
                row in
                let first = [try row.next(String.self), try row.next(String.self)]
                #expect(try row.next(Int.self) == 7)
                #expect(try row.next(Bool.self))
                return first
            }
            #expect(texts == ["1.50", "2025-08-01"])
        }
    }

    @Test func `a text with a NUL character is refused and not cut`() async throws {
        try await with { database in
            await #expect { try await database.execute(sql("SELECT $1::text"), "a\0b") } throws: {
                ($0 as? PostgresError)?.code == .invalidText
            }
        }
    }

    @Test func `a column of another type is an error that names it`() async throws {
        try await with { database in
            await #expect {
                try await database.first(sql("SELECT 'x'::text AS answer")) { try $0.next(Int.self) }
            } throws: { ($0 as? PostgresError)?.detailForLog.contains("answer") ?? false }
        }
    }

    @Test func `five hundred reads at once are answered, and a failing one fails alone`() async throws {
        try await with { database in
            let good = sql("SELECT 100 / $1::bigint")
            let answers = await withTaskGroup(of: Int?.self) { group in
                for number in 0..<500 {
                    group.addTask {
                        try? await database.first(good, number % 10, lane: .read) { try $0.next(Int.self) } ?? nil
                    }
                }
                return await group.reduce(into: [Int?]()) { $0.append($1) }
            }
            #expect(answers.count { $0 == nil } == 50)
        }
    }

    @Test func `the read lane does not write`() async throws {
        try await with { database in
            await #expect { try await database.execute(sql("CREATE TABLE no (id int)"), lane: .read) } throws: {
                ($0 as? PostgresError)?.sqlState == "25006"
            }
        }
    }

    @Test func `what a transaction wrote is gone when it throws`() async throws {
        struct Thrown: Error {}
        try await with { database in
            try await database.script("CREATE TABLE kept (id int)")
            await #expect(throws: Thrown.self) {
                try await database.withTransaction { transaction in
                    try await transaction.execute(sql("INSERT INTO kept VALUES (1)"))
                    throw Thrown()
                }
            }
            #expect(try await database.first(sql("SELECT count(*) FROM kept")) { try $0.next(Int.self) } == 0)
        }
    }

    @Test func `a transaction whose statement failed does not report success`() async throws {
        try await with { database in
            await #expect {
                try await database.withTransaction { transaction in
                    _ = try? await transaction.execute(sql("SELECT 1/0"))
                }
            } throws: { ($0 as? PostgresError)?.code == .rolledBack }
        }
    }

    @Test func `transactions that deadlock are run again until both are done`() async throws {
        try await with { database in
            try await database.script(
                "CREATE TABLE pair (id int PRIMARY KEY, n int); INSERT INTO pair VALUES (1, 0), (2, 0)")
            let add = sql("UPDATE pair SET n = n + 1 WHERE id = $1")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for order in [[1, 2], [2, 1]] {
                    group.addTask {
                        try await database.withTransaction { transaction in
                            try await transaction.execute(add, order[0])
                            try await Task.sleep(for: .milliseconds(200))
                            try await transaction.execute(add, order[1])
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.first(sql("SELECT sum(n)::int FROM pair")) { try $0.next(Int.self) } == 4)
        }
    }

    @Test func `serializable transactions that collide are run again`() async throws {
        try await with { database in
            try await database.script("CREATE TABLE counter (n int); INSERT INTO counter VALUES (0)")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await database.withTransaction(.serializable, retries: 20) { transaction in
                            let n =
                                try await transaction.first(sql("SELECT n FROM counter")) { try $0.next(Int.self) } ?? 0
                            try await transaction.execute(sql("UPDATE counter SET n = $1"), n + 1)
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await database.first(sql("SELECT n FROM counter")) { try $0.next(Int.self) } == 4)
        }
    }

    @Test func `COPY takes a stream in and a failing one leaves nothing`() async throws {
        struct Broken: Error {}
        try await with { database in
            try await database.script("CREATE TABLE many (id int)")
            let copy = sql("COPY many FROM STDIN")
            let rows = try await database.withTransaction { transaction in
                try await transaction.copyIn(
                    copy,
                    from: AsyncStream<[UInt8]> { stream in
                        for start in stride(from: 0, to: 100_000, by: 1000) {
                            stream.yield((start..<start + 1000).flatMap { Array("\($0)\n".utf8) })
                        }
                        stream.finish()
                    })
            }
            #expect(rows == 100_000)
            await #expect(throws: Broken.self) {
                try await database.withTransaction { transaction in
                    _ = try await transaction.copyIn(
                        copy,
                        from: AsyncThrowingStream<[UInt8], any Error> { stream in
                            stream.yield(Array("1\n".utf8))
                            stream.finish(throwing: Broken())
                        })
                }
            }
            await #expect(throws: PostgresError.self) {
                try await database.withTransaction { transaction in
                    _ = try await transaction.copyIn(
                        copy,
                        from: AsyncStream<[UInt8]> {
                            $0.yield(Array("no number\n".utf8))
                            $0.finish()
                        })
                }
            }
            #expect(try await database.first(sql("SELECT count(*) FROM many")) { try $0.next(Int.self) } == 100_000)
            let seen = Sizes()
            let out = try await database.copyOut(sql("COPY many TO STDOUT")) { await seen.add($0.count) }
            #expect(out == 100_000)
            #expect(await seen.total == 588_890)
        }
    }

    private actor Sizes {
        var total = 0
        func add(_ count: Int) { total += count }
    }

    @Test func `cancelling a task ends its statement, and the next one is unharmed`() async throws {
        try await with { database in
            for _ in 0..<5 {
                let start = ContinuousClock.now
                let task = Task { try await database.execute(sql("SELECT pg_sleep(20)")) }
                try await Task.sleep(for: .milliseconds(100))
                task.cancel()
                await #expect(throws: (any Error).self) { try await task.value }
                #expect(start.duration(to: .now) < .seconds(5))
                let answers = try await withThrowingTaskGroup(of: Int?.self) { group in
                    for _ in 0..<8 {
                        group.addTask { try await database.first(sql("SELECT 1")) { try $0.next(Int.self) } }
                    }
                    return try await group.reduce(0) { $0 + ($1 ?? 0) }
                }
                #expect(answers == 8)
            }
            // The cancel travels on a connection of its own, so it may still be on its way for a moment.
            var sleeping: Int?
            for _ in 0..<50 {
                sleeping = try await database.first(
                    sql(
                        """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active' AND datname = current_database()
                        """)
                ) { try $0.next(Int.self) }
                if sleeping == 0 { break }
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(sleeping == 0)
        }
    }

    @Test func `a notification reaches who listens`() async throws {
        try await with { database in
            var heard = database.notifications(on: "news").makeAsyncIterator()
            try await Task.sleep(for: .milliseconds(500))
            try await database.script("NOTIFY news, 'hello'")
            #expect(try await heard.next() == "hello")
        }
    }

    @Test func `two programs that migrate at once apply each migration once`() async throws {
        try await with { database in
            let first = Migration(name: "9001_one", sql: "CREATE TABLE one_time (id int)")
            let known = try await database.all(sql("SELECT name FROM schema_migration ORDER BY name")) {
                try $0.next(String.self)
            }
            #expect(known.count >= 9)
            try await database.script("DELETE FROM schema_migration")
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<3 {
                    group.addTask { try await Migrations(migrations: [first], views: []).run(on: database) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied == ["9001_one"])
            await #expect(throws: MigrationError.edited("9001_one")) {
                try await Migrations(migrations: [.init(name: "9001_one", sql: "SELECT 1")], views: []).run(
                    on: database)
            }
            await #expect(throws: MigrationError.unknown("9001_one")) {
                try await Migrations(migrations: [], views: []).run(on: database)
            }
            await #expect(throws: PostgresError.self) {
                try await Migrations(
                    migrations: [first, .init(name: "9002_bad", sql: "CREATE TABLE half (id int); SELECT 1/0")],
                    views: []
                ).run(on: database)
            }
            let half = try await database.first(sql("SELECT to_regclass('half') IS NULL")) { try $0.next(Bool.self) }
            #expect(half == true)
        }
    }
}
