/// One SQL statement with the name it is prepared under ("catalog/find_product").
public struct Statement: Sendable, Hashable {
    public let name: String
    public let text: String
    /// Computed once: hashing kilobytes of SQL for each call would cost more than the call.
    let fingerprint: UInt64
    let preparedName: String
    /// Whether the text only reads, as far as its words tell: decides how a lost connection is reported.
    let looksReadOnly: Bool

    public init(name: String, text: String) {
        self.name = name
        self.text = text
        // FNV-1a: the name must be the same on every connection and in every process, which Hasher is not.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ string: String) {
            for byte in string.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = (hash ^ 0xff) &* 0x100_0000_01b3
        }
        mix(name)
        mix(text)
        fingerprint = hash
        looksReadOnly = Self.onlyReads(text)
        // PostgreSQL cuts names at 63 bytes, so the hash must lie within them; quotes would need escaping.
        let readable = name.utf8.prefix(40).map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte)
            return isPlain ? Character(UnicodeScalar(byte)) : "_"
        }
        preparedName = String(readable) + "_" + String(hash, radix: 16)
    }

    public static func == (left: Statement, right: Statement) -> Bool {
        left.fingerprint == right.fingerprint && left.name == right.name && left.text == right.text
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }

    private static func onlyReads(_ text: String) -> Bool {
        var words: [Substring] = []
        for line in text.split(separator: "\n") {
            let code = line.range(of: "--").map { line[..<$0.lowerBound] } ?? line
            words += code.split { !$0.isLetter && $0 != "_" }
        }
        guard let first = words.first?.lowercased() else { return true }
        guard ["select", "with", "values", "table", "show", "explain"].contains(first) else { return false }
        let writing: Set<String> = ["insert", "update", "delete", "merge", "analyze", "nextval", "setval"]
        return !words.contains { writing.contains($0.lowercased()) }
    }
}

extension Substring {
    fileprivate func range(of needle: String) -> Range<Index>? { firstRange(of: needle) }
}
