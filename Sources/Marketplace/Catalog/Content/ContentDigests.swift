import COpenSSL

/// SHA-256 and SM3 (GB/T 32905) of bytes that come piece by piece.
struct ContentDigests: ~Copyable {
    private let sha256 = EVP_MD_CTX_new()
    private let sm3 = EVP_MD_CTX_new()
    private var bytes = 0

    init() {
        EVP_DigestInit_ex(sha256, EVP_sha256(), nil)
        EVP_DigestInit_ex(sm3, EVP_sm3(), nil)
    }

    deinit {
        EVP_MD_CTX_free(sha256)
        EVP_MD_CTX_free(sm3)
    }

    mutating func update(_ piece: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(sha256, piece.baseAddress, piece.count)
        EVP_DigestUpdate(sm3, piece.baseAddress, piece.count)
        bytes += piece.count
    }

    consuming func finish() -> ContentFiles.Identity {
        var digests = [[UInt8]](repeating: [UInt8](repeating: 0, count: 32), count: 2)
        EVP_DigestFinal_ex(sha256, &digests[0], nil)
        EVP_DigestFinal_ex(sm3, &digests[1], nil)
        return .init(sha256: digests[0], sm3: digests[1], bytes: bytes)
    }
}
