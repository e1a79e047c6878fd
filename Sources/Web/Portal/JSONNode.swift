import Foundation
import Marketplace

/// A view over a document of the market, for pages: what is absent reads as empty.
struct JSONNode {
    let value: Any?

    init(_ value: Any?) { self.value = value }
    init(_ document: JSONDocument) throws {
        value = try JSONSerialization.jsonObject(with: Data(document.text.utf8))
    }

    subscript(_ key: String) -> JSONNode { JSONNode((value as? [String: Any])?[key]) }
    var list: [JSONNode] { (value as? [Any] ?? []).map { JSONNode($0) } }
    var isNull: Bool { value == nil || value is NSNull }
    var number: Double? { (value as? NSNumber)?.doubleValue }
    var integer: Int { (value as? NSNumber)?.intValue ?? 0 }
    /// A whole number with its thousands set apart: `12,800`.
    var grouped: String {
        isNull ? "" : integer.formatted(.number.grouping(.automatic).locale(Locale(identifier: "en")))
    }
    var string: String {
        switch value {
        case let text as String: text
        case let number as NSNumber: number.stringValue
        default: ""
        }
    }

    /// A time as Beijing reads it: `2026-11-24 19:40`.
    var time: String {
        guard let date = try? parsedTime(string, field: "time") else { return string }
        var style = Date.ISO8601FormatStyle(timeZone: TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt)
        style = style.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false)
        return String(date.formatted(style).prefix(16))
    }

    /// `¥12,800.00` of `{"minor_units": …, "currency": …}`.
    var money: String {
        let units = self["minor_units"].integer
        let currency = self["currency"].string
        let whole = (units / 100).formatted(.number.grouping(.automatic).locale(Locale(identifier: "en")))
        let cents = units % 100
        return "\(currency == "CNY" ? "¥" : currency + " ")\(whole).\(cents < 10 ? "0" : "")\(cents)"
    }

    /// Money that something costs: nothing is said in words.
    func price(_ text: Language) -> String { self["minor_units"].integer == 0 ? text("免费", "free") : money }

    func title(_ text: Language) -> String { text(self["title_zh"].string, self["title_en"].string) }

    /// A party with its mark when it is synthetic.
    func party(_ text: Language) -> PortalPage.Cell {
        if isNull { return .init(text: text("⚠ 无责任主体记录", "⚠ nobody is recorded as responsible")) }
        let own = text.isChinese ? self["name_zh"].string : self["name_en"].string
        let mark = (self["synthetic"].value as? Bool ?? false) ? text("〔合成〕", " (synthetic)") : ""
        return .init(text: (own.isEmpty ? self["name"].string : own) + mark, address: "/parties/\(self["code"].string)")
    }
}

extension String {
    /// For a place in a URL's path or query.
    var escapedForURL: String {
        addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-_.~"))) ?? ""
    }
}
