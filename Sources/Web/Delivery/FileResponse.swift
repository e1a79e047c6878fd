import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// A file that never changes, whole or in part (RFC 9110, sections 13 and 14).
struct FileResponse {
    let url: URL
    /// SHA-256 in hexadecimal, which is its entity tag.
    let name: String
    let bytes: Int
    var headers: HTTPFields

    /// What a request asks of a file.
    enum Part: Equatable {
        case nothingNew, whole, range(ClosedRange<Int>), notThere

        /// Whether the receiver says that it has the beginning already.
        var goesOn: Bool { if case .range(let range) = self { range.lowerBound > 0 } else { false } }
    }

    var tag: String { "\"\(name)\"" }

    /// One range is served; of several, as of what is not understood, the whole file is sent, as the standard allows.
    func part(of request: Request) -> Part {
        if let known = request.headers[.ifNoneMatch],
            known == "*" || known.split(separator: ",").contains(where: { $0.contains(tag) })
        {
            return .nothingNew
        }
        guard let header = request.headers[.range], header.hasPrefix("bytes="), bytes > 0 else { return .whole }
        if let condition = request.headers[.ifRange], condition != tag { return .whole }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy(\.isNumber) }) else { return .whole }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?) where first <= last:
            return first < bytes ? .range(first...min(last, bytes - 1)) : .notThere
        case (let first?, nil) where ends[1].isEmpty: return first < bytes ? .range(first...(bytes - 1)) : .notThere
        case (nil, let count?) where ends[0].isEmpty:
            return count > 0 ? .range(max(0, bytes - count)...(bytes - 1)) : .notThere
        default: return .whole
        }
    }

    func response(_ part: Part, to request: Request, _ context: MarketContext) throws -> Response {
        var headers = headers
        headers[.eTag] = tag
        headers[.acceptRanges] = "bytes"
        switch part {
        case .nothingNew:
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        case .notThere:
            headers[.contentType] = nil
            headers[.contentDisposition] = nil
            headers[.contentRange] = "bytes */\(bytes)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        case .whole:
            return try send(0...max(0, bytes - 1), .ok, headers, request, context)
        case .range(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(bytes)"
            return try send(range, .partialContent, headers, request, context)
        }
    }

    private func send(
        _ range: ClosedRange<Int>, _ status: HTTPResponse.Status, _ headers: HTTPFields, _ request: Request,
        _ context: MarketContext
    ) throws -> Response {
        var headers = headers
        headers[.contentLength] = "\(bytes == 0 ? 0 : range.count)"
        guard request.method != .head, bytes > 0 else { return Response(status: status, headers: headers) }
        guard FileManager.default.isReadableFile(atPath: url.path) else { throw HTTPError(.notFound) }
        return Response(status: status, headers: headers, body: .file(url.path, range, through: context.channel))
    }
}
