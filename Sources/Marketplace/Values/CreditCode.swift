/// A unified social credit code (GB 32100-2015) whose check character is right. It proves form, not existence.
public struct CreditCode: Sendable, Hashable {
    public let text: String

    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
    private static let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

    /// Lower case is read as upper case.
    /// - Throws: `InvalidInput` that names the character or the check character expected.
    public init(_ input: String, field: String = "code") throws {
        let characters = Array(input.uppercased())
        guard characters.count == 18 else {
            throw InvalidInput(
                field, "A unified social credit code has 18 characters; this one has \(characters.count).")
        }
        var values: [Int] = []
        for (index, character) in characters.enumerated() {
            guard let value = Self.alphabet.firstIndex(of: character) else {
                throw InvalidInput(
                    field, "Character \(index + 1) of the credit code, '\(character)', is not used in such codes.")
            }
            values.append(value)
        }
        let sum = zip(values, Self.weights).reduce(0) { $0 + $1.0 * $1.1 }
        let expected = (31 - sum % 31) % 31
        guard values[17] == expected else {
            throw InvalidInput(
                field,
                "The check character of the credit code is '\(characters[17])' but must be '\(Self.alphabet[expected])'."
            )
        }
        text = String(characters)
    }
}
