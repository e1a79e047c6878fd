/// What a refusal means to the one who asked; one middleware turns it into a status.
public enum RefusalCode: String, Sendable {
    /// A request that cannot be right, and one that is well-formed but against the rules of what it is about.
    case invalid, unprocessable
    /// An Idempotency-Key that came before with another body.
    case keyReused = "idempotency_key_reused"
    case unauthorized, forbidden, notFound = "not_found", conflict, tooLarge = "too_large"
    case tooMany = "too_many", unavailable
}

/// A refusal with a code, a sentence for the person, and the field it is about. Each feature has its own closed enum.
public protocol MarketplaceError: Error, Sendable {
    var code: RefusalCode { get }
    var message: String { get }
    /// The place in the input, such as `purpose` or `titles[0]`; nil when it is not about one field.
    var field: String? { get }
    /// All that is wrong with the input, where it was checked as a whole.
    var problems: [FieldProblem] { get }
}

extension MarketplaceError {
    public var field: String? { nil }
    public var problems: [FieldProblem] { [] }
}

/// What is wrong with one field of an input.
public struct FieldProblem: Sendable, Hashable, Codable {
    /// Its place, such as `items[2].name`.
    public let field: String
    public let reason: String

    public init(_ field: String, _ reason: String) {
        self.field = field
        self.reason = reason
    }
}

/// Input that was checked as a whole and cannot be right in at least one field.
public struct InvalidFields: MarketplaceError {
    public let code = RefusalCode.invalid
    public let problems: [FieldProblem]

    public init(_ problems: [FieldProblem]) {
        self.problems = problems
    }

    public var field: String? { problems.first?.field }
    public var message: String { problems.map { "\($0.field): \($0.reason)" }.joined(separator: " ") }
}

/// Input that cannot be right, whatever the market holds.
public struct InvalidInput: MarketplaceError {
    public let code = RefusalCode.invalid
    public let field: String?
    public let message: String

    public init(_ field: String?, _ message: String) {
        self.field = field
        self.message = message
    }
}
