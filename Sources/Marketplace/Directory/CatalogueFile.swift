/// What a version of an entry says: all of the catalogue's entry but its place in the file and its identifier.
struct EntryDocument: Encodable {
    let titles: [TaggedText]
    let descriptions: [TaggedText]
    let publisher: CatalogueParty?
    let contact: CatalogueParty?
    let keywords: [String]
    let themes: [String]
    let updateFrequency: String?
    let issued: String?
    let modified: String?
    let language: String?
    let licence: String?
    let landingPage: String?
    let accessLevel: String?
    let spatial: String?
    let items: [CatalogueItem]
    let distributions: [CatalogueDistribution]
    let sharingClass: String?
    let sharingBasis: String?
    let grade: String?
    let personalInformation: Bool?
    let receivedFrom: String?
    let conditions: [CatalogueCondition]?

    init(_ entry: CatalogueEntry) {
        (titles, descriptions) = (entry.titles, entry.descriptions)
        (publisher, contact) = (entry.publisher, entry.contact)
        (keywords, themes, updateFrequency) = (entry.keywords, entry.themes, entry.updateFrequency)
        (issued, modified, language, licence) = (entry.issued, entry.modified, entry.language, entry.licence)
        (landingPage, accessLevel, spatial) = (entry.landingPage, entry.accessLevel, entry.spatial)
        (items, distributions) = (entry.items, entry.distributions)
        (sharingClass, sharingBasis, grade) = (entry.sharingClass, entry.sharingBasis, entry.grade)
        (personalInformation, receivedFrom) = (entry.personalInformation, entry.receivedFrom)
        conditions = entry.conditions.isEmpty ? nil : entry.conditions
    }
}
