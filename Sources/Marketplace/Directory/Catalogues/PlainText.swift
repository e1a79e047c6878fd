import CLibXML
import Foundation

/// The text of a piece of HTML, by libxml2.
enum PlainText {
    private static let blocks: Set<String> = [
        "p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "blockquote",
    ]
    private static let tag = try? NSRegularExpression(
        pattern: "</?[a-zA-Z][a-zA-Z0-9]*(\\s[^<>]*)?/?>|&(nbsp|amp|lt|gt|quot|#[0-9]+);")

    /// Nil when the text holds no markup: a stray "<" stays as it is.
    static func reduced(_ text: String) -> String? {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }),
            tag?.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count)) != nil
        else { return nil }
        let options = Int32(HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_NONET.rawValue)
        let bytes = Array(text.utf8).map { CChar(bitPattern: $0) }
        guard let document = htmlReadMemory(bytes, Int32(bytes.count), nil, "UTF-8", options) else { return nil }
        defer { xmlFreeDoc(document) }
        var result = ""
        append(xmlDocGetRootElement(document), to: &result, depth: 0)
        return result.split(separator: "\n", omittingEmptySubsequences: true)
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
            .filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static func append(_ first: UnsafeMutablePointer<xmlNode>?, to result: inout String, depth: Int) {
        var node = first
        while let current = node {
            let type = current.pointee.type
            if type == XML_TEXT_NODE, let content = current.pointee.content {
                result += String(cString: content).replacingOccurrences(of: "\n", with: " ")
            } else if type == XML_ELEMENT_NODE, let name = current.pointee.name {
                let name = String(cString: name).lowercased()
                // Far deeper than any description: markup that is nested to exhaust the stack.
                if name != "script" && name != "style" && depth < 200 {
                    if blocks.contains(name) { result += "\n" }
                    append(current.pointee.children, to: &result, depth: depth + 1)
                    if blocks.contains(name) { result += "\n" }
                }
            }
            node = current.pointee.next
        }
    }
}
