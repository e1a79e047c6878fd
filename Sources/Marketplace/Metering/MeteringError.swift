public enum MeteringError: MarketplaceError {
    case flooded
    case tooManyEvents(most: Int)
    case unknownMeter
    case meterTaken(String)
    case unknownProduct(String)
    /// A meter that would take events of archived months.
    case archivedSooner
    case archiveMissing(String)
    case tooMuchArchived

    public var code: RefusalCode {
        switch self {
        case .flooded: .tooMany
        case .tooManyEvents: .tooLarge
        case .unknownMeter: .notFound
        case .meterTaken: .conflict
        case .unknownProduct, .archivedSooner, .tooMuchArchived: .unprocessable
        case .archiveMissing: .unavailable
        }
    }

    public var field: String? {
        switch self {
        case .meterTaken: "code"
        case .unknownProduct: "product"
        case .archivedSooner: "accepted_for_hours"
        case .tooMuchArchived: "from"
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
        case .archivedSooner:
            "Events would be taken of months that are archived: the policy usage_retention is shorter."
        case .archiveMissing(let month):
            "The archive of usage of \(month.prefix(7)) cannot be read now; try again later."
        case .tooMuchArchived: "This goes through too many archived events; ask for a shorter range."
        }
    }
}
