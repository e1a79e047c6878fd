/// What is wrong with one entry of a catalogue, in words for the officer and without personal data.
public struct CatalogueProblem: Sendable, Hashable, Codable {
    /// Refused: the entry did not land. Noted: it landed, and something was dropped or changed.
    public enum Severity: String, Sendable, Codable { case refused, noted }

    public enum Reason: String, Sendable, Codable, CaseIterable {
        case missingTitle = "missing_title", missingIdentifier = "missing_identifier"
        case duplicateIdentifier = "duplicate_identifier", impossibleDate = "impossible_date"
        case malformedEntry = "malformed_entry", unreadableDate = "unreadable_date", htmlReduced = "html_reduced"
        case missingDescription = "missing_description", missingPublisher = "missing_publisher"
        case malformedAddress = "malformed_address", controlCharacters = "control_characters"
        case malformedText = "malformed_text", textTooLong = "text_too_long", entryTooLarge = "entry_too_large"
        case keptByAdministration = "kept_by_administration"
        case duplicateContent = "duplicate_content", duplicateOfSource = "duplicate_of_source"
        case missingBasis = "missing_basis", unknownValue = "unknown_value"
    }

    public var position: Int
    public var line: Int?
    public var identifier: String?
    public var severity: Severity
    public var reason: Reason
    public var field: String?
    public var message: String
    /// The identifier in the file, or the code of the directory entry, of what the entry duplicates.
    public var duplicateOf: String?

    enum CodingKeys: String, CodingKey {
        case position, line, identifier, severity, reason, field, message
        case duplicateOf = "duplicate_of"
    }
}

/// A catalogue's format, by the name it is asked for with.
public enum CatalogueFormat: String, Sendable, CaseIterable, Codable {
    case projectOpenData = "data.json", turtle, rdfXML = "rdf", jsonLD = "jsonld", nTriples = "nt", csv, ckan
}

/// A file that cannot be read at all.
public struct CatalogueUnreadable: Error, Sendable {
    public enum Reason: String, Sendable {
        case empty, notUTF8 = "not_utf8", truncated, wrongFormat = "wrong_format", tooLarge = "too_large"
        case corruptCompression = "corrupt_compression", missing
    }

    public let reason: Reason
    public let message: String
    public let line: Int?
    public let byteOffset: Int?

    init(_ reason: Reason, _ message: String, line: Int? = nil, byteOffset: Int? = nil) {
        self.reason = reason
        self.message = message
        self.line = line
        self.byteOffset = byteOffset
    }
}
