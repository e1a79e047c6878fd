import Testing

@testable import Web

@Suite struct TableTextTests {
    @Test(
        "a cell that a spreadsheet would compute becomes a text, a negative number stays one",
        arguments: [
            ("-1200", "-1200"), ("-0.05", "-0.05"), ("-1+cmd", "'-1+cmd"), ("=1+1", "'=1+1"), ("@sum", "'@sum"),
            ("+86", "'+86"), ("\t=1", "'\t=1"), ("a \"b\", c", "\"a \"\"b\"\", c\""), ("气象,预警", "\"气象,预警\""),
        ])
    func cells(_ text: String, cell: String) {
        #expect(text.csvCell == cell)
    }
}
