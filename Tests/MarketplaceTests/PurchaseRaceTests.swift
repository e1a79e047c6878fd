import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct PurchaseRaceTests {
    private let now = DealFixture.now

    private func together<T: Sendable>(_ works: [@Sendable () async throws -> T]) async -> [Result<T, any Error>] {
        await withTaskGroup(of: Result<T, any Error>.self) { group in
            for work in works {
                group.addTask { do { return .success(try await work()) } catch { return .failure(error) } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private func failures<T>(_ results: [Result<T, any Error>]) -> [any Error] {
        results.compactMap { if case .failure(let error) = $0 { error } else { nil } }
    }

    @Test(arguments: ["automatic", "operator"])
    func `two hundred buyers for ten places are ten purchases and a clear refusal for each other one`(
        _ approval: String
    )
        async throws
    {
        try await DealFixture.with(approval: approval) { it in
            try await it.limit(to: 10)
            let buyers = [it.fixtures.bank, it.fixtures.insurer, it.fixtures.carrier]
            let results = await together(
                (0..<200).map { number in
                    { @Sendable in try await it.request(for: buyers[number % 3], key: "k\(number)") }
                })
            let refusals = failures(results)
            #expect(refusals.count == 190)
            #expect(refusals.allSatisfy { if case PurchaseError.soldOut = $0 { true } else { false } })
            #expect(try await it.count("purchase") == 10)
            #expect(try await it.count("command_key") == 10)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `who repeats a purchase takes no place from who asks for the last one`() async throws {
        try await DealFixture.with(approval: "automatic") { it in
            try await it.limit(to: 2)
            _ = try await it.request(for: it.fixtures.bank, key: "first")
            let results = await together(
                (0..<60).map { number in
                    { @Sendable in
                        number == 30
                            ? try await it.request(for: it.fixtures.insurer, key: "last")
                            : try await it.request(for: it.fixtures.bank, key: "first")
                    }
                })
            #expect(failures(results).allSatisfy { if case PurchaseError.stillRunning = $0 { true } else { false } })
            #expect(try await it.count("purchase") == 2)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `twenty requests at once with one key make one, and each is answered`() async throws {
        try await DealFixture.with { it in
            let results = await together((0..<20).map { _ in { @Sendable in try await it.request() } })
            let running = failures(results)
            #expect(
                running.allSatisfy { if case PurchaseError.stillRunning = $0 { true } else { false } }, "\(running)")
            #expect(try await it.count("purchase") == 1)
            #expect(try await it.count("purchase_decision") == 1)
            let bought = try await it.request()
            let answers = await together(
                (0..<20).map { _ in { @Sendable in try await it.decide(.approve, on: bought).repeated } })
            #expect(answers.compactMap { try? $0.get() }.count { !$0 } == 1)
            #expect(failures(answers).isEmpty)
            await #expect {
                try await it.market.purchases.decide(
                    RequestDecision(.reject, reason: "no"), on: bought,
                    it.command(it.seller, "approve \(it.seller.partyCode)", body: "other"))
            } throws: { if case PurchaseError.keyUsedForAnother = $0 { true } else { false } }
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `deciding, cancelling and terminating at once have one winner and a clear refusal for the others`()
        async throws
    {
        try await DealFixture.with { it in
            for round in 0..<8 {
                let bought = try await it.request(DealFixture.use(from: 0), key: "r\(round)")
                let results = await together([
                    { @Sendable in try await it.decide(.approve, on: bought, key: "a\(round)") },
                    { @Sendable in try await it.decide(.reject, on: bought, key: "b\(round)") },
                    { @Sendable in
                        try await it.market.purchases.cancel(bought, at: .atOnce, reason: "x", it.command(it.buyer))
                    },
                    { @Sendable in try await it.terminate(bought, by: it.seller) },
                ])
                #expect(failures(results).allSatisfy { $0 is PurchaseError }, "\(failures(results))")
                let state = try await it.state(bought)
                #expect(["active", "rejected", "ended cancelled", "ended terminated"].contains(state), "\(state)")
                #expect(try await it.isSound() == [])
            }
        }
    }

    @Test func `expiring and cancelling at once end a purchase once`() async throws {
        try await DealFixture.with { it in
            for round in 0..<5 {
                let bought = try await it.request(DealFixture.use(from: 0, days: 1), key: "r\(round)")
                try await it.decide(.approve, on: bought, key: "a\(round)")
                let end = now + 86_400
                let results = await together([
                    { @Sendable in try await it.market.purchases.advance(now: end) },
                    { @Sendable in try await it.market.purchases.advance(now: end) },
                    { @Sendable in
                        _ = try await it.market.purchases.cancel(
                            bought, at: .atOnce, reason: "x", it.command(it.buyer, at: end))
                        return 0
                    },
                ])
                #expect(failures(results).allSatisfy { $0 is PurchaseError }, "\(failures(results))")
                #expect(try await it.state(bought).hasPrefix("ended "))
                #expect(
                    try await it.count("purchase_transition WHERE to_state = 'ended' AND purchase_id = '\(bought)'")
                        == 1)
                #expect(try await it.isSound() == [])
            }
        }
    }

    @Test func `requests and a withdrawal at once leave either a request or a refusal`() async throws {
        try await DealFixture.with { it in
            _ = await together(
                (0..<30).map { number in { @Sendable in _ = try await it.request(key: "k\(number)") } } + [
                    { @Sendable in try await it.market.catalog.withdrawOffer("OF-FLOOD-ONCE", now: now) }
                ])
            let commands = try await it.count("command_key")
            #expect(try await it.count("purchase") == commands)
            await #expect { try await it.request(key: "late") } throws: {
                if case PurchaseError.offerWithdrawn = $0 { true } else { false }
            }
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `the database itself refuses a transition that is not allowed`() async throws {
        try await DealFixture.with { it in
            let bought = try await it.request()
            let wrong = [
                // A state without its transition, a jump, a gap, an origin that the last transition did not lead to, a second end.
                "UPDATE purchase SET state = 'active', awaited = 0, accepted_at = requested_at",
                "INSERT INTO purchase_transition SELECT enterprise_id, id, 2, 'requested', 'active', NULL, 'x', requested_at FROM purchase",
                "INSERT INTO purchase_transition SELECT enterprise_id, id, 3, 'requested', 'approved', NULL, 'x', requested_at FROM purchase",
                "INSERT INTO purchase_transition SELECT enterprise_id, id, 2, 'agreed', 'active', NULL, 'x', requested_at FROM purchase",
                "INSERT INTO purchase_transition SELECT enterprise_id, id, 2, 'requested', 'approved', NULL, ' ', requested_at FROM purchase",
                "UPDATE purchase SET awaited = 0",
            ].map {
                $0.replacingOccurrences(
                    of: "purchase_transition SELECT",
                    with:
                        "purchase_transition (enterprise_id, purchase_id, number, from_state, to_state, party_id, reason, "
                        + "moved_at) SELECT")
            }
            for statement in wrong {
                await #expect(throws: PostgresError.self, "\(statement)") { try await it.run(statement) }
            }
            #expect(try await it.state(bought) == "requested")
        }
    }
}
