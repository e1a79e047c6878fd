import Foundation
import Postgres
import TestSupport
import Testing

/// One case of what an offer makes of a condition of the directory; nil stands for "says nothing".
private struct Comparison: CustomTestStringConvertible {
    let kind: String
    let directory: String?
    let offered: String?
    let added: Bool
    let loosened: Bool
    var testDescription: String { "\(kind): \(directory ?? "–") → \(offered ?? "–")" }

    init(_ kind: String, _ directory: String?, _ offered: String?, added: Bool = false, loosened: Bool = false) {
        (self.kind, self.directory, self.offered) = (kind, directory, offered)
        (self.added, self.loosened) = (added, loosened)
    }
}

private let comparisons: [Comparison] = [
    .init("purpose", #"["research","operations"]"#, #"["operations","research"]"#),
    .init("purpose", #"["research","operations"]"#, #"["research"]"#, added: true),
    .init("purpose", #"["research"]"#, #"["research","operations"]"#, loosened: true),
    .init("purpose", #"["research"]"#, #"["operations"]"#, added: true, loosened: true),
    .init("purpose", nil, #"["research"]"#, added: true),
    .init("region", #"["350000"]"#, #"["350100","350200"]"#, added: true),
    .init("region", #"["350100"]"#, #"["350000"]"#, loosened: true),
    .init("region", #"["100000"]"#, #"["440000"]"#, added: true),
    .init("region", #"["350000"]"#, #"["440000"]"#, added: true, loosened: true),
    .init("region", #"["350000"]"#, nil, loosened: true),
    .init("sector", #"["J","G"]"#, #"["J"]"#, added: true),
    .init("sector", #"["J"]"#, #"["J"]"#),
    .init("redistribution", #""forbidden""#, #""with_consent""#, loosened: true),
    .init("redistribution", #""free""#, #""with_consent""#, added: true),
    .init("redistribution", #""forbidden""#, nil, loosened: true),
    .init("retention", "365", "30", added: true),
    .init("retention", "30", "365", loosened: true),
    .init("retention", "30", "30"),
    .init("fee", #""free""#, #""guided""#, added: true),
    .init("fee", #""guided""#, #""market""#, added: true),
    .init("fee", nil, #""guided""#, added: true),
    // A directory says the highest fee that may be charged: less is nobody's loss.
    .init("fee", #""market""#, #""guided""#),
    .init("fee", #""guided""#, nil),
    .init("fee", #""free""#, nil),
    .init("qualification", #"["licence A"]"#, #"["licence A","licence B"]"#, added: true),
    .init("qualification", #"["licence A","licence B"]"#, #"["licence A"]"#, loosened: true),
    .init("qualification", nil, nil),
]

@Suite struct ConditionStrictnessTests {
    @Test func `an offer's condition is the directory's, added or loosened, kind by kind`() async throws {
        try await TestMarket.with { _, database in
            let compare = Statement(
                name: "test/compare",
                text: """
                    SELECT NOT condition_within($1, $2::text::jsonb, $3::text::jsonb),
                        $1 <> 'fee' AND NOT condition_within($1, $3::text::jsonb, $2::text::jsonb)
                    """)
            for comparison in comparisons {
                let found = try await database.first(
                    compare, comparison.kind, comparison.directory, comparison.offered
                ) { (added: try $0.next(Bool.self), loosened: try $0.next(Bool.self)) }
                #expect(found?.added == comparison.added, "\(comparison.testDescription) added")
                #expect(found?.loosened == comparison.loosened, "\(comparison.testDescription) loosened")
            }
        }
    }

    @Test func `two entries together allow what both allow`() async throws {
        let cases = [
            ("purpose", #"["a","b"]"#, #"["b","c"]"#, #"["b"]"#),
            ("region", #"["350000"]"#, #"["350100"]"#, #"["350100"]"#),
            ("sector", #"["J"]"#, #"["G"]"#, "[]"), ("retention", "365", "30", "30"),
            ("redistribution", #""free""#, #""forbidden""#, #""forbidden""#),
            ("fee", #""market""#, #""free""#, #""free""#),
            ("qualification", #"["x"]"#, #"["y"]"#, #"["x", "y"]"#),
        ]
        try await TestMarket.with { _, database in
            let together = Statement(
                name: "test/together",
                text: """
                    SELECT (SELECT condition_together($1, value::jsonb) FROM unnest($2::text[]) AS value)::text,
                        (SELECT condition_together($1, value::jsonb) FROM unnest($3::text[]) AS value)::text
                    """)
            for (kind, one, other, expected) in cases {
                let found = try await database.first(together, kind, [one, other], [other, one]) {
                    [try $0.next(String.self), try $0.next(String.self)]
                }
                #expect(found == [expected, expected], "\(kind)")
            }
        }
    }

    @Test func `a value that has not the form of its kind is no condition`() async throws {
        try await TestMarket.with { _, database in
            let form = Statement(name: "test/form", text: "SELECT is_condition($1, $2::text::jsonb)")
            let cases: [(String, String, Bool)] = [
                ("purpose", #"["research"]"#, true), ("purpose", "[]", false), ("purpose", #"["Research!"]"#, false),
                ("purpose", #""research""#, false), ("region", #"["350000"]"#, true), ("region", #"["35"]"#, false),
                ("region", "[350000]", false), ("sector", #"["J"]"#, true), ("sector", #"["Z"]"#, false),
                ("redistribution", #""free""#, true), ("redistribution", #""never""#, false),
                ("retention", "30", true), ("retention", "0", false), ("retention", "1.5", false),
                ("retention", #""30""#, false), ("fee", #""guided""#, true), ("fee", "12", false),
                ("qualification", #"["licence"]"#, true), ("qualification", #"[""]"#, false), ("colour", "1", false),
            ]
            for (kind, value, expected) in cases {
                let found = try await database.first(form, kind, value) { try $0.next(Bool.self) }
                #expect(found == expected, "\(kind) \(value)")
            }
        }
    }
}
