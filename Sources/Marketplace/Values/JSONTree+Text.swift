import CYajl

extension JSONTree {
    /// Deeper than any document of the market; deeper ones were made to exhaust the stack.
    private static let deepest = 64

    /// - Throws: `NotCanonical` when it is not well-formed UTF-8 and JSON, or names a member of an object twice.
    init(json bytes: [UInt8]) throws {
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
            throw NotCanonical(description: "the text is not UTF-8")
        }
        try Self.checkDepth(of: bytes)
        var message = [CChar](repeating: 0, count: 256)
        let tree = (bytes + [0]).withUnsafeBytes { text in
            yajl_tree_parse(text.bindMemory(to: CChar.self).baseAddress, &message, message.count)
        }
        guard let tree else {
            throw NotCanonical(yajl: message)
        }
        defer { yajl_tree_free(tree) }
        try self.init(tree)
    }

    private static func checkDepth(of bytes: [UInt8]) throws {
        var (depth, isText, isEscaped) = (0, false, false)
        for byte in bytes {
            if isEscaped {
                isEscaped = false
            } else if isText {
                isEscaped = byte == UInt8(ascii: "\\")
                isText = byte != UInt8(ascii: "\"")
            } else if byte == UInt8(ascii: "\"") {
                isText = true
            } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                depth += 1
                guard depth <= deepest else { throw NotCanonical(description: "nested deeper than \(deepest) levels") }
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                depth -= 1
            }
        }
    }

    /// - Throws: `NotCanonical` when a member of an object is named twice.
    init(_ tree: yajl_val) throws {
        let content = tree.pointee.u
        switch tree.pointee.type {
        case yajl_t_string: self = .text(String(cString: content.string))
        case yajl_t_number: self = .number(String(cString: content.number.r))
        case yajl_t_true: self = .bool(true)
        case yajl_t_false: self = .bool(false)
        case yajl_t_array:
            self = .list(
                try (0..<content.array.len).map { place in
                    guard let value = content.array.values[place] else { return .null }
                    return try JSONTree(value)
                })
        case yajl_t_object:
            var members = [String: JSONTree](minimumCapacity: content.object.len)
            for place in 0..<content.object.len {
                guard let key = content.object.keys[place], let value = content.object.values[place] else { continue }
                let name = String(cString: key)
                guard members.updateValue(try JSONTree(value), forKey: name) == nil else {
                    throw NotCanonical(description: "the member \(name) is given twice")
                }
            }
            self = .object(members)
        default: self = .null
        }
    }
}

extension NotCanonical {
    /// With the first line of what yajl says.
    init(yajl message: [CChar]) {
        let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        self.init(description: reason.split(separator: "\n").first.map(String.init) ?? "malformed JSON")
    }
}
