import Foundation
import Marketplace

/// What a body of JSON says.
/// - Throws: `InvalidInput` when it is not UTF-8, not well-formed, or gives a member of an object twice, by its name.
func parsedJSON(_ bytes: [UInt8]) throws -> Any {
    // JSONSerialization also reads UTF-16, which shows in its NUL bytes; JSON in UTF-8 holds none.
    guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
        throw InvalidInput("body", "The body is not UTF-8.")
    }
    let value: Any
    do {
        value = try JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
    } catch {
        // What is wrong, and at which character or number, Foundation says only here.
        let reason = (error as NSError).userInfo["NSDebugDescription"] as? String ?? "It is not well-formed."
        throw InvalidInput(
            "body", "The body cannot be read as JSON. \(reason.replacingOccurrences(of: " in Swift", with: ""))")
    }
    if let name = repeatedMember(of: bytes) {
        throw InvalidInput(String(name.prefix(100)), "This member is given more than once.")
    }
    return value
}

/// The first name that an object of a well-formed text has twice. JSONSerialization keeps one of them without a word, and
/// to ask PostgreSQL, whose type json keeps both, would cost every command a round trip.
private func repeatedMember(of bytes: [UInt8]) -> String? {
    var open: [Set<String>] = []
    var place = 0
    while place < bytes.count {
        switch bytes[place] {
        case UInt8(ascii: "{"), UInt8(ascii: "["): open.append([])
        case UInt8(ascii: "}"), UInt8(ascii: "]"): open.removeLast()
        case UInt8(ascii: "\""):
            let text = bytes[place...endOfText(in: bytes, from: place)]
            place = text.endIndex - 1
            let next = bytes[text.endIndex...].first { !" \t\r\n".utf8.contains($0) }
            // Only the name of a member stands before a colon.
            guard next == UInt8(ascii: ":"), !open.isEmpty else { break }
            let name = unescaped(text)
            guard open[open.count - 1].insert(name).inserted else { return name }
        default: break
        }
        place += 1
    }
    return nil
}

/// Where the quotation mark stands that ends the text begun at a place.
private func endOfText(in bytes: [UInt8], from start: Int) -> Int {
    var place = start + 1
    while bytes[place] != UInt8(ascii: "\"") { place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1 }
    return place
}

/// `"a\u0062"` and `"ab"` are one name.
private func unescaped(_ text: ArraySlice<UInt8>) -> String {
    let plain = String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
    guard text.contains(UInt8(ascii: "\\")) else { return plain }
    let read = try? JSONSerialization.jsonObject(with: Data(text), options: [.fragmentsAllowed])
    return read as? String ?? plain
}

/// A whole number of parsed JSON; nil for everything else, true and false among it.
func wholeNumber(_ value: Any) -> Int? {
    guard let number = value as? NSNumber, String(cString: number.objCType) != "c" else { return nil }
    return value as? Int
}
