import CLibXML

/// An element of an XML document under construction, by libxml2, which escapes what is put in. The root owns the document.
final class XMLElement {
    private let node: xmlNodePtr
    /// Of the root only.
    private let owned: xmlDocPtr?
    private let spaces: [String: xmlNsPtr]

    /// - Parameter spaces: namespaces by prefix; the empty one is the root's own.
    init(root name: String, spaces: [String: String]) {
        XMLLibrary.isReady
        let document = xmlNewDoc("1.0")!
        node = xmlNewDocNode(document, nil, name, nil)!
        _ = xmlDocSetRootElement(document, node)
        owned = document
        let element = node
        self.spaces = Dictionary(
            uniqueKeysWithValues: spaces.map { prefix, address in
                (prefix, xmlNewNs(element, address, prefix.isEmpty ? nil : prefix)!)
            })
        xmlSetNs(node, self.spaces[""])
    }

    private init(_ node: xmlNodePtr, spaces: [String: xmlNsPtr]) {
        self.node = node
        self.spaces = spaces
        owned = nil
    }

    deinit { if let owned { xmlFreeDoc(owned) } }

    /// - Parameter name: with its prefix, such as `cbc:ID`.
    func add(
        _ name: String, _ text: String? = nil, attributes: [String: String] = [:],
        _ fill: (XMLElement) -> Void = { _ in }
    ) {
        let parts = name.split(separator: ":")
        // xmlNewTextChild escapes the text; xmlNewChild would read entities in it.
        guard let prefix = parts.first,
            let child = xmlNewTextChild(node, spaces[String(prefix)], String(parts[1]), text)
        else { return }
        for (name, value) in attributes { xmlNewProp(child, name, value) }
        fill(XMLElement(child, spaces: spaces))
    }

    /// The whole document in UTF-8.
    func document() -> [UInt8] {
        guard let buffer = xmlBufferCreate() else { return [] }
        defer { xmlBufferFree(buffer) }
        xmlNodeDump(buffer, owned, node, 0, 1)
        let content = UnsafeBufferPointer(start: xmlBufferContent(buffer), count: Int(xmlBufferLength(buffer)))
        return Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8) + content + [0x0A]
    }
}
