import Foundation
import Postgres

/// The market's append-only log: a Merkle tree over what happened, with signed heads that chain.
public struct MarketLog: Sendable {
    let store: Store

    /// A signed statement of what the log's first `size` leaves are.
    struct Head: Sendable {
        let size: Int
        let sha256: [UInt8]
        let document: [UInt8]
    }

    /// The newest head, or the one of a size, as it was signed.
    /// - Throws: `ReceiptError.unknownHead` when the log is empty or never had a head of that size.
    public func head(size: Int? = nil) async throws -> JSONDocument {
        let name = size == nil ? "receipts/find_latest_head" : "receipts/find_head"
        let head = try await store.database.first(
            store.statements[name], values: size.map { [$0] } ?? [], lane: .read, as: Self.head)
        guard let head else { throw ReceiptError.unknownHead(size) }
        return JSONDocument(text: String(decoding: head.document, as: UTF8.self))
    }

    static func head(_ row: inout Row) throws -> Head {
        let (size, sha256) = (try row.next(Int.self), try row.next([UInt8].self))
        return Head(size: size, sha256: sha256, document: try row.next([UInt8].self))
    }

    /// How a leaf is part of the tree of `size` leaves: `{"position", "size", "path": [hashes]}`.
    public func inclusion(of position: Int, size: Int) async throws -> JSONDocument {
        try await check(size, field: "size")
        guard position >= 0, position < size else {
            throw InvalidInput("position", "A tree of \(size) leaves has the positions 0 to \(size - 1).")
        }
        return try Self.proof(
            ["position": position, "size": size],
            await hashes(of: MerkleTree.inclusionPath(of: position, size: size)))
    }

    /// How the tree of `from` leaves is the beginning of the one of `to` leaves: `{"from", "to", "path": [hashes]}`.
    public func consistency(from: Int, to size: Int) async throws -> JSONDocument {
        try await check(size, field: "to")
        guard from > 0, from <= size else {
            throw InvalidInput("from", "A tree before one of \(size) leaves has 1 to \(size).")
        }
        return try Self.proof(
            ["from": from, "to": size], await hashes(of: MerkleTree.consistencyPath(from: from, to: size)))
    }

    private func check(_ size: Int, field: String) async throws {
        guard size > 0 else { throw InvalidInput(field, "A tree has at least one leaf.") }
        let latest = try await store.database.first(
            store.statements["receipts/find_latest_head"], lane: .read, as: Self.head)
        guard let latest, size <= latest.size else { throw ReceiptError.logIsShorter(latest?.size ?? 0, field: field) }
    }

    private static func proof(_ numbers: [String: Int], _ path: [[UInt8]]) throws -> JSONDocument {
        var members = numbers.mapValues { JSONTree.number("\($0)") }
        members["path"] = .list(path.map { .text($0.hexadecimal) })
        return JSONDocument(text: String(decoding: try JSONTree.object(members).canonical(), as: UTF8.self))
    }

    /// The hashes over ranges of leaves, by one read of their complete subtrees.
    func hashes(of ranges: [Range<Int>]) async throws -> [[UInt8]] {
        let nodes = ranges.map(MerkleTree.nodes)
        let all = nodes.flatMap { $0 }
        let found = try await store.database.all(
            store.statements["receipts/find_nodes"], all.map(\.level), all.map(\.position), lane: .read
        ) { try $0.next([UInt8].self) }
        guard found.count == all.count else { throw RowMissing(statement: "receipts/find_nodes") }
        var rest = found[...]
        return nodes.map { nodes in
            defer { rest = rest.dropFirst(nodes.count) }
            return MerkleTree.root(Array(rest.prefix(nodes.count)))
        }
    }
}
