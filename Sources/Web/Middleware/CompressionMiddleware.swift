import CZlib
import Foundation
import HTTPTypes
import Hummingbird

/// Sends large texts gzipped to those who accept it. Downloads of content are streamed as they are.
struct CompressionMiddleware: RouterMiddleware {
    private static let least = 2048

    func handle(
        _ request: Request, context: MarketContext, next: (Request, MarketContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard response.headers[.contentEncoding] == nil, !response.isStreamed,
            let length = response.body.contentLength, length >= Self.least, length <= 8 << 20,
            let type = response.headers[.contentType],
            type.hasPrefix("application/json") || type.hasPrefix("text/html") || type.hasPrefix("text/css")
                || type.hasPrefix("text/javascript")
                || type.hasPrefix("application/problem"), response.headers[.contentDisposition] == nil
        else { return response }
        response.headers[.vary] = response.headers[.vary].map { "\($0), Accept-Encoding" } ?? "Accept-Encoding"
        guard Self.acceptsGzip(request.headers[.acceptEncoding]) else { return response }
        let body = try await collected(response.body)
        response.headers[.contentEncoding] = "gzip"
        if let tag = response.headers[.eTag], !tag.hasPrefix("W/") { response.headers[.eTag] = "W/\(tag)" }
        response.headers[.contentLength] = nil
        response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: try gzip(body)))
        return response
    }

    /// RFC 9110, 12.5.3: a coding with the weight 0 is refused, and `*` stands for those that are not named.
    static func acceptsGzip(_ header: String?) -> Bool {
        var weights: [String: Double] = [:]
        for part in (header ?? "").lowercased().split(separator: ",") {
            let words = part.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            let weight = words.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if let name = words.first { weights[name] = weight }
        }
        return (weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? 0) > 0
    }

    private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        // 15 + 16: the largest window, with a gzip header. Level 5 halves the time of 6 for a few percent of size.
        guard
            deflateInit2_(
                &stream, 5, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw CompressionFailed() }
        defer { deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
        let capacity = output.count
        let written = bytes.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(capacity)
                return deflate(&stream, Z_FINISH) == Z_STREAM_END ? capacity - Int(stream.avail_out) : nil
            }
        }
        guard let written else { throw CompressionFailed() }
        return Array(output.prefix(written))
    }

    private struct CompressionFailed: Error {}
}

/// A body that is already in memory, as bytes.
func collected(_ body: ResponseBody) async throws -> [UInt8] {
    let collector = BodyCollector()
    try await body.write(collector)
    return await collector.bytes.value
}

/// Keeps what a body writes.
private struct BodyCollector: ResponseBodyWriter {
    actor Storage {
        var value: [UInt8] = []
        func append(_ buffer: ByteBuffer) { value += buffer.readableBytesView }
    }
    let bytes = Storage()

    mutating func write(_ buffer: ByteBuffer) async throws { await bytes.append(buffer) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
