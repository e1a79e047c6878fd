import Foundation
import Marketplace
import TestSupport
import Testing

@Suite struct DutyRoutesTests {
    private static let json = ["Content-Type": "application/json"]

    private func correct(_ body: String, in web: WebFixture, as role: Role = .administrator) async throws
        -> WebFixture.Answer
    {
        try await web.send("POST", "/v1/policies", as: role, headers: Self.json, body: Data(body.utf8))
    }

    @Test func `the administration corrects a policy by a dated row, and the one before is kept`() async throws {
        try await WebFixture.with { web in
            let body = #"{"rule": "correction", "since": "2026-01-01", "days": 7, "source": "text of the decree"}"#
            #expect(try await correct(body, in: web, as: .operator).status == 403)
            #expect(try await correct(body, in: web).status == 201)
            #expect(try await correct(body, in: web).status == 409)
            let list = try await web.send("GET", "/v1/policies?limit=200")
            let rows = (list.json["items"] as? [[String: Any]] ?? []).filter { $0["rule"] as? String == "correction" }
            #expect(rows.map { $0["days"] as? Int } == [7, 10])
            #expect(rows.map { $0["until"] as? String } == [nil, "2026-01-01"])
            #expect(rows.first?["recorded_by"] as? String == Fixtures.administrationCode)
        }
    }

    @Test func `a bad policy is refused by its member`() async throws {
        let cases = [
            (#"{"rule": "Bad", "since": "2026-01-01", "days": 7, "source": "x"}"#, "rule"),
            (#"{"rule": "correction", "since": "2026-02-30", "days": 7, "source": "x"}"#, "since"),
            (#"{"rule": "correction", "since": "2026-01-01", "days": 0, "source": "x"}"#, "days"),
            (#"{"rule": "correction", "since": "2026-01-01", "days": 1.5, "source": "x"}"#, "days"),
            (#"{"rule": "correction", "since": "2026-01-01", "days": true, "source": "x"}"#, "days"),
            (#"{"rule": "correction", "since": "2026-01-01", "days": 7}"#, "source"),
            (#"{"rule": "correction", "since": "2026-01-01", "days": 7, "source": "x", "verified": 1}"#, "verified"),
            (#"{"rule": "correction", "since": "2026-01-01", "days": 7, "source": "x", "unit": "week"}"#, "unit"),
            (#"{"rule": "unheard", "since": "2026-01-01", "days": 7, "source": "x"}"#, "title_zh"),
        ]
        try await WebFixture.with { web in
            for (body, field) in cases {
                let answer = try await correct(body, in: web)
                #expect(answer.status == 400 && answer.json["field"] as? String == field, "\(body): \(answer.text)")
            }
        }
    }

    @Test func `a year's calendar is replaced over HTTP, and a bad line changes nothing`() async throws {
        try await WebFixture.with { web in
            let good = "day,is_working,name_zh,name_en\n2027-01-01,false,元旦,New Year\n2027-01-03,true,调休,Moved\n"
            let path = "/v1/calendar?source=notice&verified=true"
            let loaded = try await web.send("POST", path, as: .administrator, body: Data(good.utf8))
            #expect(loaded.status == 201 && loaded.json["days"] as? Int == 2, "\(loaded.text)")
            let bad = good + "2027-13-01,true,x,x\n"
            let refused = try await web.send("POST", path, as: .administrator, body: Data(bad.utf8))
            #expect(refused.status == 400 && refused.json["field"] as? String == "line 4: day")
            let year = try await web.send("GET", "/v1/calendar?year=2027")
            #expect((year.json["items"] as? [Any])?.count == 2)
            #expect(try await web.send("GET", "/v1/calendar").status == 400)
        }
    }

    @Test func `the administration sees the impact, the seller is told, and an officer lifts with a reason`()
        async throws
    {
        try await WebFixture.with { web in
            _ = try await web.buy(#"{"offer": "OF-FLOOD-FREE", "purpose": "research"}"#)
            let product = try await web.send("GET", "/v1/products/DP-FLOOD-001")
            let code = (product.json["directory_entries"] as? [[String: Any]])?.first?["code"] as? String ?? ""
            let without = Data(#"{"dataset": [{"identifier": "bus", "title": "Bus stops"}]}"#.utf8)
            let imported = try await web.send(
                "POST", "/v1/directory/imports?file_name=city.data.json&max_withdrawn_share=1", as: .administrator,
                body: without)
            #expect(imported.status == 201)
            #expect(try await web.send("GET", "/v1/directory/entries/\(code)/impact", as: .operator).status == 403)
            let impact = try await web.send("GET", "/v1/directory/entries/\(code)/impact", as: .administrator)
            #expect(impact.json["version_in_force"] is NSNull && impact.json["purchases"] as? Int == 1)
            let notices = try await web.send("GET", "/v1/notices", as: .operator)
            let notice = (notices.json["items"] as? [[String: Any]])?.first?["id"] as? String ?? ""
            let path = "/v1/notices/\(notice)/acknowledgement"
            #expect(try await web.send("POST", path, as: .enterprise).status == 404)
            #expect(try await web.send("POST", path, as: .operator).json["acknowledged_at"] is String)
            let suspensions = try await web.send("GET", "/v1/products/DP-FLOOD-001/suspensions")
            let id = (suspensions.json["items"] as? [[String: Any]])?.first?["id"] as? String ?? ""
            let lifting = "/v1/products/DP-FLOOD-001/suspensions/\(id)/lifting"
            let reason = Data(#"{"reason": "published elsewhere"}"#.utf8)
            let early = try await web.send("POST", lifting, as: .operator, headers: Self.json, body: reason)
            #expect(early.status == 409)
            let lifted = try await web.send("POST", lifting, as: .administrator, headers: Self.json, body: reason)
            #expect(lifted.status == 200, "\(lifted.text)")
            #expect(try await web.buy(#"{"offer": "OF-FLOOD-ONCE", "purpose": "research"}"#, key: "k2").status == 201)
        }
    }
}
