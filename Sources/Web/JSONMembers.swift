import Foundation
import Marketplace

/// The members of a JSON object, each read as what it must be; a refusal names the member.
struct JSONMembers {
    let object: [String: Any]

    func text(_ name: String, limit: Int = 200) throws -> String { try requiredText(name, in: object, limit: limit) }

    func optionalText(_ name: String, limit: Int = 200) throws -> String? {
        guard let value = object[name], !(value is NSNull) else { return nil }
        return try requiredText(name, in: object, limit: limit)
    }

    func optionalWholeNumber(_ name: String) throws -> Int? {
        guard let value = object[name], !(value is NSNull) else { return nil }
        guard let number = value as? NSNumber, !Self.isTruth(number),
            let whole = Int(exactly: number.doubleValue), abs(whole) <= 1_000_000_000
        else { throw InvalidInput(name, "This member must be a whole number of a usable size.") }
        return whole
    }

    /// A time such as `2025-08-01` or `2025-08-01T09:30:00+08:00`.
    func optionalTime(_ name: String) throws -> Date? {
        try optionalText(name).map { try parsedTime($0, field: name) }
    }

    /// Up to fifty texts.
    func optionalTexts(_ name: String) throws -> [String]? {
        guard let value = object[name], !(value is NSNull) else { return nil }
        guard let list = value as? [Any], list.count <= 50 else {
            throw InvalidInput(name, "This member must be an array of at most 50 texts.")
        }
        return try list.enumerated().map { try requiredText("\(name)[\($0)]", in: ["\(name)[\($0)]": $1]) }
    }

    /// A list of 1 to so many objects, each with its place as the fields of a refusal name it.
    /// - Throws: also on a member of one that is not expected.
    func objects(_ name: String, atMost most: Int, allowing members: Set<String>) throws -> [JSONMembers] {
        guard let list = object[name] as? [Any], (1...most).contains(list.count) else {
            throw InvalidInput(name, "This member must be an array of 1 to \(most) objects.")
        }
        return try list.enumerated().map { place, item in
            let field = "\(name)[\(place)]"
            guard let object = item as? [String: Any] else { throw InvalidInput(field, "This must be an object.") }
            if let unknown = object.keys.sorted().first(where: { !members.contains($0) }) {
                throw InvalidInput(
                    "\(field).\(unknown.prefix(100))",
                    "No such member; this takes \(members.sorted().joined(separator: ", ")).")
            }
            return JSONMembers(object: object)
        }
    }

    /// A decimal number, as JSON writes it or as a text, unrounded as far as it was a text.
    func decimal(_ name: String) throws -> String {
        if let number = object[name] as? NSNumber, !Self.isTruth(number) { return number.stringValue }
        return try text(name)
    }

    /// An amount in minor units. - Throws: also when it is too large to be held exactly.
    func optionalAmount(_ name: String) throws -> Int64? {
        guard let value = object[name], !(value is NSNull) else { return nil }
        guard let number = value as? NSNumber, !Self.isTruth(number), let whole = Int64(exactly: number.doubleValue),
            abs(whole) < 1 << 53
        else { throw InvalidInput(name, "This member must be a whole number of minor units, below 2^53.") }
        return whole
    }

    func optionalDecimal(_ name: String) throws -> Decimal? {
        guard let value = object[name], !(value is NSNull) else { return nil }
        guard let number = value as? NSNumber, !Self.isTruth(number), number.doubleValue.isFinite else {
            throw InvalidInput(name, "This member must be a number.")
        }
        return Decimal(string: number.stringValue)
    }

    func wholeNumber(_ name: String) throws -> Int {
        guard let number = try optionalWholeNumber(name) else { throw InvalidInput(name, "This member is missing.") }
        return number
    }

    func truth(_ name: String) throws -> Bool {
        guard let value = object[name], !(value is NSNull) else { return false }
        guard let number = value as? NSNumber, Self.isTruth(number), let truth = value as? Bool else {
            throw InvalidInput(name, "This member must be true or false.")
        }
        return truth
    }

    /// `true` and `1` both arrive as numbers; only the type that they were made from tells them apart.
    private static func isTruth(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
