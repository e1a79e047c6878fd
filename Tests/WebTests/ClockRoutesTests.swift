import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// The administration has a duty by the rule "correction" (10 working days, and 10 more) that began four days before the
/// one on which the National Day holiday of 2026 is near.
@Suite struct ClockRoutesTests {
    private let json = ["Content-Type": "application/json"]

    private func post(_ web: WebFixture, _ path: String, _ body: String = "", as role: Role = .administrator)
        async throws -> WebFixture.Answer
    {
        try await web.send("POST", "/v1/deadlines/\(path)", as: role, headers: json, body: Data(body.utf8))
    }

    /// A running duty of a party; it began when the test says.
    private func duty(
        _ rule: String = "correction", of party: UUID, at began: Date = Date(), in database: Database
    ) async throws -> String {
        let id = UUID()
        try await database.execute(
            Statement(
                name: "test/duty",
                text: """
                    INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
                    VALUES ($1, $2, $3, 'directory_entry', $1, 'E-1', $4, COALESCE(due_on($2, $4), date '2999-12-31'), 'running')
                    """), id, rule, party, began)
        return id.uuidString.lowercased()
    }

    private let pause = #"{"reason": "the plan is missing", "waiting_for": "\#(Fixtures.carrierCode)"}"#

    @Test func `an officer stops a clock and lets it run on, and who is waited for is told`() async throws {
        try await WebFixture.with { web in
            let id = try await duty(of: web.fixtures.administration, in: web.database)
            let stopped = try await post(web, "\(id)/pause", pause)
            #expect(stopped.status == 200 && stopped.json["state"] as? String == "paused", "\(stopped.text)")
            let told = try fields(
                await web.market.notices.notices(to: web.fixtures.carrier, cursor: nil, limit: nil))
            let message = (told["items"] as? [[String: Any]])?.first?["message_en"] as? String
            #expect(message?.contains("the plan is missing") == true)
            #expect(try await post(web, "\(id)/extension", #"{"reason": "x"}"#).status == 409)
            let again = try await post(web, "\(id)/pause", pause)
            #expect(again.status == 409 && again.text.contains("stands already"))
            let started = try await post(web, "\(id)/resumption")
            #expect(started.json["state"] as? String == "running", "\(started.text)")
            #expect(started.json["due_on"] as? String == stopped.json["due_on"] as? String)
            let kept = (started.json["pauses"] as? [[String: Any]])?.first
            #expect(kept?["days"] as? Int == 0 && kept?["resumed_at"] is String)
            let running = try await post(web, "\(id)/resumption")
            #expect(running.status == 409 && running.text.contains("does not stand"))
        }
    }

    @Test func `the due date moves by the working days of the pause, in the list and in the calendar`() async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            let at = { (day: String) in try parsedTime("\(day)T10:00:00+08:00", field: "day") }
            let text = try await duty(of: fixtures.administration, at: at("2026-09-24"), in: database)
            let id = try #require(UUID(uuidString: text))
            let stop = ClockChange.pause(reason: "the plan is missing", waitingFor: Fixtures.carrierCode)
            let stopped = try fields(
                await market.deadlines.change(id, stop, by: fixtures.administration, now: at("2026-09-29")))
            #expect(stopped["due_on"] as? String == "2026-10-15")
            // 30 September, 8 and 9 October passed while the clock stood; the holiday did not count.
            let started = try fields(
                await market.deadlines.change(id, .resume, by: fixtures.administration, now: at("2026-10-09")))
            #expect(started["due_on"] as? String == "2026-10-20")
            let calendar = try await market.deadlines.events(
                of: fixtures.administration, DeadlineFilter(), cursor: nil, now: at("2026-10-09"))
            #expect(calendar.text.contains("DTSTART;VALUE=DATE:20261020"))
            let extended = try fields(
                await market.deadlines.change(
                    id, .extend(reason: "two ministries", days: 3), by: fixtures.administration, now: at("2026-10-12")))
            #expect(extended["due_on"] as? String == "2026-10-23")
            // A calendar that is read again counts the pause and the shorter extension.
            let days = try CSVTable(Array("day,is_working,name_zh,name_en\n2027-01-01,false,元旦,New Year\n".utf8))
            _ = try await market.deadlines.load(CalendarFile(days), source: "test", verified: false)
            let recounted = try fields(await market.deadlines.deadline(id, now: at("2026-10-12")))
            #expect(recounted["due_on"] as? String == "2026-10-23")
        }
    }

    @Test func `an extension is given once, and no longer than the policy allows`() async throws {
        try await WebFixture.with { web in
            let id = try await duty(of: web.fixtures.administration, in: web.database)
            let long = try await post(web, "\(id)/extension", #"{"reason": "two ministries", "days": 11}"#)
            #expect(long.status == 422 && long.json["field"] as? String == "days", "\(long.text)")
            #expect(try await post(web, "\(id)/extension", #"{"reason": "x", "days": 0}"#).status == 400)
            #expect(try await post(web, "\(id)/extension", #"{"days": 3}"#).json["field"] as? String == "reason")
            let extended = try await post(web, "\(id)/extension", #"{"reason": "two ministries", "days": 3}"#)
            #expect(extended.json["extension_basis"] as? String == "two ministries", "\(extended.text)")
            #expect(try await post(web, "\(id)/extension", #"{"reason": "again", "days": 1}"#).status == 409)
            let strict = try await duty("directory_review", of: web.fixtures.administration, in: web.database)
            let refused = try await post(web, "\(strict)/extension", #"{"reason": "x"}"#)
            #expect(refused.status == 409 && refused.text.contains("allows no extension"))
        }
    }

    @Test func `other parties' clocks, fixed days, ended duties and unknown parties are refused by name`() async throws
    {
        try await WebFixture.with { web in
            let other = try await duty(of: web.fixtures.carrier, in: web.database)
            let fixed = try await duty("registration_renewal", of: web.fixtures.administration, in: web.database)
            let met = try await duty(of: web.fixtures.administration, in: web.database)
            try await web.database.script(
                "UPDATE deadline SET state = 'met', ended_at = '2999-01-01' WHERE id = '\(met)'")
            let open = try await duty(of: web.fixtures.administration, in: web.database)
            let nobody = #"{"reason": "x", "waiting_for": "NOBODY"}"#
            for (path, body, status, words) in [
                ("\(other)/pause", pause, 403, "another party"), ("\(fixed)/pause", pause, 409, "period of a paper"),
                ("\(met)/pause", pause, 409, "the duty is met"), ("\(open)/pause", nobody, 400, "NOBODY"),
                ("\(open)/pause", #"{"waiting_for": "x"}"#, 400, "reason"),
                ("\(UUID())/pause", pause, 404, "No deadline"),
                ("nothing/resumption", "", 404, "No deadline"),
            ] {
                let answer = try await post(web, path, body)
                #expect(answer.status == status && answer.text.contains(words), "\(path): \(answer.text)")
            }
            #expect(try await post(web, "\(open)/pause", pause, as: .operator).status == 403)
        }
    }

    @Test func `of officers who stop a clock at once one does`() async throws {
        try await WebFixture.with { web in
            let id = try await duty(of: web.fixtures.administration, in: web.database)
            let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 { group.addTask { try await post(web, "\(id)/pause", pause).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.sorted() == [200, 409, 409, 409, 409])
        }
    }

    @Test func `the officer's page offers pause, extension and resumption for the own party's duties only`()
        async throws
    {
        try await WebFixture.with { web in
            let id = try await duty(of: web.fixtures.administration, in: web.database)
            let other = try await duty(of: web.fixtures.carrier, in: web.database)
            let list = try await web.send("GET", "/deadlines?lang=en", as: .administrator)
            #expect(list.text.contains("/deadlines/\(id)") && !list.text.contains("/deadlines/\(other)"))
            let page = try await web.send("GET", "/deadlines/\(id)?lang=zh", as: .administrator)
            let foreign = try await web.send("GET", "/deadlines/\(other)?lang=zh", as: .administrator)
            #expect(foreign.status == 200 && !foreign.text.contains("暂停计时"))
            #expect(page.text.contains("暂停计时") && page.text.contains("至多 10 日"), "\(page.text)")
            let form = ["Content-Type": "application/x-www-form-urlencoded", "Origin": web.base.absoluteString]
            let body = Data("reason=the+plan&waiting_for=\(Fixtures.carrierCode)".utf8)
            _ = try await web.send("POST", "/deadlines/\(id)/pause", as: .administrator, headers: form, body: body)
            let paused = try await web.send("GET", "/deadlines?lang=en", as: .administrator)
            #expect(paused.text.contains("/deadlines/\(id)/resumption"), "\(paused.text)")
        }
    }
}
