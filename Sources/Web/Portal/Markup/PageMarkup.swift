/// A page as a browser gets it: the one layout around its parts.
struct PageMarkup {
    let page: PortalPage
    let text: Language
    let frame: Frame
    /// The field with the token of the reader's session, for every command; empty for who is not signed in.
    let token: HTML

    /// What stands around every page, and differs by reader and address.
    struct Frame {
        let links: [PortalPage.Link]
        /// The path of the page, whose link is marked.
        let here: String
        /// The reader and the role; nil for who is not signed in.
        let who: String?
        let signInAddress, otherAddress: String
        /// Where the search field sends its words.
        let searchAddress: String
    }

    /// From so many tables on a page begins with its contents.
    private static let longPage = 6

    /// Larger than most pages, which then grow in one piece.
    private static let usualSize = 64 << 10

    var html: HTML {
        var markup = HTML(capacity: Self.usualSize)
        markup += head
        markup += opening
        for (place, table) in page.tables.enumerated() {
            TableMarkup(table: table, part: "part-\(place)", text: text, token: token).write(to: &markup)
        }
        markup += closing
        return markup
    }

    private var head: HTML {
        let market = text("公共数据市场", "Public data market")
        return """
            <!doctype html>
            <html lang="\(text("zh-CN", "en"))">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(page.title == market ? market : "\(page.title) · \(market)")</title>
            <link rel="icon" href="/static/portal.svg">
            <link rel="stylesheet" href="/static/portal.css">
            \(scripts)</head>
            <body>
            <a class="skip" href="#content">\(text("跳到正文", "Skip to the content"))</a>
            <header>
            <a class="brand" href="/">\(market)</a>
            <nav aria-label="\(text("主导航", "Main"))">\(each: frame.links, link)</nav>
            <div class="who">\(reader) \
            <a href="\(frame.otherAddress)" lang="\(text("en", "zh"))">\(text("English", "中文"))</a></div>
            </header>
            <main id="content">

            """
    }

    private var scripts: HTML {
        let drawing: HTML = "<script src=\"/static/chart.min.js\" defer></script>\n"
        let acting: HTML = "<script src=\"/static/portal.js\" defer></script>\n"
        let hasChart = page.tables.contains { $0.chart && !$0.rows.isEmpty }
        let hasSlider = page.forms.contains { $0.fields.contains { $0.range != nil } }
        return """
            \(hasChart ? drawing : nil)\
            \(hasChart || hasSlider ? acting : nil)\
            \(page.suggests ? "<script src=\"/static/search.js\" defer></script>\n" : nil)
            """
    }

    private func link(_ link: PortalPage.Link) -> HTML {
        """
        <a href="\(link.address)"\(attribute: "aria-current", link.address == frame.here ? "page" : nil)>\(link.text)</a>
        """
    }

    private var reader: HTML {
        guard let who = frame.who else { return "<a href=\"\(frame.signInAddress)\">\(text("登录", "Sign in"))</a>" }
        return """
            <span>\(who)</span><form method="post" action="/sign-out">\(token)\
            <button class="plain">\(text("退出", "Sign out"))</button></form>
            """
    }

    /// What stands before the tables.
    private var opening: HTML {
        """
        <h1\(attribute: "lang", page.titleLanguage)>\(page.title)</h1>
        \(some: page.lead, { "<p class=\"lead\"\(attribute: "lang", page.leadLanguage)>\($0)</p>\n" })\
        \(some: page.notice, { "<p class=\"notice\" role=\"status\">\($0)</p>\n" })\
        \(some: page.search, search)\(figures)\(facts)\
        \(some: page.results, { ResultsMarkup(results: $0, title: page.title).html })\(contents)
        """
    }

    /// What stands behind them.
    private var closing: HTML {
        let footer = text(
            "标有“合成”的主体和价格均为演示数据。时间为北京时间。",
            "Parties and prices marked synthetic are demonstration data. Times are Beijing time.")
        return """
            \(some: page.next, { "<p><a class=\"next\" href=\"\($0.address)\">\($0.text)</a></p>\n" })\
            \(each: page.forms, { FormMarkup(form: $0, token: token).html })
            </main>
            <footer>\(footer)</footer>
            </body>
            </html>

            """
    }

    private func search(_ words: String) -> HTML {
        """
        <form class="search" method="get" action="\(frame.searchAddress)" role="search">\
        <label for="q">\(text("搜索", "Search"))</label>\
        <input id="q" name="q" type="search" value="\(words)" maxlength="100" autocomplete="off">\
        <button>\(text("查找", "Find"))</button></form>

        """
    }

    private var figures: HTML? {
        guard !page.figures.isEmpty else { return nil }
        return "<ul class=\"figures\">\(each: page.figures, figure)</ul>\n"
    }

    private func figure(_ figure: PortalPage.Figure) -> HTML {
        """
        <li><a href="\(figure.address)"><strong>\(figure.value)</strong> <span>\(figure.name)</span></a>\
        <p>\(figure.about)</p></li>
        """
    }

    private var facts: HTML? {
        let facts = page.facts.filter { !$0.value.isEmpty }
        guard !facts.isEmpty else { return nil }
        return "<dl>\(each: facts, fact)</dl>\n"
    }

    private func fact(_ fact: PortalPage.Fact) -> HTML {
        "<div><dt>\(fact.name)</dt><dd>\(fact.value, linkedTo: fact.address)</dd></div>"
    }

    private var contents: HTML? {
        guard page.tables.count >= Self.longPage else { return nil }
        return """
            <nav class="contents" aria-label="\(text("本页内容", "On this page"))"><ul>\
            \(each: page.tables.enumerated(), { "<li><a href=\"#part-\($0)\">\($1.caption)</a></li>" })</ul></nav>

            """
    }
}
