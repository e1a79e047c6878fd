/// A page for what went wrong where nothing else can be shown.
struct ErrorPage {
    private static let titles = [
        400: "请求有误", 401: "需要登录", 403: "没有权限", 404: "没有找到", 405: "方法不允许", 409: "与现状冲突", 413: "内容过大",
        422: "不能这样做", 429: "请求过多", 500: "内部错误", 503: "暂时不可用",
    ]

    static func html(status: Int, title: String, message: String, requestID: String, chinese: Bool) -> String {
        let escape = { (text: String) in
            text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        }
        let back = chinese ? "返回首页" : "Back to the start"
        let signIn = status == 401 ? " · <a href=\"/sign-in\">\(chinese ? "登录" : "Sign in")</a>" : ""
        let named = chinese ? titles[status] ?? title : title
        let said = RefusalWords.said(message, isChinese: chinese)
        return """
            <!doctype html><html lang="\(chinese ? "zh-CN" : "en")"><meta charset="utf-8">
            <meta name="viewport" content="width=device-width"><title>\(status) \(escape(named))</title>
            <link rel="icon" href="/static/portal.svg">
            <link rel="stylesheet" href="/static/portal.css"><main><h1>\(status) \(escape(named))</h1>
            <p>\(escape(said))</p><p><a href="/">\(back)</a>\(signIn)</p><p>\(escape(requestID))</p></main></html>
            """
    }
}
