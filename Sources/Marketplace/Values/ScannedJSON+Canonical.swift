/// The canonical form (RFC 8785), written from the text itself: what is spelled canonically is copied.
extension ScannedJSON.Value {
    /// - Parameter omitted: a member of this object that is left out.
    /// - Throws: `NotCanonical` on a number that a double cannot hold exactly or at all, or a member that is named twice.
    func writeCanonical(to canonical: inout [UInt8], without omitted: String? = nil) throws {
        switch node.kind {
        case .null, .yes, .no: canonical += scan.spelling(of: node)
        case .number: try writeNumber(to: &canonical)
        case .text: scan.writeText(node, to: &canonical)
        case .escapedText: JSONTree.write(text ?? "", to: &canonical)
        case .list:
            canonical.append(UInt8(ascii: "["))
            var next = place + 1
            while next < node.next {
                if next > place + 1 { canonical.append(UInt8(ascii: ",")) }
                try ScannedJSON.Value(scan: scan, place: next).writeCanonical(to: &canonical)
                next = scan.nodes[next].next
            }
            canonical.append(UInt8(ascii: "]"))
        case .object: try writeMembers(to: &canonical, without: omitted)
        }
    }

    private func writeMembers(to canonical: inout [UInt8], without omitted: String?) throws {
        var (names, next) = ([Int](), place + 1)
        while next < node.next {
            names.append(next)
            next = scan.nodes[next + 1].next
        }
        names.sort { scan.order($0, $1) < 0 }
        for (name, following) in zip(names, names.dropFirst()) where scan.order(name, following) == 0 {
            throw NotCanonical(description: "the member \(scan.text(of: scan.nodes[name]) ?? "") is given twice")
        }
        canonical.append(UInt8(ascii: "{"))
        var isFirst = true
        for name in names where omitted == nil || scan.text(of: scan.nodes[name]) != omitted {
            if !isFirst { canonical.append(UInt8(ascii: ",")) }
            isFirst = false
            try ScannedJSON.Value(scan: scan, place: name).writeCanonical(to: &canonical)
            canonical.append(UInt8(ascii: ":"))
            try ScannedJSON.Value(scan: scan, place: name + 1).writeCanonical(to: &canonical)
        }
        canonical.append(UInt8(ascii: "}"))
    }

    private func writeNumber(to canonical: inout [UInt8]) throws {
        let spelling = scan.spelling(of: node)
        // Up to fifteen digits are exact as a double, and spelled as they are.
        if spelling.count <= 15, spelling.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
            canonical += spelling
        } else {
            canonical += try JSONTree.canonicalNumber(String(decoding: spelling, as: UTF8.self)).utf8
        }
    }
}

extension ScannedJSON {
    fileprivate func writeText(_ node: Node, to canonical: inout [UInt8]) {
        canonical.append(UInt8(ascii: "\""))
        bytes.withUnsafeBufferPointer { canonical += UnsafeBufferPointer(rebasing: $0[node.start..<node.end]) }
        canonical.append(UInt8(ascii: "\""))
    }

    /// How two names stand to each other by their UTF-16 units: below 0, 0 or above 0.
    fileprivate func order(_ one: Int, _ other: Int) -> Int {
        let (one, other) = (nodes[one], nodes[other])
        if one.kind == .text, other.kind == .text {
            let plain: Int? = bytes.withUnsafeBufferPointer { bytes in
                for (left, right) in zip(bytes[one.start..<one.end], bytes[other.start..<other.end]) {
                    // Beyond ASCII the order of the bytes is not that of the units.
                    guard left < 0x80, right < 0x80 else { return nil }
                    if left != right { return Int(left) - Int(right) }
                }
                return one.end - one.start - (other.end - other.start)
            }
            if let plain { return plain }
        }
        let (left, right) = (text(of: one) ?? "", text(of: other) ?? "")
        if left.utf16.lexicographicallyPrecedes(right.utf16) { return -1 }
        return right.utf16.lexicographicallyPrecedes(left.utf16) ? 1 : 0
    }
}

/// The one spelling of a JSON text (RFC 8785), by which two that say the same are known to be the same. A text that has none,
/// for a number that no double holds, is only the same as itself.
public func oneSpelling(ofJSON text: [UInt8]) -> [UInt8] {
    var spelling: [UInt8] = []
    spelling.reserveCapacity(text.count)
    guard let scan = try? ScannedJSON(text), (try? scan.root.writeCanonical(to: &spelling)) != nil else { return text }
    return spelling
}
