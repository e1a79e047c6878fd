import Foundation
import HTTPTypes
import Hummingbird

/// The sign-in page, which leads back to where its reader came from.
func signInAddress(backTo address: String) -> String {
    guard let leads = LocalAddress(address), leads.path != "/" else { return "/sign-in" }
    return leads.path == "/sign-in" ? leads.text : "/sign-in?next=\(leads.text.escapedForURL)"
}

extension Request {
    /// The page that the reader sees: of a command the one that its form stands on. Never on another site.
    var shownAddress: String {
        guard method != .get, method != .head else { return LocalAddress(uri.description)?.text ?? "/" }
        guard let page = headers[.referer].flatMap(URLComponents.init(string:)) else { return "/" }
        let address = page.percentEncodedPath + (page.percentEncodedQuery.map { "?\($0)" } ?? "")
        return LocalAddress(address)?.text ?? "/"
    }
}

/// A path of this market with its query: where a form may lead to, which never is another site.
struct LocalAddress {
    let text: String
    var path: String { String(text.prefix { $0 != "?" }) }

    init?(_ text: String?) {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= 2_000,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }
}
