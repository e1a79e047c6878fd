import Foundation

/// A file to import and what is known about it.
public struct ImportRequest: Sendable {
    public var fileName: String
    public var content: CatalogueContent
    /// Groups the entries that come from one place; an entry is known by its source and its identifier there.
    public var source: String
    public var sourceTitle: String
    public var format: CatalogueFormat?
    public var dryRun: Bool
    /// The file is refused when more than this share of the source's entries in force would be withdrawn.
    public var maxWithdrawnShare: Double
    /// Whether a file that is the last one of its source again is read all the same.
    public var rereads = false

    /// - Parameter source: nil to make it from the file name: `us-cdc.data.json.gz` gives `US-CDC`.
    public init(
        fileName: String, bytes: [UInt8], source: String? = nil, sourceTitle: String? = nil,
        format: CatalogueFormat? = nil, dryRun: Bool = false, maxWithdrawnShare: Double = 0.2
    ) throws {
        try self.init(
            fileName: fileName, content: .bytes(bytes), source: source, sourceTitle: sourceTitle, format: format,
            dryRun: dryRun, maxWithdrawnShare: maxWithdrawnShare)
    }

    public init(
        fileName: String, content: CatalogueContent, source: String? = nil, sourceTitle: String? = nil,
        format: CatalogueFormat? = nil, dryRun: Bool = false, maxWithdrawnShare: Double = 0.2
    ) throws {
        let base = fileName.split(separator: "/").last.map(String.init) ?? fileName
        let code = (source ?? Self.stem(of: base)).uppercased()
        guard code.range(of: "^[A-Z0-9][A-Z0-9-]{0,39}$", options: .regularExpression) != nil else {
            throw InvalidInput("source", "A source's code is 1 to 40 letters, digits and hyphens; '\(code)' is not.")
        }
        guard (0...1).contains(maxWithdrawnShare) else {
            throw InvalidInput("max_withdrawn_share", "A share is a number from 0 to 1.")
        }
        self.fileName = base
        self.content = content
        self.source = code
        self.sourceTitle = sourceTitle ?? ""
        self.format = format
        self.dryRun = dryRun
        self.maxWithdrawnShare = maxWithdrawnShare
    }

    private static func stem(of name: String) -> String {
        var stem = name
        for ending in [
            ".gz", ".data.json", ".json", ".jsonld", ".jsonl", ".ndjson", ".ttl", ".rdf", ".xml", ".nt", ".csv",
        ]
        where stem.lowercased().hasSuffix(ending) { stem = String(stem.dropLast(ending.count)) }
        return stem
    }
}

/// What an import did, or would do.
public struct ImportReport: Sendable, Codable {
    /// As everywhere in lower case, which the coding of UUID is not; nil when nothing was changed.
    public var id: String?
    public var source: String
    public var file: String
    public var format: String
    public var dryRun: Bool
    public var added: Int
    public var changed: Int
    public var unchanged: Int
    public var withdrawn: Int
    public var refused: Int
    public var refusedByReason: [String: Int]
    public var notedByReason: [String: Int]
    /// Every refused entry, then the noted ones, at most a thousand in all; all of them are kept with the import.
    public var problems: [CatalogueProblem]

    enum CodingKeys: String, CodingKey {
        case id, source, file, format, added, changed, unchanged, withdrawn, refused, problems
        case dryRun = "dry_run"
        case refusedByReason = "refused_by_reason"
        case notedByReason = "noted_by_reason"
    }
}
