import Foundation
import Postgres
import TestSupport
import Testing

@testable import Marketplace

@Suite struct DeadlineTests {
    private func beijing(_ day: String, _ hour: Int = 10) throws -> Date {
        try parsedTime("\(day)T\(hour < 10 ? "0" : "")\(hour):00:00+08:00", field: "day")
    }

    private let subject = Deadlines.Subject(kind: "correction", id: UUID(), code: "C-1")

    private func with(_ work: (Market, UUID) async throws -> Void) async throws {
        try await TestMarket.with { market, _ in
            try await work(market, try await Fixtures.make(in: market).seller)
        }
    }

    private func begin(_ rule: String = "correction", of party: UUID, at day: String, in market: Market) async throws {
        let now = try beijing(day)
        try await market.database.withTransaction {
            try await market.deadlines.begin(rule, of: party, about: subject, in: $0, now: now)
        }
    }

    private func deadline(in market: Market, at day: String, state: String? = nil) async throws -> [String: Any] {
        let list = try fields(
            try await market.deadlines.deadlines(
                of: nil, DeadlineFilter(state: state), cursor: nil, limit: nil, now: beijing(day)))
        return (list["items"] as? [[String: Any]])?.first ?? [:]
    }

    @Test func `ten working days over the Spring Festival skip it and count the moved weekends`() async throws {
        try await with { market, party in
            // Working: 13 and Saturday 14 February; holiday 15 to 23; 24 to 27 and Saturday 28; 2, 3 and 4 March.
            try await begin(of: party, at: "2026-02-12", in: market)
            let found = try await deadline(in: market, at: "2026-02-12")
            #expect(found["due_on"] as? String == "2026-03-04")
            #expect(found["working_days_left"] as? Int == 10 && found["verified"] as? Bool == false)
        }
    }

    @Test func `a duty begins on the day it is in Beijing`() async throws {
        try await with { market, party in
            let late = try parsedTime("2026-11-23T17:00:00Z", field: "now")
            try await market.database.withTransaction {
                try await market.deadlines.begin("directory_review", of: party, about: subject, in: $0, now: late)
            }
            #expect(try await deadline(in: market, at: "2026-11-24")["due_on"] as? String == "2026-11-26")
        }
    }

    @Test func `a pause over a holiday moves the due date by working days only`() async throws {
        try await with { market, party in
            try await begin(of: party, at: "2026-09-24", in: market)
            #expect(try await deadline(in: market, at: "2026-09-24")["due_on"] as? String == "2026-10-15")
            let (stopped, started) = (try beijing("2026-09-29"), try beijing("2026-10-09"))
            try await market.database.withTransaction {
                try await market.deadlines.pause("correction", about: subject, in: $0, now: stopped)
            }
            let standing = try await deadline(in: market, at: "2026-10-05")
            #expect(standing["band"] as? String == "paused" && standing["working_days_left"] as? Int == 8)
            try await market.database.withTransaction {
                try await market.deadlines.resume("correction", about: subject, in: $0, now: started)
            }
            // 30 September, 8 and 9 October passed while the clock stood.
            let running = try await deadline(in: market, at: "2026-10-09")
            #expect(running["due_on"] as? String == "2026-10-20" && running["working_days_left"] as? Int == 8)
        }
    }

    @Test func `a step that stops the clock takes an officer's stop over, and the whole time counts once`() async throws
    {
        try await with { market, party in
            try await begin(of: party, at: "2026-11-02", in: market)
            let before = try await deadline(in: market, at: "2026-11-02")
            let clock = try #require(UUID(uuidString: before["id"] as? String ?? ""))
            let stop = ClockChange.pause(reason: "a sample is missing", waitingFor: Fixtures.bankCode)
            _ = try await market.deadlines.change(clock, stop, by: party, now: beijing("2026-11-03"))
            let (returned, completed) = (try beijing("2026-11-04"), try beijing("2026-11-06"))
            try await market.database.withTransaction {
                try await market.deadlines.pause("correction", about: subject, in: $0, now: returned)
            }
            await #expect(throws: ClockError.self) {
                try await market.deadlines.change(clock, .resume, by: party, now: beijing("2026-11-05"))
            }
            try await market.database.withTransaction {
                try await market.deadlines.resume("correction", about: subject, in: $0, now: completed)
            }
            // Stopped on Tuesday, completed on Friday: 4, 5 and 6 November.
            let after = try await deadline(in: market, at: "2026-11-06")
            #expect(after["state"] as? String == "running")
            #expect(before["due_on"] as? String == "2026-11-16" && after["due_on"] as? String == "2026-11-19")
            let pauses = after["pauses"] as? [[String: Any]] ?? []
            #expect(pauses.count == 1 && pauses.first?["resumed_at"] is String)
        }
    }

    @Test func `a duty is extended once, by the days of its policy`() async throws {
        try await with { market, party in
            try await begin(of: party, at: "2026-11-02", in: market)
            let now = try beijing("2026-11-09")
            let extended = try await market.database.withTransaction { transaction in
                (
                    try await market.deadlines.extend(
                        "correction", about: subject, basis: "consent 7", in: transaction, now: now),
                    try await market.deadlines.extend(
                        "correction", about: subject, basis: "again", in: transaction, now: now)
                )
            }
            #expect(extended.0 && !extended.1)
            let found = try await deadline(in: market, at: "2026-11-09")
            #expect(found["due_on"] as? String == "2026-11-30" && found["extension_basis"] as? String == "consent 7")
        }
    }

    @Test func `a policy without extension cannot be extended`() async throws {
        try await with { market, party in
            try await begin("directory_review", of: party, at: "2026-11-02", in: market)
            let now = try beijing("2026-11-03")
            let extended = try await market.database.withTransaction {
                try await market.deadlines.extend("directory_review", about: subject, basis: "x", in: $0, now: now)
            }
            #expect(!extended)
        }
    }

    @Test(arguments: [
        ("2026-11-10", "later"), ("2026-11-11", "near"), ("2026-11-16", "due"), ("2026-11-17", "overdue"),
    ])
    func `bands are counted in working days`(day: String, band: String) async throws {
        try await with { market, party in
            try await begin(of: party, at: "2026-11-02", in: market)
            #expect(try await deadline(in: market, at: day)["band"] as? String == band)
        }
    }

    @Test func `a met duty is no longer open`() async throws {
        try await with { market, party in
            try await begin(of: party, at: "2026-11-02", in: market)
            let now = try beijing("2026-11-09")
            try await market.database.withTransaction {
                try await market.deadlines.end("correction", about: subject, met: true, in: $0, now: now)
            }
            #expect(try await deadline(in: market, at: "2026-11-09").isEmpty)
            #expect(try await deadline(in: market, at: "2026-11-09", state: "met")["band"] as? String == "ended")
        }
    }

    @Test func `a corrected policy and a new calendar move the open duties they touch`() async throws {
        try await with { market, party in
            try await begin(of: party, at: "2027-02-01", in: market)
            #expect(try await deadline(in: market, at: "2027-02-01")["due_on"] as? String == "2027-02-15")
            let table = try CSVTable(
                Array("day,is_working,name_zh,name_en\n2027-02-08,false,春节,Spring Festival\n".utf8))
            let loaded = try await market.deadlines.load(CalendarFile(table), source: "test", verified: false)
            #expect(loaded.days == 1 && loaded.moved == 1)
            #expect(try await deadline(in: market, at: "2027-02-01")["due_on"] as? String == "2027-02-16")
            let policy = try PolicyStatement(
                rule: "correction", since: "2027-01-01", days: 5, source: "the decree itself", verified: true)
            #expect(try await market.deadlines.correct(policy, by: party, now: beijing("2027-02-01")) == 1)
            let found = try await deadline(in: market, at: "2027-02-01")
            #expect(found["due_on"] as? String == "2027-02-09" && found["verified"] as? Bool == true)
            await #expect(throws: DeadlineError.self) {
                try await market.deadlines.correct(policy, by: party, now: beijing("2027-02-01"))
            }
        }
    }

    @Test(arguments: [
        ("2027-02-30,false,a,b", "line 2: day"), ("2027-02-03,no,a,b", "line 2: is_working"),
        ("2027-02-03,true,a,", "line 2: name_en"), ("2027-02-03,true,a,b\n2028-01-01,true,a,b", "line 3: day"),
        ("2027-02-03,true,a,b\n2027-02-03,true,a,b", "line 3: day"),
    ])
    func `a bad line of a calendar is refused by its number`(rows: String, field: String) throws {
        let table = try CSVTable(Array("day,is_working,name_zh,name_en\n\(rows)\n".utf8))
        do {
            _ = try CalendarFile(table)
            Issue.record("taken")
        } catch let refusal as InvalidInput {
            #expect(refusal.field == field)
        }
    }

    @Test func `lines of a calendar are at most 75 octets and break between characters`() {
        let line = CalendarEvent.folded("SUMMARY:" + String(repeating: "校核期限；", count: 20))
        let parts = line.components(separatedBy: "\r\n").dropLast()
        #expect(parts.count > 3 && parts.allSatisfy { $0.utf8.count <= 75 && !$0.contains("\u{FFFD}") })
        #expect(parts.dropFirst().allSatisfy { $0.hasPrefix(" ") })
    }
}
