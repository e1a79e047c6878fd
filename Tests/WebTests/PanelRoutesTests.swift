import Foundation
import Marketplace
import TestSupport
import Testing

/// Panels in the API and on their pages.
@Suite struct PanelRoutesTests {
    private static let file = "enterprise_code,reason,group\n\(Fixtures.bankCode),first,\n\(Fixtures.carrierCode),,\n"
    private static let panel = "code=leading-2025&title_zh=%E6%A0%B7%E6%9C%AC&title_en=Leading+2025&dated_on=2025-12-31"

    private func send(
        _ web: WebFixture, _ query: String = PanelRoutesTests.panel, _ file: String = PanelRoutesTests.file,
        key: String? = "k", as role: Role? = .analyst
    ) async throws -> WebFixture.Answer {
        var headers = ["Content-Type": "text/csv"]
        if let key { headers["Idempotency-Key"] = key }
        return try await web.send(
            "POST", "/v1/adoption/panels?\(query)", as: role, headers: headers, body: Data(file.utf8))
    }

    @Test func `a panel is imported with its bad lines named, and the key answers the same again`() async throws {
        try await WebFixture.with { web in
            let made = try await send(web)
            #expect(made.status == 201 && made.headers["idempotency-replayed"] == nil, "\(made.text)")
            #expect(made.json["version"] as? Int == 1 && made.json["members"] as? Int == 1)
            let refused = made.json["refused"] as? [[String: Any]] ?? []
            #expect(refused.map { $0["line"] as? Int } == [3] && refused[0]["field"] as? String == "reason")
            let again = try await send(web)
            #expect(again.status == 201 && again.headers["idempotency-replayed"] == "true")
            #expect(again.body == made.body)
            #expect(try await send(web, Self.panel + "&all_or_nothing=true").status == 422)
        }
    }

    @Test func `an identical file makes no version, and the answer says so`() async throws {
        try await WebFixture.with { web in
            _ = try await send(web)
            let again = try await send(web, key: "other")
            #expect(again.status == 200 && again.json["made"] as? Bool == false && again.json["version"] as? Int == 1)
        }
    }

    @Test func `what cannot be imported is refused with the field, and lines with their numbers`() async throws {
        try await WebFixture.with { web in
            let wrong = [
                (Self.panel.replacing("leading-2025", with: "Leading"), Self.file, "code"),
                (Self.panel.replacing("2025-12-31", with: "2025-02-30"), Self.file, "dated_on"),
                (Self.panel.replacing("title_zh=%E6%A0%B7%E6%9C%AC&", with: ""), Self.file, "title_zh"),
                (Self.panel, "enterprise_code,reason,phone\n", "file"),
                (Self.panel + "&all_or_nothing=1", Self.file, "file"),
                (Self.panel + "&all_or_nothing=perhaps", Self.file, "all_or_nothing"),
            ]
            for (place, (query, file, field)) in wrong.enumerated() {
                let refused = try await send(web, query, file, key: "\(place)")
                #expect(refused.status == 400 && refused.json["field"] as? String == field, "\(refused.text)")
            }
            let whole = try await send(web, Self.panel, "enterprise_code,reason\nX,first\n")
            let problems = whole.json["problems"] as? [[String: Any]] ?? []
            #expect(whole.status == 400 && problems.first?["field"] as? String == "line 2: enterprise_code")
            let keyless = try await send(web, key: nil)
            #expect(keyless.status == 400 && keyless.json["field"] as? String == "Idempotency-Key")
        }
    }

    @Test func `only analysts and the administration import and read panels`() async throws {
        try await WebFixture.with { web in
            let statuses = [
                try await send(web, as: nil).status, try await send(web, as: .operator).status,
                try await send(web, as: .administrator).status,
            ]
            #expect(statuses == [401, 403, 201])
            for path in ["/v1/adoption/panels/leading-2025", "/v1/adoption/panels/leading-2025/members"] {
                #expect(try await web.send("GET", path, as: .enterprise).status == 403)
                #expect(try await web.send("GET", path, as: .analyst).status == 200)
            }
        }
    }

    @Test func `members are paged by credit code, of the version that is asked for`() async throws {
        try await WebFixture.with { web in
            let codes = [Fixtures.bankCode, Fixtures.carrierCode, Fixtures.insurerCode].sorted()
            let rows = codes.map { "\($0),first\n" }.joined()
            _ = try await send(web, Self.panel, "enterprise_code,reason\n\(rows)")
            _ = try await send(web, Self.panel, "enterprise_code,reason\n\(codes[0]),first\n", key: "next")
            var (found, cursor) = ([String?](), String?.none)
            repeat {
                let path = "/v1/adoption/panels/leading-2025/members?version=1&limit=2"
                let page = try await web.send("GET", path + (cursor.map { "&cursor=\($0)" } ?? ""), as: .analyst).json
                found += (page["items"] as? [[String: Any]] ?? []).map { $0["enterprise_code"] as? String }
                cursor = page["next"] as? String
            } while cursor != nil
            #expect(found == codes)
            let newest = try await web.send("GET", "/v1/adoption/panels/leading-2025/members", as: .analyst).json
            #expect((newest["items"] as? [Any])?.count == 1)
            let missing = try await web.send("GET", "/v1/adoption/panels/leading-2025/members?version=3", as: .analyst)
            #expect(missing.status == 404)
        }
    }

    @Test func `members come as the table that an import takes`() async throws {
        try await WebFixture.with { web in
            _ = try await send(web)
            let table = try await web.send(
                "GET", "/v1/adoption/panels/leading-2025/members?format=csv", as: .analyst)
            #expect(table.headers["content-type"] == "text/csv; charset=utf-8")
            let again = try await send(web, Self.panel, table.text, key: "again")
            #expect(again.status == 201 && again.json["version"] as? Int == 2, "\(again.text)")
        }
    }

    @Test func `a figure counts by the rule that is asked for`() async throws {
        try await WebFixture.with { web in
            let rows = "\(Fixtures.bankCode),a,Holding\n\(Fixtures.carrierCode),b,Holding\n"
            _ = try await send(web, Self.panel, "enterprise_code,reason,group\n\(rows)")
            let path = "/v1/adoption/metrics/adoption-rate?panel=leading-2025&count="
            let group = try await web.send("GET", path + "group", as: .analyst)
            #expect(group.json["denominator"] as? Int == 1 && group.json["count"] as? String == "group")
            let odd = try await web.send("GET", path + "heads", as: .analyst)
            #expect(odd.status == 400 && odd.json["field"] as? String == "count")
            let page = try await web.send("GET", "/adoption?panel=leading-2025&count=group&lang=en", as: .analyst).text
            #expect(page.contains("by group") && page.contains("version 1"))
        }
    }

    private func upload(_ web: WebFixture, _ file: String, title: String = "Leading 2025", mode: String = "false")
        async throws -> WebFixture.Answer
    {
        let field = { (name: String, value: String) in
            "--x\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        let body =
            field("key", UUID().uuidString) + field("code", "leading-2025") + field("title_zh", "样本")
            + field("title_en", title) + field("dated_on", "2025-12-31") + field("all_or_nothing", mode)
            + "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"panel.csv\"\r\n\r\n\(file)\r\n--x--\r\n"
        return try await web.send(
            "POST", "/adoption/panels", as: .analyst,
            headers: ["Content-Type": "multipart/form-data; boundary=x", "Accept": "text/html", "Cookie": "lang=en"],
            body: Data(body.utf8))
    }

    @Test func `an analyst uploads a panel and sees members, versions and refused lines`() async throws {
        try await WebFixture.with { web in
            let page = try await upload(web, Self.file)
            #expect(page.status == 200 && page.text.contains("Recorded version 1: members 1, lines refused 1."))
            #expect(page.text.contains("Members of version 1") && page.text.contains("This cell is empty."))
            let same = try await upload(web, Self.file)
            #expect(same.text.contains("none was made"), "\(same.text)")
            let list = try await web.send("GET", "/adoption/panels?lang=en", as: .analyst).text
            #expect(list.contains("/adoption/panels/leading-2025") && list.contains("Import a panel"))
        }
    }

    @Test func `a refused upload comes back with what was typed and the bad lines`() async throws {
        try await WebFixture.with { web in
            let page = try await upload(web, Self.file, title: "My title", mode: "true")
            #expect(page.status == 400 && page.text.contains("My title"))
            #expect(page.text.contains("Refused lines") && page.text.contains("Nothing was taken"))
        }
    }
}
