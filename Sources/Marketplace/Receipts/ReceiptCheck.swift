import Foundation

/// Checks a receipt without the market: nothing but the file, and the market's keys from where the reader trusts them.
public struct ReceiptCheck: Sendable {
    /// What is wrong; nothing when the receipt proves what it says.
    public private(set) var problems: [String] = []
    /// What the receipt says, for a person.
    public private(set) var summary = ""

    /// - Parameters:
    ///   - receipt: the file.
    ///   - keys: what the market answers under `/v1/keys`; nil to check against the keys in the receipt itself, which
    ///     shows that nothing was changed, but not whose keys they are.
    ///   - agreement: the signed agreement, when it is to be held against the receipt.
    public init(_ receipt: [UInt8], keys: [UInt8]? = nil, agreement: [UInt8]? = nil) {
        do {
            let tree = try Self.canonicalTree(receipt, "the receipt")
            guard tree.has(["format", "record", "inclusion", "head", "keys"]),
                tree["format"]?.text == "datamarket-receipt/1"
            else { throw NotCanonical(description: "the file is not a receipt of the form datamarket-receipt/1") }
            let own = checkOwnKeys(tree)
            let trusted = try keys.map { try trustedKeys($0, at: tree["head"]?["time"]?.text ?? "") } ?? own
            check(tree, against: trusted)
            if let agreement { try check(agreement, against: tree, keys: trusted) }
            summary = Self.summary(of: tree)
        } catch {
            problems.append("\(error)")
        }
    }

    private static func canonicalTree(_ bytes: [UInt8], _ name: String) throws -> JSONTree {
        let tree = try JSONTree(json: bytes)
        let canonical = try tree.canonical()
        guard canonical == bytes else {
            let place = zip(canonical, bytes).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            throw NotCanonical(
                description: "\(name) is not as the market wrote it: it leaves the canonical form at byte "
                    + "\(place ?? min(canonical.count, bytes.count))")
        }
        return tree
    }

    /// The keys in the receipt are exactly those that its head names.
    private mutating func checkOwnKeys(_ receipt: JSONTree) -> [String: VerificationKey] {
        let listed = receipt["keys"]?.list ?? []
        let keys = listed.compactMap { $0.has(["id", "algorithm", "public_key"]) ? VerificationKey($0) : nil }
        let named = (receipt["head"]?["signatures"]?.list ?? []).compactMap { $0["key"]?.text }
        if keys.count != listed.count { problems.append("keys: a key is not the one that its id names") }
        if keys.map(\.id) != named.sorted() { problems.append("keys: they are not those that the head names") }
        return Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
    }

    private func trustedKeys(_ file: [UInt8], at time: String) throws -> [String: VerificationKey] {
        let listed = try JSONTree(json: file)["keys"]?.list ?? []
        let inForce = listed.filter { key in
            (key["since"]?.text ?? "") <= time && time <= (key["until"]?.text ?? "~")
        }
        return Dictionary(inForce.compactMap { VerificationKey($0) }.map { ($0.id, $0) }) { first, _ in first }
    }

    private mutating func check(_ receipt: JSONTree, against keys: [String: VerificationKey]) {
        let (head, inclusion, record) = (receipt["head"], receipt["inclusion"], receipt["record"])
        if let head {
            problems += SignedDocument.problems(of: head, keys: keys).map { "head: \($0)" }
            if head["format"]?.text != "datamarket-head/1" { problems.append("head: it has an unknown form") }
        }
        if record?["format"]?.text != "datamarket-record/1" { problems.append("record: it has an unknown form") }
        let path = (inclusion?["path"]?.list ?? []).map { $0.text.flatMap { bytes(hexadecimal: $0) } }
        guard let inclusion, inclusion.has(["position", "size", "path"]), let position = inclusion["position"]?.number,
            let size = inclusion["size"]?.number, size == head?["size"]?.number, !path.contains(nil),
            let record = try? record?.canonical()
        else {
            problems.append("inclusion: it does not belong to the head")
            return
        }
        let root = MerkleTree.root(
            from: MerkleTree.leaf(record), position: position, size: size, path: path.compactMap { $0 })
        if root?.hexadecimal != head?["root"]?.text {
            problems.append("record: it does not lead to the root of the head by the inclusion's path")
        }
    }

    private mutating func check(_ file: [UInt8], against receipt: JSONTree, keys: [String: VerificationKey]) throws {
        let named = receipt["record"]?["agreement"]
        if named?["sha256"]?.text != SHA256.digest(file).hexadecimal {
            problems.append("agreement: it is not the one that the receipt names")
        }
        let tree = try Self.canonicalTree(file, "the agreement")
        problems += SignedDocument.problems(of: tree, keys: keys).map { "agreement: \($0)" }
    }

    private static func summary(of receipt: JSONTree) -> String {
        let record = receipt["record"]
        let facts = [
            ("event", record?["type"]?.text), ("occurred at", record?["occurred_at"]?.text),
            ("enterprise", record?["enterprise"]?.text), ("purchase", record?["purchase"]?.text),
            ("agreement", record?["agreement"]?["sha256"]?.text.map { "sha256 \($0)" }),
            ("leaf", receipt["inclusion"]?["position"]?.number.map { "\($0)" }),
            ("log", receipt["head"]?["size"]?.number.map { "\($0) leaves at \(receipt["head"]?["time"]?.text ?? "")" }),
        ]
        let keys = (receipt["keys"]?.list ?? []).map { key in
            "key          \(key["algorithm"]?.text ?? "") \(key["id"]?.text ?? "")"
        }
        return
            (facts.compactMap { fact in
                fact.1.map { fact.0.padding(toLength: 13, withPad: " ", startingAt: 0) + $0 }
            } + keys).joined(separator: "\n")
    }
}

extension JSONTree {
    /// Whether it is an object with just these members.
    func has(_ names: Set<String>) -> Bool {
        if case .object(let members) = self { Set(members.keys) == names } else { false }
    }
}
