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
        guard !code.utf8.allSatisfy(isPlain) else { return code }
        return code.utf8.reduce(into: "") { text, byte in
            text += isPlain(byte) ? String(UnicodeScalar(byte)) : "%" + [byte].hexadecimal.uppercased()
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
