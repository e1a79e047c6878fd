import Foundation
import Postgres

/// When products were first sold. Kept as the steps of enterprises are, and beside them.
extension Totals {
    /// Keeps the steps of the products that transitions of purchases may change.
    /// - Parameter purchases: the transitions: ids of the enterprise and the purchase, and the transition's number, as many each.
    func foldProducts(
        of purchases: (enterprises: [UUID], ids: [UUID], numbers: [Int]), in transaction: Transaction
    ) async throws {
        guard !purchases.ids.isEmpty else { return }
        let touched = try await transaction.all(
            store.statements["adoption/list_moved_products"], purchases.enterprises, purchases.ids, purchases.numbers
        ) { try $0.next(UUID.self) }
        guard !touched.isEmpty else { return }
        try await transaction.execute(store.statements["adoption/replace_product_steps"], touched)
    }
}
