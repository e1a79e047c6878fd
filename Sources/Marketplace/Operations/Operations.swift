import Foundation
import Postgres
import SQLFiles

/// What keeps the market's tables ready: the schema and the partitions of usage.
public struct Operations: Sendable {
    let store: Store
    let files: ContentFiles
    let recalls: UsageRecalls

    /// Brings the schema up to date and makes a year of usage partitions ahead. Safe when several servers start at once.
    /// - Returns: the names of the migrations applied now.
    public func migrate(now: Date) async throws -> [String] {
        let files = { (folder: SQLFiles.Folder) in
            try SQLFiles.files(in: folder).map { Migration(name: $0.name, sql: $0.text) }
        }
        let applied = try await Migrations(migrations: files(.migrations), views: files(.views))
            .run(on: store.database)
        try await makeUsagePartitions(from: now)
        return applied
    }

    /// Thirteen months from the one of `now` on. Two servers at once may both try: the second finds them made.
    public func makeUsagePartitions(from now: Date) async throws {
        let month = now.formatted(.iso8601.year().month().day())
        _ = try await store.database.withTransaction { transaction in
            try await transaction.script("SELECT pg_advisory_xact_lock(7305641)")
            return try await transaction.first(store.statements["operations/make_usage_partitions"], month, 13) {
                try $0.next(Int.self)
            }
        }
    }

    /// Entries, scenarios, products and parties, as JSON.
    public func figures() async throws -> JSONDocument? {
        try await store.document("operations/count_market")
    }

    /// Whether PostgreSQL answers now.
    public func isReady() async -> Bool {
        await store.database.isReachable()
    }

    /// One thing that can be recomputed.
    public struct Check: Sendable {
        public let name: String
        public let checked: Int
        public let wrong: Int
        /// The first that are wrong, where they can be named.
        public var named: [String] = []
    }

    /// Recomputes hashes and checks the chain over the whole market.
    public func verify() async throws -> [Check] {
        try await checks(store.statements["operations/verify_market"])
            + checks(store.statements["billing/verify_billing"]) + verifyUsage()
    }

    private func checks(_ statement: Statement) async throws -> [Check] {
        try await store.database.all(statement, lane: .report) { row in
            let (name, checked) = (try row.next(String.self), try row.next(Int.self))
            return Check(name: name, checked: checked, wrong: try row.next(Int.self))
        }
    }

    public func holdsPanel(_ code: String) async throws -> Bool {
        try await store.database.first(store.statements["operations/find_panel"], code) { try $0.next(Bool.self) }
            ?? false
    }

    public func holdsImport(of file: String, source: String) async throws -> Bool {
        try await store.database.first(store.statements["operations/find_import"], source, file) {
            try $0.next(Bool.self)
        } ?? false
    }

    /// Runs what only one server at a time may do, such as the load of the demonstration; the others wait.
    public func alone<Result: Sendable>(_ work: @Sendable () async throws -> Result) async throws -> Result {
        try await store.database.withConnection(lane: .report) { connection in
            try await connection.script("SELECT pg_advisory_lock(7305642)")
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            try await connection.script("SELECT pg_advisory_unlock(7305642)")
            return try result.get()
        }
    }

    /// Whether the market holds nothing but what an interrupted load by this party may have left.
    public func isEmpty(besidesParty code: String) async throws -> Bool {
        try await store.database.first(store.statements["operations/is_empty"], code) { try $0.next(Bool.self) } ?? true
    }
}
