import Foundation
import Hummingbird
import Marketplace

extension Request {
    /// A parameter of the query; nil when absent or empty.
    /// - Parameter longest: in Unicode scalars, as the contract counts.
    /// - Throws: `InvalidInput` when it is given twice or too long.
    func query(_ name: String, longest: Int = 400) throws -> String? {
        let values = uri.queryParameters[values: Substring(name)]
        guard values.count < 2 else { throw InvalidInput(name, "This parameter is given more than once.") }
        guard let value = values.first, !value.isEmpty else { return nil }
        guard value.unicodeScalars.count <= longest else {
            throw InvalidInput(name, "This parameter is longer than \(longest) characters.")
        }
        guard !value.contains("\0") else { throw InvalidInput(name, "This parameter holds a NUL character.") }
        guard !value.unicodeScalars.contains("\u{FFFD}") else {
            throw InvalidInput(name, "This parameter is not UTF-8.")
        }
        return String(value)
    }

    /// A parameter as forms and the libraries of clients write it, where `+` stands for a blank; it is itself in `query`, for
    /// times like `2025-08-01T09:30:00+08:00`.
    func formQuery(_ name: String, longest: Int) throws -> String? {
        guard try query(name, longest: longest) != nil else { return nil }
        let stated = (uri.query ?? "").split(separator: "&").first { $0.hasPrefix("\(name)=") }
        return stated?.dropFirst(name.utf8.count + 1).replacing("+", with: " ").removingPercentEncoding
    }

    /// What a person searches for.
    func searchText() throws -> String? { try query("q", longest: 100) }

    func wholeNumber(_ name: String) throws -> Int? {
        guard let text = try query(name) else { return nil }
        guard let number = Int(text), abs(number) <= 1_000_000_000 else {
            throw InvalidInput(name, "'\(text)' is not a whole number of a usable size.")
        }
        return number
    }

    func truth(_ name: String) throws -> Bool {
        switch try query(name) {
        case nil, "false", "0": false
        case "true", "1": true
        case let other?: throw InvalidInput(name, "'\(other)' is neither true nor false.")
        }
    }

    /// Whether CSV is asked for, where JSON is the other form.
    func wantsTable() throws -> Bool { try tableFormat(of: [.json, .csv]) == .csv }

    /// The form that is asked for, of those that there are: the parameter `format` decides, for those whose links cannot carry
    /// headers; without it, the first that Accept names; else JSON.
    func tableFormat(of offered: [TableFormat] = TableFormat.allCases) throws -> TableFormat {
        guard let stated = try query("format") else {
            let accepted = (headers[.accept] ?? "").lowercased().split(separator: ",").map { range in
                range.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
            }
            return accepted.lazy.compactMap { type in offered.first { $0.mediaType == type } }.first ?? .json
        }
        guard let format = offered.first(where: { $0.rawValue == stated }) else {
            let known = offered.map(\.rawValue).joined(separator: ", ")
            throw InvalidInput("format", "'\(stated)' is not one of \(known).")
        }
        return format
    }

    /// A time such as `2025-08-01`, which is that day's beginning in UTC, or `2025-08-01T09:30:00+08:00`.
    func time(_ name: String) throws -> Date? {
        guard let text = try query(name) else { return nil }
        return try parsedTime(text, field: name)
    }

    /// The beginning of a day such as `2025-08-01` in the time of Beijing, by which days of the law are counted.
    func legalDay(_ name: String) throws -> Date? {
        guard let text = try query(name) else { return nil }
        guard text.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil else {
            throw InvalidInput(name, "'\(text.prefix(60))' is not a day like 2025-08-01.")
        }
        return try parsedTime("\(text)T00:00:00+08:00", field: name)
    }

    /// The end of such a day, or a time.
    func dayEnd(_ name: String) throws -> Date? {
        let isDay = try query(name)?.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil
        return isDay ? try legalDay(name)?.addingTimeInterval(86_400) : try time(name)
    }

    /// A body of JSON, as it came and as a value.
    /// - Throws: 415 when it is of another type, or in another encoding than UTF-8; `InvalidInput` of `parsedJSON`.
    func json(limit: Int) async throws -> (body: [UInt8], value: Any) {
        let body = try await jsonBytes(limit: limit)
        return (body, try parsedJSON(body))
    }

    /// A body that is said to be JSON, unread.
    /// - Throws: 415 when it is of another type, or in another encoding than UTF-8.
    func jsonBytes(limit: Int) async throws -> [UInt8] {
        try requireJSON()
        return Array(try await body.collect(upTo: limit).readableBytesView)
    }

    private func requireJSON() throws {
        guard let header = headers[.contentType]?.lowercased(), header != "application/json" else { return }
        let parts = header.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }?.dropFirst(8).filter { $0 != "\"" }
        guard parts.first == "application/json", charset == nil || charset == "utf-8" else {
            throw HTTPError(.unsupportedMediaType)
        }
    }

    /// The members of a JSON object, and its one spelling, by which a repeat is known: a client that tries again may send
    /// the members in another order.
    /// - Throws: `InvalidInput` on malformed JSON, or on a member that is not expected.
    func jsonObject(allowing members: Set<String>, limit: Int) async throws -> (
        spelling: [UInt8], object: [String: Any]
    ) {
        let (text, value) = try await json(limit: limit)
        guard let object = value as? [String: Any] else {
            throw InvalidInput("body", "The body must be a JSON object.")
        }
        if let unknown = object.keys.sorted().first(where: { !members.contains($0) }) {
            throw InvalidInput(
                String(unknown.prefix(100)), "No such member; this takes \(members.sorted().joined(separator: ", ")).")
        }
        return (oneSpelling(ofJSON: text), object)
    }
}

/// A required text member of a JSON object.
func requiredText(_ name: String, in object: [String: Any], limit: Int = 200) throws -> String {
    guard let value = object[name], !(value is NSNull) else { throw InvalidInput(name, "This member is missing.") }
    guard let text = value as? String else { throw InvalidInput(name, "This member must be a text.") }
    guard !text.unicodeScalars.allSatisfy(CharacterSet.whitespacesAndNewlines.contains) else {
        throw InvalidInput(name, "This member is empty.")
    }
    guard text.utf8.count <= limit else { throw InvalidInput(name, "This member is longer than \(limit) bytes.") }
    guard !text.contains("\0") else { throw InvalidInput(name, "This member holds a NUL character.") }
    return text
}

extension MarketContext {
    func code(_ name: String = "code") throws -> String {
        guard let text = try parameters.require(name).removingPercentEncoding else {
            throw InvalidInput(name, "This part of the address is not UTF-8.")
        }
        return text
    }

    /// An id in the path. What is no UUID is the id of nothing.
    func id(_ name: String = "id", orElse refusal: some MarketplaceError) throws -> UUID {
        guard let id = UUID(uuidString: try parameters.require(name)) else { throw refusal }
        return id
    }
}

/// The forms in which figures and lists are answered.
enum TableFormat: String, CaseIterable {
    case json, csv, xlsx, parquet

    var mediaType: String {
        switch self {
        case .json: "application/json"
        case .csv: "text/csv"
        case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .parquet: "application/vnd.apache.parquet"
        }
    }
}
