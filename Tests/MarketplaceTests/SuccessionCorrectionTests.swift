import Foundation
import Marketplace
import Postgres
import SQLFiles
import TestSupport
import Testing

/// The bureau that provides "Flood complaints" was recorded as merged into the bank, which is wrong.
@Suite struct SuccessionCorrectionTests {
    private let now = Fixtures.day.addingTimeInterval(100 * 86_400)
    private let merged = Fixtures.day.addingTimeInterval(50 * 86_400)
    private let basis = Basis(reference: "Notice No. 7 of 2026", document: Array("the notice".utf8))

    private struct Case {
        let market: Market
        let database: Database
        let fixtures: Fixtures
        let flood: String
        let bureau: String
        let wrong: UUID
    }

    private func with(_ work: (Case) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let page = try fields(await market.directory.entries(text: "Flood", cursor: nil, limit: nil))
            let flood = (page["items"] as? [[String: Any]])?.first?["code"] as? String ?? ""
            let bureau = try await source(of: flood, in: market, at: Fixtures.day + 60, knownBy: now)
            let done = try await market.parties.succeed(
                merger(of: bureau, into: Fixtures.bankCode), by: fixtures.administration, now: now)
            let items = try fields(done.successions)["items"] as? [[String: Any]]
            let wrong = try #require(UUID(uuidString: items?.first?["id"] as? String ?? ""))
            try await work(
                Case(
                    market: market, database: database, fixtures: fixtures, flood: flood, bureau: bureau, wrong: wrong))
        }
    }

    private func merger(of code: String, into heir: String) throws -> Succession {
        let day = merged.formatted(.iso8601.year().month().day())
        return try Succession(
            of: code, kind: .merged, effectiveOn: day, basis: basis, successors: [.init(party: heir)])
    }

    private func source(of entry: String, in market: Market, at time: Date, knownBy: Date) async throws -> String {
        let chain = try fields(await market.lineage.responsibility(forEntry: entry, asOf: time, recordedBy: knownBy))
        let link = (chain["links"] as? [[String: Any]])?.first { $0["link"] as? String == "source" }
        return (link?["party"] as? [String: Any])?["code"] as? String ?? ""
    }

    private func correct(_ found: Case, into heir: String?, by party: UUID? = nil, at time: Date? = nil) async throws
        -> [String: Any]
    {
        let correction = try SuccessionCorrection(
            of: found.wrong, reason: "the notice names another body",
            instead: heir.map { try merger(of: found.bureau, into: $0) })
        return try fields(
            await found.market.parties.correct(
                correction, of: found.bureau, by: party ?? found.fixtures.administration, now: time ?? now + 3600))
    }

    @Test func `a corrected succession gives the responsibility to the right body, and what was known before is kept`()
        async throws
    {
        try await with { found in
            let document = try await correct(found, into: Fixtures.carrierCode)
            for (time, knownBy, holder) in [
                (now, now + 60, Fixtures.bankCode), (now, now + 7200, Fixtures.carrierCode),
                (Fixtures.day + 60, now + 7200, found.bureau), (now, now - 60, found.bureau),
            ] {
                let held = try await source(of: found.flood, in: found.market, at: time, knownBy: knownBy)
                #expect(held == holder)
            }
            let items = try #require(document["items"] as? [[String: Any]])
            #expect(items.count == 1 && items[0]["corrects"] as? String == found.wrong.uuidString.lowercased())
            let corrected = try #require((document["corrected"] as? [[String: Any]])?.first)
            #expect(corrected["reason"] as? String == "the notice names another body")
            let by = corrected["corrected_by"] as? [String: Any]
            #expect(by?["code"] as? String == Fixtures.administrationCode)
            let before = try fields(await found.market.parties.successions(of: found.bureau, recordedBy: now + 60))
            let known = (before["items"] as? [[String: Any]])?.first?["id"] as? String
            #expect(known == found.wrong.uuidString.lowercased() && (before["corrected"] as? [Any])?.isEmpty == true)
        }
    }

    @Test func `a succession that never was gives everything back in one period on its old basis`() async throws {
        try await with { found in
            let document = try await correct(found, into: nil)
            #expect((document["items"] as? [Any])?.isEmpty == true)
            let held = try await found.database.all(
                Statement(
                    name: "test/held",
                    text: """
                        SELECT party.code || ' ' || (upper_inf(held.valid) AND lower(held.valid) < $1) || ' '
                            || (held.basis LIKE 'catalogue%')
                        FROM responsibility AS held JOIN directory_entry AS entry ON entry.id = held.entry_id
                        JOIN party ON party.id = held.party_id
                        WHERE entry.code = $2 AND held.role = 'provider' AND upper_inf(held.recorded)
                        """), merged, found.flood
            ) { try $0.next(String.self) }
            #expect(held == ["\(found.bureau) true true"])
            // It may now be recorded rightly.
            let again = try await found.market.parties.succeed(
                merger(of: found.bureau, into: Fixtures.carrierCode), by: found.fixtures.administration,
                now: now + 7200)
            #expect(again.isNew)
        }
    }

    @Test func `what went on to a successor's successor comes back too`() async throws {
        try await with { found in
            _ = try await found.market.parties.succeed(
                merger(of: Fixtures.bankCode, into: Fixtures.insurerCode), by: found.fixtures.administration,
                now: now + 60)
            #expect(
                try await source(of: found.flood, in: found.market, at: now, knownBy: now + 120)
                    == Fixtures.insurerCode)
            _ = try await correct(found, into: Fixtures.carrierCode)
            #expect(
                try await source(of: found.flood, in: found.market, at: now, knownBy: now + 7200)
                    == Fixtures.carrierCode)
        }
    }

    @Test func `an entry that an import gave to the wrong successor comes back`() async throws {
        try await with { found in
            let longer = Fixtures.catalogue.replacingOccurrences(
                of: #"{"identifier": "bus""#,
                with: #"{"identifier": "new", "title": "New", "publisher": {"name": "District data bureau"}}, "#
                    + #"{"identifier": "bus""#)
            _ = try await found.market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(longer.utf8)),
                by: found.fixtures.administration, now: now + 60)
            let page = try fields(await found.market.directory.entries(text: "New", cursor: nil, limit: nil))
            let code = (page["items"] as? [[String: Any]])?.first?["code"] as? String ?? ""
            #expect(
                try await source(of: code, in: found.market, at: now + 90, knownBy: now + 120) == Fixtures.bankCode)
            _ = try await correct(found, into: nil)
            #expect(
                try await source(of: code, in: found.market, at: now + 90, knownBy: now + 7200) == found.bureau)
        }
    }

    @Test func `trails of responsibilities from before there were trails are found again`() async throws {
        try await with { found in
            _ = try await found.market.parties.succeed(
                merger(of: Fixtures.bankCode, into: Fixtures.insurerCode), by: found.fixtures.administration,
                now: now + 60)
            let longer = Fixtures.catalogue.replacingOccurrences(
                of: #"{"identifier": "bus""#,
                with: #"{"identifier": "new", "title": "New", "publisher": {"name": "District data bureau"}}, "#
                    + #"{"identifier": "bus""#)
            _ = try await found.market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(longer.utf8)),
                by: found.fixtures.administration, now: now + 120)
            let trails = {
                try await found.database.all(
                    Statement(
                        name: "test/trails",
                        text: "SELECT id || ' ' || succession_ids::text FROM responsibility ORDER BY id")
                ) { try $0.next(String.self) }
            }
            let before = try await trails()
            let longest = before.map { $0.split(separator: ",").count }.max()
            #expect(longest == 2, "nothing came through two successions")
            let migration = try #require(
                try SQLFiles.files(in: .migrations).first { $0.name == "0098_succession_trails" })
            try await found.database.withConnection {
                try await $0.script("UPDATE responsibility SET succession_ids = '{}'; " + migration.text)
            }
            #expect(try await trails() == before)
        }
    }

    @Test func `what a released draft gives to the heir by its name is its own, and a correction leaves it there`()
        async throws
    {
        try await with { found in
            let administration = found.fixtures.administration
            let request = try DraftFixture.change(
                "update", of: found.flood, ["provider": Fixtures.bankCode, "fields": ["update_frequency": "daily"]])
            let document = try await found.market.drafts.compile(
                request, by: administration, key: IdempotencyKey("named"), body: [], now: now + 60
            ).draft
            let draft = try #require(UUID(uuidString: try fields(document)["id"] as? String ?? ""))
            let grading = try Assessment([
                "secrecy": "none", "personal_information": false, "grade": "general", "basis": "Guide",
            ])
            _ = try await found.market.drafts.assess(draft, grading, by: administration, now: now + 60)
            _ = try await found.market.drafts.submit(draft, reason: nil, by: administration, now: now + 60)
            _ = try await found.market.drafts.decide(
                draft, Decision(["outcome": "approved", "reason": "Plan 2026"]), by: administration, now: now + 60)
            _ = try await found.market.drafts.release(draft, reason: nil, by: administration, now: now + 60)
            _ = try await correct(found, into: Fixtures.carrierCode)
            for (time, holder) in [(now + 120, Fixtures.bankCode), (merged + 60, Fixtures.carrierCode)] {
                let held = try await source(of: found.flood, in: found.market, at: time, knownBy: now + 7200)
                #expect(held == holder)
            }
        }
    }

    @Test func `what a catalogue gives to the heir by its name is its own, and a correction leaves it there`()
        async throws
    {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let send = { (catalogue: String, time: Date) in
                _ = try await market.directory.importCatalogue(
                    ImportRequest(fileName: "city.data.json", bytes: Array(catalogue.utf8)),
                    by: fixtures.administration, now: time)
            }
            let page = try fields(await market.directory.entries(text: "o", cursor: nil, limit: nil))
            var codes: [String: String] = [:]
            for item in page["items"] as? [[String: Any]] ?? [] {
                codes[item["title"] as? String ?? ""] = item["code"] as? String
            }
            let (flood, bus) = (try #require(codes["Flood complaints"]), try #require(codes["Bus stops"]))
            let bureau = try await source(of: flood, in: market, at: Fixtures.day + 60, knownBy: now)
            let heir = try await source(of: bus, in: market, at: Fixtures.day + 60, knownBy: now)
            let done = try await market.parties.succeed(
                merger(of: bureau, into: heir), by: fixtures.administration, now: now)
            let items = try fields(done.successions)["items"] as? [[String: Any]]
            let wrong = try #require(UUID(uuidString: items?.first?["id"] as? String ?? ""))
            try await send(
                Fixtures.catalogue.replacingOccurrences(of: "District data bureau", with: "Transport department"),
                now + 60)
            _ = try await market.parties.correct(
                SuccessionCorrection(of: wrong, reason: "another body", instead: nil), of: bureau,
                by: fixtures.administration, now: now + 3600)
            for (time, holder) in [(now + 120, heir), (now + 30, bureau)] {
                #expect(try await source(of: flood, in: market, at: time, knownBy: now + 7200) == holder)
            }
        }
    }

    @Test func `those concerned are told, the seller among them`() async throws {
        try await with { found in
            _ = try await correct(found, into: Fixtures.carrierCode)
            for party in [found.fixtures.bank, found.fixtures.carrier, found.fixtures.seller] {
                let page = try fields(await found.market.notices.notices(to: party, cursor: nil, limit: nil))
                let told = (page["items"] as? [[String: Any]] ?? []).filter {
                    $0["kind"] as? String == "party.correction"
                }
                #expect(told.count == 1)
                #expect((told.first?["message_en"] as? String)?.contains("the notice names another body") == true)
            }
            let page = try fields(
                await found.market.notices.notices(to: found.fixtures.insurer, cursor: nil, limit: nil))
            #expect((page["items"] as? [Any])?.isEmpty == true)
        }
    }

    @Test func `an enterprise whose purchase is live is told as well`() async throws {
        try await with { found in
            _ = try await found.market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: found.fixtures.insurer,
                key: IdempotencyKey("told"), body: [], now: now + 60)
            _ = try await correct(found, into: Fixtures.carrierCode)
            let page = try fields(
                await found.market.notices.notices(to: found.fixtures.insurer, cursor: nil, limit: nil))
            let kinds = (page["items"] as? [[String: Any]] ?? []).map { $0["kind"] as? String }
            #expect(kinds.filter { $0 == "party.correction" }.count == 1)
        }
    }

    @Test func `an import that began before a correction was recorded lands with the right body`() async throws {
        try await with { found in
            _ = try await correct(found, into: Fixtures.carrierCode)
            let changed = Fixtures.catalogue.replacingOccurrences(
                of: "Complaints by street", with: "Complaints by road")
            _ = try await found.market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(changed.utf8)),
                by: found.fixtures.administration, now: now + 60)
            let heir = try await source(
                of: found.flood, in: found.market, at: now + 7200, knownBy: now + 7200)
            #expect(heir == Fixtures.carrierCode)
        }
    }

    @Test func `an unknown, a corrected, an equal and another administration's succession are refused by name`()
        async throws
    {
        try await with { found in
            await #expect {
                try await found.market.parties.correct(
                    SuccessionCorrection(of: UUID(), reason: "x", instead: nil), of: found.bureau,
                    by: found.fixtures.administration, now: now + 60)
            } throws: { if case SuccessionError.unknownSuccession = $0 { true } else { false } }
            await #expect { try await correct(found, into: nil, by: found.fixtures.carrier) } throws: {
                if case SuccessionError.notCompetent = $0 { true } else { false }
            }
            await #expect { try await correct(found, into: Fixtures.bankCode) } throws: {
                if case SuccessionError.correctsNothing = $0 { true } else { false }
            }
            #expect(throws: InvalidInput.self) {
                try SuccessionCorrection(of: found.wrong, reason: " ", instead: nil)
            }
            _ = try await correct(found, into: nil)
            await #expect { try await correct(found, into: nil, at: now + 7200) } throws: {
                if case SuccessionError.alreadyCorrected = $0 { true } else { false }
            }
        }
    }

    @Test func `of corrections at once one wins, and a refused one changes nothing`() async throws {
        try await with { found in
            let wins = try await withThrowingTaskGroup(of: Int.self) { group in
                for heir in [Fixtures.carrierCode, Fixtures.insurerCode, Fixtures.administrationCode] {
                    group.addTask {
                        do {
                            _ = try await correct(found, into: heir)
                            return 1
                        } catch SuccessionError.alreadyCorrected { return 0 }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(wins == 1)
            let document = try fields(await found.market.parties.successions(of: found.bureau, recordedBy: now + 7200))
            #expect((document["items"] as? [Any])?.count == 1 && (document["corrected"] as? [Any])?.count == 1)
        }
    }

    @Test func `a correction that leaves something to nobody is refused, and the wrong one stands`() async throws {
        try await with { found in
            let correction = try SuccessionCorrection(
                of: found.wrong, reason: "x",
                instead: Succession(
                    of: found.bureau, kind: .split, effectiveOn: merged.formatted(.iso8601.year().month().day()),
                    basis: basis, successors: [.init(party: Fixtures.carrierCode, roles: ["security"])]))
            await #expect(throws: SuccessionError.self) {
                try await found.market.parties.correct(
                    correction, of: found.bureau, by: found.fixtures.administration, now: now + 3600)
            }
            #expect(
                try await source(of: found.flood, in: found.market, at: now, knownBy: now + 7200) == Fixtures.bankCode)
        }
    }
}
