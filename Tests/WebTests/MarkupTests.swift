import Foundation
import Marketplace
import Testing

@testable import Web

@Suite struct MarkupTests {
    private func text(_ markup: HTML) -> String { String(decoding: markup.bytes, as: UTF8.self) }

    @Test func `a text that is put into markup is escaped, also within an attribute`() {
        let told = #"<b title="x">O'Neill & 空气</b>"#
        let escaped = "&lt;b title=&quot;x&quot;&gt;O&#39;Neill &amp; 空气&lt;/b&gt;"
        #expect(text("<p\(attribute: "title", told)>\(told)</p>") == "<p title=\"\(escaped)\">\(escaped)</p>")
        #expect(text("\(told, linkedTo: "/?a=1&b=2")") == "<a href=\"/?a=1&amp;b=2\">\(escaped)</a>")
    }

    @Test func `markup within markup stays as it is`() {
        let items = ["1 < 2", "3"].map { item -> HTML in "<li>\(item)</li>" }
        #expect(text("<ul>\(each: items, { $0 })</ul>") == "<ul><li>1 &lt; 2</li><li>3</li></ul>")
    }

    @Test func `what is absent leaves nothing behind`() {
        let absent: String? = nil
        #expect(
            text(
                "<p\(attribute: "lang", absent)\(attribute: "id", absent)\(flag: "open", false)>\(some: absent, { "\($0)" })</p>"
            )
                == "<p></p>")
    }

    private func shown(_ table: PortalPage.Table) -> String {
        var markup: HTML = ""
        TableMarkup(table: table, part: "part-0", text: Language(isChinese: false), token: "<i>token</i>")
            .write(to: &markup)
        return text(markup)
    }

    @Test func `a table that was drawn beforehand looks like one that was not`() {
        let table = PortalPage.Table(
            caption: "Rows & more", headers: ["Name", "Share"],
            rows: [.init(cells: [.init(text: "<a>", address: "/a"), .share("0.5", "50%")])])
        #expect(table.drawn.grid != nil)
        #expect(shown(table) == shown(table.drawn))
        #expect(shown(table).contains(#"<a href="/a">&lt;a&gt;</a>"#))
    }

    @Test func `rows with commands are drawn only with the token of the session`() {
        let table = PortalPage.Table(
            caption: "Rows", headers: ["Do"], rows: [.init(cells: [.button("Remove", to: "/removal")])])
        #expect(table.drawn.grid == nil)
        #expect(shown(table.drawn).contains("<i>token</i><button>Remove</button>"))
    }

    @Test func `a table that changes after it was drawn shows its new rows`() {
        var table = PortalPage.Table(caption: "Rows", headers: ["A"], rows: [.init(cells: [.init(text: "old")])]).drawn
        table.rows.append(.init(cells: [.init(text: "new")]))
        #expect(shown(table).contains("new"))
    }

    @Test func `a table that stays one in narrow windows says nothing twice for those that take it apart`() {
        let rows = [PortalPage.Table.Row(cells: [.init(text: "1")])]
        let wide = PortalPage.Table(caption: "Rows", headers: ["Name"], rows: rows)
        let compact = PortalPage.Table(caption: "Rows", headers: ["Name"], rows: rows, isCompact: true)
        #expect(shown(wide).contains(#"<td role="cell" class="short" data-label="Name">1</td>"#))
        #expect(shown(compact).contains(#"<td class="short">1</td>"#) && !shown(compact).contains("role=\"cell"))
    }
}
