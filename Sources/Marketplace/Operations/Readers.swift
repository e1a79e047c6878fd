import Foundation
import Postgres

/// Roles of PostgreSQL for people with tools of their own: they read the views of the schema `reporting`, and nothing else.
public struct Readers: Sendable {
    let store: Store
    /// What one of them may hold up at most.
    private static let limits = "CONNECTION LIMIT 5"
    private static let seconds = 60

    /// Makes a reader, or gives one another password and end.
    /// - Returns: the password, which is shown once.
    /// - Throws: `InvalidInput` of a name that is no name of a role, or is of another role.
    public func make(_ name: String, until: Date) async throws -> String {
        let role = try quoted(name)
        let password = try Accounts.randomPassword()
        try await store.database.withTransaction(lane: .report) { transaction in
            let isOurs = try await transaction.first(store.statements["operations/find_role"], name) {
                try $0.next(Bool.self)
            }
            if isOurs == false {
                throw InvalidInput("name", "\(name) is a role already, and no reader of this market.")
            }
            let end = until.formatted(.iso8601)
            try await transaction.script(
                """
                \(isOurs == nil ? "CREATE" : "ALTER") ROLE \(role) LOGIN PASSWORD '\(password)' VALID UNTIL '\(end)' \
                \(Self.limits) NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
                COMMENT ON ROLE \(role) IS 'reader of a data market';
                ALTER ROLE \(role) SET default_transaction_read_only = on;
                ALTER ROLE \(role) SET statement_timeout = '\(Self.seconds)s';
                ALTER ROLE \(role) SET search_path = reporting;
                GRANT USAGE ON SCHEMA reporting TO \(role);
                GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO \(role);
                ALTER DEFAULT PRIVILEGES IN SCHEMA reporting GRANT SELECT ON TABLES TO \(role)
                """)
        }
        return password
    }

    /// Takes a reader away, with its open connections.
    public func remove(_ name: String) async throws {
        let role = try quoted(name)
        try await store.database.withTransaction(lane: .report) { transaction in
            guard
                try await transaction.first(
                    store.statements["operations/find_role"], name, as: { try $0.next(Bool.self) })
                    == true
            else { throw InvalidInput("name", "No reader is named \(name).") }
            try await transaction.script(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '\(name)';
                DROP OWNED BY \(role); DROP ROLE \(role)
                """)
        }
    }

    private func quoted(_ name: String) throws -> String {
        guard name.wholeMatch(of: /[a-z][a-z0-9_]{0,62}/) != nil, !name.hasPrefix("pg_") else {
            throw InvalidInput("name", "A reader's name is of small letters, digits and _, and begins with a letter.")
        }
        return "\"\(name)\""
    }
}
