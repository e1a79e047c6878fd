/// Why somebody was not signed in, and what to do.
public enum SignInError: MarketplaceError {
    case badToken, wrongPassword, tooManyTries, busy

    public var code: RefusalCode {
        switch self {
        case .badToken, .wrongPassword: .unauthorized
        case .tooManyTries: .tooMany
        case .busy: .unavailable
        }
    }

    public var field: String? {
        switch self {
        case .badToken: "token"
        case .wrongPassword: "password"
        case .tooManyTries: "name"
        case .busy: nil
        }
    }

    public var message: String {
        switch self {
        case .badToken:
            "The token is unknown, expired or revoked. Check it, or ask who keeps the market for a new one."
        case .wrongPassword:
            "User name and password do not belong together. Check both, or ask who keeps the market for a new password."
        case .tooManyTries:
            "There were too many wrong tries for this user name. Wait ten minutes, or sign in with a token."
        case .busy: "Many people are signing in just now. Try again in a moment."
        }
    }
}
