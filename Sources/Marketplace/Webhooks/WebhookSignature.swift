import Foundation

/// Signs messages as Standard Webhooks 1.0 says: `v1,` and HMAC-SHA256 of `id.timestamp.body` in base64.
public struct WebhookSecret: Sendable, Hashable {
    public let bytes: [UInt8]

    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// 32 bytes of the system's own randomness.
    public static func random() -> WebhookSecret {
        var generator = SystemRandomNumberGenerator()
        return WebhookSecret(bytes: (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// As its owner is shown it, once.
    public var text: String { "whsec_" + Data(bytes).base64EncodedString() }

    /// - Parameter timestamp: seconds since 1970.
    public func signature(id: String, timestamp: Int, body: String) -> String {
        let signed = Array("\(id).\(timestamp).\(body)".utf8)
        return "v1," + Data(SHA256.code(of: signed, key: bytes)).base64EncodedString()
    }
}
