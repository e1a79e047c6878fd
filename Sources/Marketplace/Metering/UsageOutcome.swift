import Foundation

/// What became of a reported use.
public enum UsageOutcome: Sendable, Equatable {
    /// It was counted now, or with an earlier report of the same event, as this usage event.
    case counted(UUID), repeated(UUID)
    case refused(UsageRefusal)
}

/// Why a reported use is not counted.
public struct UsageRefusal: MarketplaceError, Equatable {
    public let code: RefusalCode
    public let field: String?
    public let message: String

    init(_ code: RefusalCode, _ field: String?, _ message: String) {
        (self.code, self.field, self.message) = (code, field, message)
    }

    /// - Parameters: SHA-256 of the canonical JSON of both events.
    static func anotherContent(counted: [UInt8], sent: [UInt8]) -> UsageRefusal {
        UsageRefusal(
            .conflict, "id",
            "This source reported another event under this id: counted was \(counted.hexadecimal), sent was "
                + "\(sent.hexadecimal).")
    }
}
