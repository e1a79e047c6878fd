import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct DeclarationTests {
    private let header =
        "reference,enterprise_code,accepted_on,channel,product,value,currency,basis,section,withdrawn\n"
    private let now = DealFixture.now

    private func declare(_ rows: String, in it: DealFixture, at time: Date? = nil) async throws -> ImportedLines {
        let time = time ?? now
        return try await it.market.declarations.declare(
            DeclarationFile(Array((header + rows).utf8), now: time), by: it.officer.partyID, now: time)
    }

    private func cells(
        _ standing: String, by dimension: String? = nil, recordedBy: Date? = nil, in it: DealFixture
    ) async throws -> [String: String] {
        let cells = try await it.market.adoption.exactCells(
            FigureRequest(metric: "declared-purchases", by: dimension, recordedBy: recordedBy, standing: standing))
        return Dictionary(
            uniqueKeysWithValues: cells.map { ("\($0.className ?? "") \($0.name)", $0.value.map { "\($0)" } ?? "") })
    }

    private var bank: String { Fixtures.bankCode }

    @Test func `what is declared is shown by channel, apart from what was bought here`() async throws {
        try await DealFixture.with { it in
            let report = try await declare(
                """
                A-1,\(bank),2026-01-05,filed,Weather,1200.50,CNY,contract 7,J,
                A-2,\(bank),2026-01-06,off_exchange,Roads,0,CNY,contract 8,J,no
                """, in: it)
            #expect(report.new == 2 && report.corrected == 0 && report.known == 0 && report.refused.isEmpty)
            let found = try await cells("synthetic", by: "channel", in: it)
            #expect(found[" declared"] == "2" && found[" declared_value"] == "120050")
            #expect(found["filed declared"] == "1" && found["off_exchange declared_value"] == nil)
            #expect(try await cells("market", in: it).isEmpty)
            try await it.market.totals.catchUp()
            let bought = try await it.market.adoption.exactCells(
                FigureRequest(metric: "transactions", standing: "synthetic"))
            #expect(bought.isEmpty)
        }
    }

    @Test func `the same again changes nothing, another content corrects, and what was believed stays`() async throws {
        try await DealFixture.with { it in
            let row = "A-1,\(bank),2026-01-05,filed,Weather,100,CNY,contract 7,J,\n"
            _ = try await declare(row, in: it)
            let again = try await declare(row, in: it, at: now + 60)
            #expect(again.known == 1 && again.new == 0)
            let corrected = try await declare(
                "A-1,\(bank),2026-01-05,filed,Weather,90,CNY,contract 7,J,\n", in: it, at: now + 3_600)
            #expect(corrected.corrected == 1)
            #expect(try await cells("synthetic", in: it)[" declared_value"] == "9000")
            #expect(try await cells("synthetic", recordedBy: now + 1_800, in: it)[" declared_value"] == "10000")
            _ = try await declare(
                "A-1,\(bank),2026-01-05,filed,Weather,90,CNY,contract 7,J,yes\n", in: it, at: now + 7_200)
            #expect(try await cells("synthetic", in: it).isEmpty)
            // Taken at the very moment of the one before.
            let late = try await declare(row, in: it, at: now + 7_200)
            #expect(late.corrected == 1)
            #expect(try await cells("synthetic", in: it)[" declared"] == "1")
        }
    }

    @Test func `bad lines are named by field and reason, and good ones land`() async throws {
        try await DealFixture.with { it in
            let report = try await declare(
                """
                A-1,\(bank),2026-01-05,filed,Weather,100,CNY,contract 7,J,
                A-1,\(bank),2026-01-05,filed,Weather,100,CNY,contract 7,J,
                A-2,123,2999-01-05,street,Weather,-1,RMB1,,Z,perhaps
                A-3,\(bank),2026-02-30,filed,Weather,1.234,CNY,contract 7,J,
                A-4,\(bank)
                """, in: it)
            #expect(report.new == 1)
            let named = Set(report.refused.map { "\($0.line) \($0.field)" })
            #expect(
                named == [
                    "3 reference", "4 enterprise_code", "4 accepted_on", "4 channel", "4 value", "4 currency",
                    "4 basis",
                    "4 section", "4 withdrawn", "5 accepted_on", "5 value", "6 row",
                ])
        }
    }

    @Test func `two enterprises alone are not given away by what is declared of them`() async throws {
        try await DealFixture.with { it in
            let stranger = try await it.value("credit_code_of('91110000000000012')")
            _ = try await declare(
                "A-1,\(stranger),2026-01-05,filed,Weather,100,CNY,contract 7,J,\n", in: it)
            let figure = try await it.market.adoption.figure(
                FigureRequest(metric: "declared-purchases", by: "channel", standing: "market"))
            #expect(!figure.cells.isEmpty && figure.cells.allSatisfy(\.isSuppressed))
        }
    }

    @Test func `what is declared as free hides nobody who paid`() async throws {
        try await DealFixture.with { it in
            var rows = ""
            for (place, value) in ["1200.50", "0", "0", "0"].enumerated() {
                let code = try await it.value("credit_code_of('9111000000000001\(place)')")
                rows += "A-\(place),\(code),2026-01-05,filed,Weather,\(value),CNY,contract 7,J,\n"
            }
            #expect(try await declare(rows, in: it).new == 4)
            let figure = try await it.market.adoption.figure(FigureRequest(metric: "declared-purchases"))
            #expect(figure.cells.first { $0.name == "declared" }?.value == 4)
            #expect(figure.cells.first { $0.name == "declared_value" }?.isSuppressed == true)
        }
    }
}
