import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct StateMachineTests {
    @Test func `the picture of the state machine has the arrows that the constraint allows`() async throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/purchases.md")
        let drawn = try String(contentsOf: page, encoding: .utf8).matches(of: /\n    (\S+) --> ([a-z]+):/).map {
            "\($0.1 == "[*]" ? "none" : String($0.1)) \($0.2)"
        }
        try await TestMarket.with { _, database in
            let rule = try await database.first(
                Statement(
                    name: "test/rule",
                    text: """
                        SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint WHERE conname = 'purchase_transition_allowed'
                        """)
            ) { try $0.next(String.self) }
            let states = "'requested', 'returned', 'approved', 'rejected', 'agreed', 'active', 'ended'"
            let allowed = try await database.all(
                Statement(
                    name: "test/allowed",
                    text: """
                        SELECT COALESCE(from_state, 'none') || ' ' || to_state
                        FROM unnest(ARRAY[NULL, \(states)]) AS from_state, unnest(ARRAY[\(states)]) AS to_state
                        WHERE \(rule ?? "")
                        """)
            ) { try $0.next(String.self) }
            #expect(drawn.sorted() == allowed.sorted())
            #expect(drawn.count > 10)
        }
    }
}
