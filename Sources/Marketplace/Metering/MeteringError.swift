public enum MeteringError: MarketplaceError {
    case flooded
    case tooManyEvents(most: Int)
    case unknownMeter
    case meterTaken(String)
    case unknownProduct(String)

    public var code: RefusalCode {
        switch self {
        case .flooded: .tooMany
        case .tooManyEvents: .tooLarge
        case .unknownMeter: .notFound
        case .meterTaken: .conflict
        case .unknownProduct: .unprocessable
        }
    }

    public var field: String? {
        switch self {
        case .meterTaken: "code"
        case .unknownProduct: "product"
        default: nil
        }
    }

    public var message: String {
        switch self {
        case .flooded: "Too many of your events wait to be counted. Nothing of this request was counted; send it again."
        case .tooManyEvents(let most): "A request carries \(most) events at most. Nothing of it was counted."
        case .unknownMeter: "There is no such meter."
        case .meterTaken(let code): "There is a meter '\(code)' already."
        case .unknownProduct(let code): "You operate no product '\(code)'."
        }
    }
}
