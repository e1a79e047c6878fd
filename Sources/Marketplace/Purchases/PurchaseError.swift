public enum PurchaseError: MarketplaceError {
    case unknownOffer(String)
    case offerWithdrawn(String)
    case offerChanged(String)
    case soldOut(String)
    case productSuspended(String, reason: String)
    case conditionNotAccepted(String, conditions: String)
    case credentialLacking(String, credentials: String)
    case consentLacking(String, entries: String)
    case priceAboveCeiling(String, prices: String)
    /// All that is missing or wrong in a request.
    case refused([FieldProblem])
    case unknownPurchase
    case keyUsedForAnother
    case stillRunning
    case notNow(String, state: String)
    case notYours(String)
    case notAsked
    case hasAccount(String)
    case returnedBefore
    case cancelledBefore
    case noAgreement
    case flooded

    public var code: RefusalCode {
        switch self {
        case .unknownOffer, .unknownPurchase, .noAgreement: .notFound
        case .offerWithdrawn, .offerChanged, .soldOut, .productSuspended, .conditionNotAccepted, .credentialLacking,
            .consentLacking, .priceAboveCeiling, .stillRunning, .notNow, .notAsked, .returnedBefore, .cancelledBefore:
            .conflict
        case .refused: .unprocessable
        case .keyUsedForAnother: .keyReused
        case .flooded: .tooMany
        case .notYours, .hasAccount: .forbidden
        }
    }

    public var message: String {
        switch self {
        case .unknownOffer(let code): "No offer with the code \(code) is open to your enterprise."
        case .offerWithdrawn(let code): "The offer \(code) was withdrawn; see the product for offers that stand."
        case .offerChanged(let code): "The offer \(code) changed while you accepted it; please try again."
        case .soldOut(let code): "The offer \(code) is sold out: all its places are taken."
        case .productSuspended(let code, let reason):
            "The product of offer \(code) is suspended and cannot be bought now: \(reason)"
        case .conditionNotAccepted(let code, let conditions):
            "The offer \(code) cannot be accepted: no officer accepted the basis of its conditions \(conditions)."
        case .credentialLacking(let code, let credentials):
            "The offer \(code) cannot be accepted: these credentials are not in force: \(credentials)."
        case .consentLacking(let code, let entries):
            "The offer \(code) cannot be accepted: its data was received by sharing, and no consent of the provider is in "
                + "force for \(entries)."
        case .priceAboveCeiling(let code, let prices):
            "The offer \(code) cannot be accepted: its price is guided. \(prices)."
        case .refused(let problems): problems.map { "\($0.field): \($0.reason)" }.joined(separator: " ")
        case .unknownPurchase: "Your enterprise has no such purchase."
        case .keyUsedForAnother: "This Idempotency-Key was used for a request with another body."
        case .flooded:
            "Too many purchases of your enterprise wait to be made. This one was not; send it again in a moment."
        case .stillRunning: "A request with this Idempotency-Key is still running; ask again in a moment."
        case .notNow(let step, let state): "A purchase that is \(state) cannot be \(step)."
        case .notYours(let who): "This step is taken by \(who)."
        case .notAsked: "This request does not wait for a decision of yours, or it was made already."
        case .hasAccount(let code): "The party \(code) has an account of its own and decides itself."
        case .returnedBefore: "This request was returned once before; now it can be approved or rejected."
        case .cancelledBefore: "This purchase was cancelled before and ends at the end of what is paid for."
        case .noAgreement: "No agreement was concluded, so nothing was accepted."
        }
    }

    public var field: String? {
        switch self {
        case .unknownOffer, .offerWithdrawn, .offerChanged, .soldOut, .productSuspended, .conditionNotAccepted,
            .credentialLacking, .consentLacking, .priceAboveCeiling:
            "offer"
        case .refused(let problems): problems.first?.field
        case .keyUsedForAnother, .stillRunning: "Idempotency-Key"
        case .returnedBefore: "decision"
        case .hasAccount: "party"
        case .unknownPurchase, .notNow, .notYours, .notAsked, .cancelledBefore, .noAgreement, .flooded: nil
        }
    }

    public var problems: [FieldProblem] { if case .refused(let problems) = self { problems } else { [] } }
}
