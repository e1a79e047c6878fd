/// The IRIs of the market's things: where each can be read.
struct Addresses: Sendable {
    /// Such as `https://market.example`, without a slash at its end.
    let base: String

    var catalogue: Term { .resource(base + "/catalog") }
    var contract: Term { .resource(base + "/openapi.json") }
    func entry(_ code: String) -> String { "\(base)/v1/directory/entries/\(Self.escaped(code))" }
    func version(_ number: Int, of code: String) -> Term { .resource("\(entry(code))/history#version-\(number)") }
    func policy(ofEntry code: String) -> Term { .resource("\(entry(code))#policy") }
    func product(_ code: String) -> String { "\(base)/v1/products/\(Self.escaped(code))" }
    func offer(_ offer: String, of code: String) -> Term {
        .resource("\(product(code))/offers#\(Self.escaped(offer))")
    }
    func party(_ code: String) -> Term { .resource("\(base)/v1/parties/\(Self.escaped(code))") }
    /// Where a person reads about a product and buys it.
    func page(ofProduct code: String) -> String { "\(base)/products/\(Self.escaped(code))" }
    func page(ofEntry code: String) -> String { "\(base)/directory/\(Self.escaped(code))" }

    static func escaped(_ code: String) -> String {
        code.utf8.reduce(into: "") { text, byte in
            let character = Character(UnicodeScalar(byte))
            let isPlain = byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
            text += isPlain ? String(character) : "%" + [byte].hexadecimal.uppercased()
        }
    }
}
