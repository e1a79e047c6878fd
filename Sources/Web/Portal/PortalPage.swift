import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// The reader's language: `text("中文", "English")`. Only what the reader sees is made.
struct Language: Sendable {
    let isChinese: Bool

    init(_ request: Request) {
        let asked = request.uri.queryParameters["lang"].map(String.init) ?? request.cookies["lang"]?.value
        isChinese =
            asked.map { $0 != "en" } ?? !(request.headers[.acceptLanguage]?.lowercased().hasPrefix("en") ?? false)
    }

    init(isChinese: Bool) { self.isChinese = isChinese }

    func callAsFunction(_ chinese: @autoclosure () -> String, _ english: @autoclosure () -> String) -> String {
        isChinese ? chinese() : english()
    }
}

/// One page as ready strings; its markup only shows them.
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
        /// What stands beside the text.
        var control: Control?

        /// Indirect, because few cells have one, and all are copied.
        indirect enum Control {
            case share(String)
            /// A command that the cell offers: its word, and where the form is sent.
            case button(Link)
            /// A box to tick, sent with a form of the page.
            case mark(Mark)
        }

        var isCommand: Bool { if case .button? = control { true } else { false } }

        static func share(_ share: String, _ text: String = "") -> Cell { .init(text: text, control: .share(share)) }
        static func button(_ word: String, to address: String) -> Cell {
            .init(control: .button(.init(text: word, address: address)))
        }
        static func mark(_ mark: Mark) -> Cell { .init(control: .mark(mark)) }

        /// For the style sheet: a date or a code of few letters is not broken.
        var kind: String {
            if text.isEmpty && control == nil { return "blank" }
            return text.utf8.count <= 16 ? "short" : "long"
        }
    }
    struct Table {
        var caption: String
        let headers: [String]
        var rows: [Row] { didSet { grid = nil } }
        var empty: String?
        /// Whether the shares in its rows are also drawn, where the reader has JavaScript.
        var chart = false
        /// A drawing of the same.
        var picture: HTML?
        /// Whether only its caption is seen until it is opened: for what few readers need, and is long.
        var isFolded = false
        /// Whether it stays a table in narrow windows, where others show each row by itself: many short rows.
        var isCompact = false
        /// Where to go on from what it shows.
        var link: Link?
        /// Commands about what it shows.
        var forms: [Form] = []
        /// The rows as markup, where they were made while other answers were waited for.
        private(set) var grid: HTML?
        /// With its rows as markup already, unless they have commands, which need the token of the session.
        var drawn: Table {
            let hasCommands = rows.contains { row in row.cells.contains { $0.isCommand } }
            guard !rows.isEmpty, !hasCommands else { return self }
            var table = self
            table.grid = TableGrid(table: self, token: "").html
            return table
        }

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
        /// Of a slider.
        var range: ClosedRange<Int>?
        /// What else refusals call what stands in it, as the API names it.
        var also: [String] = []
        /// Why what was sent in this field was refused.
        var problem: String?
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
        let other: [Part]?
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
    /// When the market had answered all that the page asks it, where the page tells how long the rest took.
    var answered: ContinuousClock.Instant?
    /// How many notices the reader has not acknowledged; nil for who is not signed in.
    var unacknowledged: Int?
}

/// Answers with pages, each in the reader's language.
struct PortalRenderer: Sendable {
    private static let refresh = HTTPField.Name("Refresh")!
    /// https://www.w3.org/TR/server-timing/
    private static let timing = HTTPField.Name("Server-Timing")!

    func response(
        _ page: PortalPage, _ request: Request, _ context: MarketContext, status: HTTPResponse.Status = .ok
    ) -> Response {
        let text = Language(request)
        let markup = PageMarkup(
            page: page, text: text,
            frame: .init(
                links: navigation(page, context.account?.role, text), here: request.uri.path,
                who: context.account.map { "\($0.name(text)) · \(word($0.role, text))" },
                signInAddress: signInAddress(backTo: page.address ?? request.shownAddress),
                otherAddress: addressInOtherLanguage(of: page, request, text),
                searchAddress: page.searchAddress ?? request.uri.path),
            token: FormToken.input(context.session?.formToken))
        var headers = Self.headers
        if let refresh = page.refresh { headers[Self.refresh] = "\(refresh)" }
        if let asked = request.uri.queryParameters["lang"], asked == "en" || asked == "zh" {
            headers[.setCookie] = "lang=\(asked); Path=/; SameSite=Lax; Max-Age=31536000"
        }
        let body = ByteBuffer(bytes: markup.html.bytes)
        if let answered = page.answered {
            headers[Self.timing] = "render;dur=\((.now - answered) / Duration.milliseconds(1))"
        }
        return Response(status: status, headers: headers, body: .init(byteBuffer: body))
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
