import Foundation
import Postgres

/// What time alone does to purchases.
extension Purchases {
    /// Concludes approved requests that something kept from it, begins what was agreed, and ends what is over, each in
    /// transactions of a batch. A right does not wait for this: whoever uses it asks its period.
    /// - Returns: how many purchases moved.
    public func advance(now: Date, batch: Int = 500) async throws -> Int {
        var moved = 0
        let (nobody, none): (UUID?, UUID?) = (nil, nil)
        for name in ["purchases/conclude_requests", "purchases/begin_purchases", "purchases/expire_purchases"] {
            var count = batch
            // An expiry takes up to three batches at once.
            while count >= batch {
                count = try await store.database.withTransaction { transaction in
                    let statement = store.statements[name]
                    let purchases =
                        name == "purchases/conclude_requests"
                        ? try await transaction.all(statement, nobody, none, now, batch, as: Moved.init(row:))
                        : try await transaction.all(statement, now, batch, as: Moved.init(row:))
                    if !purchases.isEmpty { try await tell(purchases, in: transaction, now: now) }
                    return purchases.count
                }
                moved += count
            }
        }
        return moved
    }
}
