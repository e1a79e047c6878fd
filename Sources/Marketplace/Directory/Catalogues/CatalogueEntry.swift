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
    public var value: Condition.Value
    public var basis: String?
}

/// One dataset of a catalogue: what an entry says of it, and its place in the file.
@dynamicMemberLookup
public struct CatalogueEntry: Sendable, Hashable {
    /// Unique in its source.
    public var identifier: String
    /// Counted from 1 in the file: datasets, or records of a CSV without its header.
    public var position: Int
    public var document = EntryDocument()

    init(identifier: String, position: Int) {
        self.identifier = identifier
        self.position = position
    }

    public subscript<Member>(dynamicMember member: WritableKeyPath<EntryDocument, Member>) -> Member {
        get { document[keyPath: member] }
        set { document[keyPath: member] = newValue }
    }
}
