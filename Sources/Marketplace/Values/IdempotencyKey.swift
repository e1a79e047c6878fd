/// What a client names a command by, so that a retry is recognised.
public struct IdempotencyKey: Sendable, Hashable {
    public let text: String

    /// - Throws: `InvalidInput` unless it is 1 to 200 printable ASCII characters.
    public init(_ text: String?) throws {
        guard let text, !text.isEmpty else {
            throw InvalidInput(
                "Idempotency-Key", "This command needs an Idempotency-Key header, new for each purchase.")
        }
        guard text.utf8.count <= 200, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw InvalidInput("Idempotency-Key", "An Idempotency-Key is 1 to 200 printable ASCII characters.")
        }
        self.text = text
    }
}
