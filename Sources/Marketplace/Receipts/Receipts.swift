import Foundation
import Postgres

/// Agreements and receipts for those they concern: the buyer, and who answers for the product as operator or seller.
/// What is not recorded yet is recorded when it is asked for.
public struct Receipts: Sendable {
    let store: Store
    let notary: Notary
    let keys: Keys

    private struct Event: Sendable {
        let enterprise: UUID
        let purchase: UUID?
        let id: UUID
    }

    /// The agreement of a purchase, as it was signed.
    public func agreement(of purchase: UUID, for party: UUID, now: Date) async throws -> JSONDocument {
        let enterprise = try await enterprise(of: purchase, for: party)
        for _ in 0..<2 {
            let document = try await store.database.first(
                store.statements["receipts/find_agreement"], enterprise, purchase
            ) { try $0.next([UInt8].self) }
            if let document { return JSONDocument(text: String(decoding: document, as: UTF8.self)) }
            try await notary.record(purchase, of: enterprise, now: now)
        }
        throw ReceiptError.noAgreement
    }

    /// The receipt for the purchase itself: for the event that concluded its agreement.
    public func receipt(ofPurchase purchase: UUID, for party: UUID, now: Date) async throws -> JSONDocument {
        let enterprise = try await enterprise(of: purchase, for: party)
        let id = try await store.database.first(
            store.statements["receipts/find_purchase_event"], enterprise, purchase
        ) { try $0.next(UUID.self) }
        guard let id else { throw ReceiptError.noAgreement }
        return try await receipt(Event(enterprise: enterprise, purchase: purchase, id: id), now: now)
    }

    /// The receipt of an event, by its id or by its position in the log.
    public func receipt(_ name: String, for party: UUID, now: Date) async throws -> JSONDocument {
        let event: Event?
        if let position = Int(name), position >= 0 {
            event = try await store.database.first(
                store.statements["receipts/find_event_at"], position, as: Self.event)
        } else {
            guard let id = UUID(uuidString: name) else { throw ReceiptError.unknownReceipt }
            event = try await store.database.first(store.statements["receipts/find_event"], id, as: Self.event)
        }
        guard let event, try await mayRead(event, party) else { throw ReceiptError.unknownReceipt }
        return try await receipt(event, now: now)
    }

    /// What of a purchase has a receipt, newest first.
    public func receipts(of purchase: UUID, for party: UUID, cursor: String?, limit: Int?, now: Date) async throws
        -> JSONDocument
    {
        let enterprise = try await enterprise(of: purchase, for: party)
        let request = try PageRequest(query: "receipts of \(purchase)", key: [.id], cursor: cursor, limit: limit)
        if request.cursor == nil { try await notary.record(purchase, of: enterprise, now: now) }
        let rows = try await store.database.all(
            store.statements["receipts/list_receipts"], enterprise, purchase, request.cursor?.key, request.limit + 1
        ) { (key: try $0.next(String.self), document: try $0.next(String.self)) }
        return Page(rows, request: request).json()
    }

    private static func event(_ row: inout Row) throws -> Event {
        let (enterprise, purchase) = (try row.next(UUID.self), try row.next(UUID?.self))
        return Event(enterprise: enterprise, purchase: purchase, id: try row.next(UUID.self))
    }

    private func enterprise(of purchase: UUID, for party: UUID) async throws -> UUID {
        let enterprise = try await store.database.first(
            store.statements["receipts/find_enterprise"], party, purchase
        ) { try $0.next(UUID.self) }
        guard let enterprise else { throw ReceiptError.unknownPurchase }
        return enterprise
    }

    private func mayRead(_ event: Event, _ party: UUID) async throws -> Bool {
        if event.enterprise == party { return true }
        guard let purchase = event.purchase else { return false }
        do {
            return try await enterprise(of: purchase, for: party) == event.enterprise
        } catch ReceiptError.unknownPurchase {
            return false
        }
    }

    private func receipt(_ event: Event, now: Date) async throws -> JSONDocument {
        if let receipt = try await recorded(event) { return receipt }
        if let purchase = event.purchase { try await notary.record(purchase, of: event.enterprise, now: now) }
        guard let receipt = try await recorded(event) else { throw ReceiptError.unknownReceipt }
        return receipt
    }

    /// The record, its inclusion in the first head over it, the head, and the keys it is signed with.
    private func recorded(_ event: Event) async throws -> JSONDocument? {
        let found = try await store.database.first(
            store.statements["receipts/find_receipt"], event.enterprise, event.id
        ) { row in
            let (position, record) = (try row.next(Int.self), try row.next([UInt8].self))
            return (position: position, record: record, size: try row.next(Int.self), head: try row.next([UInt8].self))
        }
        guard let found else { return nil }
        let path = try await MarketLog(store: store).hashes(
            of: MerkleTree.inclusionPath(of: found.position, size: found.size))
        let head = try JSONTree(json: found.head)
        let signers = Set((head["signatures"]?.list ?? []).compactMap { $0["key"]?.text })
        let receipt = JSONTree.object([
            "format": .text("datamarket-receipt/1"), "record": try JSONTree(json: found.record), "head": head,
            "inclusion": .object([
                "position": .number("\(found.position)"), "size": .number("\(found.size)"),
                "path": .list(path.map { .text($0.hexadecimal) }),
            ]),
            "keys": .list(
                try await keys.all().map(\.key).filter { signers.contains($0.id) }.sorted { $0.id < $1.id }
                    .map { .object($0.members) }),
        ])
        return JSONDocument(text: String(decoding: try receipt.canonical(), as: UTF8.self))
    }
}
