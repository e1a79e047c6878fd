import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// The fields of an url-encoded form.
struct FormFields {
    private let values: [String: String]
    /// Apart from the others: it is nothing that the person filled in.
    let token: String?
    var all: [String: String] { values }

    init(_ request: Request, limit: Int = 64 << 10) async throws {
        let body = try await request.body.collect(upTo: limit)
        var values: [String: String] = [:]
        for pair in String(buffer: body).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = parts.map { $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding }
            guard let name = decoded.first ?? nil, let value = decoded.count == 2 ? decoded[1] : "" else {
                throw InvalidInput("body", "The form is not well encoded.")
            }
            values[name] = value
        }
        token = values.removeValue(forKey: FormToken.field)
        self.values = values
    }

    subscript(_ name: String) -> String? { values[name] }

    /// What was typed, trimmed; nil when nothing was.
    func filled(_ name: String) -> String? {
        values[name].map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    func required(_ name: String) throws -> String {
        guard let value = values[name], !value.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty else {
            throw InvalidInput(name, "This field is empty.")
        }
        return value
    }

    /// Nil when nothing was typed.
    func wholeNumber(_ name: String, isNeeded: Bool = false) throws -> Int? {
        guard let typed = isNeeded ? try required(name) : filled(name) else { return nil }
        guard let number = Int(typed) else { throw InvalidInput(name, "This is not a whole number.") }
        return number
    }
}

/// One uploaded file and the fields beside it (multipart/form-data, RFC 7578).
struct UploadForm {
    private(set) var fields: [String: String] = [:]
    private(set) var fileName = ""
    private var content = Data()
    var bytes: [UInt8] { [UInt8](content) }
    var token: String? { fields[FormToken.field] }

    static func isSent(by request: Request) -> Bool {
        request.headers[.contentType]?.hasPrefix("multipart/form-data") ?? false
    }

    /// - Throws: `InvalidInput` when no file was chosen.
    init(_ request: Request, limit: Int) async throws {
        try await self.init(parsing: request, limit: limit)
        try requireFile()
    }

    func requireFile() throws {
        guard !fileName.isEmpty else { throw InvalidInput("file", "Choose a file.") }
    }

    /// The file on disk, in a place that is its own; who asks takes it away.
    func stored() throws -> URL {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("upload-\(UUID().uuidString)")
        guard
            FileManager.default.createFile(
                atPath: file.path, contents: content, attributes: [.posixPermissions: 0o600])
        else { throw HTTPError(.serviceUnavailable) }
        return file
    }

    init(parsing request: Request, limit: Int) async throws {
        let type = request.headers[.contentType] ?? ""
        guard Self.isSent(by: request), let mark = type.range(of: "boundary=") else {
            throw InvalidInput("body", "The form does not hold a file.")
        }
        let boundary = type[mark.upperBound...].prefix { $0 != ";" }.trimmingCharacters(
            in: CharacterSet(charactersIn: "\""))
        let body = Data(try await request.body.collect(upTo: limit).readableBytesView)
        let line = Data("--\(boundary)".utf8)
        var place = body.range(of: line)?.upperBound
        while let start = place, let end = body.range(of: Data("\r\n".utf8) + line, in: start..<body.endIndex) {
            add(body[start..<end.lowerBound])
            place = end.upperBound
        }
    }

    private mutating func add(_ part: Data) {
        guard let gap = part.range(of: Data("\r\n\r\n".utf8)) else { return }
        let head = String(decoding: part[..<gap.lowerBound], as: UTF8.self)
        let content = part[gap.upperBound...]
        guard let name = head.firstMatch(of: /[; ]name="([^"]*)"/).map({ String($0.1) }) else { return }
        if let file = head.firstMatch(of: /filename="([^"]*)"/) {
            fileName = String(file.1)
            self.content = content
        } else {
            fields[name] = String(decoding: content, as: UTF8.self)
        }
    }
}
