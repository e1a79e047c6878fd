/// PostgreSQL's text form of one-dimensional arrays: {"a","b\"c",NULL}.
enum ArrayText {
    static func literal(_ elements: [String?]) -> String {
        var text = Array("{".utf8)
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            guard let element else {
                text += "NULL".utf8
                continue
            }
            text.append(UInt8(ascii: "\""))
            // By bytes: a quote followed by a combining mark is one Character, which would go unescaped.
            var spelling = element
            spelling.withUTF8 { bytes in
                guard bytes.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
                    return text.append(contentsOf: bytes)
                }
                for byte in bytes {
                    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
                    text.append(byte)
                }
            }
            text.append(UInt8(ascii: "\""))
        }
        text.append(UInt8(ascii: "}"))
        return String(decoding: text, as: UTF8.self)
    }

    static func plain(_ elements: [some CustomStringConvertible]) -> ParameterValue {
        .text("{" + elements.map(\.description).joined(separator: ",") + "}")
    }

    /// nil when the text is not a one-dimensional array; a nil element is NULL.
    static func parse(_ bytes: UnsafeRawBufferPointer) -> [String?]? {
        guard bytes.count >= 2, bytes[0] == UInt8(ascii: "{"), bytes[bytes.count - 1] == UInt8(ascii: "}") else {
            return nil
        }
        var elements: [String?] = []
        var index = 1
        let end = bytes.count - 1
        while index < end {
            var element: [UInt8] = []
            let isQuoted = bytes[index] == UInt8(ascii: "\"")
            if isQuoted { index += 1 }
            while index < end {
                var byte = bytes[index]
                if isQuoted ? byte == UInt8(ascii: "\"") : byte == UInt8(ascii: ",") { break }
                if !isQuoted, byte == UInt8(ascii: "{") { return nil }
                if byte == UInt8(ascii: "\\"), index + 1 < end {
                    index += 1
                    byte = bytes[index]
                }
                element.append(byte)
                index += 1
            }
            if isQuoted { index += 1 }
            let text = String(decoding: element, as: UTF8.self)
            elements.append(!isQuoted && text == "NULL" ? nil : text)
            guard index >= end || bytes[index] == UInt8(ascii: ",") else { return nil }
            index += 1
        }
        return elements
    }
}
