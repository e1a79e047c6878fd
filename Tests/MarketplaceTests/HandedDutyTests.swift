import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// The bank doubts a value of the product and its unit: one correction is with the bureau that provides the entry, one with
/// the operator.
@Suite struct HandedDutyTests {
    private let now = Fixtures.day.addingTimeInterval(100 * 86_400)
    private let basis = Basis(reference: "Notice No. 7 of 2026", document: Array("the notice".utf8))

    private struct Case {
        let market: Market
        let database: Database
        let fixtures: Fixtures
        let bureau: String

        func texts(_ sql: String) async throws -> [String] {
            try await database.all(Statement(name: "test/texts", text: sql)) { try $0.next(String.self) }
        }

        /// Who has the corrections and their deadlines, by the link.
        func holders() async throws -> [String] {
            try await texts(
                """
                SELECT correction.link || ' ' || holder.code || ' ' || duty.code FROM correction
                JOIN party AS holder ON holder.id = correction.party_id
                JOIN deadline ON deadline.subject_id = correction.id JOIN party AS duty ON duty.id = deadline.party_id
                ORDER BY correction.link
                """)
        }
    }

    private func with(_ work: (Case) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let bought = try await market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: fixtures.bank,
                key: IdempotencyKey("k"), body: [], now: Fixtures.day + 3600
            ).purchase
            let purchase = try #require(UUID(uuidString: try fields(bought)["id"] as? String ?? ""))
            for kind in ["wrong_value", "wrong_unit"] {
                _ = try await market.corrections.raise(
                    CorrectionRequest(purchase: purchase, kind: kind, description: "Look"), by: fixtures.bank,
                    key: IdempotencyKey(kind), body: [], now: now - 3600)
            }
            let bureau = try await database.first(
                Statement(
                    name: "test/bureau",
                    text: "SELECT party.code FROM correction JOIN party ON party.id = party_id WHERE link = 'source'")
            ) { try $0.next(String.self) }
            try await work(
                Case(market: market, database: database, fixtures: fixtures, bureau: try #require(bureau)))
        }
    }

    private func merge(_ code: String, into heir: String, in found: Case) async throws -> UUID {
        let succession = try Succession(
            of: code, kind: .merged, effectiveOn: "2026-07-01", basis: basis, successors: [.init(party: heir)])
        let done = try await found.market.parties.succeed(succession, by: found.fixtures.administration, now: now)
        let items = try fields(done.successions)["items"] as? [[String: Any]]
        return try #require(UUID(uuidString: items?.first?["id"] as? String ?? ""))
    }

    @Test func `what is open goes to the successor with its clock, and everybody sees that it did`() async throws {
        try await with { found in
            _ = try await merge(found.bureau, into: Fixtures.administrationCode, in: found)
            #expect(
                try await found.holders() == [
                    "processing \(Fixtures.sellerCode) \(Fixtures.sellerCode)",
                    "source \(Fixtures.administrationCode) \(Fixtures.administrationCode)",
                ])
            #expect(
                try await found.texts("SELECT text FROM correction_step WHERE step = 'pass_on'") == [
                    "merged: Notice No. 7 of 2026"
                ])
            let told = try await found.texts("SELECT message_en FROM notice WHERE kind = 'party.duties'")
            #expect(told.count == 1 && told[0].contains("1 corrections") && told[0].contains("1 deadlines"), "\(told)")
        }
    }

    @Test func `the successor of an operator has its corrections, credentials and requests`() async throws {
        try await with { found in
            _ = try await merge(Fixtures.sellerCode, into: Fixtures.carrierCode, in: found)
            let holders = try await found.holders()
            #expect(holders[0] == "processing \(Fixtures.carrierCode) \(Fixtures.carrierCode)", "\(holders)")
            let credentials = try await found.texts(
                "SELECT DISTINCT party.code FROM credential JOIN party ON party.id = holder_id")
            #expect(credentials == [Fixtures.carrierCode])
        }
    }

    @Test func `a succession that never was gives back what is still open`() async throws {
        try await with { found in
            let wrong = try await merge(found.bureau, into: Fixtures.carrierCode, in: found)
            _ = try await found.market.parties.correct(
                SuccessionCorrection(of: wrong, reason: "another bureau was meant", instead: nil), of: found.bureau,
                by: found.fixtures.administration, now: now + 3600)
            #expect(try await found.holders()[1] == "source \(found.bureau) \(found.bureau)")
            let given = try await found.texts("SELECT text FROM correction_step WHERE step = 'pass_on' ORDER BY number")
            #expect(given == ["merged: Notice No. 7 of 2026", "another bureau was meant"])
        }
    }

    @Test func `what went on to a third party since is not taken back`() async throws {
        try await with { found in
            let wrong = try await merge(Fixtures.sellerCode, into: Fixtures.carrierCode, in: found)
            try await found.database.script(
                "UPDATE credential SET holder_id = (SELECT id FROM party WHERE code = '\(Fixtures.insurerCode)')")
            _ = try await found.market.parties.correct(
                SuccessionCorrection(of: wrong, reason: "there was none", instead: nil), of: Fixtures.sellerCode,
                by: found.fixtures.administration, now: now + 3600)
            let holders = try await found.texts(
                "SELECT DISTINCT party.code FROM credential JOIN party ON party.id = holder_id")
            #expect(holders == [Fixtures.insurerCode])
        }
    }

    @Test func `the body that follows a competent body releases in its place`() async throws {
        try await with { found in
            let before = "SELECT party.code FROM source_competent_body AS body JOIN party ON party.id = body.party_id"
            #expect(try await found.texts(before) == [Fixtures.administrationCode])
            _ = try await merge(Fixtures.administrationCode, into: Fixtures.carrierCode, in: found)
            #expect(try await found.texts(before) == [Fixtures.carrierCode])
        }
    }

    @Test func `a party takes another's place without a gap, and what is open goes with the role`() async throws {
        try await with { found in
            let replace = {
                try await found.market.parties.replace(
                    "operator", for: "DP-FLOOD-001", by: Fixtures.carrierCode, since: now - 60, basis: basis,
                    recordedBy: found.fixtures.administration, now: now)
            }
            _ = try await replace()
            let held = try await found.texts(
                """
                SELECT party.code || CASE WHEN upper_inf(valid) THEN ' now' ELSE ' then' END FROM responsibility
                JOIN party ON party.id = party_id JOIN product ON product.id = subject_id
                WHERE product.code = 'DP-FLOOD-001' AND role = 'operator' AND upper_inf(recorded) ORDER BY valid
                """)
            #expect(held == ["\(Fixtures.sellerCode) then", "\(Fixtures.carrierCode) now"])
            #expect(try await found.holders()[0] == "processing \(Fixtures.carrierCode) \(Fixtures.carrierCode)")
            await #expect {
                try await replace()
            } throws: { if case ResponsibilityError.nothingToReplace = $0 { true } else { false } }
        }
    }
}
