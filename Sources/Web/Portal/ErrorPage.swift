import Foundation
import HTTPTypes
import Hummingbird

/// A page for what went wrong where nothing else can be shown: what it was, and how to go on.
extension PortalPage {
    init(_ problem: Problem, _ request: Request, isSignedIn: Bool, requestID: String) {
        let text = Language(request)
        let code = problem.status.code
        self.init(title: text(Self.refusals[code] ?? problem.title, problem.title))
        lead = RefusalWords.said(problem.detail, text)
        facts = [
            .init(name: text("状态", "Status"), value: "\(code)"),
            .init(name: text("请求编号", "Request"), value: requestID),
        ]
        switch code {
        case 401 where !isSignedIn:
            next = .init(text: text("登录后继续", "Sign in and go on"), address: signInAddress(backTo: request.shownAddress))
        case 403 where isSignedIn:
            lead = (lead ?? "") + "\n" + text("可以退出后以另一角色登录。", "Sign out and in again with another role to go on.")
            next = .init(text: text("返回首页", "Back to the start"), address: "/")
        case 404:
            (search, searchAddress) = ("", "/search")
            lead =
                (lead ?? "") + "\n"
                + text("也许它已更名或下架；可以查找它。", "It may have another name now, or be delisted; search for it.")
            next = .init(text: text("返回首页", "Back to the start"), address: "/")
        case 500... where request.method == .get:
            lead =
                (lead ?? "") + "\n"
                + text("请稍后重试；再次出现时请告知请求编号。", "Try again in a while; if it stays, tell the request's number.")
            next = .init(text: text("重试", "Try again"), address: request.uri.description)
        default: next = .init(text: text("返回首页", "Back to the start"), address: "/")
        }
    }

    private static let refusals = [
        400: "请求有误", 401: "需要登录", 403: "没有权限", 404: "没有找到", 405: "方法不允许", 409: "与现状冲突", 413: "内容过大",
        422: "不能这样做", 429: "请求过多", 500: "内部错误", 503: "暂时不可用",
    ]
}

/// The sign-in page, which leads back to where its reader came from.
func signInAddress(backTo address: String) -> String {
    let leads = LocalAddress(address).map { $0.path == "/" || $0.path == "/sign-in" ? "" : $0.text } ?? ""
    return "/sign-in" + (leads.isEmpty ? "" : "?next=\(leads.escapedForURL)")
}

extension Request {
    /// The page that the reader sees: of a command the one that its form stands on.
    var shownAddress: String {
        guard method != .get, let referrer = headers[.referer], let page = URLComponents(string: referrer) else {
            return method == .get ? uri.description : "/"
        }
        return page.percentEncodedPath + (page.percentEncodedQuery.map { "?\($0)" } ?? "")
    }
}

/// A path of this market with its query: where a form may lead to, which never is another site.
struct LocalAddress {
    let text: String
    var path: String { String(text.prefix { $0 != "?" }) }

    init?(_ text: String?) {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= 2_000,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }
}
