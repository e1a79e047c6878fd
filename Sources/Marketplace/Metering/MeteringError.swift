public enum MeteringError: MarketplaceError {
    case flooded
    case tooManyEvents(most: Int)

    public var code: RefusalCode {
        switch self {
        case .flooded: .tooMany
        case .tooManyEvents: .tooLarge
        }
    }

    public var message: String {
        switch self {
        case .flooded: "Too many of your events wait to be counted. Nothing of this request was counted; send it again."
        case .tooManyEvents(let most): "A request carries \(most) events at most. Nothing of it was counted."
        }
    }
}
