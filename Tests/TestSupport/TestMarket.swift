import Foundation
import Logging
import Marketplace
import Postgres

/// Markets on a real PostgreSQL: one migrated template database for the process, a clone for each test that asks.
public enum TestMarket {
    public struct NoCluster: Error, CustomStringConvertible {
        public let description =
            "DATAMARKET_TEST_CLUSTER is not set: run script/test, which starts PostgreSQL for the tests."
    }

    /// Runs a test on a market of its own, with a clock that stands unless the test moves it.
    public static func with<T>(_ work: (Market, Database) async throws -> T) async throws -> T {
        await Places.shared.take()
        let result: Result<T, any Error>
        do { result = .success(try await withPlace(work)) } catch { result = .failure(error) }
        await Places.shared.giveBack()
        return try result.get()
    }

    private static func withPlace<T>(_ work: (Market, Database) async throws -> T) async throws -> T {
        let name = "test_\(UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased())"
        let template = try await Template.shared.name()
        try await administer("CREATE DATABASE \(name) TEMPLATE \(template)")
        let database = try makeDatabase(name)
        let result: Result<T, any Error>
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        do { result = .success(try await work(Market(database: database, home: folder), database)) } catch {
            result = .failure(error)
        }
        try? FileManager.default.removeItem(at: folder)
        await database.close()
        try await administer("DROP DATABASE \(name) WITH (FORCE)")
        return try result.get()
    }

    public static func makeDatabase(_ name: String) throws -> Database {
        var configuration = PostgresConfiguration(url: try url(of: name))
        configuration.connections = 4
        configuration.reportConnections = 1
        configuration.acquireTimeout = .seconds(300)
        configuration.statementTimeout = .seconds(60)
        var logger = Logger(label: "test")
        logger.logLevel = .error
        return Database(configuration, logger: logger)
    }

    public static func url(of name: String) throws -> String {
        guard let base = ProcessInfo.processInfo.environment["DATAMARKET_TEST_CLUSTER"] else { throw NoCluster() }
        return base.replacingOccurrences(of: "/postgres?", with: "/\(name)?")
    }

    /// One statement on the cluster's own database; two clones of one template cannot be made at once.
    fileprivate static func administer(_ sql: String) async throws {
        try await Administration.shared.run(sql)
    }

    /// How many tests have a market at a time: more would only wait for each other's connections. A test may open a second
    /// one inside, so there are more places than such tests.
    private actor Places {
        static let shared = Places()
        private var free = 16
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func take() async {
            guard free == 0 else {
                free -= 1
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }

        func giveBack() {
            if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
        }
    }

    private actor Administration {
        static let shared = Administration()
        private var database: Database?

        func run(_ sql: String) async throws {
            let database = try database ?? makeDatabase("postgres")
            self.database = database
            for attempt in 0... {
                do {
                    return try await database.withConnection { try await $0.script(sql) }
                } catch let error as PostgresError where error.sqlState == "55006" && attempt < 50 {
                    // Another process is just cloning the template.
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
        }
    }

    private actor Template {
        static let shared = Template()
        private var making: Task<String, any Error>?

        func name() async throws -> String {
            let task =
                making
                ?? Task {
                    let name =
                        "template_\(ProcessInfo.processInfo.processIdentifier)_\(UInt32.random(in: 0...UInt32.max))"
                    try await administer("CREATE DATABASE \(name)")
                    let database = try makeDatabase(name)
                    _ = try await Market(database: database).operations.migrate(now: Date())
                    await database.close()
                    return name
                }
            making = task
            return try await task.value
        }
    }
}
