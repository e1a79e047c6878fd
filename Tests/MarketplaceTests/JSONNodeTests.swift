import Marketplace
import Testing

@Suite struct JSONNodeTests {
    private let node = try? JSONNode(
        JSONDocument(text: #"{"a": {"b": [1, 2.50, "x\u00e9\"", true, null]}, "whole": 100, "large": 1e3, "空": "气"}"#))

    @Test func `values are read by their names and places`() throws {
        let node = try #require(node)
        #expect(node["a"]["b"].list.map(\.string) == ["1", "2.5", "xé\"", "true", ""])
        #expect(node["空"].string == "气")
        #expect((node["whole"].integer, node["large"].integer) == (100, 1000))
        #expect(node.members?.map(\.name) == ["a", "whole", "large", "空"])
    }

    @Test func `what is absent or of another kind reads as empty`() throws {
        let node = try #require(node)
        #expect(node["a"]["none"]["deeper"].isNull && node["whole"]["b"].isNull && node["whole"].list.isEmpty)
        #expect(node["none"].string.isEmpty && node["none"].truth == nil && node["none"].number == nil)
    }

    @Test func `a node outlives the document that it was read from`() throws {
        let part = try JSONNode(JSONDocument(text: #"{"a": {"b": "kept"}}"#))["a"]
        #expect(part["b"].string == "kept")
        #expect(part.json == #"{"b":"kept"}"#)
    }

    @Test(arguments: [
        ("9223372036854775807", Int.max), ("9223372036854775808", 0), ("1e19", 0), ("1e400", 0), ("-2.9", -2),
        ("7.0", 7),
    ]) func `a number that is too large for a whole one does no harm`(spelling: String, integer: Int) throws {
        let node = try JSONNode(JSONDocument(text: #"{"a": \#(spelling)}"#))["a"]
        #expect(node.integer == integer)
        #expect(node.string == (spelling == "7.0" ? "7" : spelling))
    }

    @Test func `what is no JSON is refused`() {
        #expect(throws: (any Error).self) { try JSONNode(JSONDocument(text: #"{"a": "#)) }
    }
}
