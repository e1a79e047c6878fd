import Foundation
import Postgres

/// A request for an offer that needs no approval. Those that arrive while others are being accepted are accepted together:
/// sixteen in one statement cost a quarter of what they cost one by one.
struct Acceptance: Sendable {
    let request: PurchaseRequest
    let command: Purchases.Command

    /// One batch is made ready while another waits for its commit; a batch is small enough to be answered soon.
    static func queue(_ store: Store) -> TurnQueue<Acceptance, Purchases.Outcome> {
        TurnQueue(
            .init(running: 2, quorum: 16, largest: 64, ofOneParty: 2_000), flooded: PurchaseError.flooded
        ) { try await accept($0, store) }
    }

    private static func accept(_ acceptances: [Acceptance], _ store: Store) async throws -> [Purchases.Outcome] {
        let (commands, requests) = (acceptances.map(\.command), acceptances.map(\.request))
        let uses = requests.map(\.statement)
        return try await store.database.all(
            store.statements["purchases/accept_offers"], commands.map(\.enterprise), requests.map(\.offer),
            uses.map(\.purpose), commands.map(\.key.text), "purchase", commands.map(\.digest),
            commands.map { UUID.version7(at: $0.now) }, commands.map { UUID.version7(at: $0.now) },
            commands.map(\.now), uses.map(\.scope), uses.map(\.place), uses.map(\.since), uses.map(\.until),
            uses.map(\.retentionDays), uses.map { $0.qualifications.map { JSONTree.list($0.map(JSONTree.text)).json } }
        ) { row in
            (
                alone: try row.next(Bool.self), changing: try row.next(Bool.self),
                purchase: try row.next(String?.self).map(JSONDocument.init(text:))
            )
        }
    }
}
