import CZlib

/// gzip as a stream, by zlib.
final class Gzip {
    private var stream = z_stream()
    private var buffer = [UInt8](repeating: 0, count: 128 * 1024)
    private var isAtEnd = false
    private var isPadding = false
    /// The byte that a member begins with (RFC 1952, 2.3.1).
    private static let magic: UInt8 = 0x1F

    init() throws {
        guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw CatalogueUnreadable(.corruptCompression, "The file cannot be unpacked.")
        }
    }

    deinit { inflateEnd(&stream) }

    func inflate(
        _ piece: UnsafeBufferPointer<UInt8>, _ receive: (UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
        stream.next_in = UnsafeMutablePointer(mutating: piece.baseAddress)
        stream.avail_in = UInt32(piece.count)
        while true {
            // A file may hold several members, one behind the other; what begins otherwise is padding, as gzip takes it.
            if isAtEnd && stream.avail_in > 0 {
                isPadding = isPadding || stream.next_in.pointee != Self.magic
                if isPadding { return }
                isAtEnd = inflateReset(&stream) != Z_OK
            }
            var status = Z_OK
            let produced = buffer.withUnsafeMutableBufferPointer { buffer in
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(buffer.count)
                status = CZlib.inflate(&stream, Z_NO_FLUSH)
                return buffer.count - Int(stream.avail_out)
            }
            guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
                throw CatalogueUnreadable(.corruptCompression, "The compressed file is damaged.")
            }
            isAtEnd = status == Z_STREAM_END
            if produced > 0 {
                try buffer.withUnsafeBufferPointer { try receive(UnsafeBufferPointer(rebasing: $0[..<produced])) }
            }
            if stream.avail_in == 0 && (produced < buffer.count || isAtEnd) { return }
            if status == Z_BUF_ERROR { return }
        }
    }

    func finish() throws {
        guard isAtEnd else { throw CatalogueUnreadable(.truncated, "The compressed file ends too early.") }
    }
}
