import Foundation
import Marketplace

/// Parts of documents as pages write them.
extension JSONNode {
    /// A whole number with its thousands set apart: `12,800`.
    var grouped: String { isNull ? "" : integer.grouped }

    /// A time as Beijing reads it: `2026-11-24 19:40`.
    var time: String { BeijingTime.text(string) ?? string }

    /// `¥12,800.00` of `{"minor_units": …, "currency": …}`.
    var money: String { Self.money(self["minor_units"].integer, self["currency"].string) }

    /// Minor units as money, with their sign.
    static func money(_ units: Int, _ currency: String) -> String {
        let (whole, cents) = units.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = units < 0 ? "−" : ""
        return "\(sign)\(currency == "CNY" ? "¥" : currency + " ")\(whole.grouped).\(cents < 10 ? "0" : "")\(cents)"
    }

    /// Money that something costs: nothing is said in words.
    func price(_ text: Language) -> String { self["minor_units"].integer == 0 ? text("免费", "free") : money }

    func title(_ text: Language) -> String { text(self["title_zh"].string, self["title_en"].string) }

    /// A party with its mark when it is synthetic.
    func party(_ text: Language) -> PortalPage.Cell {
        if isNull { return .init(text: text("⚠ 无责任主体记录", "⚠ nobody is recorded as responsible")) }
        let own = text.isChinese ? self["name_zh"].string : self["name_en"].string
        let mark = self["synthetic"].isTrue ? text("〔合成〕", " (synthetic)") : ""
        return .init(text: (own.isEmpty ? self["name"].string : own) + mark, address: "/parties/\(self["code"].string)")
    }
}

extension String {
    /// For a place in a URL's path or query: all but letters, digits and `-_.~` of ASCII is escaped.
    var escapedForURL: String {
        var escaped = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default: escaped += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return escaped
    }

    /// A code as words: `public service` of `public_service`.
    var spaced: String { split(separator: "_").joined(separator: " ") }
}

extension KeyValuePairs where Key == String {
    /// The words of a few codes; to look through them costs less than to hash them all for one look.
    subscript(code: String) -> Value? { first { $0.key == code }?.value }
}
