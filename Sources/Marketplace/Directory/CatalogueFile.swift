/// What a version of an entry says: all of the catalogue's entry but its place in the file and its identifier.
public struct EntryDocument: Sendable, Hashable, Encodable {
    /// The first is the one to show.
    public var titles: [TaggedText] = []
    public var descriptions: [TaggedText] = []
    public var publisher: CatalogueParty?
    /// An organisation or function, never a person.
    public var contact: CatalogueParty?
    public var keywords: [String] = []
    public var themes: [String] = []
    public var updateFrequency: String?
    /// ISO 8601, a date or a time in UTC.
    public var issued: String?
    public var modified: String?
    public var language: String?
    public var licence: String?
    public var landingPage: String?
    public var accessLevel: String?
    public var spatial: String?
    public var items: [CatalogueItem] = []
    public var distributions: [CatalogueDistribution] = []
    /// unconditional, conditional or not_shared; nil when it is not stated.
    public var sharingClass: String?
    public var sharingBasis: String?
    /// core, important or general; nil when it is not stated.
    public var grade: String?
    public var personalInformation: Bool?
    /// The code of the department that provided the data by sharing; nil when it is the provider's own.
    public var receivedFrom: String?
    /// At least one, or nil.
    public var conditions: [CatalogueCondition]?
    public var classification: String?
    public var format: String?
    /// interface, batch_exchange or file_download; nil when it is not stated.
    public var sharingMode: String?
    /// open, conditional or not_open; nil when it is not stated.
    public var openAttribute: String?
    /// Codes of other entries; at least one, or nil.
    public var related: [String]?
}
