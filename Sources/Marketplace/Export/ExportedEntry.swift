/// What an export says of one directory entry, as PostgreSQL answers it.
struct ExportedEntry: Decodable, Sendable {
    struct Document: Decodable, Sendable {
        let titles: [TaggedText]
        let descriptions: [TaggedText]?
        let publisher: CatalogueParty?
        let contact: CatalogueParty?
        let keywords: [String]?
        let themes: [String]?
        let updateFrequency, issued, modified, language, licence, landingPage, accessLevel, spatial: String?
        let distributions: [CatalogueDistribution]?
        let items: [Item]?
        let sharingClass, sharingBasis, grade, receivedFrom: String?
        let classification, format, sharingMode, openAttribute: String?
        let related: [String]?
        let personalInformation: Bool?
        let conditions: [StatedCondition]?
    }

    struct Item: Decodable, Sendable { let name, type, description: String? }

    struct StatedCondition: Decodable, Sendable {
        let kind: String
        let value: Condition.Value?
        let basis: String?
    }

    let code, source, identifier: String
    let version: Int
    let since, firstRecordedAt, recordedAt: String
    let document: Document
    let publisherParty: String?
    let responsible: [ExportedResponsibility]
}

/// A party in a role for an entry or product.
struct ExportedResponsibility: Decodable, Sendable {
    let role: String
    let party: ExportedParty
    let since: String
    let until: String?
    let basis: String
}

struct ExportedParty: Decodable, Sendable {
    let code, name: String
    let nameZh, nameEn: String?

    enum CodingKeys: String, CodingKey {
        case code, name
        case nameZh = "name_zh"
        case nameEn = "name_en"
    }
}
