import Foundation
import Postgres

/// What is counted of reported events, and how it adds up.
struct Meter: Sendable {
    enum Aggregation: String, Sendable, CaseIterable {
        case sum, count, average, minimum, maximum, latest
        case uniqueCount = "unique_count"
    }

    let code: String
    let eventType: String
    /// Nil: of every product.
    let product: UUID?
    let aggregation: Aggregation
    /// The member of the data that is counted; nil when events are.
    let value: String?
    /// What an event counts that states no value, and the least that one may state; nil: it must be stated, 0 or more.
    let least: Int?
    /// How many digits a value may have behind the point.
    let scale: Int
    let dimensions: [String]
    let acceptedFor: TimeInterval

    /// What a meter counts of one event.
    struct Count: Sendable {
        let meter: String
        let quantity: Decimal
        /// The quantity as text.
        let written: String
        /// Of a meter of unique values: which one.
        let value: String
        /// As JSON; nil: none.
        let dimensions: String?
        /// Where the quantity stands in the event.
        let field: String
    }

    private static let largest: Decimal = 1_000_000_000_000_000
    /// Of a dimension and of a unique value, in UTF-8: they stand in keys.
    private static let longest = 200

    /// - Throws: `UsageRefusal` that names the member.
    func count(_ data: ScannedJSON.Value?) throws(UsageRefusal) -> Count {
        let dimensions = try dimensionsJSON(data)
        let field = value.map { "data.\($0)" } ?? "data"
        guard let value else {
            return Count(
                meter: code, quantity: 1, written: "1", value: "", dimensions: dimensions, field: field)
        }
        let stated = data?[value].flatMap { $0.isNull ? nil : $0 }
        if aggregation == .uniqueCount {
            guard let stated else {
                throw UsageRefusal(.invalid, field, "The meter \(code) counts this; it is missing.")
            }
            let text = try text(of: stated, field)
            return Count(
                meter: code, quantity: 1, written: "1", value: text, dimensions: dimensions, field: field)
        }
        guard let stated else {
            guard let least else {
                throw UsageRefusal(.invalid, field, "The meter \(code) counts this; it is missing.")
            }
            return Count(
                meter: code, quantity: Decimal(least), written: String(least), value: "", dimensions: dimensions,
                field: field)
        }
        guard let (quantity, written) = Self.decimal(stated), quantity >= Decimal(least ?? 0), quantity <= Self.largest,
            quantity.isWhole(behind: scale)
        else {
            let kind = scale == 0 ? "a whole number" : "a number with at most \(scale) digits behind the point"
            throw UsageRefusal(.invalid, field, "This is \(kind) from \(least ?? 0) to \(Self.largest).")
        }
        return Count(
            meter: code, quantity: quantity, written: written, value: "", dimensions: dimensions, field: field)
    }

    private static func decimal(_ value: ScannedJSON.Value) -> (number: Decimal, written: String)? {
        guard let spelling = value.number else { return nil }
        // Nearly all are, and a Decimal takes its time to become a text.
        if let whole = Int(spelling) { return (Decimal(whole), String(whole)) }
        guard let number = Decimal(string: spelling, locale: nil), number.isFinite else { return nil }
        return (number, "\(number)")
    }

    private func dimensionsJSON(_ data: ScannedJSON.Value?) throws(UsageRefusal) -> String? {
        guard !dimensions.isEmpty, let data else { return nil }
        var members: [String] = []
        for name in dimensions {
            guard let value = data[name], !value.isNull else { continue }
            members.append("\(name.quotedAsJSON):\(try text(of: value, "data.\(name)").quotedAsJSON)")
        }
        return "{\(members.joined(separator: ","))}"
    }

    private func text(of value: ScannedJSON.Value, _ field: String) throws(UsageRefusal) -> String {
        guard let text = value.text ?? value.number ?? value.truth.map({ String($0) }) else {
            throw UsageRefusal(.invalid, field, "This is a text, a number, true or false.")
        }
        guard text.utf8.count <= Self.longest, !text.utf8.contains(0) else {
            throw UsageRefusal(.invalid, field, "This has at most \(Self.longest) bytes, none of them NUL.")
        }
        return text
    }
}

extension Decimal {
    /// Whether it has no more digits behind the point.
    fileprivate func isWhole(behind scale: Int) -> Bool {
        guard exponent < -scale else { return true }
        var (number, rounded) = (self, Decimal())
        NSDecimalRound(&rounded, &number, scale, .plain)
        return rounded == self
    }
}

extension Meter {
    init(row: inout Row) throws {
        code = try row.next(String.self)
        eventType = try row.next(String.self)
        product = try row.next(UUID?.self)
        aggregation = Aggregation(rawValue: try row.next(String.self)) ?? .sum
        value = try row.next(String?.self)
        least = try row.next(String?.self).flatMap { Int($0) }
        scale = try row.next(Int.self)
        dimensions = try row.next([String].self)
        acceptedFor = try row.next(Double.self)
    }
}
