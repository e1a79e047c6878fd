import Foundation

/// Where a listing goes on: the last key of the page before, tied to the query it belongs to.
public struct Cursor: Sendable, Hashable {
    public let key: String

    /// - Parameter query: what the listing asks for, without its place; a cursor of another query is refused.
    public init(_ text: String, query: String) throws {
        guard let data = Data(base64Encoded: Self.padded(text)), let decoded = String(data: data, encoding: .utf8),
            let space = decoded.firstIndex(of: " "), !decoded.contains("\0")
        else { throw InvalidInput("cursor", "This is not a cursor of this market: take `next` of the page before.") }
        guard decoded[..<space] == Self.mark(query) else {
            throw InvalidInput("cursor", "This cursor belongs to another query; start again without a cursor.")
        }
        key = String(decoded[decoded.index(after: space)...])
    }

    static func text(after key: String, query: String) -> String {
        Data("\(mark(query)) \(key)".utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    private static func mark(_ query: String) -> String {
        String(SHA256.digest(Array(query.utf8)).hexadecimal.prefix(12))
    }

    private static func padded(_ text: String) -> String {
        let plain = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        return plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
    }
}

/// How much of a listing is asked for.
public struct PageRequest: Sendable {
    public let query: String
    public let cursor: Cursor?
    /// 1 to 200 rows.
    public let limit: Int

    /// - Parameter key: what a key of the listing is made of; more than one when its rows are of several kinds.
    public init(query: String, key: [KeyPart]..., cursor: String?, limit: Int?) throws {
        self.query = query
        self.cursor = try cursor.map { try Cursor($0, query: query) }
        try self.cursor?.check(key)
        self.limit = limit ?? 50
        guard (1...200).contains(self.limit) else { throw InvalidInput("limit", "A page has 1 to 200 rows.") }
    }
}

/// One JSON document as PostgreSQL built it.
public struct JSONDocument: Sendable, Hashable {
    public let text: String

    public init(text: String) { self.text = text }
}

/// A page of documents, as JSON `{"items": […], "next": cursor or null}` with further members in front if there are any.
public struct Page: Sendable {
    public let items: [String]
    public let next: String?

    /// - Parameter rows: key and document, one more than the limit when there is a next page.
    init(_ rows: [(key: String, document: String)], request: PageRequest) {
        items = rows.prefix(request.limit).map(\.document)
        next =
            rows.count > request.limit
            ? Cursor.text(after: rows[request.limit - 1].key, query: request.query) : nil
    }

    /// - Parameter head: members in front, such as `"total":5,`.
    public func json(head: String = "") -> JSONDocument {
        let next = next.map { "\"\($0)\"" } ?? "null"
        return JSONDocument(text: "{\(head)\"items\":[\(items.joined(separator: ","))],\"next\":\(next)}")
    }
}
