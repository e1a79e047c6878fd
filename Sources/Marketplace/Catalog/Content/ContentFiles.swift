import Foundation

/// The bytes of revisions, each file under its SHA-256. What is there is whole and never changes; servers on one database
/// share the folder.
public struct ContentFiles: Sendable {
    private let folder: URL

    /// Read and written in pieces of this many bytes.
    static let piece = 1 << 20

    /// What is known of a file by its bytes alone.
    public struct Identity: Sendable, Hashable {
        public let sha256: [UInt8]
        public let sm3: [UInt8]
        public let bytes: Int
    }

    public init(folder: URL) { self.folder = folder }

    public func url(of sha256: [UInt8]) -> URL {
        let name = sha256.hexadecimal
        return folder.appendingPathComponent(String(name.prefix(2))).appendingPathComponent(name)
    }

    public func holds(_ sha256: [UInt8]) -> Bool { FileManager.default.fileExists(atPath: url(of: sha256).path) }

    /// A folder of its own for work on files; the caller removes it. On the same disk, so that what is kept is only renamed.
    func workFolder() throws -> URL {
        let url = folder.appendingPathComponent("work").appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    /// Where the part of an upload that has arrived is kept.
    func uploadFolder(of product: UUID, revision: Int) -> URL {
        folder.appendingPathComponent("uploads").appendingPathComponent("\(product.uuidString)-\(revision)")
    }

    /// Takes a whole file over under its name; it is on disk when this returns.
    func keep(_ file: URL, as sha256: [UInt8]) throws {
        let target = url(of: sha256)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try withLock(LOCK_SH) {
            try synchronise(file.path)
            // Over what is there: the same bytes, and a time that keeps the sweep away.
            utimes(file.path, nil)
            guard rename(file.path, target.path) == 0 else { throw FileFault(file.path) }
            try synchronise(target.deletingLastPathComponent().path)
        }
    }

    /// - Returns: the SHA-256 that the bytes are kept under.
    @discardableResult
    func keep(_ bytes: [UInt8]) throws -> Identity {
        let work = try workFolder()
        defer { try? FileManager.default.removeItem(at: work) }
        let file = work.appendingPathComponent("content")
        try Data(bytes).write(to: file)
        var digests = ContentDigests()
        bytes.withUnsafeBytes { digests.update($0) }
        let identity = digests.finish()
        try keep(file, as: identity.sha256)
        return identity
    }

    public func bytes(of sha256: [UInt8]) throws -> [UInt8] { Array(try Data(contentsOf: url(of: sha256))) }

    /// The first bytes of a file, or all when it has fewer.
    func beginning(of sha256: [UInt8], bytes count: Int) throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: url(of: sha256))
        defer { try? handle.close() }
        return Array(try handle.read(upToCount: count) ?? Data())
    }

    /// What the bytes of a file say that it is; it reads the whole file.
    public static func identity(of file: URL) throws -> Identity {
        var digests = ContentDigests()
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        while let piece = try handle.read(upToCount: Self.piece), !piece.isEmpty {
            piece.withUnsafeBytes { digests.update($0) }
        }
        return digests.finish()
    }

    /// Removes what nothing refers to and nobody has touched since a time; with it the uploads and work that were given up.
    /// - Parameter isKept: which of some hashes are still referred to.
    /// - Returns: how many files went.
    func sweep(
        untouchedSince time: Date, keeping isKept: ([[UInt8]]) async throws -> Set<[UInt8]>
    ) async throws -> Int {
        var removed = 0
        for place in try children(of: folder) {
            let name = place.lastPathComponent
            if name == "work" || name == "uploads" {
                for left in try children(of: place) where modified(left) < time {
                    try FileManager.default.removeItem(at: left)
                }
                continue
            }
            guard name.utf8.count == 2 else { continue }
            let old = try children(of: place).filter { modified($0) < time }
                .compactMap { file in
                    Marketplace.bytes(hexadecimal: file.lastPathComponent).map { (file: file, sha256: $0) }
                }
            guard !old.isEmpty else { continue }
            let kept = try await isKept(old.map(\.sha256))
            for (file, sha256) in old where !kept.contains(sha256) {
                try withLock(LOCK_EX) {
                    // It may have come again since it was looked at.
                    guard modified(file) < time else { return }
                    try FileManager.default.removeItem(at: file)
                    removed += 1
                }
            }
        }
        return removed
    }

    private func children(of folder: URL) throws -> [URL] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    }

    private func modified(_ file: URL) -> Date {
        (try? FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date) ?? .distantFuture
    }

    /// Between servers too: who keeps a file shares the lock, who removes one has it alone.
    private func withLock(_ kind: Int32, _ work: () throws -> Void) throws {
        let path = folder.appendingPathComponent("lock").path
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFault(path) }
        defer { close(descriptor) }
        guard flock(descriptor, kind) == 0 else { throw FileFault(path) }
        try work()
    }

    private func synchronise(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFault(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileFault(path) }
    }
}

/// What the system says of a file that cannot be worked with: a fault of the market's disk, not of a request.
struct FileFault: Error, CustomStringConvertible {
    let path: String
    let reason: String

    init(_ path: String) {
        self.path = path
        reason = String(cString: strerror(errno))
    }

    var description: String { "\(path): \(reason)" }
}
