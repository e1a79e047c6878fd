import Hummingbird
import Marketplace

/// Takes the commands of a session from its own forms only. The page of another site can make a browser send the session's cookie,
/// but it does not know the token that the portal puts in every form. A command with a bearer token comes from no such page.
struct FormMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: MarketContext, next: (Request, MarketContext) async throws -> Response
    ) async throws -> Response {
        // Who signs in anew may do it on a page that an earlier session opened, or none.
        guard let session = context.session, ![.get, .head].contains(request.method), request.uri.path != "/sign-in"
        else { return try await next(request, context) }
        try SameOrigin.check(request)
        var request = request
        guard session.accepts(formToken: try await FormToken.sent(in: &request)) else { throw FormToken.Missing() }
        return try await next(request, context)
    }
}

/// The hidden field that shows that a form was made for the session that sends it.
enum FormToken {
    static let field = "form_token"

    /// For every form that sends a command; none for who is not signed in.
    static func input(_ token: String?) -> HTML {
        token.map { "<input type=\"hidden\" name=\"\(field)\" value=\"\($0)\">" } ?? ""
    }

    /// Leaves the body in memory for the route, which has a limit of its own.
    fileprivate static func sent(in request: inout Request) async throws -> String? {
        let isUpload = PortalRoutes.timeLimits[request.uri.path] != nil
        let limit = isUpload ? PortalRoutes.largestUpload : PortalRoutes.largestForm
        _ = try await request.collectBody(upTo: limit)
        return UploadForm.isSent(by: request)
            ? try await UploadForm(parsing: request, limit: limit).token
            : try await FormFields(request, limit: limit).token
    }

    struct Missing: MarketplaceError {
        let code = RefusalCode.forbidden
        let message = "The form was not made for this session. Reload its page and try again; nothing was done."
    }
}

/// Refuses commands that another site's page sends with the reader's cookie.
enum SameOrigin {
    static func check(_ request: Request) throws {
        if let origin = request.headers[.origin], let host = request.head.authority ?? request.headers[.init("Host")!] {
            guard origin == "http://\(host)" || origin == "https://\(host)" else { throw ForeignOrigin() }
        } else if let site = request.headers[.init("Sec-Fetch-Site")!], site != "same-origin" {
            throw ForeignOrigin()
        }
    }

    struct ForeignOrigin: MarketplaceError {
        let code = RefusalCode.forbidden
        let message = "This form was sent by a page of another site."
    }
}
