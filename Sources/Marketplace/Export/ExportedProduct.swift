/// What an export says of one product, as PostgreSQL answers it.
struct ExportedProduct: Decodable, Sendable {
    struct Revision: Decodable, Sendable {
        let number, bytes: Int
        let fileName, mediaType, sha256, publishedAt: String
        let source: ProductListing.Source
        let columns: [ProductListing.Column]
        let entries: [SourceEntry]
    }

    /// The exact version of an entry that a revision was made of.
    struct SourceEntry: Decodable, Sendable {
        let code: String
        let version: Int
        let title, recordedAt: String
    }

    struct Offer: Decodable, Sendable {
        let code, titleZh, titleEn, kind, currency: String
        let priceMinor: Int64
        let conditions: [ExportedEntry.StatedCondition]
        let termDays: Int
        let billingPeriod: String?
        let usage: [UsageTier]
    }

    /// What a unit, or a package of units, costs above a quantity in a billing period, in whole units of the currency.
    struct UsageTier: Decodable, Sendable {
        let meter, mode, above, price: String
        let packageSize: String?
    }

    let code, titleZh, titleEn, descriptionZh, descriptionEn, kind, useClass, listedAt: String
    let revisions: [Revision]
    let offers: [Offer]
    let responsible: [ExportedResponsibility]
}

/// Who administers the directory, and when it was last changed by an import.
struct ExportedAdministration: Decodable, Sendable {
    let party: ExportedParty
    let modified: String
}
