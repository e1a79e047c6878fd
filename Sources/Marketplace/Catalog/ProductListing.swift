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
        public var kind: String
        public var priceMinor: Int64
        public var currency: String
        public var title: Text
        public var purposes: [String]
        public var termDays: Int
        public var conditions: [Condition]?
        /// The code of the only enterprise that sees it and can accept it.
        public var reservedFor: String?

        enum CodingKeys: String, CodingKey {
            case code, kind, currency, title, purposes, conditions
            case priceMinor = "price_minor"
            case termDays = "term_days"
            case reservedFor = "reserved_for"
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
        case code, title, description, kind, table, source, columns, offers, entries, credentials, assessment
        case useClass = "use_class"
        case entryTitles = "entry_titles"
        case entryBasis = "entry_basis"
    }
}
