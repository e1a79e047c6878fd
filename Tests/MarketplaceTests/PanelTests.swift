import Foundation
import Marketplace
import TestSupport
import Testing

/// Panels: what an import takes, their versions, and how their members are counted.
@Suite struct PanelTests {
    private let now = Fixtures.day + 3600
    private let bank = Fixtures.bankCode
    private let insurer = Fixtures.insurerCode
    private let carrier = Fixtures.carrierCode
    private let stranger = Fixtures.strangerCodes[0]

    private func with(_ work: (Market, Fixtures) async throws -> Void) async throws {
        try await TestMarket.with { market, _ in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            try await work(market, fixtures)
        }
    }

    private func buy(_ key: String = "k", for enterprise: UUID, in market: Market, now: Date) async throws {
        _ = try await market.purchases.buy(
            PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: enterprise, key: IdempotencyKey(key),
            body: [], now: now)
    }

    private func rate(
        _ market: Market, by dimension: String? = nil, count: CountingRule = .legalEntity, asOf: Date,
        recordedBy: Date? = nil
    ) async throws -> [String: Any] {
        try fields(
            try await market.adoption.figure(
                "adoption-rate", panel: "test-panel", by: dimension, count: count, asOf: asOf,
                recordedBy: recordedBy ?? asOf
            ).figure)
    }

    private func bought(_ figure: [String: Any]) -> [Int?] {
        [figure["numerator"] as? Int, figure["denominator"] as? Int]
    }

    private func breakdown(_ figure: [String: Any]) -> [String: [Int?]] {
        let classes = figure["breakdown"] as? [[String: Any]] ?? []
        return Dictionary(uniqueKeysWithValues: classes.map { ($0["class"] as? String ?? "", bought($0)) })
    }

    private func members(_ market: Market, version: Int? = nil) async throws -> [[String: Any]] {
        let page = try await market.panels.members(of: "test-panel", version: version, cursor: nil, limit: nil)
        return try fields(page)["items"] as? [[String: Any]] ?? []
    }

    private func panels(_ market: Market) async throws -> Int? {
        (try fields(await market.panels.list(cursor: nil, limit: nil))["items"] as? [Any])?.count
    }

    // MARK: What an import takes

    @Test func `each bad line is named with its field and reason, and the good ones are taken`() async throws {
        try await with { market, fixtures in
            let file = """
                enterprise_code,reason,section,province,enterprise_kind
                \(bank),first,J,350000,private
                91110000MA00000A1X,second,,,
                \(insurer),,,,
                \(carrier),third,Z,350100,state
                \(bank),fourth,,,
                ,fifth,,,
                \(stranger),sixth
                """
            let report = try await Fixtures.panel(members: file, in: market).report
            #expect(report.version == 1 && report.made && report.rows == 7 && report.members == 1)
            let named = report.refused.map { "\($0.line) \($0.field)" }
            #expect(
                named == [
                    "3 enterprise_code", "4 reason", "5 section", "5 province", "5 enterprise_kind",
                    "6 enterprise_code", "7 enterprise_code", "8 row",
                ])
            #expect(report.refused[0].reason.contains("check character"))
            #expect(report.refused[5].reason == "This code stands in line 2 already.")
            #expect(try await members(market).map { $0["enterprise_code"] as? String } == [bank])
        }
    }

    @Test func `when all or nothing is asked for, a bad line takes nothing`() async throws {
        try await with { market, _ in
            await #expect {
                try await Fixtures.panel(
                    members: "enterprise_code,reason\n\(bank),first\n\(carrier),\n", allOrNothing: true, in: market)
            } throws: { ($0 as? PanelError)?.lines.map(\.field) == ["reason"] }
            let left = try await panels(market)
            #expect(left == 0)
        }
    }

    @Test(arguments: ["enterprise_code,reason\nX,first\n", "enterprise_code,reason\n", "enterprise_code,reason\n,\n"])
    func `a file without a good line is refused and leaves no panel`(file: String) async throws {
        try await with { market, _ in
            await #expect(throws: PanelError.self) { try await Fixtures.panel(members: file, in: market) }
            let left = try await panels(market)
            #expect(left == 0)
        }
    }

    @Test func `a column that a panel does not have is refused by name`() throws {
        #expect {
            try PanelFile(Array("enterprise_code,reason,contact_phone\n".utf8))
        } throws: { ($0 as? InvalidInput)?.message.contains("'contact_phone'") ?? false }
    }

    @Test(arguments: ["reason\n", "enterprise_code\n", "enterprise_code,reason,reason\n"])
    func `a needed column that is missing, or one that is there twice, is refused`(file: String) throws {
        #expect(throws: InvalidInput.self) { try PanelFile(Array(file.utf8)) }
    }

    @Test func `a department is no member`() async throws {
        try await with { market, _ in
            let file = "enterprise_code,reason\n\(bank),first\n\(Fixtures.administrationCode),second\n"
            let report = try await Fixtures.panel(members: file, in: market).report
            #expect(report.members == 1 && report.refused.map(\.line) == [3])
        }
    }

    @Test func `a group that belongs to another group is refused`() async throws {
        try await with { market, _ in
            let file = """
                enterprise_code,reason,group
                \(bank),first,Holding
                \(insurer),second,\(bank)
                """
            let report = try await Fixtures.panel(members: file, in: market).report
            #expect(report.refused.map { "\($0.line) \($0.field)" } == ["3 group"])
        }
    }

    // MARK: Versions

    @Test func `an import under a code that is there makes the next version, and earlier figures stay`() async throws {
        try await with { market, fixtures in
            try await Fixtures.panel(members: "enterprise_code,reason\n\(bank),a\n\(carrier),b\n", in: market, now: now)
            let next = "enterprise_code,reason\n\(bank),a\n"
            let report = try await Fixtures.panel(members: next, in: market, now: now + 100).report
            #expect(report.version == 2 && report.made)
            try await buy(for: fixtures.bank, in: market, now: now + 10)
            let (before, after) = (
                try await rate(market, asOf: now + 200, recordedBy: now + 99), try await rate(market, asOf: now + 200)
            )
            #expect(bought(before) == [1, 2] && (before["panel"] as? [String: Any])?["version"] as? Int == 1)
            #expect(bought(after) == [1, 1] && (after["panel"] as? [String: Any])?["version"] as? Int == 2)
            #expect(try await members(market, version: 1).count == 2)
        }
    }

    @Test func `versions are listed newest first, each with its file and who recorded it`() async throws {
        try await with { market, fixtures in
            for reason in ["a", "b", "c"] {
                let file = "enterprise_code,reason\n\(bank),\(reason)\n"
                try await Fixtures.panel(members: file, by: fixtures.administration, in: market)
            }
            let page = try fields(await market.panels.panel("test-panel", cursor: nil, limit: nil))
            let versions = page["items"] as? [[String: Any]] ?? []
            #expect(versions.map { $0["version"] as? Int } == [3, 2, 1])
            #expect(versions[0]["recorded_by"] as? String == Fixtures.administrationCode)
            #expect(Set(versions.compactMap { $0["sha256"] as? String }).count == 3)
        }
    }

    @Test func `the same file, titles and date make no version`() async throws {
        try await with { market, _ in
            let file = "enterprise_code,reason\n\(bank),first\n"
            try await Fixtures.panel(members: file, in: market)
            let again = try await Fixtures.panel(members: file, in: market).report
            #expect(!again.made && again.version == 1)
            #expect(try await Fixtures.panel(members: file, titleEn: "Other", in: market).report.version == 2)
            #expect(
                try await Fixtures.panel(members: file, titleEn: "Other", datedOn: "2026-06-30", in: market)
                    .report.version == 3)
        }
    }

    @Test func `a version that does not exist is not found`() async throws {
        try await with { market, _ in
            try await Fixtures.panel(members: "enterprise_code,reason\n\(bank),first\n", in: market)
            await #expect(throws: PanelError.self) { try await members(market, version: 2) }
            await #expect(throws: AdoptionError.self) {
                try await market.panels.panel("none", cursor: nil, limit: nil)
            }
        }
    }

    @Test func `imports of one code at once make one version after the other`() async throws {
        try await with { market, _ in
            let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
                for place in 0..<8 {
                    let file = "enterprise_code,reason\n\(bank),number \(place)\n"
                    group.addTask { try await Fixtures.panel(members: file, in: market).report.version }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(numbers.sorted() == Array(1...8))
        }
    }

    // MARK: Repeats

    @Test func `a key answers what it answered first, whatever was imported since`() async throws {
        try await with { market, fixtures in
            let file = "enterprise_code,reason\n\(bank),first\n\(carrier),\n"
            let send = { (file: String) in
                try await Fixtures.panel(members: file, by: fixtures.administration, key: "one", in: market)
            }
            #expect(try await !send(file).repeated)
            try await Fixtures.panel(members: "enterprise_code,reason\n\(carrier),first\n", in: market)
            let again = try await send(file)
            #expect(again.repeated && again.report.version == 1 && again.report.made)
            #expect(again.report.refused.map(\.line) == [3])
            await #expect(throws: PanelError.self) { try await send(file + "\(insurer),third\n") }
        }
    }

    @Test func `one key at once makes one version`() async throws {
        try await with { market, fixtures in
            let file = "enterprise_code,reason\n\(bank),first\n"
            let outcomes = try await withThrowingTaskGroup(of: (made: Bool, repeated: Bool).self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let (report, repeated) = try await Fixtures.panel(
                            members: file, by: fixtures.administration, key: "one", in: market)
                        return (report.made, repeated)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.allSatisfy(\.made) && outcomes.filter { !$0.repeated }.count == 1)
        }
    }

    // MARK: Counting

    @Test func `a member that is no party counts in the denominator, and as a buyer once it is one`() async throws {
        try await with { market, fixtures in
            let file = "enterprise_code,reason,name,section\n\(bank),a,,\n\(stranger),b,Stranger,M\n"
            try await Fixtures.panel(members: file, in: market)
            #expect(bought(try await rate(market, asOf: now)) == [0, 2])
            let party = try await market.parties.record(
                .init(
                    code: CreditCode(stranger), nameZh: "合成·新客", nameEn: "Synthetic newcomer", kind: "enterprise",
                    enterpriseKind: "private", industrySection: "C", province: "350000", synthetic: true), now: now + 10
            )
            try await buy(for: party, in: market, now: now + 20)
            let after = try await rate(market, by: "section", asOf: now + 30)
            #expect(bought(after) == [1, 2] && breakdown(after) == ["J": [0, 1], "M": [1, 1]])
            #expect(bought(try await rate(market, asOf: now + 15)) == [0, 2])
        }
    }

    @Test func `what the file does not say of a member is as its party was, and stays so`() async throws {
        try await with { market, _ in
            let file = "enterprise_code,reason,section\n\(bank),a,K\n\(carrier),b,\n\(stranger),c,\n"
            try await Fixtures.panel(members: file, in: market)
            let listed = try await members(market)
            #expect(
                Dictionary(
                    uniqueKeysWithValues: listed.map { ($0["enterprise_code"] as? String, $0["section"] as? String) })
                    == [bank: "K", carrier: "G", stranger: nil])
            #expect(listed.map { $0["province"] as? String } == ["350000", nil, "350000"])
        }
    }

    @Test func `by group its members count once, and have bought when one has`() async throws {
        try await with { market, fixtures in
            let file = """
                enterprise_code,reason,group
                \(bank),a,Holding
                \(insurer),b,Holding
                \(carrier),c,
                """
            try await Fixtures.panel(members: file, in: market)
            try await buy(for: fixtures.insurer, in: market, now: now)
            let figure = try await rate(market, count: .group, asOf: now + 1)
            #expect(bought(figure) == [1, 2] && (figure["panel"] as? [String: Any])?["n"] as? Int == 3)
            #expect(figure["count"] as? String == "group" && figure["rate"] as? Double == 0.5)
            #expect(bought(try await rate(market, asOf: now + 1)) == [1, 3])
        }
    }

    @Test func `a member whose credit code others name as their group belongs to it`() async throws {
        try await with { market, _ in
            let file = """
                enterprise_code,reason,group
                \(bank),a,
                \(insurer),b,\(bank.lowercased())
                \(carrier),c,
                """
            try await Fixtures.panel(members: file, in: market)
            #expect(bought(try await rate(market, count: .group, asOf: now)) == [0, 2])
        }
    }

    @Test func `a group is of the class of its member with the lowest credit code`() async throws {
        try await with { market, _ in
            let file = """
                enterprise_code,reason,section,group
                \(insurer),b,J,Holding
                \(bank),a,K,Holding
                \(carrier),c,G,
                """
            try await Fixtures.panel(members: file, in: market)
            let figure = try await rate(market, by: "section", count: .group, asOf: now)
            #expect(breakdown(figure) == ["G": [0, 1], "K": [0, 1]])
        }
    }
}
