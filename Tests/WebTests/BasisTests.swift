import Testing

@testable import Web

@Suite struct BasisTests {
    private static let id = "0197f1a2-3b4c-7d5e-8f60-718293a4b5c6"

    @Test(arguments: [
        ("catalogue tw.csv, import \(id)", "catalogue tw.csv"),
        ("catalogue tw.csv, import \(id); ended by import \(id)", "catalogue tw.csv; ended"),
        ("synthetic: plan; draft \(id)", "synthetic: plan; draft"), ("listing of DP-1", "listing of DP-1"),
        ("a decision of the council of the city, § 36 ", "a decision of the council of the city, § 36 "),
    ]) func `the market's own ids are left out of a basis`(basis: String, shown: String) {
        #expect(basis.withoutOwnIDs == shown)
    }
}
