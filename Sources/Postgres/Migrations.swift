/// One file of SQL, known by its name.
public struct Migration: Sendable {
    public let name: String
    public let sql: String

    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}

/// Why the schema cannot be brought up to date.
public enum MigrationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file differs from the one that was applied.
    case edited(String)
    /// The database has a migration that this program lacks: a newer program ran.
    case unknown(String)

    public var description: String {
        switch self {
        case .edited(let name): "The migration \(name) was edited after it was applied; write a new one instead."
        case .unknown(let name):
            "The database has the migration \(name), which this program does not know: it is older."
        }
    }
}

/// Brings a schema up to date: forward only, each migration in one transaction with its record.
public struct Migrations: Sendable {
    private let migrations: [Migration]
    private let views: [Migration]
    private static let lock = 5_182_379_402

    public init(migrations: [Migration], views: [Migration]) {
        self.migrations = migrations
        self.views = views
    }

    /// Two programs at once follow each other. - Returns: the names applied now.
    public func run(on database: Database) async throws -> [String] {
        try await database.withConnection { connection in
            try await connection.script("SELECT pg_advisory_lock(\(Self.lock))")
            do {
                let applied = try await apply(on: connection)
                try await connection.script("SELECT pg_advisory_unlock(\(Self.lock))")
                return applied
            } catch {
                _ = try? await connection.script("ROLLBACK")
                _ = try? await connection.script("SELECT pg_advisory_unlock(\(Self.lock))")
                throw error
            }
        }
    }

    private func apply(on connection: Transaction) async throws -> [String] {
        try await connection.script(
            """
            SET client_min_messages = warning;
            CREATE TABLE IF NOT EXISTS schema_migration (
                name text PRIMARY KEY, digest text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
            CREATE TABLE IF NOT EXISTS schema_view (name text PRIMARY KEY, digest text NOT NULL);
            """)
        var known = try await records("schema_migration", on: connection)
        var applied: [String] = []
        for migration in migrations {
            let digest = try await digest(of: migration, on: connection)
            if let old = known.removeValue(forKey: migration.name) {
                guard old == digest else { throw MigrationError.edited(migration.name) }
                continue
            }
            try await connection.script("BEGIN")
            try await connection.script(migration.sql)
            try await connection.execute(
                Statement(name: "schema/record", text: "INSERT INTO schema_migration (name, digest) VALUES ($1, $2)"),
                migration.name, digest)
            try await connection.script("COMMIT")
            applied.append(migration.name)
        }
        if let unknown = known.keys.sorted().first { throw MigrationError.unknown(unknown) }
        let old = try await records("schema_view", on: connection)
        for view in views {
            let digest = try await digest(of: view, on: connection)
            guard old[view.name] != digest else { continue }
            try await connection.script("BEGIN")
            try await connection.script(view.sql)
            try await connection.execute(
                Statement(
                    name: "schema/view",
                    text: """
                        INSERT INTO schema_view (name, digest) VALUES ($1, $2)
                        ON CONFLICT (name) DO UPDATE SET digest = excluded.digest
                        """), view.name, digest)
            try await connection.script("COMMIT")
        }
        return applied
    }

    private func records(_ table: String, on connection: Transaction) async throws -> [String: String] {
        let rows = try await connection.all(
            Statement(name: "schema/\(table)", text: "SELECT name, digest FROM \(table)")
        ) { (name: try $0.next(String.self), digest: try $0.next(String.self)) }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.digest) })
    }

    private func digest(of migration: Migration, on connection: Transaction) async throws -> String {
        try await connection.first(
            Statement(name: "schema/digest", text: "SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex')"),
            migration.sql
        ) { try $0.next(String.self) } ?? ""
    }
}
