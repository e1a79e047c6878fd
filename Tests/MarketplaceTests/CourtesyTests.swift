import Foundation
import Postgres
import TestSupport
import Testing

@testable import Marketplace

@Suite struct CourtesyTests {
    private static let question = Statement(name: "test/courtesy", text: "SELECT 1")

    /// How long work in the background rests after it took some time beside so many statements of others.
    private func rest(beside statements: Int) async throws -> TimeInterval? {
        var found: TimeInterval?
        try await TestMarket.with { _, database in
            var courtesy = Courtesy(to: database)
            for _ in 0..<statements {
                _ = try await database.first(Self.question) { try $0.next(Int.self) }
            }
            try await Task.sleep(for: .milliseconds(15))
            found = courtesy.rest()
        }
        return found
    }

    @Test func `work goes on beside the few statements of what follows it`() async throws {
        #expect(try await rest(beside: 5) == nil)
    }

    @Test func `work rests while the market serves others`() async throws {
        #expect(try #require(await rest(beside: 2_000)) > 0)
    }
}
