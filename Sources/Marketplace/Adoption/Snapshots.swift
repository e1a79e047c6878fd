import Foundation
import Postgres

/// Figures that are kept: each with the definition it was computed by, its parameters, how far the data went and the result,
/// signed by the market. Nothing changes one; anyone can recompute it.
public struct Snapshots: Sendable {
    let store: Store
    let adoption: Adoption
    let keys: Keys

    /// Computes a figure, or several tables from one view of the data, and keeps them.
    /// - Parameters:
    ///   - key: the `Idempotency-Key`; the same key and body answer the first snapshot again.
    ///   - body: what was sent, by whose digest a repeat is recognised.
    ///   - patience: how often the totals are waited for, a quarter of a second at a time.
    /// - Returns: the signed document, and whether it was made by an earlier command with the key.
    /// - Throws: `InvalidInput` also of tables that can be subtracted from each other; `AdoptionError.notYetCounted`.
    public func keep(
        _ request: SnapshotRequest, by account: Account, key: IdempotencyKey, body: [UInt8], now: Date,
        patience: Int = 20
    ) async throws -> (snapshot: JSONDocument, repeated: Bool) {
        let digest = SHA256.digest(body)
        if let earlier = try await earlier(by: account.partyID, key: key, digest: digest) { return (earlier, true) }
        let times = try SnapshotTimes(request, now: now)
        let wanted = try completed(request)
        try await awaitTotals(for: wanted, recordedBy: times.recordedBy, patience: patience)
        // From one view of the data, and before the keys are asked for, which everything that is signed waits for.
        let (tables, watermark) = try await store.database.withTransaction(.repeatableRead, lane: .report) {
            try await separate(wanted, recordedBy: times.recordedBy, in: $0)
            return (
                try await self.tables(wanted, times, in: $0), try await self.watermark(of: wanted, times, in: $0)
            )
        }
        let id = UUID.version7(at: now)
        var members: [String: JSONTree] = [
            "id": .text(id.uuidString.lowercased()), "watermark": watermark,
            "made_by": .text(account.partyCode), "made_at": .text(SnapshotTimes.text(now)),
        ]
        if request.isList {
            members["format"] = .text(KeptSnapshot.listFormat)
            members["parameters"] = .object(times.members)
            members["tables"] = .list(try tables.map { try $0.tree(times) })
            members["result_sha256"] = .text(try SnapshotTable.hash(of: .list(tables.map(\.result))))
        } else {
            members["format"] = .text(KeptSnapshot.format)
            members.merge(try tables[0].members(times)) { one, _ in one }
        }
        let signed = members
        let made = try await store.database.withTransaction(lane: .report) { transaction -> [UInt8]? in
            // The keys in force are asked for by one at a time.
            try await transaction.script(Notary.lock)
            let keys = try await keys.inForce(in: transaction, now: now)
            let document = try SignedDocument.sign(signed, with: keys)
            let kept = try await transaction.first(
                store.statements["adoption/insert_snapshot"], id, document, account.partyID, now, key.text, digest
            ) { try $0.next(UUID.self) }
            return kept == nil ? nil : document
        }
        if let made { return (JSONDocument(text: String(decoding: made, as: UTF8.self)), false) }
        // Another command with the key was first.
        guard let earlier = try await earlier(by: account.partyID, key: key, digest: digest) else {
            throw RowMissing(statement: "adoption/insert_snapshot")
        }
        return (earlier, true)
    }

    /// A snapshot as it was signed.
    public func snapshot(_ id: UUID) async throws -> JSONDocument {
        JSONDocument(text: String(decoding: try await kept(id).document, as: UTF8.self))
    }

    /// Every snapshot, newest first, without the breakdowns of its figures.
    public func snapshots(cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "snapshots", key: [.id], cursor: cursor, limit: limit)
        return try await store.page("adoption/list_snapshots", request.cursor?.key, request: request).json()
    }

    func kept(_ id: UUID) async throws -> KeptSnapshot {
        let found = try await store.database.first(
            store.statements["adoption/find_snapshot"], id, lane: .read, as: Self.read)
        guard let found else { throw AdoptionError.unknownSnapshot }
        return found
    }

    static func read(_ row: inout Row) throws -> KeptSnapshot {
        let (id, document) = (try row.next(UUID.self), try row.next([UInt8].self))
        return KeptSnapshot(id: id, document: document, sha256: try row.next([UInt8].self))
    }

    private func earlier(by party: UUID, key: IdempotencyKey, digest: [UInt8]) async throws -> JSONDocument? {
        let found = try await store.database.first(
            store.statements["adoption/find_snapshot_of_command"], party, key.text
        ) { (document: try $0.next([UInt8].self), digest: try $0.next([UInt8].self)) }
        guard let found else { return nil }
        guard found.digest == digest else { throw AdoptionError.keyUsedForAnother }
        return JSONDocument(text: String(decoding: found.document, as: UTF8.self))
    }
}
