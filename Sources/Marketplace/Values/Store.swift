import Foundation
import Postgres

/// A statement that always answers a row answered none: a fault of the market, not of the request.
struct RowMissing: Error { let statement: String }

/// The database and the statements that every feature works with.
struct Store: Sendable {
    let database: Database
    let statements: Statements

    /// A document, or nil when there is no row.
    func document(_ name: String, _ parameters: (any PostgresParameter)?...) async throws -> JSONDocument? {
        try await database.first(statements[name], values: parameters, lane: .read) {
            JSONDocument(text: try $0.next(String.self))
        }
    }

    /// A page of documents from a statement that answers key and document, and takes a limit as its last parameter.
    func page(
        _ name: String, _ parameters: (any PostgresParameter)?..., request: PageRequest
    ) async throws -> Page {
        let rows = try await database.all(statements[name], values: parameters + [request.limit + 1]) {
            (key: try $0.next(String.self), document: try $0.next(String.self))
        }
        return Page(rows, request: request)
    }
}
