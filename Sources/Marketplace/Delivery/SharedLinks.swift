import Foundation

/// A link to one file, as a request brings it.
public struct SharedLink: Sendable {
    public let sha256: [UInt8]
    /// How long the file is: one that lost its end on disk must not pass for whole.
    public let bytes: Int
    public let enterprise, entitlement: UUID
    let revision, version, expires: Int
    let signature: [UInt8]

    /// Nil when it is no link that the market could have made.
    public init?(sha256: String, parameter: (String) -> String?) {
        guard let sha256 = Marketplace.bytes(hexadecimal: sha256), sha256.count == 32,
            let bytes = parameter("bytes").flatMap(Int.init),
            let enterprise = parameter("enterprise").flatMap(UUID.init(uuidString:)),
            let entitlement = parameter("entitlement").flatMap(UUID.init(uuidString:)),
            let revision = parameter("revision").flatMap(Int.init), let version = parameter("key").flatMap(Int.init),
            let expires = parameter("expires").flatMap(Int.init),
            let signature = parameter(SharedLinks.signatureName).flatMap({ Marketplace.bytes(hexadecimal: $0) })
        else { return nil }
        (self.sha256, self.bytes, self.enterprise, self.entitlement) = (sha256, bytes, enterprise, entitlement)
        (self.revision, self.version, self.expires, self.signature) = (revision, version, expires, signature)
    }

    fileprivate var said: String {
        SharedLinks.said(sha256, bytes, enterprise, entitlement, revision, version: version, expires: expires)
    }
}

/// Signs links to files: whoever has one reads that file for a short time, as long as the entitlement is in force.
struct SharedLinks: Sendable {
    let accounts: Accounts

    /// By this name Delta's kernel knows the path of a file for an address.
    static let signatureName = "X-Amz-Signature"
    private static let lifetime: TimeInterval = 3600

    struct Signer: Sendable {
        fileprivate let reader: Sharing.Reader
        fileprivate let revision: Int
        fileprivate let base: String
        let expiresAt: Date

        func url(of sha256: [UInt8], bytes: Int) -> String {
            let (enterprise, entitlement, key) = (reader.enterprise, reader.entitlement, reader.key)
            let expires = Int(expiresAt.timeIntervalSince1970)
            let signature = key.linkSignature(
                SharedLinks.said(
                    sha256, bytes, enterprise, entitlement, revision, version: key.version, expires: expires))
            return "\(base)/delta-sharing/files/\(sha256.hexadecimal)?bytes=\(bytes)"
                + "&enterprise=\(enterprise.uuidString.lowercased())"
                + "&entitlement=\(entitlement.uuidString.lowercased())&revision=\(revision)&key=\(key.version)"
                + "&expires=\(expires)&\(SharedLinks.signatureName)=\(signature.hexadecimal)"
        }
    }

    func signer(for reader: Sharing.Reader, revision: Int, base: String, now: Date) -> Signer {
        Signer(reader: reader, revision: revision, base: base, expiresAt: now + Self.lifetime)
    }

    func isValid(_ link: SharedLink, now: Date) async throws -> Bool {
        guard Double(link.expires) > now.timeIntervalSince1970, let key = try await accounts.sessionKey(link.version)
        else { return false }
        return areEqual(link.signature, key.linkSignature(link.said))
    }

    /// The token of a further page. What it goes on with was counted with its first page, so that nobody can make one.
    func token(of page: SharedPage, _ signer: Signer) -> String {
        let said = Self.said(page, signer.reader, version: signer.reader.key.version, until: signer.expiresAt)
        return "\(said).\(signer.reader.key.linkSignature(said + signer.reader.entitlement.uuidString).hexadecimal)"
    }

    /// - Throws: `InvalidInput` for a token that is not this reader's, or too old.
    func page(_ token: String, for reader: Sharing.Reader, now: Date) async throws -> SharedPage {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.prefix(4).compactMap { Int($0) }
        guard parts.count == 5, numbers.count == 4, let signature = bytes(hexadecimal: String(parts[4])),
            Double(numbers[3]) > now.timeIntervalSince1970, let key = try await accounts.sessionKey(numbers[2]),
            areEqual(
                signature,
                key.linkSignature(parts.prefix(4).joined(separator: ".") + reader.entitlement.uuidString))
        else { throw InvalidInput("pageToken", "This is no token that an answer gave, or it has expired.") }
        return SharedPage(version: numbers[0], place: numbers[1])
    }

    private static func said(_ page: SharedPage, _ reader: Sharing.Reader, version: Int, until: Date) -> String {
        "\(page.version).\(page.place).\(version).\(Int(until.timeIntervalSince1970))"
    }

    fileprivate static func said(
        _ sha256: [UInt8], _ bytes: Int, _ enterprise: UUID, _ entitlement: UUID, _ revision: Int, version: Int,
        expires: Int
    ) -> String {
        "\(sha256.hexadecimal) \(bytes) \(enterprise.uuidString) \(entitlement.uuidString) \(revision) \(version) \(expires)"
    }
}
