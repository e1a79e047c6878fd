import Foundation
import Postgres

/// What the directory holds, counted source by source. The search, which looks at every entry that changes, notes its source.
extension Totals {
    /// Makes the totals of every source anew that are behind.
    public func countDirectory() async throws {
        while true {
            let stale = try await store.database.first(store.statements["adoption/find_stale_source"], lane: .read) {
                try $0.next(UUID.self)
            }
            guard let stale else { return }
            try await count(stale, onlyWhereStale: true)
        }
    }

    func rebuildDirectory() async throws {
        let sources = try await store.database.all(store.statements["adoption/list_sources"], lane: .read) {
            try $0.next(UUID.self)
        }
        for source in sources { try await count(source, onlyWhereStale: false) }
    }

    private func count(_ source: UUID, onlyWhereStale: Bool) async throws {
        try await store.database.withTransaction(lane: .report) { transaction in
            try await transaction.withStatementLimit(Self.limit) {
                let taken = try await transaction.first(store.statements["adoption/take_stale_source"], source) {
                    try $0.next(UUID.self)
                }
                if onlyWhereStale, taken == nil { return }
                try await transaction.script("SET LOCAL jit = off")
                // Whoever else counts the source waits from here on.
                try await transaction.execute(store.statements["adoption/note_directory_count"], source)
                try await transaction.execute(store.statements["adoption/delete_directory_totals"], source)
                try await transaction.execute(store.statements["adoption/replace_directory_totals"], source)
                try await transaction.execute(store.statements["adoption/note_directory_count"], source)
            }
        }
    }
}
