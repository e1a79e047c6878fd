import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// Day 0 is a Friday; the limit of what is raised on day 3, a Monday, is day 17, the Monday two weeks later.
@Suite struct CorrectionFigureTests {
    private struct Case {
        let market: AdoptionFixture
        let seller: Account
        let bank: Account

        func raise(by enterprise: UUID, at moment: Date) async throws -> UUID {
            let purchase = try await market.buy("OF-FLOOD-FREE", for: enterprise, at: day(1))
            let raised = try await market.market.corrections.raise(
                CorrectionRequest(purchase: purchase, kind: "wrong_unit", description: "Counted twice"),
                by: enterprise, key: IdempotencyKey(UUID().uuidString), body: [], now: moment
            ).correction
            return try #require(UUID(uuidString: fields(raised)["id"] as? String ?? ""))
        }

        func take(
            _ kind: CorrectionStep.Kind, of id: UUID, link: String? = nil, by account: Account? = nil, at moment: Date
        ) async throws {
            _ = try await market.market.corrections.take(
                CorrectionStep(kind, text: "as told", link: link), of: id, by: account ?? seller, now: moment)
        }

        func day(_ number: Int) -> Date { AdoptionFixture.day(number) }

        func values(_ asOf: Int, by dimension: String? = nil, known: Int? = nil) async throws -> [String: Decimal] {
            try await market.values(
                .init(metric: "corrections", by: dimension, asOf: day(asOf), recordedBy: known.map(day)))
        }
    }

    private func with(_ work: (Case) async throws -> Void) async throws {
        try await AdoptionFixture.with { market async throws in
            let account = { (party: String, role: Role) in
                let token = try await market.market.accounts.createToken(
                    party: party, role: role, days: 1, now: Date()
                ).token
                return try #require(await market.market.accounts.account(token: token, now: Date()))
            }
            try await work(
                Case(
                    market: market, seller: account(Fixtures.sellerCode, .operator),
                    bank: account(Fixtures.bankCode, .enterprise)))
        }
    }

    private func day(_ number: Int) -> Date { AdoptionFixture.day(number) }
    private let hour = 3_600.0

    /// The bank's is corrected after two days and told in time, the insurer's confirmed after four and told late, the carrier's
    /// not answered.
    private func raiseThree(_ case: Case) async throws -> [UUID] {
        let fixtures = `case`.market.fixtures
        let bank = try await `case`.raise(by: fixtures.bank, at: day(3) + hour)
        let insurer = try await `case`.raise(by: fixtures.insurer, at: day(3) + hour)
        let carrier = try await `case`.raise(by: fixtures.carrier, at: day(10) + hour)
        try await `case`.take(.check, of: bank, at: day(4))
        try await `case`.take(.correct, of: bank, at: day(5) + hour)
        try await `case`.take(.feedBack, of: bank, at: day(6))
        try await `case`.take(.check, of: insurer, at: day(4))
        try await `case`.take(.confirmCorrect, of: insurer, at: day(7) + hour)
        try await `case`.take(.feedBack, of: insurer, at: day(20))
        return [bank, insurer, carrier]
    }

    @Test func `corrections count as they stood at the time asked about`() async throws {
        try await with { it async throws in
            _ = try await raiseThree(it)
            let early = try await it.values(5)
            #expect(early["raised"] == 2 && early["open"] == 2 && early["answered"] == 0 && early["median_days"] == nil)
            let later = try await it.values(12)
            #expect(later["raised"] == 3 && later["open"] == 1 && later["answered"] == 2)
            #expect(later["corrected"] == 1 && later["confirmed_correct"] == 1 && later["median_days"] == 3)
        }
    }

    @Test func `what was not fed back by the time limit is due, and not in time`() async throws {
        try await with { it async throws in
            _ = try await raiseThree(it)
            let running = try await it.values(12)
            #expect(running["due"] == 1 && running["in_time"] == 1 && running["in_time_share"] == 1)
            let over = try await it.values(19)
            #expect(over["due"] == 2 && over["in_time"] == 1 && over["in_time_share"] == Decimal(string: "0.5"))
            let all = try await it.values(60)
            #expect(all["due"] == 3 && all["in_time"] == 1 && all["in_time_share"] == Decimal(string: "0.3333"))
        }
    }

    @Test func `what is known by a time is what had been recorded by then`() async throws {
        try await with { it async throws in
            _ = try await raiseThree(it)
            #expect(try await it.values(60, known: 12) == it.values(12))
        }
    }

    @Test func `a correction that was passed on was with the link of before until then`() async throws {
        try await with { it async throws in
            let raised = try await raiseThree(it)
            try await it.take(.passOn, of: raised[2], link: "delivery", at: day(11) + hour)
            #expect(try await it.values(11, by: "link")["processing raised"] == 3)
            let after = try await it.values(12, by: "link")
            #expect(after["processing raised"] == 2 && after["delivery raised"] == 1 && after["raised"] == 3)
        }
    }

    @Test func `a time limit that was extended later was over before`() async throws {
        try await with { it async throws in
            let raised = try await it.raise(by: it.market.fixtures.bank, at: day(3) + hour)
            try await it.take(.extend, of: raised, at: day(20))
            #expect(try await it.values(17)["due"] == 0)
            #expect(try await it.values(19)["due"] == 1)
            #expect(try await it.values(25)["due"] == 0)
        }
    }

    @Test func `the days on which the enterprise completes its papers are not counted`() async throws {
        try await with { it async throws in
            let raised = try await it.raise(by: it.market.fixtures.bank, at: day(3) + hour)
            try await it.take(.return, of: raised, at: day(14))
            #expect(try await it.values(40)["due"] == 0)
            try await it.take(.complete, of: raised, by: it.bank, at: day(21))
            // A week stood still, so that the limit is day 24.
            #expect(try await it.values(24)["due"] == 0)
            #expect(try await it.values(26)["due"] == 1)
            // Whatever comes later.
            try await it.take(.extend, of: raised, at: day(30))
            #expect(try await it.values(24)["due"] == 0)
            #expect(try await it.values(26)["due"] == 1)
            #expect(try await it.values(31)["due"] == 0)
        }
    }

    @Test func `whose correction it is stays hidden where a part has fewer than three enterprises`() async throws {
        try await with { it async throws in
            _ = try await raiseThree(it)
            let shown = try await it.market.shown(.init(metric: "corrections", by: "section", asOf: day(12)))
            #expect(!shown.isEmpty && shown.values.allSatisfy { $0 == nil })
            let open = try await it.market.shown(.init(metric: "corrections", asOf: day(5)))
            #expect(open["raised"] == .some(nil))
            let refusal = await #expect(throws: InvalidInput.self) {
                _ = try await it.market.market.adoption.figure(.init(metric: "corrections", by: "province"))
            }
            #expect(refusal?.field == "by")
        }
    }

    @Test func `corrections of synthetic enterprises are a standing of their own`() async throws {
        try await with { it async throws in
            _ = try await raiseThree(it)
            try await it.market.run("UPDATE party SET synthetic = true WHERE id = '\(it.market.fixtures.bank)'")
            let synthetic = try await it.market.values(
                .init(metric: "corrections", by: "section", asOf: day(12), standing: "synthetic"))
            #expect(synthetic["J raised"] == 1)
            #expect(try await it.values(12, by: "section")["J raised"] == 1)
        }
    }
}
