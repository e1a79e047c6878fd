import Foundation
import Logging
import Marketplace
import Postgres

/// Where a command works: the environment's settings, the database, and the private cluster if there is one.
struct Workplace {
    let home: URL
    let cluster: PrivateCluster?
    let database: Database
    let market: Market
    let logger: Logger
    /// The migrations that were applied as it opened.
    var applied: [String] = []

    /// Finds or starts the database and brings its schema up to date.
    static func open() async throws -> Workplace {
        let environment = ProcessInfo.processInfo.environment
        let logger = Logger(label: "datamarket")
        let folder = environment["DATAMARKET_HOME"] ?? ".datamarket"
        let home = URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        var cluster: PrivateCluster?
        var url = environment["DATABASE_URL"] ?? ""
        if url.isEmpty {
            let own = try PrivateCluster(home: home, logger: logger)
            try await own.start()
            url = own.url
            cluster = own
        }
        var configuration = PostgresConfiguration(url: url)
        if let deadline = environment["DATABASE_DEADLINE_MS"].flatMap(Int.init) {
            configuration.statementTimeout = .milliseconds(deadline)
        }
        let database = Database(configuration, logger: logger)
        let market = try Market(database: database, home: home)
        var workplace = Workplace(home: home, cluster: cluster, database: database, market: market, logger: logger)
        do {
            workplace.applied = try await workplace.migrate(adminURL: environment["DATABASE_ADMIN_URL"])
            try await market.content.moveOutOfDatabase()
        } catch {
            await workplace.close()
            throw error
        }
        return workplace
    }

    /// Migrations take the time they need, so they have a connection without the statement limit of requests.
    private func migrate(adminURL: String?) async throws -> [String] {
        try await withoutStatementLimit(url: adminURL) { market in
            let applied = try await market.operations.migrate(now: Date())
            if !applied.isEmpty { logger.info("migrated", metadata: ["applied": "\(applied.count)"]) }
            return applied
        }
    }

    /// Work that takes the time it needs, on connections of its own.
    func withoutStatementLimit<T>(url: String? = nil, _ work: (Market) async throws -> T) async throws -> T {
        var configuration = PostgresConfiguration(url: url ?? database.url)
        configuration.statementTimeout = .seconds(3600)
        configuration.connections = 2
        let admin = Database(configuration, logger: logger)
        do {
            let value = try await work(Market(database: admin))
            await admin.close()
            return value
        } catch {
            await admin.close()
            throw error
        }
    }

    func close() async {
        await database.close()
        await cluster?.stopUnlessShared()
    }

    /// Runs a command's work and closes everything after it, also when it fails.
    static func run(_ work: (Workplace) async throws -> Void) async throws {
        let workplace = try await open()
        do {
            try await work(workplace)
        } catch {
            await workplace.close()
            throw error
        }
        await workplace.close()
    }
}

/// Prints to standard error, where results do not go.
func complain(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
