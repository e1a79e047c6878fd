import Foundation

/// Delta Sharing's predicates in JSON, held against the statistics of a part. What is not understood may hold.
public struct JSONPredicate: Sendable {
    private let tree: JSONTree

    /// - Throws: `InvalidInput` when it is no JSON.
    public init(_ text: String) throws {
        do { tree = try JSONTree(json: Array(text.utf8)) } catch let error as NotCanonical {
            throw InvalidInput("jsonPredicateHints", "The predicate is no JSON: \(error.description).")
        }
    }

    /// Whether a part with these statistics can hold a row of the predicate.
    func mayHold(_ statistics: JSONTree) -> Bool { Self.mayHold(tree, statistics) }

    private static func mayHold(_ node: JSONTree, _ statistics: JSONTree) -> Bool {
        let children = node["children"]?.list ?? []
        switch node["op"]?.text {
        case "and": return children.allSatisfy { mayHold($0, statistics) }
        case "or": return children.isEmpty || children.contains { mayHold($0, statistics) }
        case "isNull":
            guard let column = children.first?["name"]?.text, let nulls = statistics["nullCount"]?[column]?.number
            else { return true }
            return nulls > 0
        case "equal", "lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual":
            return mayHold(node["op"]?.text ?? "", children, statistics)
        default: return true
        }
    }

    private static func mayHold(_ operation: String, _ sides: [JSONTree], _ statistics: JSONTree) -> Bool {
        guard sides.count == 2 else { return true }
        let isTurned = sides[0]["op"]?.text == "literal"
        let (column, literal) = isTurned ? (sides[1], sides[0]) : (sides[0], sides[1])
        guard column["op"]?.text == "column", literal["op"]?.text == "literal", let name = column["name"]?.text,
            let value = literal["value"]?.text, let least = statistics["minValues"]?[name],
            let most = statistics["maxValues"]?[name],
            let isBelow = order(value, least, type: literal["valueType"]?.text),
            let isAbove = order(value, most, type: literal["valueType"]?.text)
        else { return true }
        switch (operation, isTurned) {
        case ("equal", _): return isBelow >= 0 && isAbove <= 0
        case ("lessThan", false), ("greaterThan", true): return isBelow > 0
        case ("lessThanOrEqual", false), ("greaterThanOrEqual", true): return isBelow >= 0
        case ("greaterThan", false), ("lessThan", true): return isAbove < 0
        default: return isAbove <= 0
        }
    }

    /// Less than 0, 0 or more: how a literal stands to a value of the statistics; nil: they cannot be compared.
    private static func order(_ literal: String, _ value: JSONTree, type: String?) -> Int? {
        switch (type, value) {
        case ("int", .number(let spelling)), ("long", .number(let spelling)), ("float", .number(let spelling)),
            ("double", .number(let spelling)):
            guard let one = Double(literal), let other = Double(spelling) else { return nil }
            return one < other ? -1 : one == other ? 0 : 1
        case ("string", .text(let text)), ("date", .text(let text)):
            return literal.utf8.lexicographicallyPrecedes(text.utf8) ? -1 : literal == text ? 0 : 1
        default: return nil
        }
    }
}
