import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct ReaderTests {
    private static let views = [
        "directory_entry", "figure", "offer", "price_ceiling", "product", "product_source", "responsibility",
        "scenario",
        "scenario_product", "snapshot",
    ]

    /// A market, and a reader of it whose role is taken away in the end.
    private func withReader(_ work: (Market, Database, String) async throws -> Void) async throws {
        try await DealFixture.with { it in
            let name = "reader_\(UUID().uuidString.lowercased().prefix(8))"
            _ = try await it.market.readers.make(name, until: Date().addingTimeInterval(86_400))
            do {
                try await work(it.market, it.database, name)
            } catch {
                try await it.market.readers.remove(name)
                throw error
            }
            try await it.market.readers.remove(name)
        }
    }

    /// What a statement answers when the reader runs it, as text; nil when it is refused.
    private func read(_ sql: String, as name: String, in database: Database) async throws -> [String]? {
        do {
            return try await database.withTransaction { transaction in
                try await transaction.script("SET LOCAL ROLE \"\(name)\"")
                return try await transaction.all(Statement(name: "test/read \(sql.hashValue)", text: sql)) {
                    try $0.next(String?.self) ?? ""
                }
            }
        } catch let error as PostgresError where error.sqlState == "42501" {
            return nil
        }
    }

    @Test func `a reader reads every view of the schema and sees no other table`() async throws {
        try await withReader { (_, database, name) async throws in
            let seen = try await read(
                """
                SELECT table_schema || '.' || table_name FROM information_schema.tables
                WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1
                """, as: name, in: database)
            #expect(seen == Self.views.map { "reporting.\($0)" })
            for view in Self.views {
                #expect(
                    try await read("SELECT count(*)::text FROM reporting.\(view)", as: name, in: database) != nil,
                    "\(view)")
            }
            #expect(
                try await read("SELECT code FROM reporting.product", as: name, in: database) == ["DP-FLOOD-001"])
        }
    }

    @Test(arguments: [
        "SELECT id::text FROM public.purchase", "SELECT name FROM public.party",
        "INSERT INTO reporting.scenario (code) VALUES ('SC-2026-001') RETURNING code",
        "SELECT measure FROM public.adoption_total", "SELECT enterprise_id::text FROM public.usage_event",
    ])
    func `a reader is refused everything else`(sql: String) async throws {
        try await withReader { (_, database, name) async throws in
            #expect(try await read(sql, as: name, in: database) == nil)
        }
    }

    @Test func `a name that is no role's or another's is refused`() async throws {
        try await DealFixture.with { it in
            for name in ["", "Robert; DROP TABLE party", "pg_monitor", "postgres"] {
                await #expect(throws: InvalidInput.self) { try await it.market.readers.make(name, until: Date()) }
                await #expect(throws: InvalidInput.self) { try await it.market.readers.remove(name) }
            }
        }
    }
}
