import Foundation

/// A meter as an administrator, or the operator of a product, asks for it.
public struct NewMeter: Sendable {
    let code: String
    let titleZH: String
    let titleEN: String
    let unit: String
    let eventType: String
    let aggregation: Meter.Aggregation
    let value: String?
    let scale: Int
    let dimensions: [String]
    /// The code of the product whose events count; nil: those of all.
    let product: String?
    let hoursAccepted: Int

    /// As long as the meters that come with the market.
    private static let usualHours = 35 * 24
    /// A year: bills are corrected no longer, and months are archived after longer.
    private static let mostHours = 366 * 24
    static let longestAccepted = TimeInterval(mostHours * 3600)
    static let mostDimensions = 5

    /// - Throws: `InvalidInput` that names the member.
    public init(
        code: String, titleZH: String, titleEN: String, unit: String, eventType: String, aggregation: String,
        value: String?, scale: Int?, dimensions: [String]?, product: String?, hoursAccepted: Int?
    ) throws {
        guard code.wholeMatch(of: /[a-z][a-z0-9_]{0,39}/) != nil else {
            throw InvalidInput("code", "A code has 1 to 40 of a-z, 0-9 and _, and begins with a letter.")
        }
        guard let aggregation = Meter.Aggregation(rawValue: aggregation) else {
            let known = Meter.Aggregation.allCases.map(\.rawValue).sorted().joined(separator: ", ")
            throw InvalidInput("aggregation", "This is one of \(known).")
        }
        guard (aggregation == .count) == (value == nil) else {
            throw InvalidInput("value", "A count counts events and names no member of their data; all others name one.")
        }
        let (scale, dimensions) = (scale ?? 0, dimensions ?? [])
        guard (0...6).contains(scale) else {
            throw InvalidInput("scale", "Values have 0 to 6 digits behind the point.")
        }
        for (name, field) in [(value, "value")] + dimensions.enumerated().map({ ($1, "dimensions[\($0)]") }) {
            guard name.map({ $0.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,99}/) != nil }) ?? true else {
                throw InvalidInput(field, "The name of a member has 1 to 100 of A-Z, a-z, 0-9 and _.")
            }
        }
        guard dimensions.count <= Self.mostDimensions, Set(dimensions).count == dimensions.count else {
            throw InvalidInput("dimensions", "A meter has at most \(Self.mostDimensions) dimensions, each once.")
        }
        guard (1...Self.mostHours).contains(hoursAccepted ?? 1) else {
            throw InvalidInput("accepted_for_hours", "Events are taken for 1 to \(Self.mostHours) hours.")
        }
        guard eventType.unicodeScalars.count <= 100 else {
            throw InvalidInput("event_type", "A type has at most 100 characters.")
        }
        (self.code, self.titleZH, self.titleEN, self.unit) = (code, titleZH, titleEN, unit)
        (self.eventType, self.aggregation, self.value, self.scale) = (eventType, aggregation, value, scale)
        (self.dimensions, self.product) = (dimensions, product)
        self.hoursAccepted = hoursAccepted ?? Self.usualHours
    }
}
