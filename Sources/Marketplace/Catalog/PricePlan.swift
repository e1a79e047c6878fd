import Foundation

/// The parts of a price plan that an offer states: prices of use in tiers, and quotas.
extension ProductListing.Offer {
    /// What use of a meter costs, in minor units without tax.
    public struct UsagePrice: Sendable, Codable {
        public var meter: String
        /// per_unit, graduated, volume or package.
        public var mode: String
        /// Units in a package; only for the mode package.
        public var packageSize: Decimal?
        public var tiers: [Tier]

        enum CodingKeys: String, CodingKey {
            case meter, mode, tiers
            case packageSize = "package_size"
        }
    }

    /// A tier holds quantities above `above`, up to and with the beginning of the next.
    public struct Tier: Sendable, Codable {
        public var above: Decimal
        public var unitPrice: Decimal
        /// For entering the tier.
        public var flatMinor: Int64?

        enum CodingKeys: String, CodingKey {
            case above
            case unitPrice = "unit_price"
            case flatMinor = "flat_minor"
        }
    }

    /// How much is granted of a meter, for the whole term or in a period that comes again.
    public struct Quota: Sendable, Codable {
        public var meter: String
        public var quantity: Decimal
        /// Whether it is the trial's.
        public var trial: Bool?
        /// day, month, quarter or year; absent: the whole term.
        public var period: String?
        /// Hard, when absent.
        public var hard: Bool?
        public var carryOver: Decimal?

        enum CodingKeys: String, CodingKey {
            case meter, quantity, trial, period, hard
            case carryOver = "carry_over"
        }
    }

    var isPeriodic: Bool { ["subscription", "metered", "combined"].contains(kind) }
}
