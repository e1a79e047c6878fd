/// A text and the language it is tagged with.
public struct TaggedText: Sendable, Hashable, Codable {
    public var text: String
    public var language: String?
}

/// An organisation as a catalogue names it.
public struct CatalogueParty: Sendable, Hashable, Codable {
    public var name: String
    /// A URI, or a code such as 380120000J.
    public var identifier: String?
    public var parentName: String?
}

/// Where the data of an entry can be had.
public struct CatalogueDistribution: Sendable, Hashable, Codable {
    public var title: String?
    public var format: String?
    public var mediaType: String?
    public var accessURL: String?
    public var downloadURL: String?
}

/// One dataset of a catalogue, in plain text and without persons.
public struct CatalogueEntry: Sendable, Hashable, Codable {
    /// Unique in its source.
    public var identifier: String
    /// Counted from 1 in the file: datasets, or records of a CSV without its header.
    public var position: Int
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
    public var columns: [String] = []
    public var distributions: [CatalogueDistribution] = []

    init(identifier: String, position: Int) {
        self.identifier = identifier
        self.position = position
    }
}
