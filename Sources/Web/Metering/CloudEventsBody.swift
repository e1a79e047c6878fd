import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

extension Request {
    private static let largestEvents = 4 << 20

    /// The CloudEvents of a request in structured, batch or binary mode, as the JSON of one event or of a batch.
    /// - Parameter acceptingJSON: whether plain JSON is an event or a batch too.
    /// - Throws: 415 on another type; `InvalidInput` when what the type says is not what came.
    func cloudEvents(acceptingJSON: Bool = false) async throws -> (bytes: [UInt8], isBatch: Bool) {
        let type = (headers[.contentType] ?? "").split(separator: ";").first.map {
            $0.trimmingCharacters(in: .whitespaces).lowercased()
        }
        let bytes = Array(try await body.collect(upTo: Self.largestEvents).readableBytesView)
        let isList = bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "[")
        switch type {
        case "application/cloudevents-batch+json":
            guard isList else { throw InvalidInput("body", "A batch is a JSON array of events.") }
            return (bytes, true)
        case "application/cloudevents+json":
            guard !isList else {
                throw InvalidInput("body", "An event is a JSON object; a batch has a type of its own.")
            }
            return (bytes, false)
        case "application/json" where headers[.init("ce-specversion")!] != nil,
            nil where headers[.init("ce-specversion")!] != nil:
            return (try structured(data: bytes), false)
        case "application/json" where acceptingJSON: return (bytes, isList)
        default: throw HTTPError(.unsupportedMediaType)
        }
    }

    /// The event of a request in binary mode: its attributes are headers, its data is the body.
    private func structured(data: [UInt8]) throws -> [UInt8] {
        var attributes: [String: String] = [:]
        for header in headers where header.name.canonicalName.hasPrefix("ce-") {
            let name = String(header.name.canonicalName.dropFirst(3))
            guard name != "data", attributes[name] == nil, let value = header.value.removingPercentEncoding else {
                throw InvalidInput("ce-\(name)", "This header is given twice, not UTF-8, or no attribute.")
            }
            attributes[name] = value
        }
        var bytes = Array(try JSONEncoder().encode(attributes))
        guard !data.isEmpty else { return bytes }
        bytes.removeLast()
        return bytes + Array(#","data":"#.utf8) + data + Array("}".utf8)
    }
}
