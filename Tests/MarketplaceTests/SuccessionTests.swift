import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct SuccessionTests {
    private let now = Fixtures.day.addingTimeInterval(100 * 86_400)
    private let basis = Basis(reference: "Notice No. 7 of 2026", document: Array("the notice".utf8))
    private static let mergedCode = "12350000MB000000XG"

    private func withProduct(_ work: (Market, Fixtures, String, String) async throws -> Void) async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let flood = try await entry("Flood complaints", in: market)
            let links = try links(
                await market.lineage.responsibility(forEntry: flood, asOf: Fixtures.day + 60, recordedBy: now))
            try await work(market, fixtures, flood, party(of: "source", in: links) ?? "")
        }
    }

    private func entry(_ title: String, in market: Market) async throws -> String {
        let page = try fields(try await market.directory.entries(text: title, cursor: nil, limit: nil))
        return (page["items"] as? [[String: Any]])?.first?["code"] as? String ?? ""
    }

    private func links(_ document: JSONDocument) throws -> [[String: Any]] {
        try fields(document)["links"] as? [[String: Any]] ?? []
    }

    private func party(of link: String, in links: [[String: Any]], successor: Bool = false) -> String? {
        let found = links.first { $0["link"] as? String == link }
        let holder = successor ? found?["successor"] as? [String: Any] : found
        return (holder?["party"] as? [String: Any])?["code"] as? String
    }

    /// The beginning in Beijing of the day that is a number of days after the fixtures' day, and that day.
    private func day(_ days: Int) -> (text: String, start: Date) {
        let start = Date(timeIntervalSince1970: (Fixtures.day.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
            .addingTimeInterval(Double(days) * 86_400 - 8 * 3600)
        return (start.addingTimeInterval(8 * 3600).formatted(.iso8601.year().month().day()), start)
    }

    private func merge(_ code: String, on day: String, into heir: String = Fixtures.administrationCode) throws
        -> Succession
    {
        try Succession(of: code, kind: .merged, effectiveOn: day, basis: basis, successors: [.init(party: heir)])
    }

    @Test func `after a merger the chain shows the party then and its successor now`() async throws {
        try await withProduct { market, fixtures, flood, bureau in
            let outcome = try await market.parties.succeed(
                merge(bureau, on: day(50).text), by: fixtures.administration, now: now)
            #expect(outcome.isNew)
            let before = try links(
                await market.lineage.responsibility(forEntry: flood, asOf: day(50).start - 1, recordedBy: now + 60))
            #expect(party(of: "source", in: before) == bureau)
            #expect(party(of: "source", in: before, successor: true) == Fixtures.administrationCode)
            let after = try await market.lineage.responsibility(
                forEntry: flood, asOf: day(50).start, recordedBy: now + 60)
            #expect(party(of: "source", in: try links(after)) == Fixtures.administrationCode)
            let formerly = try fields(after)["formerly"] as? [[String: Any]] ?? []
            #expect(formerly.compactMap { ($0["party"] as? [String: Any])?["code"] as? String } == [bureau])
            let unaware = try links(
                await market.lineage.responsibility(forEntry: flood, asOf: day(60).start, recordedBy: now - 60))
            #expect(party(of: "source", in: unaware) == bureau)
            #expect(party(of: "source", in: unaware, successor: true) == nil)
        }
    }

    @Test func `the same succession again changes nothing, and another is refused`() async throws {
        try await withProduct { market, fixtures, _, bureau in
            let succession = try merge(bureau, on: day(50).text)
            _ = try await market.parties.succeed(succession, by: fixtures.administration, now: now)
            let again = try await market.parties.succeed(succession, by: fixtures.administration, now: now + 9)
            #expect(!again.isNew)
            await #expect {
                try await market.parties.succeed(merge(bureau, on: day(51).text), by: fixtures.administration, now: now)
            } throws: { if case SuccessionError.alreadySucceeded = $0 { true } else { false } }
        }
    }

    @Test func `an import that still names the old body leaves the successor in its place`() async throws {
        try await withProduct { market, fixtures, flood, bureau in
            _ = try await market.parties.succeed(
                merge(bureau, on: day(50).text), by: fixtures.administration, now: now)
            let changed = Fixtures.catalogue.replacingOccurrences(
                of: "Complaints by street", with: "Complaints by road")
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(changed.utf8)), by: fixtures.administration,
                now: now + 3600)
            let links = try links(
                await market.lineage.responsibility(forEntry: flood, asOf: now + 7200, recordedBy: now + 7200))
            #expect(party(of: "source", in: links) == Fixtures.administrationCode)
        }
    }

    @Test func `an import that began before a succession was recorded lands with the successor`() async throws {
        try await withProduct { market, fixtures, flood, bureau in
            _ = try await market.parties.succeed(
                merge(bureau, on: day(50).text), by: fixtures.administration, now: now + 3600)
            let changed = Fixtures.catalogue.replacingOccurrences(
                of: "Complaints by street", with: "Complaints by road"
            ).replacingOccurrences(
                of: #"{"identifier": "bus""#,
                with:
                    #"{"identifier": "new", "title": "New", "publisher": {"name": "District data bureau"}}, {"identifier": "bus""#
            )
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(changed.utf8)), by: fixtures.administration,
                now: now)
            for code in [flood, try await entry("New", in: market)] {
                let links = try links(
                    await market.lineage.responsibility(forEntry: code, asOf: now + 7200, recordedBy: now + 7200))
                #expect(party(of: "source", in: links) == Fixtures.administrationCode)
            }
        }
    }

    @Test func `an entry that appears later under the old name gets the successor`() async throws {
        try await withProduct { market, fixtures, _, bureau in
            _ = try await market.parties.succeed(
                merge(bureau, on: day(50).text), by: fixtures.administration, now: now)
            let longer = Fixtures.catalogue.replacingOccurrences(
                of: #"{"identifier": "bus""#,
                with:
                    #"{"identifier": "new", "title": "New", "publisher": {"name": "District data bureau"}}, {"identifier": "bus""#
            )
            _ = try await market.directory.importCatalogue(
                ImportRequest(fileName: "city.data.json", bytes: Array(longer.utf8)), by: fixtures.administration,
                now: now + 3600)
            let code = try await entry("New", in: market)
            let links = try links(
                await market.lineage.responsibility(forEntry: code, asOf: now + 7200, recordedBy: now + 7200))
            #expect(party(of: "source", in: links) == Fixtures.administrationCode)
        }
    }

    @Test func `a split gives each successor what it names, and is refused when something is left`() async throws {
        try await withProduct { market, fixtures, flood, _ in
            let whole = [Succession.Successor(party: Fixtures.bankCode, roles: ["operator"])]
            await #expect {
                try await market.parties.succeed(
                    Succession(
                        of: Fixtures.sellerCode, kind: .split, effectiveOn: day(50).text, basis: basis,
                        successors: whole),
                    by: fixtures.administration, now: now)
            } throws: { error in
                guard case SuccessionError.unassigned(1, let examples) = error else { return false }
                return examples == ["seller of DP-FLOOD-001"]
            }
            let split = try Succession(
                of: Fixtures.sellerCode, kind: .split, effectiveOn: day(50).text, basis: basis,
                successors: whole + [.init(party: Fixtures.carrierCode)])
            _ = try await market.parties.succeed(split, by: fixtures.administration, now: now)
            let links = try links(
                await market.lineage.lineage(of: "DP-FLOOD-001", asOf: now + 60, recordedBy: now + 60))
            #expect(party(of: "processing", in: links) == Fixtures.bankCode)
            #expect(party(of: "listing", in: links) == Fixtures.carrierCode)
        }
    }

    @Test func `a succession learned late goes on to the successors of the successor`() async throws {
        try await withProduct { market, fixtures, flood, bureau in
            _ = try await market.parties.succeed(
                merge(Fixtures.bankCode, on: day(70).text, into: Fixtures.carrierCode), by: fixtures.administration,
                now: now)
            _ = try await market.parties.succeed(
                merge(bureau, on: day(50).text, into: Fixtures.bankCode), by: fixtures.administration, now: now + 60)
            for (time, holder) in [
                (day(49).start, bureau), (day(60).start, Fixtures.bankCode), (day(80).start, Fixtures.carrierCode),
            ] {
                let links = try links(
                    await market.lineage.responsibility(forEntry: flood, asOf: time, recordedBy: now + 120))
                #expect(party(of: "source", in: links) == holder)
                #expect(party(of: "source", in: links, successor: true) ?? Fixtures.carrierCode == Fixtures.carrierCode)
            }
            await #expect {
                try await market.parties.succeed(
                    merge(Fixtures.carrierCode, on: day(90).text, into: bureau), by: fixtures.administration,
                    now: now + 180)
            } throws: { if case SuccessionError.circle = $0 { true } else { false } }
        }
    }

    @Test func `a day that has not come, an unknown successor and an unknown entry are refused`() async throws {
        try await withProduct { market, fixtures, _, bureau in
            await #expect {
                try await market.parties.succeed(
                    merge(bureau, on: day(103).text), by: fixtures.administration, now: now)
            } throws: { if case SuccessionError.inFuture = $0 { true } else { false } }
            await #expect {
                try await market.parties.succeed(
                    merge(bureau, on: day(50).text, into: "NOBODY"), by: fixtures.administration, now: now)
            } throws: { if case SuccessionError.unknown("party", "NOBODY") = $0 { true } else { false } }
            #expect(throws: InvalidInput.self) { try merge(bureau, on: "2026-02-30") }
        }
    }

    @Test func `a document as of an earlier year shows the name of then`() async throws {
        try await withProduct { market, _, _, _ in
            let code = Fixtures.sellerCode
            try await market.parties.rename(
                code, nameZh: "新名", nameEn: "New name", since: day(50).start, basis: basis, now: now)
            func name(_ asOf: Date, _ recordedBy: Date) async throws -> String? {
                let links = try links(
                    await market.lineage.lineage(of: "DP-FLOOD-001", asOf: asOf, recordedBy: recordedBy))
                let holder = links.first { $0["link"] as? String == "processing" }?["party"] as? [String: Any]
                return holder?["name_en"] as? String
            }
            #expect(try await name(day(49).start, now + 60) == "Synthetic operator")
            #expect(try await name(day(51).start, now + 60) == "New name")
            #expect(try await name(day(51).start, now - 60) == "Synthetic operator")
            #expect(
                try await !market.parties.rename(
                    code, nameZh: "新名", nameEn: "New name", since: day(60).start, basis: basis, now: now + 60))
            #expect(try fields(await market.parties.find(code))["name_en"] as? String == "New name")
            try await market.parties.rename(
                code, nameZh: "再改", nameEn: "Newest name", since: day(55).start, basis: basis, now: now + 70)
            #expect(try await name(day(51).start, now + 90) == "New name")
            #expect(try await name(day(56).start, now + 90) == "Newest name")
        }
    }

    @Test func `a party holds a role once in a period, and everything it answers for is listed then and now`()
        async throws
    {
        try await withProduct { market, fixtures, flood, bureau in
            _ = try await market.parties.assign(
                "security", for: flood, to: Fixtures.administrationCode, since: Fixtures.day, until: now, basis: basis,
                now: now)
            await #expect(throws: ResponsibilityError.self) {
                try await market.parties.assign(
                    "security", for: flood, to: Fixtures.bankCode, since: day(50).start, until: nil, basis: basis,
                    now: now)
            }
            func roles(_ code: String, _ asOf: Date, _ recordedBy: Date) async throws -> [String] {
                let page = try fields(
                    await market.parties.responsibilities(
                        of: code, asOf: asOf, recordedBy: recordedBy, cursor: nil, limit: nil))
                return (page["items"] as? [[String: Any]] ?? []).compactMap { $0["role"] as? String }.sorted()
            }
            let administration = Fixtures.administrationCode
            #expect(try await roles(administration, day(60).start, now) == ["publisher", "publisher", "security"])
            #expect(try await roles(administration, now + 60, now + 60) == ["publisher", "publisher"])
            #expect(try await roles(administration, day(60).start, now - 60) == ["publisher", "publisher"])
            _ = try await market.parties.succeed(merge(bureau, on: day(50).text), by: fixtures.administration, now: now)
            #expect(try await roles(bureau, day(60).start, now + 60) == [])
            #expect(try await roles(bureau, day(40).start, now + 60) == ["provider"])
        }
    }

    @Test func `a link without a responsible party is named`() async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let missing = Statement(
                name: "test/missing",
                text:
                    "SELECT message_en FROM product, missing_responsibility(product.id, $1) WHERE code = 'DP-FLOOD-001'"
            )
            #expect(try await database.all(missing, now) { try $0.next(String.self) } == [])
            try await database.script("DELETE FROM responsibility WHERE role = 'seller'")
            let messages = try await database.all(missing, now) { try $0.next(String.self) }
            #expect(messages.count == 1 && messages[0].contains("DP-FLOOD-001") && messages[0].contains("seller"))
        }
    }

    @Test func `a body that a catalogue still named after its end is shown as the former one`() async throws {
        try await withProduct { market, fixtures, flood, bureau in
            _ = try await market.parties.succeed(
                merge(bureau, on: day(-30).text), by: fixtures.administration, now: now)
            let chain = try await market.lineage.responsibility(forEntry: flood, asOf: now + 60, recordedBy: now + 60)
            #expect(party(of: "source", in: try links(chain)) == Fixtures.administrationCode)
            let formerly = try fields(chain)["formerly"] as? [[String: Any]] ?? []
            #expect(formerly.compactMap { ($0["party"] as? [String: Any])?["code"] as? String } == [bureau])
        }
    }
}
