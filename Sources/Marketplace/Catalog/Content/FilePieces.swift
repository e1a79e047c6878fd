import Foundation

/// The bytes of a file, piece by piece.
struct FilePieces: AsyncSequence, Sendable {
    let url: URL

    init(_ url: URL) { self.url = url }

    func makeAsyncIterator() -> Iterator { Iterator(url: url) }

    struct Iterator: AsyncIteratorProtocol {
        let url: URL
        private var handle: FileHandle?

        fileprivate init(url: URL) { self.url = url }

        mutating func next() async throws -> [UInt8]? {
            let open = try handle ?? FileHandle(forReadingFrom: url)
            handle = open
            let piece = try await onDisk { try open.read(upToCount: ContentFiles.piece) }
            guard let piece, !piece.isEmpty else {
                try open.close()
                return nil
            }
            return Array(piece)
        }
    }
}
