import CYajl

extension JSONTree {
    /// Deeper than any document of the market; deeper ones were made to exhaust the stack.
    static let deepest = 64

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
        self = try Self.value(of: tree)
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

    private static func value(of tree: yajl_val) throws -> JSONTree {
        let content = tree.pointee.u
        switch tree.pointee.type {
        case yajl_t_string: return .text(String(cString: content.string))
        case yajl_t_number: return .number(String(cString: content.number.r))
        case yajl_t_true: return .bool(true)
        case yajl_t_false: return .bool(false)
        case yajl_t_array:
            return .list(
                try (0..<content.array.len).map { place in
                    guard let value = content.array.values[place] else { return .null }
                    return try self.value(of: value)
                })
        case yajl_t_object:
            var members = [String: JSONTree](minimumCapacity: content.object.len)
            for place in 0..<content.object.len {
                guard let key = content.object.keys[place], let value = content.object.values[place] else { continue }
                let name = String(cString: key)
                guard members.updateValue(try self.value(of: value), forKey: name) == nil else {
                    throw NotCanonical(description: "the member \(name) is given twice")
                }
            }
            return .object(members)
        default: return .null
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
