import HTTPTypes
import Hummingbird

/// A page for what went wrong where nothing else can be shown: what it was, and how to go on.
extension PortalPage {
    init(_ problem: Problem, of error: any Error, _ request: Request, isSignedIn: Bool, requestID: String) {
        let text = Language(request)
        let code = problem.status.code
        self.init(title: text(Self.refusals[code] ?? problem.title, problem.title))
        lead = RefusalWords.said(problem.detail, text)
        facts = [
            .init(name: text("状态", "Status"), value: "\(code)"),
            .init(name: text("请求编号", "Request"), value: requestID),
        ]
        let shown = request.shownAddress
        address = shown
        let isCommand = ![.get, .head].contains(request.method)
        if isCommand && shown != "/" {
            next = .init(text: text("返回原页面", "Back to the form"), address: shown)
        } else {
            next = .init(text: text("返回首页", "Back to the start"), address: "/")
        }
        switch code {
        case 401 where !isSignedIn:
            lead = text("请先登录。", "Please sign in.")
            next = .init(text: text("登录后继续", "Sign in and go on"), address: signInAddress(backTo: shown))
        case 403:
            guard case AccessError.forbidden? = error as? AccessError else { return }
            advise(text("可以退出后以另一角色登录。", "Sign out and in again with another role to go on."))
        case 404 where ["/products/", "/scenarios/", "/directory/"].contains { request.uri.path.hasPrefix($0) }:
            (search, searchAddress) = ("", "/search")
            advise(text("也许它已更名或下架；可以查找它。", "It may have another name now, or be delisted; search for it."))
        case 429, 503: advise(text("请稍候再试。", "Wait a moment and try again."))
        case 500...: advise(text("再次出现时请告知请求编号。", "If it happens again, tell the request's number."))
        default: break
        }
        if !isCommand, code >= 500 { next = .init(text: text("重试", "Try again"), address: shown) }
    }

    private mutating func advise(_ advice: String) { lead = [lead, advice].compactMap { $0 }.joined(separator: "\n") }

    private static let refusals = [
        400: "请求有误", 401: "需要登录", 403: "没有权限", 404: "没有找到", 405: "方法不允许", 409: "与现状冲突", 413: "内容过大",
        422: "不能这样做", 429: "请求过多", 500: "内部错误", 503: "暂时不可用",
    ]
}
