import CZlib

/// gzip, by zlib.
enum Gzip {
    /// More than this is no catalogue but an attack on the memory.
    static let largest = 1 << 30

    static func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw CatalogueUnreadable(.corruptCompression, "The file cannot be unpacked.")
        }
        defer { inflateEnd(&stream) }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 5)
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        var input = bytes
        try input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            var status = Z_OK
            repeat {
                let produced = buffer.withUnsafeMutableBufferPointer { buffer in
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(buffer.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    return buffer.count - Int(stream.avail_out)
                }
                output += buffer[..<produced]
                guard output.count <= largest else {
                    throw CatalogueUnreadable(.tooLarge, "The file unpacks to more than 1 GiB.")
                }
                if status == Z_STREAM_END && stream.avail_in > 0 { status = inflateReset(&stream) }
                if status == Z_BUF_ERROR || (status == Z_OK && stream.avail_in == 0 && produced == 0) {
                    throw CatalogueUnreadable(.truncated, "The compressed file ends too early.")
                }
                guard status == Z_OK || status == Z_STREAM_END else {
                    throw CatalogueUnreadable(.corruptCompression, "The compressed file is damaged.")
                }
            } while status != Z_STREAM_END
        }
        return output
    }
}
