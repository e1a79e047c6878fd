import Testing

@testable import Marketplace

@Suite struct PlainTextTests {
    @Test(arguments: [
        ("<p>Air &amp; water</p><p>by  station</p>", "Air & water\nby station"), ("one<br/>two", "one\ntwo"),
        ("R&amp;D", "R&D"), ("caf&#233;", "café"), ("<script>alert(1)</script><b>空气</b>质量", "空气质量"),
    ])
    func `markup is taken out of a description`(markup: String, text: String) {
        #expect(PlainText.reduced(markup) == text)
    }

    @Test(arguments: [
        "a < b and c > d", "x<5", "AT&T", "a & b;", "<3 data", "tail <", "&#;", "<p unclosed", "</>", "空气",
    ])
    func `a stray sign is no markup`(text: String) {
        #expect(PlainText.reduced(text) == nil)
    }

    @Test(arguments: [
        ("  two \t words\n", "two words"), ("a\u{A0}\u{3000}b", "a b"), ("空气 质量", "空气 质量"), (" \u{2003} ", ""),
        ("", ""),
        ("one  two", "one two"), ("plain text", "plain text"),
    ])
    func `white space is folded in every script`(text: String, folded: String) {
        #expect(text.foldedSpace == folded)
    }

    @Test func `white space within a text stays when only its ends are trimmed`() {
        #expect("\u{3000} a  b\n".trimmedSpace == "a  b")
        #expect(" \n".trimmedSpace == "")
    }
}
