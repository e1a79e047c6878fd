import Foundation
import Postgres

/// Receives the content of revisions, file by file, and hands it in to be checked and published.
public struct RevisionUploads: Sendable {
    let store: Store
    let catalog: Catalog
    let files: ContentFiles

    /// A file as its sender describes it.
    public struct File: Sendable {
        public let name: String
        /// text/csv, application/jsonl (also application/x-ndjson) or application/vnd.apache.parquet.
        public let mediaType: String
        public let charset: String?
        /// gzip, or nil.
        public let compression: String?
        /// What the sender says the whole file is, where it does.
        public let sha256: [UInt8]?
        public let sm3: [UInt8]?

        public init(
            name: String, mediaType: String, charset: String?, compression: String?, sha256: [UInt8]?, sm3: [UInt8]?
        ) {
            (self.name, self.mediaType, self.charset) = (name, mediaType, charset)
            (self.compression, self.sha256, self.sm3) = (compression, sha256, sm3)
        }
    }

    /// Which bytes of a file a request brings. Without a total it brings the file to its end.
    public struct Range: Sendable {
        public let offset: Int
        public let end: Int?
        public let total: Int?

        public static let whole = Range(offset: 0, end: nil, total: nil)

        public init(offset: Int, end: Int?, total: Int?) {
            (self.offset, self.end, self.total) = (offset, end, total)
        }
    }

    /// How much of a file has arrived.
    public struct Received: Sendable {
        public let bytes: Int
        /// Nil while the file is not whole.
        public let identity: ContentFiles.Identity?
    }

    /// Opens the upload of the next revision, or states its contract anew.
    /// - Parameter contract: nil for that of the revision before.
    public func open(
        _ number: Int, of code: String, contract: RevisionContract? = nil, by party: UUID, now: Date
    ) async throws {
        try contract?.check()
        let product = try await catalog.ownProduct(code, of: party)
        let text = try contract.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        let isOpen = try await store.database.first(
            store.statements["catalog/open_upload"], product.id, number, text, party, now
        ) { try $0.next(Bool.self) }
        guard isOpen == nil else { return }
        if let state = try await upload(number, of: product.id)?.state {
            throw state == "published" ? UploadError.published(code, number) : .beingChecked(code, number)
        }
        let next = try await next(of: product.id)
        throw number < next ? UploadError.published(code, number) : .notNext(code, next: next)
    }

    /// The number that the next revision has.
    public func next(of code: String, by party: UUID) async throws -> Int {
        try await next(of: catalog.ownProduct(code, of: party).id)
    }

    private func next(of product: UUID) async throws -> Int {
        let next = try await store.database.first(store.statements["catalog/find_next_number"], product) {
            try $0.next(Int.self)
        }
        return next ?? 1
    }

    /// Takes bytes of a file. What has arrived stays when the sender stops, and goes on from there.
    /// - Parameters:
    ///   - isOnly: whether it is the only file, so that others of the upload go.
    ///   - send: hands over the bytes piece by piece.
    /// - Throws: `UploadError.gap` when the bytes before are not here; `InvalidInput` when it is not what it is said to be.
    public func receive(
        _ file: File, _ range: Range, isOnly: Bool, revision number: Int, of code: String, by party: UUID, now: Date,
        from send: (UploadedFile) async throws -> Void
    ) async throws -> Received {
        try Self.check(file)
        try await open(number, of: code, by: party, now: now)
        let product = try await catalog.ownProduct(code, of: party).id
        let partial = try UploadedFile(file.name, in: files.uploadFolder(of: product, revision: number))
        try partial.begin(at: range.offset)
        do {
            try await send(partial)
        } catch let refusal as any MarketplaceError {
            throw refusal
        } catch  where !Task.isCancelled && !(error is FileFault) {
            // The sender went away.
            throw UploadError.cut(received: partial.bytes)
        }
        try partial.synchronise()
        let bytes = partial.bytes
        if let end = range.end, bytes > end {
            try partial.begin(at: range.offset)
            throw UploadError.tooLong(expected: end - range.offset)
        }
        if let end = range.end, bytes < end { throw UploadError.cut(received: bytes) }
        if let total = range.total, bytes < total { return Received(bytes: bytes, identity: nil) }
        let url = partial.url
        let identity = try await onDisk { try ContentFiles.identity(of: url) }
        do { try Self.check(identity, against: file) } catch {
            partial.remove()
            throw error
        }
        try files.keep(partial.url, as: identity.sha256)
        let kept = try await store.database.withTransaction { transaction in
            try await transaction.execute(
                store.statements["catalog/insert_content"], identity.sha256, identity.sm3, identity.bytes, now)
            if isOnly {
                try await transaction.execute(
                    store.statements["catalog/remove_files"], product, number, String?.none, file.name)
            }
            return try await transaction.execute(
                store.statements["catalog/keep_file"], product, number, file.name, file.mediaType, file.charset,
                file.compression, identity.sha256, now)
        }
        guard kept == 1 else { throw UploadError.beingChecked(code, number) }
        return Received(bytes: bytes, identity: identity)
    }

    /// How much of a file has arrived that is not whole; nil when none has.
    public func received(_ name: String, revision number: Int, of code: String, by party: UUID) async throws -> Int? {
        let product = try await catalog.ownProduct(code, of: party).id
        return UploadedFile.bytes(of: name, in: files.uploadFolder(of: product, revision: number))
    }

    /// Takes a file out of an upload.
    public func remove(_ name: String, revision number: Int, of code: String, by party: UUID) async throws {
        let product = try await catalog.ownProduct(code, of: party).id
        let removed = try await store.database.execute(
            store.statements["catalog/remove_files"], product, number, name, String?.none)
        guard removed == 1 else { throw UploadError.noSuchFile(name) }
    }

    /// Hands an upload in; a server checks it and publishes it, or says what is wrong with it.
    public func submit(_ number: Int, of code: String, by party: UUID, now: Date) async throws {
        let product = try await catalog.ownProduct(code, of: party).id
        let submitted = try await store.database.execute(
            store.statements["catalog/submit_upload"], product, number, now)
        guard submitted == 0 else { return }
        switch try await upload(number, of: product)?.state {
        case nil: throw UploadError.unknown(code, number)
        case "receiving": throw UploadError.empty(code, number)
        case "checking": return
        case "refused": throw UploadError.refused(code, number)
        default: throw UploadError.published(code, number)
        }
    }

    /// An upload with its files, and why it was refused.
    public func upload(_ number: Int, of code: String, by party: UUID) async throws -> (
        state: String, document: JSONDocument
    ) {
        let product = try await catalog.ownProduct(code, of: party).id
        guard let upload = try await upload(number, of: product) else { throw UploadError.unknown(code, number) }
        return upload
    }

    private func upload(_ number: Int, of product: UUID) async throws -> (state: String, document: JSONDocument)? {
        try await store.database.first(store.statements["catalog/find_upload"], product, number) {
            (state: try $0.next(String.self), document: JSONDocument(text: try $0.next(String.self)))
        }
    }

    static let formats = [
        "text/csv": "csv", "application/jsonl": "jsonl", "application/x-ndjson": "jsonl",
        "application/vnd.apache.parquet": "parquet",
    ]

    private static func check(_ file: File) throws {
        guard file.name.wholeMatch(of: /[^\/\\\p{Cc}.][^\/\\\p{Cc}]{0,199}/) != nil else {
            throw InvalidInput("name", "A file's name has 1 to 200 characters, no slash, and no dot in front.")
        }
        guard formats[file.mediaType] != nil else {
            throw UploadError.unknownFormat(file.mediaType)
        }
        guard file.compression == nil || file.mediaType != "application/vnd.apache.parquet" else {
            throw InvalidInput("Content-Encoding", "Parquet is compressed inside; send it as it is.")
        }
    }

    private static func check(_ identity: ContentFiles.Identity, against file: File) throws {
        for (name, said, found) in [("sha-256", file.sha256, identity.sha256), ("sm3", file.sm3, identity.sm3)] {
            if let said, said != found {
                throw InvalidInput(
                    "Repr-Digest", "The \(name) of what arrived is \(found.hexadecimal), not \(said.hexadecimal).")
            }
        }
        guard identity.bytes > 0 else { throw InvalidInput("body", "The file is empty.") }
    }
}

/// A file that is arriving. One sender at a time has it.
public final class UploadedFile {
    let url: URL
    private let descriptor: Int32

    init(_ name: String, in folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        url = Self.url(of: name, in: folder)
        descriptor = Glibc.open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault(url.path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw UploadError.arriving(name)
        }
    }

    deinit { close(descriptor) }

    static func bytes(of name: String, in folder: URL) -> Int? {
        let found = try? FileManager.default.attributesOfItem(atPath: url(of: name, in: folder).path)
        return found?[.size] as? Int
    }

    private static func url(of name: String, in folder: URL) -> URL {
        folder.appendingPathComponent(SHA256.digest(Array(name.utf8)).hexadecimal)
    }

    var bytes: Int { Int(lseek(descriptor, 0, SEEK_END)) }

    /// What came after the offset before goes.
    func begin(at offset: Int) throws {
        let here = bytes
        guard offset <= here else { throw UploadError.gap(received: here) }
        guard ftruncate(descriptor, off_t(offset)) == 0 else { throw FileFault(url.path) }
        lseek(descriptor, 0, SEEK_END)
    }

    public func write(_ piece: UnsafeRawBufferPointer) throws {
        var rest = piece[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            guard count > 0 else {
                if errno == EINTR { continue }
                throw errno == ENOSPC ? UploadError.diskFull : FileFault(url.path)
            }
            rest = rest.dropFirst(count)
        }
    }

    func synchronise() throws {
        guard fsync(descriptor) == 0 else { throw FileFault(url.path) }
    }

    func remove() { unlink(url.path) }
}

public enum UploadError: MarketplaceError {
    case published(String, Int), beingChecked(String, Int), notNext(String, next: Int), unknown(String, Int)
    case empty(String, Int), refused(String, Int), noSuchFile(String), arriving(String)
    case gap(received: Int), cut(received: Int), tooLong(expected: Int), unknownFormat(String), diskFull

    public var code: RefusalCode {
        switch self {
        case .unknown, .noSuchFile: .notFound
        case .gap, .cut, .tooLong, .unknownFormat: .invalid
        case .diskFull: .unavailable
        default: .conflict
        }
    }

    public var field: String? {
        switch self {
        case .gap, .tooLong: "Content-Range"
        case .unknownFormat: "Content-Type"
        default: nil
        }
    }

    public var message: String {
        switch self {
        case .published(let code, let number):
            "Revision \(number) of \(code) is published; it never changes. Send a new revision."
        case .beingChecked(let code, let number):
            "Revision \(number) of \(code) is being checked; it takes no more until that has ended."
        case .notNext(let code, let next): "The next revision of \(code) is \(next)."
        case .unknown(let code, let number): "Nothing was sent for revision \(number) of \(code)."
        case .empty(let code, let number): "Revision \(number) of \(code) has no whole file yet."
        case .refused(let code, let number):
            "Revision \(number) of \(code) was refused; send files that keep its contract first."
        case .noSuchFile(let name): "This revision has no file \(name), or takes no more changes."
        case .arriving(let name): "The file \(name) is arriving by another request."
        case .gap(let received): "Of this file \(received) bytes have arrived; send those from there on."
        case .cut(let received): "The body ended early; \(received) bytes of the file have arrived."
        case .tooLong(let expected):
            "The body has more than the \(expected) bytes that it is said to have; none was taken."
        case .unknownFormat(let type):
            "'\(type.prefix(100))' is none of " + RevisionUploads.formats.keys.sorted().joined(separator: ", ") + "."
        case .diskFull: "The market's disk is full; what has arrived is kept."
        }
    }
}
