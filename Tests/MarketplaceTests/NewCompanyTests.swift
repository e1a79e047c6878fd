import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// Companies that central enterprises newly established.
@Suite struct NewCompanyTests {
    private static let header =
        "company_code,name,group_code,group_name,established_on,source,section,province,synthetic,withdrawn\n"
    private static let (beijing, shanghai, central) = ("91110000MA0000N01H", "91310000MA0000N022", "91100000MA0000N03K")
    private static let (east, west) = ("91110000MA0000G01F", "91110000MA0000G02J")
    private static let now = Fixtures.day

    /// Two companies of one group and one of another, of two years.
    private static let three = [
        "\(beijing),Data A,\(east),East Group,2024-12-31,notice 1,I,,,",
        "\(shanghai),Data B,\(east),East Group,2025-01-01,notice 2,I,310000,no,no",
        "\(central),Data C,\(west),West Group,2025-06-30,notice 3,,350000,,",
    ]

    private func with(_ work: (Market, Fixtures, Database) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            try await work(market, try await Fixtures.make(in: market), database)
        }
    }

    @discardableResult
    private func state(
        _ rows: [String], in market: Market, by party: UUID, at time: Date = NewCompanyTests.now
    ) async throws -> ImportedLines {
        let file = try NewCompanyFile(Array((Self.header + rows.joined(separator: "\n")).utf8), now: time)
        return try await market.newCompanies.state(file, by: party, now: { time })
    }

    /// Values by class and name; the whole's by name alone.
    private func values(
        _ market: Market, by dimension: String? = nil, from: String? = nil, to: String? = nil, asOf: String? = nil,
        recordedBy: Date? = nil
    ) async throws -> [String: Int] {
        let period = try Period(from: from, to: to)
        let figure = try await market.adoption.figure(
            FigureRequest(
                metric: "new-companies", by: dimension, from: period.from, until: period.until,
                asOf: asOf.map { try legalDay($0, field: "as_of") }, recordedBy: recordedBy, standing: nil))
        return Dictionary(
            uniqueKeysWithValues: figure.cells.map { cell in
                let name = [cell.className, cell.name].compactMap { $0 }.joined(separator: " ")
                return (name, cell.value.map { NSDecimalNumber(decimal: $0).intValue } ?? -1)
            })
    }

    @Test func `companies count once each, and the groups behind them, by group and by year`() async throws {
        try await with { market, fixtures, _ in
            let stated = try await state(Self.three, in: market, by: fixtures.seller)
            #expect(stated.new == 3 && stated.corrected == 0 && stated.known == 0 && stated.refused.isEmpty)
            #expect(try await values(market) == ["companies": 3, "groups": 2])
            let groups = try await values(market, by: "group")
            #expect(groups["East Group companies"] == 2 && groups["West Group companies"] == 1)
            let years = try await values(market, by: "year")
            #expect(years["2024 companies"] == 1 && years["2025 companies"] == 2)
            #expect(years["2024 groups"] == 1 && years["2025 groups"] == 2 && years["groups"] == 2)
            #expect(try await values(market, by: "month")["2025-06 companies"] == 1)
            #expect(try await values(market, by: "section")[" companies"] == 1)
        }
    }

    @Test func `of a period those established within it count, without one all by then`() async throws {
        try await with { market, fixtures, _ in
            try await state(Self.three, in: market, by: fixtures.seller)
            #expect(try await values(market, from: "2025-01-01", to: "2025-12-31")["companies"] == 2)
            #expect(try await values(market, from: "2024-12-31", to: "2024-12-31")["companies"] == 1)
            // A day counts when it has ended in Beijing.
            #expect(try await values(market, asOf: "2025-01-01")["companies"] == 1)
            #expect(try await values(market, asOf: "2025-01-02")["companies"] == 2)
            #expect(try await values(market, asOf: "2024-12-31").isEmpty)
        }
    }

    @Test func `the province is where the credit code was given, else as stated`() async throws {
        try await with { market, fixtures, _ in
            let older = "\(Fixtures.strangerCodes[0]),Data D,\(west),West Group,2015-09-30,notice 4,,350000,,"
            try await state(Self.three + [older], in: market, by: fixtures.seller)
            let provinces = try await values(market, by: "province")
            #expect(provinces["110000 companies"] == 1 && provinces["310000 companies"] == 1)
            // The central level is no province, and before October 2015 codes were given later.
            #expect(provinces["350000 companies"] == 2)
        }
    }

    private var west: String { Self.west }

    @Test func `bad lines are named by field and reason, and good ones land`() async throws {
        try await with { market, fixtures, database in
            _ = try await database.execute(
                Statement(
                    name: "test/kind",
                    text: "UPDATE party SET enterprise_kind = 'local_soe' WHERE code = '\(Fixtures.bankCode)'"))
            let stated = try await state(
                [
                    Self.three[0], Self.three[0],
                    "\(Self.shanghai.dropLast())9,,123,East Group,2999-01-01,,Z,999999,perhaps,maybe",
                    "\(Fixtures.administrationCode),Bureau,\(Self.east),East Group,2025-01-01,notice,,,,",
                    "\(Self.east),East Group,\(Self.east),East Group,2025-02-30,notice,,,,",
                    "\(Self.shanghai),Data B,\(Self.east),East Group,2025-01-01,notice 2,,110000,,",
                    "\(Self.central),Data C,\(Fixtures.bankCode),Bank,2025-01-01,notice 3,,,,",
                    "\(Self.central),Data C",
                ], in: market, by: fixtures.seller)
            #expect(stated.new == 1)
            let named = Set(stated.refused.map { "\($0.line) \($0.field)" })
            #expect(
                named == [
                    "3 company_code", "4 company_code", "4 name", "4 group_code", "4 established_on", "4 source",
                    "4 section", "4 province", "4 synthetic", "4 withdrawn", "5 company_code", "6 group_code",
                    "6 established_on", "7 province", "8 group_code", "9 row",
                ])
            #expect(stated.refused.first { $0.line == 8 }?.reason.contains("local_soe") == true)
            #expect(stated.refused.first { $0.line == 5 }?.reason.contains("begins with 91") == true)
            #expect(stated.refused.first { $0.line == 7 }?.reason.contains("registered in 310000") == true)
        }
    }

    @Test func `a file that is no list of companies is refused as a whole`() throws {
        for (text, said) in [
            ("company_code,name,phone\n", "phone"),
            ("company_code,name,group_code,group_name,source\n", "established_on"),
        ] {
            do {
                _ = try NewCompanyFile(Array(text.utf8), now: Self.now)
                Issue.record("\(text) was taken")
            } catch let refusal as InvalidInput {
                #expect(refusal.field == "file" && refusal.message.contains(said))
            }
        }
    }

    @Test func `the same again changes nothing, another content corrects, and what was believed stays`() async throws {
        try await with { market, fixtures, _ in
            let (now, hour) = (Self.now, 3_600.0)
            try await state(Self.three, in: market, by: fixtures.seller)
            let again = try await state(Self.three, in: market, by: fixtures.bank, at: now + 60)
            #expect(again.known == 3 && again.new == 0 && again.corrected == 0)
            // The day was another one, and one company was none after all: whoever says so.
            let corrected = try await state(
                [
                    Self.three[0].replacing("2024-12-31", with: "2025-01-31"),
                    Self.three[2].replacing("350000,,", with: "350000,,yes"),
                ], in: market, by: fixtures.bank, at: now + hour)
            #expect(corrected.corrected == 2 && corrected.new == 0)
            #expect(
                try await values(market, by: "year") == [
                    "companies": 2, "groups": 1, "2025 companies": 2, "2025 groups": 1,
                ])
            let before = try await values(market, by: "year", recordedBy: now + hour / 2)
            #expect(before["companies"] == 3 && before["2024 companies"] == 1 && before["2025 companies"] == 2)
            #expect(try await values(market, asOf: "2025-01-01", recordedBy: now + hour / 2)["companies"] == 1)
            #expect(try await values(market, asOf: "2025-01-01", recordedBy: now + hour).isEmpty)
            #expect(try await values(market, recordedBy: now - 1).isEmpty)
            // Taken at the very moment of the one before.
            let late = try await state(Self.three, in: market, by: fixtures.seller, at: now + hour)
            #expect(late.corrected == 2)
            #expect(try await values(market, by: "year", recordedBy: now + hour / 2) == before)
        }
    }

    @Test func `the same request with the same times gives the same number, whatever comes later`() async throws {
        try await with { market, fixtures, _ in
            let now = Self.now
            try await state(Array(Self.three.prefix(2)), in: market, by: fixtures.seller)
            let asked = { try await self.values(market, by: "group", asOf: "2026-01-01", recordedBy: now + 10) }
            let first = try await asked()
            try await state(
                [Self.three[1].replacing("East", with: "Far East"), Self.three[2]], in: market, by: fixtures.seller,
                at: now + 20)
            #expect(try await asked() == first && first["East Group companies"] == 2)
            // A group has its newest name for all its companies.
            let groups = try await values(market, by: "group")
            #expect(groups["Far East Group companies"] == 2 && groups["East Group companies"] == nil)
        }
    }

    @Test func `two groups of the same name are told apart by their codes`() async throws {
        try await with { market, fixtures, _ in
            try await state(Self.three.map { $0.replacing("West", with: "East") }, in: market, by: fixtures.seller)
            let groups = try await values(market, by: "group")
            #expect(
                groups["East Group \(Self.east) companies"] == 2 && groups["East Group \(Self.west) companies"] == 1)
        }
    }

    @Test func `synthetic companies are values of their own`() async throws {
        try await with { market, fixtures, database in
            _ = try await database.execute(
                Statement(
                    name: "test/kind",
                    text: "UPDATE party SET enterprise_kind = 'central_soe' WHERE code = '\(Fixtures.bankCode)'"))
            // Marked so, and of a group that the market knows as synthetic.
            try await state(
                [
                    Self.three[0], Self.three[1].replacing("310000,no", with: ",yes"),
                    Self.three[2].replacing(Self.west, with: Fixtures.bankCode),
                ], in: market, by: fixtures.seller)
            #expect(
                try await values(market) == [
                    "companies": 1, "groups": 1, "synthetic_companies": 2, "synthetic_groups": 2,
                ])
        }
    }

    @Test func `two files at once state each company once`() async throws {
        try await with { market, fixtures, database in
            try await withThrowingTaskGroup(of: ImportedLines.self) { group in
                for _ in 0..<4 {
                    group.addTask { try await state(Self.three, in: market, by: fixtures.seller) }
                }
                let all = try await group.reduce(into: []) { $0.append($1) }
                #expect(all.map(\.new).reduce(0, +) == 3 && all.map(\.known).reduce(0, +) == 9)
                #expect(all.allSatisfy { $0.corrected == 0 && $0.refused.isEmpty })
            }
            let rows = try await database.first(
                Statement(name: "test/rows", text: "SELECT count(*) FROM new_company")
            ) { try $0.next(Int.self) }
            #expect(rows == 3)
        }
    }

    @Test func `one company alone is shown, because it is public`() async throws {
        try await with { market, fixtures, _ in
            try await state([Self.three[2]], in: market, by: fixtures.seller)
            let figure = try await market.adoption.figure(
                FigureRequest(metric: "new-companies", by: "group", standing: nil))
            #expect(
                figure.cells.contains { $0.className == "West Group" } && !figure.cells.contains(where: \.isSuppressed))
        }
    }

    @Test func `a snapshot of them is recomputed to the same, also after a correction`() async throws {
        try await with { market, fixtures, _ in
            let now = Self.now
            try await state(Self.three, in: market, by: fixtures.seller)
            let token = try await market.accounts.createToken(
                party: Fixtures.administrationCode, role: .analyst, days: 10, now: now
            ).token
            let analyst = try #require(try await market.accounts.account(token: token, now: now))
            let kept = try fields(
                await market.snapshots.keep(
                    SnapshotRequest(TableRequest(metric: "new-companies", by: "year")), by: analyst,
                    key: IdempotencyKey("s"), body: [], now: now + 60
                ).snapshot)
            let whole = (kept["result"] as? [String: Any])?["whole"] as? [[String: Any]]
            #expect(whole?.first?["value"] as? Int == 3)
            try await state(
                [Self.three[0].replacing("2024", with: "2023")], in: market, by: fixtures.seller, at: now + 90)
            try await market.snapshots.verify { #expect($0.problems.isEmpty) }
        }
    }
}
