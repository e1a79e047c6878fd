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

/// A column of the data: what it is called, its type, and what it means.
public struct CatalogueItem: Sendable, Hashable, Codable {
    public var name: String
    public var type: String?
    public var description: String?
}

/// A condition under which the data may be used, and the law it rests on.
public struct CatalogueCondition: Sendable, Hashable, Codable {
    public var kind: String
    public var value: Value
    public var basis: String?

    /// Codes or texts, one word, or a number of days, by the kind.
    public enum Value: Sendable, Hashable, Codable {
        case texts([String])
        case text(String)
        case number(Int)

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let texts = try? container.decode([String].self) {
                self = .texts(texts)
            } else if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .texts(let texts): try container.encode(texts)
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            }
        }
    }
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
    public var items: [CatalogueItem] = []
    /// unconditional, conditional or not_shared; nil when it is not stated.
    public var sharingClass: String?
    public var sharingBasis: String?
    /// core, important or general; nil when it is not stated.
    public var grade: String?
    public var personalInformation: Bool?
    /// The code of the department that provided the data by sharing; nil when it is the provider's own.
    public var receivedFrom: String?
    public var conditions: [CatalogueCondition] = []
    public var distributions: [CatalogueDistribution] = []

    init(identifier: String, position: Int) {
        self.identifier = identifier
        self.position = position
    }
}
