/// Finds escapes of JSON that are half of a surrogate pair (`\ud800`) and stand for no character: yajl would make them a
/// question mark and swallow what follows. Each becomes the escape of a character that no text holds, of the same length.
struct SurrogateGate {
    /// A noncharacter of Unicode.
    static let mark = Unicode.Scalar(UInt32(0xFDD0))!
    /// Of the mark in UTF-8.
    static let firstByte: UInt8 = 0xEF
    private static let escape = Array("\\ufdd0".utf8)
    private static let backslash = UInt8(ascii: "\\")

    private(set) var hasFound = false
    private var held: [UInt8] = []

    /// - Returns: what is to be read now in place of the piece; nil when that is the piece itself.
    mutating func mended(_ piece: UnsafeBufferPointer<UInt8>, isLast: Bool = false) -> [UInt8]? {
        guard !held.isEmpty || piece.contains(Self.backslash) else { return nil }
        var bytes = held + piece
        let cut = mend(&bytes, isLast: isLast)
        held = Array(bytes[cut...])
        bytes.removeSubrange(cut...)
        return bytes
    }

    /// The text with a replacement character for every mark; nil when it has none.
    static func replaced(_ text: String) -> String? {
        guard text.unicodeScalars.contains(mark) else { return nil }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == mark ? "\u{FFFD}" : $0 }))
    }

    /// - Returns: where an escape begins that goes on in the next piece.
    private mutating func mend(_ bytes: inout [UInt8], isLast: Bool) -> Int {
        var place = 0
        while let start = bytes[place...].firstIndex(of: Self.backslash) {
            // Twelve bytes decide about any escape.
            guard isLast || start + 12 <= bytes.count else { return start }
            switch Self.unit(bytes[start...]) {
            case 0xD800...0xDBFF where 0xDC00...0xDFFF ~= Self.unit(bytes[(start + 6)...]):
                place = start + 12
            case 0xD800...0xDFFF:
                hasFound = true
                bytes.replaceSubrange(start..<start + 6, with: Self.escape)
                place = start + 6
            default: place = min(start + 2, bytes.count)
            }
        }
        return bytes.count
    }

    /// The code unit of UTF-16 that an escape stands for; 0 when it is another escape.
    private static func unit(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        guard bytes.count >= 6, bytes.prefix(2).elementsEqual(escape.prefix(2)) else { return 0 }
        return UInt16(String(decoding: bytes.dropFirst(2).prefix(4), as: UTF8.self), radix: 16) ?? 0
    }
}
