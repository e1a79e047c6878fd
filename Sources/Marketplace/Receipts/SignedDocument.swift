import Foundation

/// Documents with the market's signatures inside, under `signatures`: one by SM2, then one by Ed25519. Each covers the
/// canonical form of the document with the signatures that stand before it, so the last one covers everything.
enum SignedDocument {
    static let algorithms: [SignatureAlgorithm] = [.sm2, .ed25519]

    /// The canonical bytes of a document, signed.
    /// - Parameter keys: one for each of `algorithms`, in that order.
    static func sign(_ members: [String: JSONTree], with keys: [SigningKey]) throws -> [UInt8] {
        // Each signature is over the one before too; all else is spelled once.
        var spelled = try members.mapValues { try $0.canonical() }
        var signatures: [JSONTree] = []
        spelled["signatures"] = try JSONTree.list(signatures).canonical()
        for key in keys {
            let signature = try key.sign(JSONTree.canonical(members: spelled))
            signatures.append(
                .object([
                    "algorithm": .text(key.publicKey.algorithm.rawValue), "key": .text(key.publicKey.id),
                    "value": .text(signature.hexadecimal),
                ]))
            spelled["signatures"] = try JSONTree.list(signatures).canonical()
        }
        return JSONTree.canonical(members: spelled)
    }

    /// What is wrong with the signatures of a document; nothing when all of them are right.
    /// - Parameter keys: the keys that are trusted, by id.
    static func problems(of document: JSONTree, keys: [String: VerificationKey]) -> [String] {
        guard case .object(var members) = document, let signatures = members["signatures"]?.list,
            signatures.map({ $0["algorithm"]?.text }) == algorithms.map(\.rawValue),
            signatures.allSatisfy({ $0.has(["algorithm", "key", "value"]) })
        else { return ["it is not signed by \(algorithms.map(\.rawValue).joined(separator: " and "))"] }
        var problems: [String] = []
        for (place, signature) in signatures.enumerated() {
            let algorithm = algorithms[place]
            guard let id = signature["key"]?.text, let key = keys[id], key.algorithm == algorithm else {
                problems.append("the key of its \(algorithm.rawValue) signature is not among the keys")
                continue
            }
            members["signatures"] = .list(Array(signatures[..<place]))
            let covered = try? JSONTree.object(members).canonical()
            let value = signature["value"]?.text.flatMap { bytes(hexadecimal: $0) }
            guard let covered, let value, key.verifies(value, over: covered) else {
                problems.append("its \(algorithm.rawValue) signature by key \(id.prefix(16))… does not verify")
                continue
            }
        }
        return problems
    }
}

/// Nil unless it is an even number of lower-case digits, so that one value has one spelling.
func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.map { byte -> UInt8? in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
    guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).compactMap { place in
        guard let high = digits[place], let low = digits[place + 1] else { return nil }
        return high << 4 | low
    }
}
