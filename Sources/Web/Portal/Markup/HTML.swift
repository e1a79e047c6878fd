import Foundation

/// Markup, in UTF-8. What is put into it is escaped, unless it is markup itself: a text becomes markup in no other way than
/// by standing in the program as a literal.
///
///     let row: HTML = "<tr>\(each: cells, { "<td>\($0.text)</td>" })</tr>"
///
/// Pages are not written in a language of templates, because one that looks names up while it renders takes longer for a page
/// of tables than all the queries behind it.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    private(set) var bytes: [UInt8]

    init(stringLiteral text: StaticString) {
        bytes = Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
    init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }
    /// A style sheet of the program's own, which ends at none of its characters.
    init(styleSheet: Data) { bytes = Array(styleSheet) }
    init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }

    static func += (markup: inout HTML, more: HTML) { markup.bytes += more.bytes }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + 32 * interpolationCount)
        }

        mutating func appendLiteral(_ literal: StaticString) {
            bytes.append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
        }

        mutating func appendInterpolation(_ value: String) { appendEscaped(value) }
        mutating func appendInterpolation(_ value: Int) { bytes += String(value).utf8 }
        mutating func appendInterpolation(_ markup: HTML?) { if let markup { bytes += markup.bytes } }

        /// A text, as a link where there is an address.
        mutating func appendInterpolation(_ text: String, linkedTo address: String?) {
            if let address {
                appendInterpolation("<a href=\"\(address)\">\(text)</a>" as HTML)
            } else {
                appendEscaped(text)
            }
        }

        /// The markup of each of several values.
        mutating func appendInterpolation<Values: Sequence>(each values: Values, _ markup: (Values.Element) -> HTML) {
            for value in values { bytes += markup(value).bytes }
        }

        /// The markup of a value, where there is one.
        mutating func appendInterpolation<Value>(some value: Value?, _ markup: (Value) -> HTML) {
            if let value { bytes += markup(value).bytes }
        }

        /// ` name="value"`, where there is a value.
        mutating func appendInterpolation(attribute name: StaticString, _ value: String?) {
            guard let value else { return }
            appendInterpolation(flag: name, true)
            appendLiteral("=\"")
            appendEscaped(value)
            appendLiteral("\"")
        }

        /// ` name`, where it holds.
        mutating func appendInterpolation(flag name: StaticString, _ holds: Bool) {
            guard holds else { return }
            appendLiteral(" ")
            appendLiteral(name)
        }

        private mutating func appendEscaped(_ value: String) {
            var value = value
            value.withUTF8 { text in
                var start = 0
                for place in text.indices {
                    // All that is escaped stands before the letters.
                    guard text[place] <= UInt8(ascii: ">"), let escape = Self.escape(text[place]) else { continue }
                    bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<place]))
                    appendLiteral(escape)
                    start = place + 1
                }
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
            }
        }

        private static func escape(_ byte: UInt8) -> StaticString? {
            switch byte {
            case UInt8(ascii: "<"): "&lt;"
            case UInt8(ascii: ">"): "&gt;"
            case UInt8(ascii: "&"): "&amp;"
            case UInt8(ascii: "\""): "&quot;"
            case UInt8(ascii: "'"): "&#39;"
            default: nil
            }
        }
    }
}
