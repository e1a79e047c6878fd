import Foundation
import Marketplace
import TestSupport
import Testing

@testable import Web

/// Figures in the forms that spreadsheets and data tools read. What is in the files is looked at by script/test-figures.
@Suite struct FigureFileTests {
    private static let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    private static let parquet = "application/vnd.apache.parquet"

    private func panelMarket(_ work: @Sendable @escaping (WebFixture) async throws -> Void) async throws {
        try await WebFixture.with { web in
            try await Fixtures.panel(
                "small", members: "enterprise_code,reason\n\(Fixtures.bankCode),large\n", in: web.market,
                now: Date() - 10)
            try await web.market.totals.catchUp()
            try await work(web)
        }
    }

    @Test(arguments: [
        ("adoption-rate?panel=small&by=section&format=xlsx", "", xlsx, "PK"),
        ("adoption-rate?panel=small", xlsx, xlsx, "PK"),
        ("transactions?by=section", "\(parquet), application/json", parquet, "PAR1"),
        ("transactions?format=parquet", "text/csv", parquet, "PAR1"),
        ("transactions", "text/html, text/csv;q=0.9", "text/csv; charset=utf-8", "\u{FEFF}metric"),
        ("transactions", "application/json, text/csv", "application/json", "{"),
    ])
    func `the form is chosen by the link, and without it by what is accepted first`(
        asked: String, accepted: String, type: String, begins: String
    ) async throws {
        try await panelMarket { web in
            let answer = try await web.send(
                "GET", "/v1/adoption/metrics/\(asked)", as: .analyst,
                headers: accepted.isEmpty ? [:] : ["Accept": accepted])
            #expect(
                answer.status == 200 && answer.headers["content-type"]?.hasPrefix(type) ?? false, "\(answer.headers)")
            #expect(answer.body.starts(with: Array(begins.utf8)))
        }
    }

    @Test func `a form that there is none of is refused with those that there are`() async throws {
        try await panelMarket { web in
            let answer = try await web.send("GET", "/v1/adoption/metrics/transactions?format=ods", as: .analyst)
            #expect(answer.status == 400 && answer.json["field"] as? String == "format")
            #expect(answer.text.contains("json, csv, xlsx, parquet"))
        }
    }

    @Test func `a figure's file is for those who may read the figure`() async throws {
        try await panelMarket { web in
            let path = "/v1/adoption/metrics/transactions?format=xlsx"
            let (enterprise, nobody) = (
                try await web.send("GET", path, as: .enterprise), try await web.send("GET", path)
            )
            #expect(enterprise.status == 403 && nobody.status == 401)
        }
    }

    @Test func `the pages of figures lead to their files, with the times that are shown`() async throws {
        try await panelMarket { web in
            let page = try await web.send("GET", "/adoption?lang=en&panel=small", as: .analyst).text
            let market = try await web.send("GET", "/adoption/market?lang=en&by=month&to=2026-01-31", as: .analyst).text
            for format in ["csv", "xlsx", "parquet"] {
                #expect(page.contains("format=\(format)") && market.contains("to=2026-01-31&amp;format=\(format)"))
            }
            let link = try #require(page.firstMatch(of: /href="(\/v1\/adoption\/metrics\/[^"]*format=csv)"/))
            let address = link.1.replacingOccurrences(of: "&amp;", with: "&")
            let table = try await web.send("GET", address, as: .analyst)
            #expect(table.status == 200 && table.text.contains(",small,1,"), "\(table.text)")
        }
    }
}
