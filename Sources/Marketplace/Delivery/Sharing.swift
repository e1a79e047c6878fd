import Foundation
import Postgres

/// What outside clients read by the Delta Sharing protocol: one share, one schema, and in it the product of the token as a
/// table whose versions are the revisions that its entitlement reaches.
public struct Sharing: Sendable {
    let store: Store
    let delivery: Delivery
    let links: SharedLinks

    public static let share = "market"
    public static let schema = "products"

    /// Who a token speaks for.
    public struct Reader: Sendable {
        public let enterprise, entitlement: UUID
        /// The name of the one table.
        public let product: String
        let state: EntitlementState
        /// What it reaches, as the database says it; read beside the account, and thus perhaps a moment apart from it.
        let shared: JSONDocument?
        /// Signs the links that it is given.
        let key: SessionKey
    }

    /// A token that was just made; it is shown this once.
    public struct Credential: Sendable {
        public let id: UUID
        public let token: String
        public let expiresAt: Date
    }

    public static let longestCredential = 365

    // MARK: Tokens

    /// - Parameter days: how long it holds, unless the entitlement ends before.
    public func makeCredential(
        for entitlement: UUID, of enterprise: UUID, days: Int = 90, now: Date
    ) async throws -> Credential {
        guard (1...Self.longestCredential).contains(days) else {
            throw InvalidInput("days", "A token holds for 1 to \(Self.longestCredential) days.")
        }
        try await delivery.requireInForce(entitlement, of: enterprise, now: now)
        let (id, token) = (UUID.version7(at: now), try "ds_" + Accounts.randomBytes(32).hexadecimal)
        let expiresAt = try await store.database.first(
            store.statements["delivery/insert_credential"], enterprise, entitlement, id,
            SHA256.digest(Array(token.utf8)), now, days
        ) { try $0.next(Date.self) }
        guard let expiresAt else { throw DeliveryError.purchaseEnded }
        return Credential(id: id, token: token, expiresAt: expiresAt)
    }

    /// The tokens of an entitlement, without the tokens themselves, as a JSON array.
    public func credentials(of entitlement: UUID, enterprise: UUID) async throws -> JSONDocument {
        guard let items = try await store.document("delivery/list_credentials", enterprise, entitlement) else {
            throw DeliveryError.unknownEntitlement
        }
        return items
    }

    public func revokeCredential(_ id: UUID, of entitlement: UUID, enterprise: UUID, now: Date) async throws {
        let revoked = try await store.database.execute(
            store.statements["delivery/revoke_credential"], enterprise, entitlement, id, now)
        guard revoked == 1 else { throw DeliveryError.unknownCredential }
    }

    /// Nil when the token is nobody's, has expired or was revoked.
    public func reader(token: String, now: Date) async throws -> Reader? {
        let digest = SHA256.digest(Array(token.utf8))
        // Asked together, since none of them needs the answer of another: a client waits for one round trip.
        async let account = store.database.first(
            store.statements["delivery/find_sharing_account"], digest, now, lane: .read
        ) { row in
            (
                enterprise: try row.next(UUID.self), entitlement: try row.next(UUID.self),
                product: try row.next(String.self), state: try EntitlementState(row: &row)
            )
        }
        async let shared = store.document("delivery/list_shared_versions", digest)
        async let key = links.accounts.sessionKey(now: now)
        guard let account = try await account else { return nil }
        return Reader(
            enterprise: account.enterprise, entitlement: account.entitlement, product: account.product,
            state: account.state, shared: try await shared, key: try await key)
    }

    // MARK: Versions

    /// The revisions that a reader reaches, oldest first.
    func versions(for reader: Reader) throws -> SharedVersions {
        try reader.state.requireInForce()
        guard let document = reader.shared else { throw DeliveryError.unknownEntitlement }
        return try SharedVersions(document)
    }

    /// The number of the revision that a time names: the first from then on, or the newest without a time.
    public func version(for reader: Reader, startingAt time: Date?) throws -> Int {
        let versions = try versions(for: reader)
        guard let time else { return try versions.newest().number }
        return try versions.first(from: time).number
    }

    // MARK: Tables

    /// Which state of a table a client asks for: one by number, the one of a time, or the newest.
    public enum State: Sendable {
        case newest, number(Int), time(Date)
    }

    public struct Query: Sendable {
        public var state = State.newest
        /// As many rows suffice.
        public var limit: Int?
        /// Delta Sharing's JSON predicates; a hint, so that one that is not understood leaves nothing out.
        public var predicate: JSONPredicate?
        public var mostFiles: Int?
        public var pageToken: String?

        public init() {}
    }

    public struct Answer: Sendable {
        public let version: Int
        public let lines: [String]
    }

    public func metadata(for reader: Reader, _ state: State, _ format: SharedFormat) async throws -> Answer {
        let versions = try versions(for: reader)
        let version = try versions.find(state)
        let table = try await table(versions, version.number, kind: "rows")
        return Answer(
            version: version.number, lines: [format.protocolLine, format.metadata(table, of: versions, version: nil)])
    }

    /// The files of a table, with links that hold for a short time. This is what is counted.
    /// - Parameter base: the address that links begin with.
    public func query(
        for reader: Reader, _ query: Query, _ format: SharedFormat, base: String, now: Date
    ) async throws -> Answer {
        let versions = try versions(for: reader)
        var page: SharedPage?
        if let token = query.pageToken { page = try await links.page(token, for: reader, now: now) }
        let version = try page.map { try versions.find(.number($0.version)) } ?? versions.find(query.state)
        let table = try await table(versions, version.number, kind: "rows")
        let copies = try await copies(of: table, versions, version, for: reader, now: now)
        let chosen = copies.parts(matching: query.predicate, limit: query.limit)
        // All that is asked for is counted with the first page.
        if page == nil { try await record(chosen, of: version, mark: copies.mark, for: reader, now: now) }
        let first = page?.place ?? 0
        let sent = Array(chosen.dropFirst(first).prefix(query.mostFiles ?? chosen.count))
        let signer = links.signer(for: reader, revision: version.number, base: base, now: now)
        var lines = [format.protocolLine, format.metadata(table, of: versions, version: nil)]
        lines += sent.map { format.file($0, kind: .file, of: version, signer) }
        if query.mostFiles != nil || page != nil {
            let end = first + sent.count
            let next = end < chosen.count ? SharedPage(version: version.number, place: end) : nil
            lines.append(format.end(next: next.map { links.token(of: $0, signer) }, until: signer.expiresAt))
        }
        return Answer(version: version.number, lines: lines)
    }

    /// What changed in the versions of a range: all rows of the first that the entitlement reaches, and row by row after it.
    public func changes(
        for reader: Reader, from start: State, to end: State, historicalMetadata: Bool, _ format: SharedFormat,
        base: String, now: Date
    ) async throws -> Answer {
        let versions = try versions(for: reader)
        let range = try versions.range(from: start, to: end)
        guard let first = range.first, let last = range.last else { throw SharingError.emptyRange }
        // Parquet's readers take one schema for all; Delta's begin a log with that of the first version.
        let stated = format == .parquet ? last.number : first.number
        let head = try await table(versions, stated, kind: "rows")
        var lines = [format.protocolLine, format.metadata(head, of: versions, version: stated)]
        var schema = format == .parquet ? nil : head.schema
        for version in range {
            let isFirst = version.number == versions.all.first?.number
            guard isFirst || version.hasChangeData else { throw SharingError.noChangeData(version.number) }
            guard versions.watermark == .none else { throw SharingError.changesAreNotMarked }
            let table = try await table(versions, version.number, kind: isFirst ? "rows" : "changes")
            if historicalMetadata, schema != table.schema, version.number != stated {
                lines.append(format.metadata(table, of: versions, version: version.number))
            }
            schema = table.schema
            try await record(table.parts, of: version, mark: nil, for: reader, now: now)
            let signer = links.signer(for: reader, revision: version.number, base: base, now: now)
            lines += table.parts.map { format.file($0, kind: isFirst ? .add : .change, of: version, signer) }
        }
        return Answer(version: last.number, lines: lines)
    }

    /// The file that a link names; its entitlement must still be in force.
    public func file(of link: SharedLink, now: Date) async throws -> URL {
        guard try await links.isValid(link, now: now) else { throw DeliveryError.linkExpired }
        try await delivery.requireInForce(link.entitlement, of: link.enterprise, now: now)
        return delivery.url(of: link.sha256)
    }

    private func table(_ versions: SharedVersions, _ number: Int, kind: String) async throws -> SharedTable {
        if kind == "rows", number == versions.all.last?.number, let newest = versions.newestTable { return newest }
        guard
            let document = try await store.document(
                "delivery/find_shared_table", versions.productID, number, kind)
        else { throw DeliveryError.noTable(number) }
        return try SharedTable(document)
    }

    /// The parts as this reader gets them: marked ones are made for it alone.
    private func copies(
        of table: SharedTable, _ versions: SharedVersions, _ version: SharedVersions.Version, for reader: Reader,
        now: Date
    ) async throws -> SharedTable {
        guard versions.watermark != .none else { return table }
        let made = try await delivery.find(
            reader.entitlement, of: reader.enterprise, revision: version.number, format: .parquet, now: now)
        var copies = table
        copies.mark = made.mark
        copies.parts = [
            .init(sha256: made.sha256, bytes: made.bytes, rows: made.rows ?? 0, statistics: nil)
        ]
        return copies
    }

    private func record(
        _ parts: [SharedTable.Part], of version: SharedVersions.Version, mark: String?, for reader: Reader, now: Date
    ) async throws {
        try await delivery.record(
            DeliveryRecord(
                way: .deltaSharing, format: "parquet", files: parts.count, rows: parts.reduce(0) { $0 + $1.rows },
                bytes: parts.reduce(0) { $0 + $1.bytes }, mark: mark),
            of: version.number, by: reader.entitlement, reader.enterprise, now: now)
    }
}

public enum SharingError: MarketplaceError {
    case noVersion(String), notReached(Int), noChangeData(Int), changesAreNotMarked, emptyRange

    public var code: RefusalCode { self.isUnknown ? .notFound : .invalid }

    private var isUnknown: Bool { if case .notReached = self { true } else { false } }

    public var message: String {
        switch self {
        case .noVersion(let reason): reason
        case .notReached(let number): "This entitlement does not reach a revision \(number) that is a table."
        case .noChangeData(let number):
            "Revision \(number) has no change data: its columns or those of the one before have no keys, or other ones."
        case .changesAreNotMarked: "Copies of this product are marked, and change data cannot be; ask for the table."
        case .emptyRange: "The first version of a range does not come after its last."
        }
    }
}
