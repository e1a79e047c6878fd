/// What a refusal means to the one who asked; one middleware turns it into a status.
public enum RefusalCode: String, Sendable {
    case invalid, unauthorized, forbidden, notFound = "not_found", conflict, tooLarge = "too_large"
    case tooMany = "too_many", unavailable
}

/// A refusal with a code, a sentence for the person, and the field it is about. Each feature has its own closed enum.
public protocol MarketplaceError: Error, Sendable {
    var code: RefusalCode { get }
    var message: String { get }
    /// The place in the input, such as `purpose` or `titles[0]`; nil when it is not about one field.
    var field: String? { get }
    /// Every reason, when there may be several at once.
    var reasons: [String] { get }
}

extension MarketplaceError {
    public var field: String? { nil }
    public var reasons: [String] { [] }
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
