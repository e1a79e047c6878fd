import Foundation
import Postgres

/// Waiting until what was known by a time no longer changes.
extension Adoption {
    /// The time by the database's clock.
    public func time() async throws -> Date {
        let found = try await store.database.first(store.statements["adoption/find_time"], lane: .read) {
            try $0.next(Date.self)
        }
        guard let found else { throw RowMissing(statement: "adoption/find_time") }
        return found
    }

    /// Waits a little until the totals of every metric hold everything that was recorded by a time.
    /// - Parameter patience: how often they are looked at, a quarter of a second apart.
    /// - Returns: whether they do.
    public func awaitTotals(recordedBy: Date, patience: Int = 20) async throws -> Bool {
        try await awaitTotals(of: metrics.newest, recordedBy: recordedBy, patience: patience)
    }

    func awaitTotals(of metrics: [Metric], recordedBy: Date, patience: Int) async throws -> Bool {
        let metrics = metrics.filter { $0.over != .panel }
        guard !metrics.isEmpty else { return true }
        for turn in 0..<patience {
            if turn > 0 { try await Task.sleep(for: .milliseconds(250)) }
            try await Totals(store: store).follow(waiting: false)
            let isCounted = try await store.database.withTransaction(lane: .report) { transaction in
                for metric in metrics where try await !hasCounted(recordedBy, for: metric, in: transaction) {
                    return false
                }
                return true
            }
            if isCounted { return true }
        }
        return false
    }
}
