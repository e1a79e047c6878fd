import Marketplace
import Testing

@Suite struct CSVTableTests {
    @Test func `cells hold commas, quotation marks and line breaks`() throws {
        let table = try CSVTable(Array("\u{FEFF}a,b\r\n\"1, 2\",\"say \"\"x\"\"\r\nagain\"\r\n空气,\r\n".utf8))
        #expect(table.header == ["a", "b"])
        #expect(table.records.map(\.cells) == [["1, 2", "say \"x\"\r\nagain"], ["空气", ""]])
        #expect(table.records.map(\.line) == [2, 3])
    }

    @Test func `cells that are missing at the end of a record are empty`() throws {
        #expect(try CSVTable(Array("a,b,c\n1\n".utf8)).records.map(\.cells) == [["1", "", ""]])
    }

    @Test func `no more records are read than are asked for, wherever the pieces end`() throws {
        let rows = (1...2000).map { "\($0),\"\(String(repeating: "x", count: $0 % 40))\"" }
        let bytes = Array((["a,b"] + rows).joined(separator: "\n").utf8)
        #expect(try CSVTable(bytes, limit: 3).records.map(\.cells[0]) == ["1", "2", "3"])
        #expect(try CSVTable(bytes).records.count == 2000)
        // What follows the records is not looked at.
        #expect(try CSVTable(bytes + Array("\n\"open".utf8), limit: 3).records.count == 3)
    }

    @Test(arguments: [("a,b\n1,\"2\n", 2), ("a,b\n1,2\n3,x\"y\n", 3)])
    func `a quotation mark out of place is refused with its record`(text: String, record: Int) {
        #expect {
            try CSVTable(Array(text.utf8))
        } throws: {
            ($0 as? InvalidInput)?.message.contains("record \(record)") ?? false
        }
    }

    @Test func `what is not UTF-8 is refused`() {
        #expect(throws: InvalidInput.self) { try CSVTable([0x61, 0x0A, 0xFF]) }
    }
}
