import Foundation
import Hummingbird
import Marketplace

/// Finds out who a request speaks for, by bearer token or by the portal's session. Reads that anyone may make go on
/// without; a token that is sent but not good is refused, so that nobody believes to be signed in.
struct AccountMiddleware: RouterMiddleware {
    let accounts: Accounts
    let now: @Sendable () -> Date

    func handle(
        _ request: Request, context: MarketContext, next: (Request, MarketContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let header = request.headers[.authorization] {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer",
                let account = try await accounts.account(token: String(parts[1]), now: now())
            else { throw AccessError.badToken }
            context.account = account
        } else if let cookie = request.cookies[SessionCookie.name]?.value,
            // One that ran out or was made elsewhere is no refusal: the portal shows its sign-in link again.
            let session = try await accounts.session(cookie: cookie, now: now())
        {
            (context.session, context.account) = (session, session.account)
        }
        var response = try await next(request, context)
        // Any answer may depend on who asks: no cache may give one's to another.
        response.headers[.vary] = (response.headers[.vary].map { "\($0), " } ?? "") + "Authorization, Cookie"
        return response
    }
}
