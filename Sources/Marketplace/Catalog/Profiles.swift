import Foundation
import Postgres

/// What the tables of revisions hold, how good and how fresh they are.
extension Catalog {
    /// The profile of a revision of a listed product, the newest one unless a number is given.
    /// - Throws: `CatalogError.noTable` when its content is none, `profileNotMade` when the server has not come to it yet.
    public func profile(of code: String, revision: Int?, now: Date) async throws -> JSONDocument {
        if let revision, Int32(exactly: revision) == nil { throw CatalogError.unknownRevision(code, revision) }
        let found = try await store.database.first(
            store.statements["catalog/find_profile"], code, revision, now, lane: .read
        ) { (isTable: try $0.next(Bool.self), document: try $0.next(String?.self)) }
        guard let found else {
            throw revision.map { CatalogError.unknownRevision(code, $0) } ?? CatalogError.unknownProduct(code)
        }
        guard found.isTable else { throw CatalogError.noTable(code) }
        guard let document = found.document else { throw CatalogError.profileNotMade(code) }
        return JSONDocument(text: document)
    }

    /// Makes the profiles that are missing or of older rules, and rests while the market is busy. - Returns: how many.
    @discardableResult
    public func profileRevisions(now: @Sendable () -> Date) async throws -> Int {
        var courtesy = Courtesy(to: store.database)
        var made = 0
        while true {
            let time = now()
            let count = try await store.database.withTransaction(lane: .report) { transaction in
                try await profileBatch(in: transaction, now: time)
            }
            guard count > 0 else { return made }
            made += count
            if let rest = courtesy.rest() { try await Task.sleep(for: .seconds(rest)) }
        }
    }

    /// So many that looking for them costs little beside reading them.
    private static let profilesAtOnce = 20

    /// - Returns: 0 when nothing was left, or another server does the work.
    private func profileBatch(in transaction: Transaction, now: Date) async throws -> Int {
        let batch = try await transaction.all(
            store.statements["catalog/find_unprofiled"], Profile.rules, Self.profilesAtOnce
        ) { row in
            let (product, number) = (try row.next(UUID.self), try row.next(Int.self))
            let sha256 = try row.next([UInt8].self)
            return (product: product, number: number, sha256: sha256, columns: try row.next(String.self))
        }
        for next in batch {
            let columns = try JSONDecoder().decode([ProductListing.Column].self, from: Data(next.columns.utf8))
            let bytes = try files.bytes(of: next.sha256)
            // Every table was read when it was listed. One that cannot be read any more must not be tried for ever.
            let table = try? CSVTable(bytes)
            try await transaction.execute(
                store.statements["catalog/insert_profile"], next.product, next.number, Profile.rules,
                try table.map { try Profile(of: $0, declared: columns).json() }, now)
        }
        return batch.count
    }
}

extension Profile {
    func json() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
}
