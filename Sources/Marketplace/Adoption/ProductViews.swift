import Foundation
import Postgres
import Synchronization

/// Which enterprises looked at which products. A view costs its reader nothing: it is noted here and written with others a moment
/// later, so that those of the last moment are lost with a server that is killed.
public final class ProductViews: Sendable {
    private struct View: Hashable {
        let enterprise: UUID
        let product: String
    }

    private struct State {
        var waiting: [View: Date] = [:]
        /// What was written from here before, so that only the first view of many is asked about again.
        var written: Set<View> = []
    }

    private static let mostRemembered = 100_000
    private let store: Store
    private let state = Mutex(State())

    init(store: Store) { self.store = store }

    /// Notes that somebody of an enterprise saw a product.
    public func note(_ product: String, by account: Account?, now: Date) {
        guard let account, account.role == .enterprise else { return }
        let view = View(enterprise: account.partyID, product: product)
        state.withLock { state in
            guard !state.written.contains(view), state.waiting.count < Self.mostRemembered else { return }
            state.waiting[view] = min(now, state.waiting[view] ?? now)
        }
    }

    /// Writes what was noted, for the totals to take up.
    public func write() async throws {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return Array(state.waiting)
        }
        guard !waiting.isEmpty else { return }
        do {
            try await store.database.execute(
                store.statements["adoption/feed_views"], waiting.map(\.key.enterprise), waiting.map(\.key.product),
                waiting.map(\.value))
        } catch {
            state.withLock { $0.waiting.merge(waiting) { min($0, $1) } }
            throw error
        }
        state.withLock { state in
            if state.written.count > Self.mostRemembered { state.written = [] }
            state.written.formUnion(waiting.map(\.key))
        }
    }
}
