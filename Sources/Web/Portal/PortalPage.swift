import Foundation
import HTTPTypes
import Hummingbird
import Marketplace
import Mustache

/// The reader's language: `text("中文", "English")`.
struct Language: Sendable {
    let isChinese: Bool

    init(_ request: Request) {
        let asked = request.uri.queryParameters["lang"].map(String.init) ?? request.cookies["lang"]?.value
        isChinese =
            asked.map { $0 != "en" } ?? !(request.headers[.acceptLanguage]?.lowercased().hasPrefix("en") ?? false)
    }

    func callAsFunction(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }
}

/// One page as ready strings; the template only shows it.
struct PortalPage {
    struct Link { let text, address: String }
    struct Fact {
        let name, value: String
        var address: String?
    }
    /// A figure with what it counts.
    struct Figure { let name, value, about, address: String }
    struct Mark { let name, value, form, label: String }
    struct Cell {
        var text = ""
        /// Of a text that is data's own, where it is known.
        var language: String?
        var address: String?
        var share: String?
        /// A command that the cell offers: its word, and where the form is sent.
        var button: Link?
        /// A box to tick, sent with a form of the page.
        var mark: Mark?

        /// For the style sheet: a date or a code of few letters is not broken.
        var kind: String {
            if text.isEmpty && share == nil && button == nil && mark == nil { return "blank" }
            return text.utf8.count <= 16 ? "short" : "long"
        }
    }
    struct Table {
        let caption: String
        let headers: [String]
        var rows: [Row]
        var empty: String?
        /// Whether the shares in its rows are also drawn, where the reader has JavaScript.
        var chart = false
        /// A drawing of the same, as ready HTML.
        var picture: String?
        /// Whether only its caption is seen until it is opened: for what few readers need, and is long.
        var isFolded = false
        /// Whether it stays a table in narrow windows, where others show each row by itself: many short rows.
        var isCompact = false
        /// Where to go on from what it shows.
        var link: Link?
        /// Commands about what it shows.
        var forms: [Form] = []
        struct Row { let cells: [Cell] }
    }
    struct Field {
        let id, name, label: String
        var type = "text"
        var value = ""
        var choices: [Choice] = []
        var isArea = false
        /// Of a box to tick.
        var isTicked = false
        /// The height of an area.
        var lines = 4
        /// What the browser may fill in.
        var autocomplete: String?
        /// What else refusals call what stands in it, as the API names it.
        var also: [String] = []
        /// Why what was sent in this field was refused.
        var problem: String?
        var isChoice: Bool { !choices.isEmpty }
        var isText: Bool { !isArea && !isChoice }
        struct Choice {
            let value, text: String
            var isChosen = false
        }
    }
    /// One thing that a search found, with what was searched for marked.
    struct Result {
        struct Part {
            let text: String
            var isMatch = false
        }
        let kind, address: String
        let language: String?
        let title: [Part]
        /// The title in another language, when the words stand there.
        let other: Other?
        struct Other { let parts: [Part] }
        let code: String
        let about: String?
        let excerpt: [Part]
    }
    /// What results can be narrowed by: links that add a value or take it away.
    struct Facet {
        struct Value {
            let text, count, address: String
            let isChosen: Bool
        }
        let title: String
        let values: [Value]
        let isOpen: Bool
    }
    struct WaysOn {
        let said: String
        let links: [Link]
    }
    struct Results {
        let caption, narrow: String
        /// What to do when there are none; else nil.
        let empty: WaysOn?
        let items: [Result]
        let facets: [Facet]
    }
    struct Form {
        let title, action, button: String
        var id: String?
        /// A second button, which sends `step=preview`.
        var preview: String?
        /// What the reader should know before filling it in.
        var about: String?
        var method = "post"
        var hidden: [Fact] = []
        var fields: [Field] = []
        var isUpload = false
        /// Whether only its title is seen until it is opened.
        var isFolded = false
    }

    var title: String
    var lead: String?
    /// The languages of title and lead where they are data's own.
    var titleLanguage, leadLanguage: String?
    var notice: String?
    var figures: [Figure] = []
    var facts: [Fact] = []
    /// The text searched for, when the page has a search field.
    var search: String?
    /// The page that searches, when it is another one.
    var searchAddress: String?
    /// Whether words are suggested in the search field, where the reader has JavaScript.
    var suggests = false
    var results: Results?
    var tables: [Table] = []
    var next: Link?
    var forms: [Form] = []
    /// Where the page can be read again, when it is the answer to a command.
    var address: String?
    /// Seconds after which the browser asks for the page again; nil: it does not.
    var refresh: Int?
    /// How many notices the reader has not acknowledged; nil for who is not signed in.
    var unacknowledged: Int?
}

/// Renders pages in the one layout.
struct PortalRenderer: Sendable {
    private let templates: MustacheLibrary
    /// From so many tables on a page begins with its contents.
    private static let longPage = 6
    private static let refresh = HTTPField.Name("Refresh")!

    init() throws {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Templates")
        var templates = MustacheLibrary()
        for name in ["page", "table", "form"] {
            let file = folder.appendingPathComponent("\(name).mustache")
            try templates.register(String(contentsOf: file, encoding: .utf8), named: name)
        }
        self.templates = templates
    }

    func response(
        _ page: PortalPage, _ request: Request, _ context: MarketContext, status: HTTPResponse.Status = .ok
    ) -> Response {
        let text = Language(request)
        let market = text("公共数据市场", "Public data market")
        var view: [String: Any] = [
            "language": text("zh-CN", "en"), "market": market, "title": page.title,
            "heading": page.title == market ? market : "\(page.title) · \(market)",
            "skip": text("跳到正文", "Skip to the content"), "navigation": text("主导航", "Main"),
            "links": navigation(page, context.account?.role, text).map { link in
                ["text": link.text, "address": link.address, "isHere": link.address == request.uri.path]
            },
            "signIn": text("登录", "Sign in"),
            "signInAddress": signInAddress(backTo: page.address ?? request.shownAddress),
            "signOut": text("退出", "Sign out"),
            "otherAddress": addressInOtherLanguage(of: page, request, text), "otherLanguage": text("en", "zh"),
            "otherName": text("English", "中文"),
            "tables": page.tables.enumerated().map { dictionary($1, part: "part-\($0)", text) },
            "forms": page.forms.map(dictionary), "formField": FormToken.field,
            "footer": text(
                "标有“合成”的主体和价格均为演示数据。时间为北京时间。",
                "Parties and prices marked synthetic are demonstration data. Times are Beijing time."),
        ]
        if page.tables.contains(where: { $0.chart && !$0.rows.isEmpty }) { view["chart"] = true }
        if let session = context.session { view["formToken"] = session.formToken }
        if let account = context.account { view["who"] = "\(account.name(text)) · \(word(account.role, text))" }
        if let lead = page.lead { view["lead"] = lead }
        if let language = page.titleLanguage { view["titleLanguage"] = language }
        if let language = page.leadLanguage { view["leadLanguage"] = language }
        if let notice = page.notice { view["notice"] = notice }
        let facts = page.facts.filter { !$0.value.isEmpty }
        if !page.figures.isEmpty { view["figures"] = ["rows": page.figures] }
        if !facts.isEmpty { view["facts"] = ["rows": facts.map(dictionary)] }
        if page.tables.count >= Self.longPage {
            let parts = page.tables.enumerated().map { ["part": "part-\($0)", "caption": $1.caption] }
            view["contents"] = ["title": text("本页内容", "On this page"), "rows": parts] as [String: Any]
        }
        if let next = page.next { view["next"] = next }
        if let results = page.results { view["results"] = dictionary(results, title: page.title) }
        if page.suggests { view["suggests"] = true }
        if let search = page.search {
            view["search"] = [
                "label": text("搜索", "Search"), "value": search, "button": text("查找", "Find"),
                "action": page.searchAddress ?? request.uri.path,
            ]
        }
        var headers = Self.headers
        if let refresh = page.refresh { headers[Self.refresh] = "\(refresh)" }
        if let asked = request.uri.queryParameters["lang"], asked == "en" || asked == "zh" {
            headers[.setCookie] = "lang=\(asked); Path=/; SameSite=Lax; Max-Age=31536000"
        }
        return Response(
            status: status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: templates.render(view, withTemplate: "page") ?? "")))
    }

    static var headers: HTTPFields {
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "private, no-store",
            .vary: "Accept-Language",
        ]
        let extra = [
            (
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            ),
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"),
        ]
        for (name, value) in extra { if let name = HTTPField.Name(name) { headers[name] = value } }
        return headers
    }
}
