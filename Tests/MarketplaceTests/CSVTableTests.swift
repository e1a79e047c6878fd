import Marketplace
import Testing

@Suite struct CSVTableTests {
    @Test func `cells hold commas, quotation marks and line breaks`() throws {
        let table = try CSVTable(Array("\u{FEFF}a,b\r\n\"1, 2\",\"say \"\"x\"\"\r\nagain\"\r\n空气,\r\n".utf8))
        #expect(table.header == ["a", "b"])
        #expect(table.records.map(\.cells) == [["1, 2", "say \"x\"\r\nagain"], ["空气", ""]])
        #expect(table.records.map(\.line) == [2, 3])
    }

    @Test func `a record keeps as many cells as it has`() throws {
        #expect(try CSVTable(Array("a,b\n1\n1,2,3\n".utf8)).records.map(\.cells) == [["1"], ["1", "2", "3"]])
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func `an empty line is a record of a table with one column only`(end: String)
        throws
    {
        let one = try CSVTable(Array(["a", "1", "", "3", ""].joined(separator: end).utf8))
        #expect(one.records.map(\.cells) == [["1"], [""], ["3"]])
        #expect(one.records.map(\.line) == [2, 3, 4])
        let two = try CSVTable(Array(["a,b", "1,2", "", "3,4", ""].joined(separator: end).utf8))
        #expect(two.records.map(\.cells) == [["1", "2"], ["3", "4"]])
    }

    @Test func `blanks around a cell are not part of it, unless it stands in quotation marks`() throws {
        #expect(try CSVTable(Array("a,b,c\n 1 , x y ,\" z \"\n".utf8)).records.map(\.cells) == [["1", "x y", " z "]])
    }

    @Test func `no more records are read than are asked for, wherever the pieces end`() throws {
        let rows = (1...2000).map { "\($0),\"\(String(repeating: "x", count: $0 % 40))\"" }
        let bytes = Array((["a,b"] + rows).joined(separator: "\n").utf8)
        #expect(try CSVTable(bytes, limit: 3).records.map(\.cells[0]) == ["1", "2", "3"])
        #expect(try CSVTable(bytes).records.count == 2000)
        #expect(try CSVTable(bytes + Array("\n\"open".utf8), limit: 3).records.count == 3)
        #expect(try CSVTable(Array("a\n1\nx\"y\n".utf8), limit: 1).records.count == 1)
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
