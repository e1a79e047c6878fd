import Foundation

/// What an operator states to list a product.
public struct ProductListing: Sendable, Codable {
    public struct Text: Sendable, Codable {
        public var zh: String
        public var en: String
    }

    public struct Column: Sendable, Codable {
        public var name: String
        public var type: String
        public var zh: String
        public var en: String
        /// Whether its values are personal information, which neither profile nor sample shows.
        public var personal: Bool?
        /// Whether every row has a value, and whether no two rows have the same.
        public var required: Bool?
        public var unique: Bool?
        public var minimum: ColumnBound?
        public var maximum: ColumnBound?
        /// The only values there are.
        public var values: [String]?
    }

    public struct Source: Sendable, Codable {
        public var title: String
        public var url: String
        public var commit: String?
        public var licence: String?
    }

    /// A directory entry by code, in a version; without one, the version in force.
    public struct Entry: Sendable, Codable {
        public var code: String
        public var version: Int?
    }

    /// A credential that is applied for, with its issuer's code.
    public struct Credential: Sendable, Codable {
        public var kind: String
        public var issuer: String

        public init(kind: String, issuer: String) {
            self.kind = kind
            self.issuer = issuer
        }
    }

    public struct Offer: Sendable, Codable {
        public var code: String
        /// free, one_off, subscription, metered or combined.
        public var kind: String
        /// The fixed part without tax: once, or for each billing period; 0 for free and metered.
        public var priceMinor: Int64
        public var currency: String
        public var title: Text
        public var purposes: [String]
        public var termDays: Int
        public var conditions: [Condition]?
        /// The code of the only enterprise that sees it and can accept it.
        public var reservedFor: String?
        /// month, quarter or year; for what is not paid once.
        public var billingPeriod: String?
        public var usage: [UsagePrice]?
        /// What a billing period costs at least and at most, without tax.
        public var minimumMinor: Int64?
        public var maximumMinor: Int64?
        /// A fraction, such as 0.06, which it is when absent.
        public var vatRate: Decimal?
        public var trialDays: Int?
        public var quotas: [Quota]?
        /// Until when it can be accepted.
        public var offeredUntil: String?
        /// How many purchases it allows.
        public var places: Int?
        /// Who decides on a request to buy: automatic (when absent), operator or operator_and_provider.
        public var approval: String?
        /// The code of the standing offer of the product that this one takes the place of.
        public var replaces: String?

        enum CodingKeys: String, CodingKey {
            case code, kind, currency, title, purposes, conditions, usage, quotas, places, approval, replaces
            case priceMinor = "price_minor"
            case termDays = "term_days"
            case reservedFor = "reserved_for"
            case billingPeriod = "billing_period"
            case minimumMinor = "minimum_minor"
            case maximumMinor = "maximum_minor"
            case vatRate = "vat_rate"
            case trialDays = "trial_days"
            case offeredUntil = "offered_until"
        }
    }

    public var code: String
    public var title: Text
    public var description: Text
    public var kind: String
    public var useClass: String
    public var table: String
    public var source: Source
    public var columns: [Column]
    /// Columns that together name a row.
    public var keys: [String]?
    /// How copies are marked: none, name or order; none when absent.
    public var watermark: String?
    /// Directory entries by title, in force now; for the demonstration, which does not know the codes.
    public var entryTitles: [String]?
    /// On what ground the product is said to be made of its entries; the operator's word when left out.
    public var entryBasis: String?
    public var entries: [Entry]?
    public var offers: [Offer]
    public var credentials: [Credential]?
    /// Reference of the assessment of the impact on personal information.
    public var assessment: String?

    enum CodingKeys: String, CodingKey {
        case code, title, description, kind, table, source, columns, keys, watermark, offers, entries, credentials
        case assessment
        case useClass = "use_class"
        case entryTitles = "entry_titles"
        case entryBasis = "entry_basis"
    }
}
