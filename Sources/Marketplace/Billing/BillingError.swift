/// Refusals of billing.
public enum BillingError: MarketplaceError {
    case unknownInvoice
    case unknownPayment
    case unknownLine(Int)
    case noDraft
    case stillDraft
    /// It is neither issued nor paid.
    case nothingOwed(state: String)
    case aboveWhatIsLeft
    case noMatch
    case settledBefore
    case sharesNotStated(String)

    public var code: RefusalCode {
        switch self {
        case .unknownInvoice, .unknownPayment, .unknownLine: .notFound
        case .noDraft, .stillDraft, .nothingOwed, .aboveWhatIsLeft, .noMatch, .settledBefore, .sharesNotStated:
            .conflict
        }
    }

    public var message: String {
        switch self {
        case .unknownInvoice: "There is no such invoice for your organisation."
        case .unknownPayment: "Your organisation has received no such payment."
        case .unknownLine(let number): "The invoice has no line \(number)."
        case .noDraft: "The invoice is no longer a draft."
        case .stillDraft: "The invoice is a draft; there is no document for accounting before it is issued."
        case .nothingOwed(let state): "An invoice that is \(state) cannot be given back: only issued and paid ones can."
        case .aboveWhatIsLeft: "Nothing is left to give back, or less than this amount."
        case .noMatch:
            "This payment cannot settle that: the currency differs, nothing is left of one of them, or the direction is another."
        case .settledBefore: "The invoice is paid; give it back with a credit note."
        case .sharesNotStated(let product):
            "The shares of \(product) were not stated: the product or a party is unknown, or a rule begins that day or later."
        }
    }

    public var field: String? {
        switch self {
        case .aboveWhatIsLeft: "amount_minor"
        case .unknownLine: "line"
        default: nil
        }
    }
}
