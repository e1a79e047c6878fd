import Foundation

public enum WebhookDeliveryState: String, Sendable, CaseIterable { case pending, delivered, dead }

/// What a party wants of a webhook; members that are nil are left as they are.
public struct WebhookWish: Sendable {
    /// What a party can set; a webhook that answered 410 is `gone`.
    public enum State: String, Sendable, CaseIterable { case active, paused }

    public var url: String?
    public var description: String?
    /// `.some(nil)`: every type.
    public var types: [String]??
    public var state: State?

    public init(url: String? = nil, description: String? = nil, types: [String]?? = nil, state: State? = nil) {
        self.url = url
        self.description = description
        self.types = types
        self.state = state
    }

    func check(allowsInternal: Bool) throws {
        if let url { _ = try WebhookAddress(url, allowsInternal: allowsInternal) }
        if let description, description.utf8.count > 1_000 || description.contains("\0") {
            throw InvalidInput("description", "This member is longer than 1000 bytes, or holds a NUL character.")
        }
        if let types = types ?? nil { try Self.check(types) }
    }

    static func check(_ types: [String]) throws {
        guard (1...50).contains(types.count) else {
            throw InvalidInput(
                "types", "Name one to fifty types, or none by leaving the member out: then all are told.")
        }
        for (index, type) in types.enumerated() where type.wholeMatch(of: /[a-z]+\.[a-z_]+/) == nil {
            throw InvalidInput("types[\(index)]", "A type reads like purchase.active.")
        }
    }
}

/// Which ended deliveries are to be told again.
public struct WebhookReplay: Sendable {
    public var event: UUID?
    /// Of when it happened; the end is not part of it.
    public var from: Date?
    public var until: Date?
    public var types: [String]?

    public init(event: UUID? = nil, from: Date? = nil, until: Date? = nil, types: [String]? = nil) throws {
        if let types { try WebhookWish.check(types) }
        if let from, let until, until <= from { throw InvalidInput("until", "This is not after from.") }
        (self.event, self.from, self.until, self.types) = (event, from, until, types)
    }
}

public enum WebhookError: MarketplaceError {
    case unknown
    case unknownDelivery
    case tooMany

    public var code: RefusalCode {
        switch self {
        case .unknown, .unknownDelivery: .notFound
        case .tooMany: .conflict
        }
    }

    public var message: String {
        switch self {
        case .unknown: "Your organisation has no such webhook."
        case .unknownDelivery: "The webhook has no such delivery that has ended."
        case .tooMany: "Your organisation has twenty webhooks; delete one first."
        }
    }
}
