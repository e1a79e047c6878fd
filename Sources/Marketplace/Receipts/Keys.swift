import Foundation
import Postgres

/// The keys that the market signs with: public parts in the database, private parts in files that only their owner reads.
public struct Keys: Sendable {
    let store: Store
    /// Where the private parts are; nil: this program only verifies.
    let folder: URL?

    /// A key that was or is in force.
    public struct Known: Sendable {
        public let key: VerificationKey
        public let version: Int
        public let since: Date
        public let until: Date?
    }

    /// Newest first; what is signed with an old key still verifies.
    public func all() async throws -> [Known] {
        try await store.database.all(store.statements["receipts/list_keys"], lane: .read) { row in
            let (_, algorithm) = (try row.next(String.self), try row.next(String.self))
            let version = try row.next(Int.self)
            let key = VerificationKey(
                algorithm: SignatureAlgorithm(rawValue: algorithm) ?? .ed25519, encoded: try row.next([UInt8].self))
            return Known(key: key, version: version, since: try row.next(Date.self), until: try row.next(Date?.self))
        }
    }

    /// `{"keys": [{"id", "algorithm", "version", "public_key", "since", "until"}]}`; the public key is its
    /// SubjectPublicKeyInfo in hexadecimal, the id its SHA-256.
    public func document() async throws -> JSONDocument {
        let keys = try await all().map { known -> JSONTree in
            var members = known.key.members
            members["version"] = .number("\(known.version)")
            members["since"] = .text(known.since.formatted(.iso8601))
            members["until"] = known.until.map { .text($0.formatted(.iso8601)) } ?? .null
            return .object(members)
        }
        return JSONDocument(
            text: String(decoding: try JSONTree.object(["keys": .list(keys)]).canonical(), as: UTF8.self))
    }

    /// Puts new keys in force; what was signed with the old ones still verifies.
    public func rotate(_ algorithms: [SignatureAlgorithm], now: Date) async throws {
        try await store.database.withTransaction { transaction in
            try await transaction.script(Notary.lock)
            for algorithm in algorithms { _ = try await make(algorithm, in: transaction, now: now) }
        }
    }

    /// The keys in force, one for each algorithm of `SignedDocument`; those that are missing are made. Only the holder of
    /// the notary's lock may ask, so that two servers do not make two.
    func inForce(in transaction: Transaction, now: Date) async throws -> [SigningKey] {
        let rows = try await transaction.all(store.statements["receipts/find_keys_in_force"]) {
            (id: try $0.next(String.self), algorithm: try $0.next(String.self))
        }
        var keys: [SigningKey] = []
        for algorithm in SignedDocument.algorithms {
            if let row = rows.first(where: { $0.algorithm == algorithm.rawValue }) {
                keys.append(try read(row.id, algorithm))
            } else {
                keys.append(try await make(algorithm, in: transaction, now: now))
            }
        }
        return keys
    }

    /// The file comes first: a key that stands in the database can be used.
    private func make(_ algorithm: SignatureAlgorithm, in transaction: Transaction, now: Date) async throws
        -> SigningKey
    {
        let key = try SigningKey.generate(algorithm)
        try write(key)
        try await transaction.execute(
            store.statements["receipts/rotate_key"], key.publicKey.id, algorithm.rawValue, key.publicKey.encoded, now)
        return key
    }

    private func file(_ id: String) throws -> URL {
        guard let folder else { throw ReceiptError.cannotSign }
        return folder.appendingPathComponent("\(id).pem")
    }

    private func read(_ id: String, _ algorithm: SignatureAlgorithm) throws -> SigningKey {
        guard let pem = FileManager.default.contents(atPath: try file(id).path) else { throw ReceiptError.cannotSign }
        let key = try SigningKey(pem: Array(pem), algorithm)
        guard key.publicKey.id == id else { throw ReceiptError.cannotSign }
        return key
    }

    private func write(_ key: SigningKey) throws {
        let file = try file(key.publicKey.id)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw CryptographyError(step: "write \(file.path)") }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try handle.write(contentsOf: Data(try key.pem))
        try handle.synchronize()
        try handle.close()
    }
}

extension VerificationKey {
    var members: [String: JSONTree] {
        ["id": .text(id), "algorithm": .text(algorithm.rawValue), "public_key": .text(encoded.hexadecimal)]
    }

    /// - Returns: nil unless the members describe a key whose id is its hash.
    init?(_ tree: JSONTree) {
        guard let algorithm = tree["algorithm"]?.text.flatMap(SignatureAlgorithm.init(rawValue:)),
            let encoded = tree["public_key"]?.text.flatMap({ bytes(hexadecimal: $0) })
        else { return nil }
        self.init(algorithm: algorithm, encoded: encoded)
        guard tree["id"]?.text == id else { return nil }
    }
}
