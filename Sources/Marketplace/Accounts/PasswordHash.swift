import COpenSSL
import Foundation
import Synchronization

/// A password as it is kept: scrypt of it (RFC 7914), with what it was made with.
struct PasswordHash: Sendable {
    let salt: [UInt8]
    let cost, blockSize, parallelization: Int
    let bytes: [UInt8]

    /// A fifth of a second and 32 MB for each guess.
    init(of password: String, salt: [UInt8]) throws {
        (self.salt, cost, blockSize, parallelization) = (salt, 1 << 15, 8, 3)
        bytes = try Self.scrypt(password, salt, cost, blockSize, parallelization)
    }

    init(salt: [UInt8], cost: Int, blockSize: Int, parallelization: Int, bytes: [UInt8]) {
        (self.salt, self.cost, self.blockSize, self.parallelization) = (salt, cost, blockSize, parallelization)
        self.bytes = bytes
    }

    func isOf(_ password: String) throws -> Bool {
        areEqual(bytes, try Self.scrypt(password, salt, cost, blockSize, parallelization))
    }

    private static func scrypt(
        _ password: String, _ salt: [UInt8], _ cost: Int, _ blockSize: Int, _ parallelization: Int
    ) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        let password = Array(password.utf8).map { CChar(bitPattern: $0) }
        // What the function takes, and a little more: OpenSSL's own limit is below it.
        let memory = 130 * blockSize * (cost + parallelization)
        guard
            EVP_PBE_scrypt(
                password, password.count, salt, salt.count, UInt64(cost), UInt64(blockSize), UInt64(parallelization),
                UInt64(memory), &bytes, bytes.count) == 1
        else { throw CryptographyError(step: "hash a password") }
        return bytes
    }
}

/// Hashes one password after the other: anybody may ask for it, and each takes a processor and much memory for a while.
final class PasswordHashing: Sendable {
    private let queue = DispatchQueue(label: "password hashing")
    private let waiting = Mutex(0)
    private static let limit = 20

    /// - Throws: `SignInError.busy` when too many wait already.
    func run<Value: Sendable>(_ work: @Sendable @escaping () throws -> Value) async throws -> Value {
        let isFree = waiting.withLock { waiting in
            guard waiting < Self.limit else { return false }
            waiting += 1
            return true
        }
        guard isFree else { throw SignInError.busy }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
