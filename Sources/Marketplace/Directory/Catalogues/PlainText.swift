import CLibXML

/// The text of a piece of HTML, by libxml2.
enum PlainText {
    private static let blocks: Set<String> = [
        "p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "blockquote",
    ]
    private static let references = ["nbsp;", "amp;", "lt;", "gt;", "quot;"].map { Array($0.utf8) }

    /// Nil when the text holds no markup: a stray "<" stays as it is.
    static func reduced(_ text: String) -> String? {
        guard holdsMarkup(Array(text.utf8)[...]) else { return nil }
        guard let document = parsed(text) else { return nil }
        defer { xmlFreeDoc(document) }
        var result = ""
        append(xmlDocGetRootElement(document), to: &result, depth: 0)
        return result.split(separator: "\n", omittingEmptySubsequences: true)
            .map { String($0).foldedSpace }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// What is wrong with HTML is told to nobody. The options alone do not see to that: raptor2 sets a handler of errors for
    /// a whole thread, which only one of the document's own keeps from being called.
    private static func parsed(_ text: String) -> UnsafeMutablePointer<xmlDoc>? {
        XMLLibrary.isReady
        guard let context = htmlNewParserCtxt() else { return nil }
        defer { htmlFreeParserCtxt(context) }
        // libxml2 looks at the handler only of who says that it knows of it.
        context.pointee.sax.pointee.initialized = UInt32(XML_SAX2_MAGIC)
        context.pointee.sax.pointee.serror = { _, _ in }
        let options = Int32(HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue | HTML_PARSE_NONET.rawValue)
        let bytes = Array(text.utf8).map { CChar(bitPattern: $0) }
        return htmlCtxtReadMemory(context, bytes, Int32(bytes.count), nil, "UTF-8", options)
    }

    /// Whether a tag or a character reference begins anywhere; one look at each byte, since most texts hold none.
    private static func holdsMarkup(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        while let mark = rest.firstIndex(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") }) {
            let isTag = rest[mark] == UInt8(ascii: "<")
            rest = rest[(mark + 1)...]
            if isTag ? beginsTag(rest) : beginsReference(rest) { return true }
        }
        return false
    }

    private static func beginsTag(_ text: ArraySlice<UInt8>) -> Bool {
        let isLetter = { (byte: UInt8) in UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 }
        let isDigit = { (byte: UInt8) in UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
        let name = text.first == UInt8(ascii: "/") ? text.dropFirst() : text
        guard name.first.map(isLetter) == true,
            let end = name.first(where: { !isLetter($0) && !isDigit($0) }),
            end <= 0x20 || end == UInt8(ascii: "/") || end == UInt8(ascii: ">")
        else { return false }
        return name.first { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "<") } == UInt8(ascii: ">")
    }

    private static func beginsReference(_ text: ArraySlice<UInt8>) -> Bool {
        if text.first == UInt8(ascii: "#") {
            let digits = text.dropFirst().prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            return !digits.isEmpty && digits.endIndex < text.endIndex && text[digits.endIndex] == UInt8(ascii: ";")
        }
        return references.contains { text.starts(with: $0) }
    }

    private static func append(_ first: UnsafeMutablePointer<xmlNode>?, to result: inout String, depth: Int) {
        var node = first
        while let current = node {
            let type = current.pointee.type
            if type == XML_TEXT_NODE, let content = current.pointee.content {
                result += String(cString: content).onOneLine
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

extension String {
    fileprivate var onOneLine: String {
        utf8.contains(0x0A) ? String(decoding: utf8.map { $0 == 0x0A ? 0x20 : $0 }, as: UTF8.self) : self
    }
}
