import Foundation
import Testing

@testable import Marketplace

@Suite struct ScannedJSONTests {
    private func canonical(_ text: String) throws -> String {
        var bytes: [UInt8] = []
        try ScannedJSON(Array(text.utf8)).root.writeCanonical(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        "null", " [ true , false ] ", "{}", "[]", #"{"b":1,"a":{"d":[1,2],"c":null}}"#, "1E30", "4.50", "-0", "0",
        "9007199254740991", #""\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/""#,
        #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#, #"{"é":1,"e":2,"\u0065f":3}"#,
        "\"税务\"", #"{"aa":1,"a":2,"":3}"#,
    ])
    func `the canonical form is that of the tree`(text: String) throws {
        let tree = try JSONTree(json: Array(text.utf8)).canonical()
        #expect(try canonical(text) == String(decoding: tree, as: UTF8.self))
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "[,1]", #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, "\u{0}", "9007199254740993", "1e400",
        "NaN", "Infinity", "-", "01", "1.", ".5", "1e", "+1", "tru", "nulll", "'a'", #"{"a" 1}"#, #"{a:1}"#, #""\x""#,
        #""\u12g4""#, #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, "\"\u{1}\"", "\"a", "[1] 2", "{\"a\":1,}",
        String(repeating: "[", count: 100),
    ])
    func `what is no JSON, or has no canonical form, is refused`(text: String) {
        #expect(throws: NotCanonical.self) { try canonical(text) }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] {
            #expect(throws: NotCanonical.self) { try ScannedJSON(bytes) }
        }
    }

    @Test func `members are found by name, however it is spelled, and values are what they are`() throws {
        let root = try ScannedJSON(Array(#"{"a":"x\n\u4e2d","\u0062":[1,"2",null],"c":true,"d":1.50}"#.utf8)).root
        #expect(root["a"]?.text == "x\n中")
        #expect(root["b"]?.list?.map { $0.number ?? $0.text ?? "null" } == ["1", "2", "null"])
        #expect(root["c"]?.truth == true && root["d"]?.number == "1.50" && (root["e"]?.isNull ?? true))
    }
}
