import Foundation
import Postgres

/// An import as its officer watches it.
public struct ImportWatch: Sendable {
    /// As `importState` answers it.
    public let state: JSONDocument
    /// The first problems that were found so far, as an array.
    public let problems: JSONDocument
    /// Whether a server is at it. One that is not, and did not end, was interrupted.
    public let isRunning: Bool
}

extension Directory {
    public func watch(_ id: UUID) async throws -> ImportWatch {
        // Before the state: an import that ends in between would else look interrupted.
        let isClaimed = try await store.database.first(store.statements["directory/find_claim"], id) {
            try $0.next(Bool.self)
        }
        let state = try await importState(id)
        let problems = try await store.document("directory/first_import_problems", id, 200)
        return ImportWatch(
            state: state, problems: problems ?? JSONDocument(text: "[]"), isRunning: isClaimed ?? false)
    }

    /// The imports that were begun last, with dry runs that ended, as an array.
    public func latestImports(limit: Int) async throws -> JSONDocument {
        try await store.document("directory/latest_imports", limit) ?? JSONDocument(text: "[]")
    }
}
