import Foundation
import Marketplace
import TestSupport
import Testing

/// Companies that central enterprises newly established, in the API and on the page of metrics.
@Suite struct NewCompanyRoutesTests {
    private static let file = """
        company_code,name,group_code,group_name,established_on,source
        91110000MA0000N01H,Data A,91110000MA0000G01F,East Group,2024-12-31,notice 1
        91310000MA0000N022,Data B,91110000MA0000G01F,East Group,2025-01-01,notice 2
        91100000MA0000N03K,Data C,91110000MA0000G02J,West Group,2025-06-30,
        """

    private func send(_ web: WebFixture, _ file: String = file, as role: Role? = .analyst) async throws
        -> WebFixture.Answer
    {
        try await web.send(
            "POST", "/v1/adoption/new-companies", as: role, headers: ["Content-Type": "text/csv"], body: Data(file.utf8)
        )
    }

    @Test func `an analyst states companies with bad lines named, and reads them by group`() async throws {
        try await WebFixture.with { web in
            let stated = try await send(web)
            #expect(stated.status == 201 && stated.json["new"] as? Int == 2, "\(stated.text)")
            let refused = stated.json["refused"] as? [[String: Any]] ?? []
            #expect(refused.map { $0["line"] as? Int } == [4] && refused[0]["field"] as? String == "source")
            let again = try await send(web, as: .administrator)
            #expect(again.json["known"] as? Int == 2 && again.json["new"] as? Int == 0)
            let path = "/v1/adoption/metrics/new-companies?by=group"
            let figure = try await web.send("GET", path, as: .analyst).json
            let classes = figure["breakdown"] as? [[String: Any]] ?? []
            #expect(classes.map { $0["class"] as? String } == ["East Group"])
            let table = try await web.send("GET", "\(path)&format=csv", as: .analyst).text
            #expect(table.contains("group,East Group,companies,count,2,false"))
        }
    }

    @Test func `the companies behind the figure are paged by credit code, as was believed by a time`() async throws {
        try await WebFixture.with { web in
            let path = "/v1/adoption/new-companies"
            _ = try await send(web)
            let between = Date().addingTimeInterval(0.002).formatted(
                Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            try await Task.sleep(for: .milliseconds(10))
            _ = try await send(web, Self.file.replacing("Data B", with: "Data B2"))
            let first = try await web.send("GET", "\(path)?limit=1", as: .analyst).json
            let next = try #require(first["next"] as? String)
            let second = try await web.send("GET", "\(path)?limit=1&cursor=\(next)", as: .analyst).json
            let rows = [first, second].flatMap { $0["items"] as? [[String: Any]] ?? [] }
            #expect(rows.map { $0["name"] as? String } == ["Data A", "Data B2"] && second["next"] is NSNull)
            #expect(rows[0]["province"] as? String == "110000" && rows[0]["source"] as? String == "notice 1")
            #expect(rows[0]["stated_by"] as? String == Fixtures.administrationCode)
            let before = try await web.send("GET", "\(path)?recorded_by=\(between)", as: .analyst)
            #expect(before.text.contains("\"Data B\"") && !before.text.contains("Data B2"), "\(before.text)")
            let future = try await web.send("GET", "\(path)?recorded_by=2999-01-01", as: .analyst)
            #expect(future.status == 400 && future.json["field"] as? String == "recorded_by")
            #expect(try await web.send("GET", path, as: .operator).status == 403)
        }
    }

    @Test func `only analysts and the administration state companies, and only as CSV of this kind`() async throws {
        try await WebFixture.with { web in
            #expect(try await send(web, as: nil).status == 401)
            #expect(try await send(web, as: .operator).status == 403)
            #expect(try await send(web, as: .enterprise).status == 403)
            let wrong = try await send(web, "company,group\n")
            #expect(wrong.status == 400 && wrong.json["field"] as? String == "file")
            let standing = try await web.send(
                "GET", "/v1/adoption/metrics/new-companies?standing=market", as: .analyst)
            #expect(standing.status == 400 && standing.json["field"] as? String == "standing")
            let dimension = try await web.send("GET", "/v1/adoption/metrics/new-companies?by=channel", as: .analyst)
            #expect(dimension.status == 400 && dimension.json["field"] as? String == "by")
        }
    }

    @Test func `the page has the metric with its history of companies, and none of groups`() async throws {
        try await WebFixture.with { web in
            // The group is of both months, so that its months add up to more than there is.
            _ = try await send(web)
            let page = try await web.send(
                "GET", "/adoption/market?metric=new-companies", as: .analyst, headers: ["Accept-Language": "en"]
            ).text
            #expect(page.contains("Companies newly established by central enterprises") && page.contains("East Group"))
            #expect(page.contains("History · newly established companies"))
            #expect(!page.contains("History · groups"))
            // A group is one group: there is nothing to tell by group.
            #expect(!page.contains("By group · groups"))
        }
    }
}
