import Foundation
import Testing

@testable import Marketplace

@Suite struct CanonicalJSONTests {
    private func canonical(_ text: String) throws -> String {
        String(decoding: try JSONTree(json: Array(text.utf8)).canonical(), as: UTF8.self)
    }

    @Test func `the example of RFC 8785 has the form that it gives`() throws {
        let example = #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        #expect(
            try canonical(example)
                == #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"#
                + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#)
    }

    @Test func `names are in the order of their UTF-16 units, as in RFC 8785`() throws {
        let example = #"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#
        #expect(try canonical(example) == "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}")
    }

    @Test(arguments: [
        ("0", UInt64(0)), ("0", 0x8000_0000_0000_0000), ("5e-324", 1), ("-5e-324", 0x8000_0000_0000_0001),
        ("1.7976931348623157e+308", 0x7fef_ffff_ffff_ffff), ("9007199254740992", 0x4340_0000_0000_0000),
        ("295147905179352830000", 0x4430_0000_0000_0000), ("9.999999999999997e+22", 0x44b5_2d02_c7e1_4af5),
        ("1e+23", 0x44b5_2d02_c7e1_4af6), ("1.0000000000000001e+23", 0x44b5_2d02_c7e1_4af7),
        ("999999999999999700000", 0x444b_1ae4_d6e2_ef4e), ("1e+21", 0x444b_1ae4_d6e2_ef50),
        ("9.999999999999997e-7", 0x3eb0_c6f7_a0b5_ed8c), ("0.000001", 0x3eb0_c6f7_a0b5_ed8d),
        ("333333333.3333332", 0x41b3_de43_5555_5553), ("333333333.3333334", 0x41b3_de43_5555_5556),
        ("-0.0000033333333333333333", 0xbecb_f647_612f_3696), ("1424953923781206.2", 0x4314_3ff3_c1cb_0959),
    ])
    func `numbers are spelled as the samples of RFC 8785`(text: String, bits: UInt64) {
        #expect(JSONTree.ecmaScript(Double(bitPattern: bits)) == text)
    }

    @Test(arguments: [
        "{", "", "[1,]", "{\"a\":1,\"a\":2}", "\u{0}", "9007199254740993", "1e400", String(repeating: "[", count: 100),
    ])
    func `what has no canonical form is refused`(text: String) {
        #expect(throws: NotCanonical.self) { try canonical(text) }
    }

    @Test func `whole numbers that a double cannot hold can stand as texts`() throws {
        let tree = try JSONTree(json: Array(#"{"a": 9223372036854775807, "b": [9007199254740991]}"#.utf8))
        let text = String(decoding: try tree.withLargeNumbersAsTexts.canonical(), as: UTF8.self)
        #expect(text == #"{"a":"9223372036854775807","b":[9007199254740991]}"#)
    }
}
