import Foundation

/// An amount in whole minor units (分 for CNY) of a currency.
public struct Money: Sendable, Hashable, Codable {
    public let minorUnits: Int64
    public let currency: String

    enum CodingKeys: String, CodingKey {
        case minorUnits = "minor_units"
        case currency
    }

    /// Whether a code is one of ISO 4217.
    static func isCurrency(_ code: String) -> Bool {
        code.wholeMatch(of: /[A-Z]{3}/) != nil && Locale.Currency(code).isISOCurrency
    }

    public init(minorUnits: Int64, currency: String) {
        self.minorUnits = minorUnits
        self.currency = currency
    }
}
