/// An amount in whole minor units (分 for CNY) of a currency.
public struct Money: Sendable, Hashable, Codable {
    public let minorUnits: Int64
    public let currency: String

    enum CodingKeys: String, CodingKey {
        case minorUnits = "minor_units"
        case currency
    }

    public init(minorUnits: Int64, currency: String) {
        self.minorUnits = minorUnits
        self.currency = currency
    }
}
