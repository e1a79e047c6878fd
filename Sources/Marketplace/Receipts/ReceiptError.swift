public enum ReceiptError: MarketplaceError {
    case unknownPurchase, unknownReceipt, noAgreement
    case unknownHead(Int?)
    case logIsShorter(Int, field: String)
    case cannotSign

    public var code: RefusalCode {
        switch self {
        case .unknownPurchase, .unknownReceipt, .noAgreement, .unknownHead: .notFound
        case .logIsShorter: .unprocessable
        case .cannotSign: .unavailable
        }
    }

    public var message: String {
        switch self {
        case .unknownPurchase: "Your organisation has no such purchase."
        case .unknownReceipt: "Your organisation has no such receipt."
        case .noAgreement: "No agreement was concluded for this purchase."
        case .unknownHead(nil): "Nothing is recorded in the log yet."
        case .unknownHead(let size?): "The log has no head over \(size) leaves; proofs lead from any size to any other."
        case .logIsShorter(let size, _): "The log has \(size) leaves."
        case .cannotSign: "The market's keys are not on this machine, so it cannot record what is asked for now."
        }
    }

    public var field: String? {
        switch self {
        case .logIsShorter(_, let field): field
        case .unknownHead: "size"
        default: nil
        }
    }
}
