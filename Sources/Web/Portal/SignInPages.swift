import Foundation
import Hummingbird
import Marketplace

/// Signing in, by user name and password or by token, and out.
extension PortalRoutes {
    func addSignInPages(to router: Router<MarketContext>) {
        page(router, "/sign-in") { request, _ in signIn(Language(request), then: try request.query("next")) }
        router.post("/sign-in") { try await signIn($0, $1) }
        router.post("/sign-out") { _, context in
            if let session = context.session { try await market.accounts.end(session.session, now: now()) }
            return redirect(to: "/", cookie: cookie.cleared)
        }
    }

    private var cookie: SessionCookie { SessionCookie(isSecure: publicURL.hasPrefix("https:")) }

    private func signIn(_ text: Language, then address: String?) -> PortalPage {
        var page = PortalPage(title: text("登录", "Sign in"))
        page.lead = text(
            "演示用户 enterprise、operator、administrator、analyst 的密码在 .datamarket/passwords.json，令牌在 .datamarket/tokens.json。",
            "The demonstration's users are enterprise, operator, administrator and analyst: their passwords are in "
                + ".datamarket/passwords.json, their tokens in .datamarket/tokens.json.")
        page.forms = [
            .init(
                title: text("用户名和密码，或令牌", "User name and password, or a token"), action: "/sign-in",
                button: text("登录", "Sign in"),
                hidden: LocalAddress(address).map { [.init(name: "next", value: $0.text)] } ?? [],
                fields: [
                    .init(id: "name", name: "name", label: text("用户名", "User name"), autocomplete: "username"),
                    .init(
                        id: "password", name: "password", label: text("密码", "Password"), type: "password",
                        autocomplete: "current-password"),
                    .init(
                        id: "token", name: "token", label: text("或者访问令牌", "Or an access token"), type: "password",
                        autocomplete: "off"),
                ])
        ]
        return page
    }

    /// Only from a page of the market itself: else another site could sign a reader in as somebody else.
    private func signIn(_ request: Request, _ context: MarketContext) async throws -> Response {
        try SameOrigin.check(request)
        let form = try await FormFields(request)
        do {
            let address = LocalAddress(form["next"])?.text ?? "/"
            return redirect(to: address, cookie: cookie.holding(try await session(form)))
        } catch let refusal as any MarketplaceError {
            var page = signIn(Language(request), then: form["next"])
            page.address = LocalAddress(form["next"]).map { signInAddress(backTo: $0.text) }
            return try await refused(
                page, refusal, sent: form.all, request, context)
        }
    }

    private func session(_ form: FormFields) async throws -> String {
        if let token = form.filled("token") { return try await market.accounts.signIn(token: token, now: now()) }
        let name = try form.required("name").trimmingCharacters(in: .whitespaces)
        return try await market.accounts.signIn(name: name, password: form.required("password"), now: now())
    }
}

/// The cookie that a session travels in: scripts cannot read it, other sites' forms do not bring it.
struct SessionCookie {
    static let name = "market_session"
    /// Whether browsers send it over https alone.
    let isSecure: Bool

    func holding(_ session: String) -> String { "\(Self.name)=\(session)\(attributes)" }
    var cleared: String { "\(Self.name)=\(attributes); Max-Age=0" }
    private var attributes: String { "; Path=/; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "") }
}
