import Foundation
import Postgres

/// Sends what was bought and counts it.
public struct Delivery: Sendable {
    let store: Store
    let files: ContentFiles
    let engine: TableEngine
    let renditions: Renditions

    init(store: Store, files: ContentFiles, engine: TableEngine) {
        self.store = store
        self.files = files
        self.engine = engine
        renditions = Renditions(store: store, files: files, engine: engine)
    }

    /// In which form a revision is downloaded.
    public enum Format: String, Sendable, CaseIterable {
        case original, csv, jsonl, parquet, xlsx
        case compressedCSV = "csv.gz"
        case compressedJSONLines = "jsonl.gz"

        /// The format in which the table engine writes it, and how it is compressed then.
        var written: (format: String, compression: String?) {
            switch self {
            case .compressedCSV: ("csv", "gzip")
            case .compressedJSONLines: ("jsonl", "gzip")
            default: (rawValue, nil)
            }
        }

        var mediaType: String {
            switch self {
            case .original: "application/octet-stream"
            case .csv: "text/csv; charset=utf-8"
            case .jsonl: "application/jsonl"
            case .compressedCSV, .compressedJSONLines: "application/gzip"
            case .parquet: "application/vnd.apache.parquet"
            case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
        }
    }

    /// One file of a revision, ready to be sent.
    public struct Download: Sendable {
        public let entitlement: UUID
        public let revision: Int
        public let format: Format
        /// Of several files of an original, which one.
        public let file: String?
        public let sha256: [UInt8]
        public let bytes: Int
        public let fileName: String
        public let mediaType: String
        let rows: Int?
        let mark: String?
    }

    /// A download that goes on this long after it was counted is the same one.
    private static let resumption: TimeInterval = 86_400

    /// Finds what a download would send, and makes it when nobody asked for this form yet. Nothing is counted.
    /// - Parameters:
    ///   - revision: nil for the newest that the entitlement reaches.
    ///   - format: nil for the file as its operator sent it, or CSV where that is no one file, or must not leave unmarked.
    ///   - file: of several files of an original, which one.
    public func find(
        _ entitlement: UUID, of enterprise: UUID, revision: Int? = nil, format: Format? = nil, file: String? = nil,
        now: Date
    ) async throws -> Download {
        try await requireInForce(entitlement, of: enterprise, now: now)
        guard
            let found = try await store.document("delivery/find_deliverable", enterprise, entitlement, revision).map({
                try Deliverable($0)
            })
        else { throw DeliveryError.unknownRevision(revision ?? 0) }
        let mark = try await mark(of: found, entitlement, enterprise, now: now)
        let wanted = format ?? (found.files.count < 2 && found.watermark != .order ? .original : .csv)
        guard wanted == .original else {
            guard file == nil else { throw InvalidInput("file", "Only an original has files to choose from.") }
            return try await rendition(of: found, as: wanted, entitlement, enterprise, mark, now: now)
        }
        guard found.watermark != .order else { throw DeliveryError.onlyMarked }
        let original = try found.original(file)
        return Download(
            entitlement: entitlement, revision: found.revision, format: .original, file: file,
            sha256: original.sha256, bytes: original.bytes, fileName: marked(original.name, with: mark?.mark),
            mediaType: original.mediaType, rows: found.files.count < 2 ? found.rows : nil, mark: mark?.mark)
    }

    /// Counts a download before its first byte is sent.
    /// - Parameter goesOn: whether the receiver has the beginning already; it is counted again only when too much time passed.
    public func count(_ download: Download, of enterprise: UUID, goesOn: Bool = false, now: Date) async throws {
        if goesOn {
            let isCounted = try await store.database.first(
                store.statements["delivery/find_recent_delivery"], enterprise, download.entitlement, download.revision,
                download.format.rawValue, download.file, now - Self.resumption
            ) { try $0.next(Bool.self) }
            if isCounted == true { return }
        }
        try await record(
            DeliveryRecord(
                way: .download, format: download.format.rawValue, file: download.file, files: 1, rows: download.rows,
                bytes: download.bytes, mark: download.mark, sha256: download.sha256),
            of: download.revision, by: download.entitlement, enterprise, now: now)
    }

    /// Where the bytes of a download lie.
    public func url(of sha256: [UInt8]) -> URL { files.url(of: sha256) }

    /// The deliveries of an entitlement, newest first.
    public func deliveries(of entitlement: UUID, enterprise: UUID, cursor: String?, limit: Int?) async throws
        -> JSONDocument
    {
        let request = try PageRequest(
            query: "deliveries of \(entitlement)", key: [.time, .id], cursor: cursor, limit: limit)
        // The time stands in the key as JSON, which PostgreSQL writes to the microsecond.
        let place = request.cursor?.key.split(separator: " ").map { $0.filter { $0 != "\"" } } ?? []
        let page = try await store.page(
            "delivery/list_deliveries", enterprise, entitlement, place.first, place.last, request: request)
        if page.items.isEmpty, try await state(of: entitlement, enterprise, now: .distantPast) == nil {
            throw DeliveryError.unknownEntitlement
        }
        return page.json()
    }

    private func rendition(
        of found: Deliverable, as format: Format, _ entitlement: UUID, _ enterprise: UUID, _ mark: Mark?, now: Date
    ) async throws -> Download {
        try found.requireTable()
        let made = try await renditions.file(
            of: found, as: format, for: mark.map { .init(enterprise: enterprise, entitlement: entitlement, mark: $0) },
            now: now)
        return Download(
            entitlement: entitlement, revision: found.revision, format: format, file: nil, sha256: made.sha256,
            bytes: made.bytes,
            fileName: marked("\(found.product)-r\(found.revision).\(format.rawValue)", with: mark?.mark),
            mediaType: format.mediaType, rows: found.rows, mark: mark?.mark)
    }

    /// `air.csv` with the mark `0123456789ab` is `air-0123456789ab.csv`.
    private func marked(_ name: String, with mark: String?) -> String {
        guard let mark else { return name }
        guard let dot = name.firstIndex(of: "."), dot > name.startIndex else { return "\(name)-\(mark)" }
        return "\(name[..<dot])-\(mark)\(name[dot...])"
    }

    /// Nil when copies of the product are not marked.
    func mark(
        of found: Deliverable, _ entitlement: UUID, _ enterprise: UUID, now: Date
    ) async throws -> Mark? {
        guard found.watermark != .none else { return nil }
        if let mark = found.mark { return mark }
        let (name, seed) = try (Accounts.randomBytes(6), Accounts.randomBytes(16))
        return try await store.database.first(
            store.statements["delivery/make_mark"], enterprise, entitlement, name.hexadecimal, seed, now
        ) { Mark(mark: try $0.next(String.self), seed: try $0.next(String.self)) }
    }

    /// Counts what is sent, in the statement that asks whether it may be.
    func record(
        _ delivery: DeliveryRecord, of revision: Int, by entitlement: UUID, _ enterprise: UUID, now: Date
    ) async throws {
        let uses = delivery.uses
        let counted = try await store.database.first(
            store.statements["delivery/record_delivery"], enterprise, entitlement, revision, now, uses.map(\.meter),
            uses.map(\.quantity), UUID.version7(at: now), UUID.version7(at: now),
            delivery.way.rawValue, delivery.format, delivery.file, delivery.files, delivery.rows, delivery.bytes,
            delivery.mark, delivery.sha256
        ) { try $0.next(UUID.self) }
        if counted != nil { return }
        try await requireInForce(entitlement, of: enterprise, now: now)
        throw DeliveryError.quotaUsedUp
    }

    /// - Throws: why an entitlement cannot be used now.
    func requireInForce(_ entitlement: UUID, of enterprise: UUID, now: Date) async throws {
        guard let state = try await state(of: entitlement, enterprise, now: now) else {
            throw DeliveryError.unknownEntitlement
        }
        try state.requireInForce()
    }

    private func state(of entitlement: UUID, _ enterprise: UUID, now: Date) async throws -> EntitlementState? {
        try await store.database.first(
            store.statements["delivery/find_entitlement"], enterprise, entitlement, now
        ) { try EntitlementState(row: &$0) }
    }
}

/// What a delivery sends, as it is counted and recorded.
struct DeliveryRecord {
    enum Way: String { case download, deltaSharing = "delta_sharing", rows }

    let way: Way
    let format: String
    var file: String?
    let files: Int
    let rows: Int?
    let bytes: Int
    var mark: String?
    var sha256: [UInt8]?

    /// A revision that is handed over is a download whatever client asks for it; some rows of it are a call.
    var uses: [(meter: String, quantity: Int)] {
        [(way == .rows ? "call" : "download", 1), ("row", rows ?? 0), ("byte", bytes)]
    }
}

public enum DeliveryError: MarketplaceError, Equatable {
    case unknownEntitlement, suspended, expired, purchaseEnded, quotaUsedUp, withdrawn(String)
    case unknownRevision(Int), unknownFile([String]), noTable(Int), tableNotMade(Int), onlyMarked, noEntitlement(String)
    case unusableQuery(field: String, String), unknownCredential, linkExpired

    public var code: RefusalCode {
        switch self {
        case .unknownEntitlement, .unknownRevision, .unknownCredential: .notFound
        case .quotaUsedUp: .tooMany
        case .tableNotMade: .unavailable
        case .suspended, .expired, .purchaseEnded, .withdrawn, .noEntitlement, .linkExpired: .forbidden
        case .unknownFile, .unusableQuery: .invalid
        case .noTable, .onlyMarked: .unprocessable
        }
    }

    public var field: String? {
        switch self {
        case .unknownFile: "file"
        case .unusableQuery(let field, _): field
        case .noTable, .onlyMarked: "format"
        default: nil
        }
    }

    public var message: String {
        switch self {
        case .unknownEntitlement: "Your enterprise has no such entitlement."
        case .suspended: "This entitlement is suspended."
        case .expired: "This entitlement is not in force now: its period has ended or not begun."
        case .withdrawn(let reason): "This product is not delivered any more: \(reason)."
        case .quotaUsedUp: "The quota is used up; the entitlement says when it is granted anew."
        case .purchaseEnded: "The purchase behind this entitlement has ended."
        case .unknownRevision(let number): "This entitlement does not reach a revision \(number)."
        case .unknownFile(let names): "This revision has these files; name one: \(names.joined(separator: ", "))."
        case .noTable(let number):
            "Revision \(number) is not there as a table: its content cannot be read as one."
        case .tableNotMade(let number): "Revision \(number) is being made a table; ask again in a moment."
        case .onlyMarked: "Copies of this product are marked; ask for csv, jsonl, parquet or xlsx."
        case .noEntitlement(let code): "Your enterprise has no entitlement to \(code) in force."
        case .unusableQuery(_, let reason): reason
        case .unknownCredential: "This entitlement has no such token."
        case .linkExpired: "This link is not valid, or not any more: ask for the table again."
        }
    }
}
