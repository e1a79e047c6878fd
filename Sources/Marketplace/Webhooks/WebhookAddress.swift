import Foundation

/// An address that a party wants to be told at: outside the market's own network, and by https.
public struct WebhookAddress: Sendable {
    public let url: String
    /// Whether it may lie inside the network of the market, and be plain http on any port: for development.
    let allowsInternal: Bool
    private static let ports = [443, 8443]

    /// - Throws: `InvalidInput` that says why it cannot be called. What a name stands for is looked at with each attempt.
    public init(_ text: String, allowsInternal: Bool) throws {
        guard text.utf8.count <= 2_000, text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 }),
            let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "https" || scheme == "http", let host = parts.host?.lowercased(), !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.fragment == nil
        else { throw InvalidInput("url", "This is not an address like https://example.org/market-events.") }
        // A name may end with the dot of the root, and is the same name.
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        if !allowsInternal {
            guard scheme == "https" else { throw InvalidInput("url", "The address must begin with https://.") }
            guard Self.ports.contains(parts.port ?? 443) else {
                throw InvalidInput("url", "The port must be 443 or 8443.")
            }
            guard !InternalAddress.isSpelt(by: name), name != "localhost", !name.hasSuffix(".localhost") else {
                throw InvalidInput("url", "Addresses inside the market's own network are not reached.")
            }
        }
        url = text
        self.allowsInternal = allowsInternal
    }
}
