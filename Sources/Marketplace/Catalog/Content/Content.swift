import Foundation
import Postgres

/// The content of products as a whole: that it is what it is kept as, and that nothing lies about that nobody needs.
public struct Content: Sendable {
    let store: Store
    let files: ContentFiles

    /// Content that nothing refers to stays this long, so that what is just arriving is never taken for it.
    private static let grace: TimeInterval = 86_400

    /// Forgets content that nothing refers to, and uploads that were given up. - Returns: how many files went.
    @discardableResult
    public func sweep(now: Date) async throws -> Int {
        let time = now - Self.grace
        try await store.database.execute(store.statements["catalog/delete_unreferenced"], time)
        return try await files.sweep(untouchedSince: time) { hashes in
            Set(
                try await store.database.all(
                    store.statements["catalog/list_kept_content"], hashes.map(\.hexadecimal)
                ) { try $0.next([UInt8].self) })
        }
    }

    /// Moves content that lies in the database into files. It is where it was until it is whole where it goes.
    public func moveOutOfDatabase() async throws {
        while let next = try await store.database.first(
            store.statements["catalog/take_chunked"], 1, as: { try $0.next([UInt8].self) })
        {
            let work = try files.workFolder()
            defer { try? FileManager.default.removeItem(at: work) }
            let file = work.appendingPathComponent("content")
            guard FileManager.default.createFile(atPath: file.path, contents: nil) else { throw FileFault(file.path) }
            let handle = try FileHandle(forWritingTo: file)
            for number in 0... {
                let piece = try await store.database.first(store.statements["catalog/find_chunk"], next, number) {
                    try $0.next([UInt8].self)
                }
                guard let piece else { break }
                try handle.write(contentsOf: piece)
            }
            try handle.close()
            guard try ContentFiles.identity(of: file).sha256 == next else {
                throw FileFault("content \(next.hexadecimal) in the database has another hash")
            }
            try files.keep(file, as: next)
            try await store.database.execute(store.statements["catalog/delete_chunks"], next)
        }
    }

    /// Reads all content again: what is missing, or is not what it is kept as, is wrong.
    public func verify() async throws -> Operations.Check {
        var (count, wrong) = (0, 0)
        var last = ""
        while true {
            let page = try await store.database.all(store.statements["catalog/list_content"], last, 500) {
                (sha256: try $0.next([UInt8].self), bytes: try $0.next(Int.self))
            }
            for (sha256, bytes) in page {
                let found = try? await onDisk { try ContentFiles.identity(of: files.url(of: sha256)) }
                if found?.sha256 != sha256 || found?.bytes != bytes { wrong += 1 }
            }
            count += page.count
            guard let end = page.last else {
                return Operations.Check(
                    name: "content has the bytes and the SHA-256 it is kept under", checked: count, wrong: wrong)
            }
            last = end.sha256.hexadecimal
        }
    }
}
