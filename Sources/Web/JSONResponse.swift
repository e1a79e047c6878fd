import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// A document as JSON.
func jsonResponse(_ document: JSONDocument, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
    var headers = headers
    headers[.contentType] = "application/json; charset=utf-8"
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: document.text)))
}

/// A catalogue read: with an ETag, and 304 when the client has it already.
func cacheableResponse(_ document: JSONDocument, to request: Request) -> Response {
    cacheableResponse(Array(document.text.utf8), type: "application/json; charset=utf-8", to: request)
}

func cacheableResponse(_ bytes: [UInt8], type: String, to request: Request) -> Response {
    let tag = SHA256.digest(bytes).prefix(12).hexadecimal
    var headers: HTTPFields = [.eTag: "\"\(tag)\"", .cacheControl: "no-cache", .vary: "Accept"]
    if let known = request.headers[.ifNoneMatch],
        known == "*" || known.split(separator: ",").contains(where: { $0.contains("\"\(tag)\"") })
    {
        return Response(status: .notModified, headers: headers)
    }
    headers[.contentType] = type
    return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
}

/// A value as JSON.
func jsonResponse(encoding value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return jsonResponse(JSONDocument(text: String(decoding: try encoder.encode(value), as: UTF8.self)), status: status)
}
