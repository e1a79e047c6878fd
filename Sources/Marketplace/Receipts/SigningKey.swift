import COpenSSL
import Foundation

/// How documents are signed. Each signature names its algorithm.
public enum SignatureAlgorithm: String, CaseIterable, Sendable {
    /// GB/T 32918 on its recommended curve with SM3, for the user id `1234567812345678`.
    case sm2 = "SM2-SM3"
    /// RFC 8032, for verifiers without the SM algorithms.
    case ed25519 = "Ed25519"

    fileprivate var openSSLName: String { self == .sm2 ? "SM2" : "ED25519" }
    fileprivate static let userID = Array("1234567812345678".utf8)
}

/// What OpenSSL did not do.
struct CryptographyError: Error { let step: String }

/// A public key, as it is published.
public struct VerificationKey: Sendable, Hashable {
    /// SHA-256 of the encoded key, in hexadecimal.
    public let id: String
    public let algorithm: SignatureAlgorithm
    /// SubjectPublicKeyInfo, DER.
    public let encoded: [UInt8]

    public init(algorithm: SignatureAlgorithm, encoded: [UInt8]) {
        id = SHA256.digest(encoded).hexadecimal
        self.algorithm = algorithm
        self.encoded = encoded
    }

    /// Whether the signature is this key's over the bytes; false also when the key cannot be read.
    public func verifies(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        let key = encoded.withUnsafeBufferPointer { buffer in
            var place = buffer.baseAddress
            return d2i_PUBKEY(nil, &place, buffer.count)
        }
        guard let key else { return false }
        defer { EVP_PKEY_free(key) }
        guard EVP_PKEY_is_a(key, algorithm.openSSLName) == 1 else { return false }
        return withContext(key, algorithm) { context, digest in
            guard EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1 else { return false }
            return EVP_DigestVerify(context, signature, signature.count, bytes, bytes.count) == 1
        }
    }
}

/// A key pair of the market. The private part leaves it only as the file it is kept in.
final class SigningKey: @unchecked Sendable {
    let publicKey: VerificationKey
    // OpenSSL's keys may be used by several threads at once.
    private let key: OpaquePointer

    private init(_ key: OpaquePointer, _ algorithm: SignatureAlgorithm) throws {
        self.key = key
        var text: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(key, &text)
        defer { CRYPTO_free(text, #file, #line) }
        publicKey = VerificationKey(
            algorithm: algorithm, encoded: Array(UnsafeBufferPointer(start: text, count: Int(max(0, count)))))
        guard count > 0 else { throw CryptographyError(step: "encode a public key") }
    }

    deinit { EVP_PKEY_free(key) }

    static func generate(_ algorithm: SignatureAlgorithm) throws -> SigningKey {
        let context = EVP_PKEY_CTX_new_from_name(nil, algorithm.openSSLName, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_generate(context, &key) == 1, let key else {
            throw CryptographyError(step: "make a key for \(algorithm.rawValue)")
        }
        return try SigningKey(key, algorithm)
    }

    /// - Parameter pem: PKCS #8, as `pem` gives it.
    convenience init(pem: [UInt8], _ algorithm: SignatureAlgorithm) throws {
        let memory = BIO_new_mem_buf(pem, Int32(pem.count))
        defer { BIO_free(memory) }
        guard let key = PEM_read_bio_PrivateKey(memory, nil, nil, nil) else {
            throw CryptographyError(step: "read a private key")
        }
        try self.init(key, algorithm)
    }

    var pem: [UInt8] {
        get throws {
            let memory = BIO_new(BIO_s_mem())
            defer { BIO_free(memory) }
            guard PEM_write_bio_PrivateKey(memory, key, nil, nil, 0, nil, nil) == 1 else {
                throw CryptographyError(step: "write a private key")
            }
            var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(memory))
            let count = BIO_read(memory, &bytes, Int32(bytes.count))
            return Array(bytes.prefix(Int(max(0, count))))
        }
    }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 128)
        var count = signature.count
        let isSigned = withContext(key, publicKey.algorithm) { context, digest in
            EVP_DigestSignInit(context, nil, digest, nil, key) == 1
                && EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1
        }
        guard isSigned else { throw CryptographyError(step: "sign with \(publicKey.algorithm.rawValue)") }
        return Array(signature.prefix(count))
    }
}

/// A context for one signature; SM2 hashes the user id with the document, so it is set before the key is used.
private func withContext(
    _ key: OpaquePointer, _ algorithm: SignatureAlgorithm, _ work: (OpaquePointer?, OpaquePointer?) -> Bool
) -> Bool {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    guard algorithm == .sm2 else { return work(context, nil) }
    let keyContext = EVP_PKEY_CTX_new(key, nil)
    // The digest's context does not own what it was given.
    defer { EVP_PKEY_CTX_free(keyContext) }
    guard EVP_PKEY_CTX_set1_id(keyContext, SignatureAlgorithm.userID, Int32(SignatureAlgorithm.userID.count)) == 1
    else { return false }
    EVP_MD_CTX_set_pkey_ctx(context, keyContext)
    return work(context, EVP_sm3())
}
