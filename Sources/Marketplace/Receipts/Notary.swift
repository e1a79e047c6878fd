import Foundation
import Postgres

/// Records what happened to purchases in the market's log: agreements are signed, each event becomes a leaf, and each batch
/// ends with a signed head, all in one transaction.
public struct Notary: Sendable {
    let store: Store
    let keys: Keys

    /// One notary at a time, on whichever server.
    static let lock = "SELECT pg_advisory_xact_lock(7305643)"
    /// What a reader waits for at most behind a batch is the time of so many signatures.
    public static let largestBatch = 100
    /// While the market is busy, so that nobody is held up for long; it doubles as long as nobody is.
    private static let courteousBatch = 10

    private struct Event: Sendable {
        let enterprise: UUID
        let id: UUID
    }

    /// Records the oldest events that wait. - Returns: how many.
    public func record(now: Date, atMost limit: Int = Notary.largestBatch) async throws -> Int {
        try await recordBatch(now: now) { transaction in
            try await transaction.all(store.statements["receipts/list_unrecorded"], limit, as: Self.event)
        }
    }

    /// Records everything that waits, and rests while the market is busy.
    /// - Parameter isCourteous: false when somebody waits for it.
    public func recordAll(now: @Sendable () -> Date, isCourteous: Bool = true) async throws {
        // Nobody waits for it: a receipt that is asked for is recorded at once.
        var courtesy = Courtesy(to: store.database, restsPerWork: 9)
        var limit = isCourteous ? Self.courteousBatch : Self.largestBatch
        while try await record(now: now(), atMost: limit) > 0 {
            guard isCourteous else { continue }
            let rest = courtesy.rest()
            limit = rest == nil ? min(2 * limit, Self.largestBatch) : Self.courteousBatch
            if let rest { try await Task.sleep(for: .seconds(rest)) }
        }
    }

    /// Records what waits, and says whether every event that was there has its record now. A market that goes on meanwhile
    /// has events that wait, and is not wrong for it.
    public func verify(now: @Sendable () -> Date) async throws -> Operations.Check {
        let waiting = try await store.database.all(store.statements["receipts/list_waiting"], lane: .report) {
            try $0.next(UUID.self)
        }
        try await recordAll(now: now, isCourteous: false)
        let counts = try await store.database.first(store.statements["receipts/count_waiting"], waiting, lane: .report)
        {
            (all: try $0.next(Int.self), waiting: try $0.next(Int.self))
        }
        return Operations.Check(
            name: "events have a record in the log", checked: counts?.all ?? 0, wrong: counts?.waiting ?? 0)
    }

    /// Records what waits of one purchase, so that whoever asks for it does not wait for others.
    func record(_ purchase: UUID, of enterprise: UUID, now: Date) async throws {
        var recorded = Self.largestBatch
        while recorded == Self.largestBatch {
            recorded = try await recordBatch(now: now) { transaction in
                try await transaction.all(
                    store.statements["receipts/list_unrecorded_of_purchase"], enterprise, purchase, Self.largestBatch,
                    as: Self.event)
            }
        }
    }

    private static func event(_ row: inout Row) throws -> Event {
        Event(enterprise: try row.next(UUID.self), id: try row.next(UUID.self))
    }

    private func recordBatch(
        now: Date, choosing: @escaping @Sendable (Transaction) async throws -> [Event]
    ) async throws -> Int {
        try await store.database.withTransaction(lane: .report) { transaction in
            try await transaction.script(Self.lock)
            let events = try await choosing(transaction)
            guard !events.isEmpty else { return 0 }
            let keys = try await keys.inForce(in: transaction, now: now)
            try await signAgreements(of: events, with: keys, in: transaction)
            let records = try await transaction.all(
                store.statements["receipts/compose_records"], events.map(\.enterprise), events.map(\.id)
            ) { try $0.next(String.self) }
            guard records.count == events.count else { throw RowMissing(statement: "receipts/compose_records") }
            let documents = try records.map { try JSONTree(json: Array($0.utf8)).withLargeNumbersAsTexts.canonical() }
            try await append(documents, of: events, with: keys, now: now, in: transaction)
            return events.count
        }
    }

    private func signAgreements(of events: [Event], with keys: [SigningKey], in transaction: Transaction) async throws {
        let terms = try await transaction.all(
            store.statements["receipts/find_terms_to_sign"], events.map(\.enterprise), events.map(\.id)
        ) { row in
            let (enterprise, purchase) = (try row.next(UUID.self), try row.next(UUID.self))
            return (enterprise: enterprise, purchase: purchase, terms: try row.next(String.self))
        }
        let agreements = try terms.map { ($0.enterprise, $0.purchase, try Agreement(terms: Array($0.terms.utf8))) }
        guard !agreements.isEmpty else { return }
        try await transaction.execute(
            store.statements["receipts/insert_agreements"], agreements.map(\.0), agreements.map(\.1),
            try agreements.map { String(decoding: try SignedDocument.sign($0.2.members, with: keys), as: UTF8.self) },
            try agreements.map { String(decoding: try $0.2.parts().canonical(), as: UTF8.self) })
    }

    private func append(
        _ documents: [[UInt8]], of events: [Event], with keys: [SigningKey], now: Date, in transaction: Transaction
    ) async throws {
        let previous = try await transaction.first(store.statements["receipts/find_latest_head"], as: MarketLog.head)
        let size = previous?.size ?? 0
        let nodes = MerkleTree.nodes(of: 0..<size)
        let edge = try await transaction.all(
            store.statements["receipts/find_nodes"], nodes.map(\.level), nodes.map(\.position)
        ) { try $0.next([UInt8].self) }
        guard edge.count == nodes.count else { throw RowMissing(statement: "receipts/find_nodes") }
        let grown = MerkleTree.append(documents.map(MerkleTree.leaf), to: size, edge: edge)
        try await transaction.execute(
            store.statements["receipts/insert_nodes"], grown.made.map(\.node.level), grown.made.map(\.node.position),
            grown.made.map(\.hash.hexadecimal), grown.made.map { $0.left?.hexadecimal },
            grown.made.map { $0.right?.hexadecimal })
        try await transaction.execute(
            store.statements["receipts/insert_leaves"], events.map(\.enterprise), events.map(\.id),
            documents.map { String(decoding: $0, as: UTF8.self) }, size)
        let root = MerkleTree.root(grown.edge)
        let head = try SignedDocument.sign(
            [
                "format": .text("datamarket-head/1"), "size": .number("\(size + documents.count)"),
                "root": .text(root.hexadecimal), "time": .text(now.formatted(.iso8601)),
                "previous": previous.map { .text($0.sha256.hexadecimal) } ?? .null,
            ], with: keys)
        try await transaction.execute(
            store.statements["receipts/insert_head"], size + documents.count, root, previous?.size, previous?.sha256,
            head, now)
    }
}
