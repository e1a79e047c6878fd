import Foundation
import Marketplace
import Testing

@Suite struct ValueTests {
    @Test(arguments: ["9144030071526726XG", "914403001922038216", "91330100799655058B", "91350000ma0000001j"])
    func `a credit code with the right check character is accepted`(code: String) throws {
        #expect(try CreditCode(code).text == code.uppercased())
    }

    @Test func `a credit code with a wrong check character is refused and the right one is named`() {
        #expect { try CreditCode("91350000MA0000001K") } throws: {
            ($0 as? InvalidInput)?.message.contains("must be 'J'") ?? false
        }
    }

    @Test(arguments: ["", "9135", "91350000MA000000IJ", "91350000MA0000001J0"])
    func `what has not the form of a credit code is refused`(code: String) {
        #expect(throws: InvalidInput.self) { try CreditCode(code) }
    }

    @Test func `identifiers of later times are greater`() {
        let first = UUID.version7(at: Date(timeIntervalSince1970: 1_700_000_000))
        let second = UUID.version7(at: Date(timeIntervalSince1970: 1_700_000_000.002))
        #expect(first.uuidString < second.uuidString)
        #expect(first.uuidString.dropFirst(14).first == "7")
    }

    @Test func `a cursor of another query is refused`() throws {
        let request = try PageRequest(query: "a", cursor: nil, limit: nil)
        #expect(request.limit == 50)
        #expect(throws: InvalidInput.self) { try PageRequest(query: "a", cursor: "bm90IGE", limit: nil) }
        #expect(throws: InvalidInput.self) { try PageRequest(query: "a", cursor: "%%%", limit: nil) }
    }

    @Test(arguments: [0, -1, 201]) func `a page of an unusable size is refused`(limit: Int) {
        #expect(throws: InvalidInput.self) { try PageRequest(query: "a", cursor: nil, limit: limit) }
    }

    @Test(arguments: [
        "2025-02-30", "yesterday", "2025-08-01T25:00:00Z", "99999-01-01", "0000-01-01", "2025-08-01T00:00:00+24:00",
        "9999-12-31T23:00:00-22:36", "0001-01-01T00:00:00+11:40",
    ])
    func `a time that cannot be is refused`(text: String) {
        #expect(throws: InvalidInput.self) { try parsedTime(text, field: "as_of") }
    }

    @Test(arguments: [
        ("0001-01-01", -62_135_596_800), ("1582-10-15", -12_219_292_800), ("1500-03-01", -14_826_672_000),
        ("9999-12-31", 253_402_214_400),
        ("2025-08-01T00:00:00+11:40", 1_753_964_400), ("2025-08-01T00:00:00-22:36", 1_754_087_760),
        ("2025-08-01T00:00:00+23:59", 1_753_920_060),
    ]) func `every time of RFC 3339 can be asked for`(text: String, seconds: Double) throws {
        #expect(try parsedTime(text, field: "as_of").timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        ("2025-08-31T09:30:00Z", 1_756_632_600), ("2025-08-31T09:30:00.25Z", 1_756_632_600.25),
        ("2025-08-31T17:30:00+08:00", 1_756_632_600), ("2024-02-29T23:59:59.5-03:30", 1_709_263_799.5),
        ("2025-12-31T23:59:59+00:00", 1_767_225_599),
    ]) func `a time as programs write it is read to its fraction and offset`(text: String, seconds: Double) throws {
        #expect(try parsedTime(text, field: "as_of").timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        "2025-02-29T00:00:00Z", "2025-04-31T00:00:00Z", "2025-08-00T00:00:00Z", "2025-13-01T00:00:00Z",
        "2025-08-01T00:60:00Z", "2025-08-01T00:00:00+8:00", "2025-08-01T00:00:00+08:60",
        "9999-12-31T23:59:59-00:01",
    ]) func `a time as programs write it that cannot be is refused`(text: String) {
        #expect(throws: InvalidInput.self) { try parsedTime(text, field: "as_of") }
    }

    @Test func `a day means its beginning in UTC`() throws {
        #expect(try parsedTime("2025-08-01", field: "as_of").timeIntervalSince1970 == 1_754_006_400)
    }

    @Test func `a digest is that of the standard's example`() {
        #expect(SHA256.digest(Array("abc".utf8)).hexadecimal.hasPrefix("ba7816bf8f01cfea"))
    }
}
