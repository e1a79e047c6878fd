import Foundation
import Hummingbird
import Marketplace

/// The parameters of an action: from the query of a GET, or from the JSON object or nothing in the body of a POST.
struct ActionInput {
    private let values: [String: Any]

    init(_ request: Request, limit: Int) async throws {
        guard request.method == .post else {
            let names = Set(request.uri.queryParameters.map { String($0.key) })
            // A form writes a space as +, and a name or word in a search holds none.
            values = try names.reduce(into: [:]) { values, name in
                values[name] = try request.query(name)?.replacingOccurrences(of: "+", with: " ")
            }
            return
        }
        let body = try await request.body.collect(upTo: limit)
        guard body.readableBytes > 0 else {
            values = [:]
            return
        }
        guard let object = try parsedJSON(Array(body.readableBytesView)) as? [String: Any] else {
            throw InvalidInput("body", "The body must be a JSON object.")
        }
        values = object.filter { !($0.value is NSNull) }
    }

    /// - Throws: `InvalidInput` that names a parameter that the action does not take.
    func allow(_ names: String...) throws {
        if let unknown = values.keys.sorted().first(where: { !names.contains($0) }) {
            throw InvalidInput(
                String(unknown.prefix(100)), "No such parameter; this takes \(names.sorted().joined(separator: ", ")).")
        }
    }

    func page(besides others: String...) throws -> (limit: Int?, offset: Int) {
        if let unknown = values.keys.sorted().first(where: { !(["limit", "offset"] + others).contains($0) }) {
            throw InvalidInput(String(unknown.prefix(100)), "No such parameter; this takes limit and offset.")
        }
        let (limit, offset) = (try number("limit"), try number("offset") ?? 0)
        guard limit ?? 0 >= 0 else { throw InvalidInput("limit", "A limit is 0 or more.") }
        guard offset >= 0 else { throw InvalidInput("offset", "An offset is 0 or more.") }
        return (limit, offset)
    }

    func text(_ name: String) throws -> String? {
        guard let value = values[name] else { return nil }
        guard let text = value as? String else { throw InvalidInput(name, "This parameter must be a text.") }
        guard text.utf8.count <= 500, !text.contains("\0") else {
            throw InvalidInput(name, "This parameter is longer than 500 bytes, or holds a NUL character.")
        }
        return text.isEmpty ? nil : text
    }

    func texts(_ name: String) throws -> [String] {
        guard let value = values[name] else { return [] }
        guard let texts = value as? [String], texts.allSatisfy({ $0.utf8.count <= 500 && !$0.contains("\0") }) else {
            throw InvalidInput(name, "This parameter must be a list of texts.")
        }
        return texts
    }

    func required(_ names: String..., or other: String? = nil) throws -> String {
        for name in names + [other].compactMap({ $0 }) {
            if let text = try text(name) { return text }
        }
        throw InvalidInput(names[0], "This parameter is missing.")
    }

    func number(_ name: String) throws -> Int? {
        guard let value = values[name] else { return nil }
        let text = value as? String ?? (value as? Int).map(String.init)
        guard let number = text.flatMap({ Int($0) }), abs(number) <= 1_000_000_000 else {
            throw InvalidInput(name, "This parameter must be a whole number of a usable size.")
        }
        return number
    }

    func truth(_ name: String) throws -> Bool {
        switch values[name] {
        case nil: return false
        case let truth as Bool: return truth
        case let text as String where ["true", "True", "1"].contains(text): return true
        case let text as String where ["false", "False", "0"].contains(text): return false
        default: throw InvalidInput(name, "This parameter must be true or false.")
        }
    }
}
