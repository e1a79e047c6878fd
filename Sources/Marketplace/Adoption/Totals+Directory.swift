import Foundation
import Postgres

/// What the directory holds, counted source by source. The search, which looks at every entry that changes, notes its source.
extension Totals {
    /// Makes the totals of a source anew that are behind. - Returns: whether there was one.
    func foldDirectory() async throws -> Bool {
        let stale = try await store.database.first(store.statements["adoption/find_stale_source"], lane: .read) {
            try $0.next(UUID.self)
        }
        guard let stale else { return false }
        return try await store.database.withTransaction(lane: .report) { transaction in
            let taken = try await transaction.first(store.statements["adoption/take_stale_source"], stale) {
                try $0.next(UUID.self)
            }
            guard taken != nil else { return false }
            try await countDirectory(of: stale, in: transaction)
            return true
        }
    }

    func rebuildDirectory(in transaction: Transaction) async throws {
        let sources = try await transaction.all(store.statements["adoption/list_sources"]) { try $0.next(UUID.self) }
        for source in sources { try await countDirectory(of: source, in: transaction) }
    }

    private func countDirectory(of source: UUID, in transaction: Transaction) async throws {
        try await transaction.script("SET LOCAL statement_timeout = 0; SET LOCAL jit = off")
        // Whoever else counts the source waits from here on.
        try await transaction.execute(store.statements["adoption/note_directory_count"], source)
        try await transaction.execute(store.statements["adoption/delete_directory_totals"], source)
        try await transaction.execute(store.statements["adoption/replace_directory_totals"], source)
        try await transaction.execute(store.statements["adoption/note_directory_count"], source)
    }
}
