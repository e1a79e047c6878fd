public enum PurchaseError: MarketplaceError {
    case unknownOffer(String)
    case offerWithdrawn(String)
    case offerChanged(String)
    case productSuspended(String, reason: String)
    case conditionNotAccepted(String, conditions: String)
    case credentialLacking(String, credentials: String)
    case consentLacking(String, entries: String)
    case purposeNotAllowed(String, allowed: [String])
    case unknownPurchase
    case keyUsedForAnother
    case stillRunning

    public var code: RefusalCode {
        switch self {
        case .unknownOffer, .unknownPurchase: .notFound
        case .offerWithdrawn, .offerChanged, .productSuspended, .conditionNotAccepted, .credentialLacking,
            .consentLacking, .stillRunning:
            .conflict
        case .purposeNotAllowed: .unprocessable
        case .keyUsedForAnother: .keyReused
        }
    }

    public var message: String {
        switch self {
        case .unknownOffer(let code): "No offer with the code \(code) is open to your enterprise."
        case .offerWithdrawn(let code): "The offer \(code) was withdrawn; see the product for offers that stand."
        case .offerChanged(let code): "The offer \(code) changed while you accepted it; please try again."
        case .productSuspended(let code, let reason):
            "The product of offer \(code) is suspended and cannot be bought now: \(reason)"
        case .conditionNotAccepted(let code, let conditions):
            "The offer \(code) cannot be accepted: no officer accepted the basis of its conditions \(conditions)."
        case .credentialLacking(let code, let credentials):
            "The offer \(code) cannot be accepted: these credentials are not in force: \(credentials)."
        case .consentLacking(let code, let entries):
            "The offer \(code) cannot be accepted: its data was received by sharing, and no consent of the provider is in "
                + "force for \(entries)."
        case .purposeNotAllowed(let purpose, let allowed):
            "The purpose '\(purpose)' is not among those of this offer: \(allowed.joined(separator: ", "))."
        case .unknownPurchase: "Your enterprise has no such purchase."
        case .keyUsedForAnother: "This Idempotency-Key was used for a request with another body."
        case .stillRunning: "A request with this Idempotency-Key is still running; ask again in a moment."
        }
    }

    public var field: String? {
        switch self {
        case .unknownOffer, .offerWithdrawn, .offerChanged, .productSuspended, .conditionNotAccepted,
            .credentialLacking, .consentLacking:
            "offer"
        case .purposeNotAllowed: "purpose"
        case .unknownPurchase: nil
        case .keyUsedForAnother, .stillRunning: "Idempotency-Key"
        }
    }
}
