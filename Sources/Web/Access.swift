import Marketplace

/// Refusals of someone who may not do what was asked.
enum AccessError: MarketplaceError {
    case signInNeeded
    case badToken
    case forbidden(needs: [Role])

    var code: RefusalCode {
        switch self {
        case .signInNeeded, .badToken: .unauthorized
        case .forbidden: .forbidden
        }
    }

    var message: String {
        switch self {
        case .signInNeeded: "This needs a bearer token: send Authorization: Bearer, or sign in to the portal."
        case .badToken: "The token is unknown, expired or revoked."
        case .forbidden(let roles):
            "This needs a token with the role \(roles.map(\.rawValue).joined(separator: " or "))."
        }
    }
}
