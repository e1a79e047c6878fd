import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

/// A market with a source OWN whose competent body is the administration, and a department that compiles.
struct DraftFixture {
    let market: Market
    let database: Database
    let administration: UUID
    let department: UUID
    static let departmentCode = "12440000MB0000002F"

    static func with(_ work: (DraftFixture) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let administration = try await Fixtures.make(in: market).administration
            let department = try await market.parties.record(
                .init(
                    code: CreditCode(departmentCode), nameZh: "合成·交通局", nameEn: "Synthetic transport office",
                    kind: "department", province: "440000", synthetic: true), now: Fixtures.day)
            try await market.drafts.stateCompetentBody(
                administration, of: "OWN", title: "Own directory", basis: "Plan 1", now: Fixtures.day)
            try await work(
                DraftFixture(
                    market: market, database: database, administration: administration, department: department))
        }
    }

    static var content: [String: Any] {
        [
            "titles": [["text": "公交站点", "language": "zh"], ["text": "Bus stops", "language": "en"]],
            "descriptions": [["text": "Stops with position", "language": "en"]],
            "items": [
                ["name": "street", "type": "text", "description": "street"],
                ["name": "stops", "type": "integer", "description": "number of stops"],
            ],
            "sharing_class": "conditional", "update_frequency": "monthly",
            "conditions": [["kind": "purpose", "value": ["research"], "basis": "Decree 1"]],
        ]
    }

    static func new(_ changes: [String: Any] = [:]) throws -> DraftRequest {
        let request: [String: Any] = [
            "kind": "new", "source": "OWN", "fields": content, "provider": departmentCode, "reason": "first entry",
            "basis": "Decree 809",
        ]
        return try DraftRequest(request.merging(changes) { $1 }.filter { !($0.value is NSNull) })
    }

    static func change(_ kind: String, of entry: String, _ members: [String: Any]) throws -> DraftRequest {
        try DraftRequest(
            ["kind": kind, "entry": entry, "reason": "a change", "basis": "Decree 809"].merging(members) { $1 })
    }

    func compile(_ request: DraftRequest, at now: Date = Fixtures.day) async throws -> UUID {
        let draft = try await market.drafts.compile(
            request, by: department, key: IdempotencyKey(UUID().uuidString), body: [], now: now
        ).draft
        return try #require(UUID(uuidString: try fields(draft)["id"] as? String ?? ""))
    }

    func assess(_ id: UUID, at now: Date = Fixtures.day, secrecy: String = "none") async throws {
        _ = try await market.drafts.assess(
            id,
            Assessment(["secrecy": secrecy, "personal_information": false, "grade": "general", "basis": "Guide"]),
            by: department, now: now)
    }

    func approve(_ id: UUID, at now: Date = Fixtures.day, assessed: Bool = true) async throws {
        if assessed { try await assess(id, at: now) }
        _ = try await market.drafts.submit(id, reason: nil, by: department, now: now)
        _ = try await market.drafts.decide(id, Decision(["outcome": "approved"]), by: administration, now: now)
    }

    /// Compiles, assesses, submits, approves and releases; answers the entry's code.
    @discardableResult
    func release(_ request: DraftRequest, at now: Date = Fixtures.day, assessed: Bool = true) async throws -> String {
        let id = try await compile(request, at: now)
        try await approve(id, at: now, assessed: assessed)
        let draft = try await market.drafts.release(id, reason: nil, by: administration, now: now)
        return try fields(draft)["entry"] as? String ?? ""
    }

    func entry(_ code: String, asOf: Date, recordedBy: Date? = nil) async throws -> [String: Any] {
        try fields(
            try await market.directory.entry(code, asOf: asOf, recordedBy: recordedBy ?? asOf, now: asOf))
    }

    func count(_ sql: String) async throws -> Int {
        try await database.first(Statement(name: "test/count", text: sql)) { try $0.next(Int.self) } ?? 0
    }
}

@Suite struct DraftTests {
    private let now = Fixtures.day

    @Test func `a new entry goes from draft to release, with its responsible parties and every step kept`() async throws
    {
        try await DraftFixture.with { it in
            let id = try await it.compile(DraftFixture.new())
            await #expect(throws: DirectoryError.self) { try await it.entry("OWN-000001", asOf: now) }
            try await it.approve(id, at: now + 60)
            let released = try fields(
                try await it.market.drafts.release(id, reason: "batch 1", by: it.administration, now: now + 120))
            #expect(released["entry"] as? String == "OWN-000001" && released["state"] as? String == "released")
            let steps = (released["steps"] as? [[String: Any]] ?? []).map { $0["step"] as? String }
            #expect(steps == ["compiled", "assessed", "submitted", "approved", "released"])
            let entry = try await it.entry("OWN-000001", asOf: now + 200)
            #expect(entry["version"] as? Int == 1 && entry["grade"] as? String == "general")
            #expect(entry["personal_information"] as? Bool == false)
            let roles = (entry["responsible"] as? [[String: Any]] ?? []).map { $0["role"] as? String }
            #expect(roles == ["provider", "publisher"])
        }
    }

    @Test func `a draft without provider is not released, and the message says which party is missing`() async throws {
        try await DraftFixture.with { it in
            let id = try await it.compile(DraftFixture.new(["provider": NSNull()]))
            try await it.approve(id)
            await #expect {
                try await it.market.drafts.release(id, reason: nil, by: it.administration, now: now)
            } throws: {
                ($0 as? ReleaseRefused)?.field == "provider"
                    && "\(($0 as? ReleaseRefused)?.message ?? "")".contains("OWN-000001")
            }
            #expect(try await it.count("SELECT count(*) FROM directory_entry WHERE code = 'OWN-000001'") == 0)
        }
    }

    @Test func `a secret is barred from the directory and goes no further`() async throws {
        try await DraftFixture.with { it in
            let id = try await it.compile(DraftFixture.new())
            try await it.assess(id, secrecy: "work_secret")
            await #expect { try await it.market.drafts.submit(id, reason: nil, by: it.department, now: now) } throws: {
                if case DraftError.wrongState("barred", _) = $0 { true } else { false }
            }
        }
    }

    @Test func `what was not assessed cannot be submitted, and an edit takes the assessment back`() async throws {
        try await DraftFixture.with { it in
            let id = try await it.compile(DraftFixture.new())
            await #expect { try await it.market.drafts.submit(id, reason: nil, by: it.department, now: now) } throws: {
                if case DraftError.needsAssessment = $0 { true } else { false }
            }
            try await it.assess(id)
            _ = try await it.market.drafts.edit(id, DraftFixture.new(["reason": "better"]), by: it.department, now: now)
            await #expect(throws: DraftError.self) {
                try await it.market.drafts.submit(id, reason: nil, by: it.department, now: now)
            }
        }
    }

    @Test func `a return stops the clock once, and it runs on after the papers are complete`() async throws {
        try await DraftFixture.with { it in
            let day = 86_400.0
            // In Shanghai: Thursday 28 May 2026, 16:26; two working days end on Monday, 1 June.
            let now = Fixtures.day - day / 2
            let id = try await it.compile(DraftFixture.new(), at: now)
            try await it.assess(id, at: now)
            var draft = try await it.market.drafts.submit(id, reason: nil, by: it.department, now: now)
            #expect(try due(draft) == ["2026-06-01", "running"])
            let decision = try Decision(["outcome": "returned", "missing": ["legal basis of the condition"]])
            draft = try await it.market.drafts.decide(id, decision, by: it.administration, now: now + day)
            #expect(try due(draft) == ["2026-06-01", "paused"])
            _ = try await it.market.drafts.edit(id, DraftFixture.new(), by: it.department, now: now + 5 * day)
            try await it.assess(id, at: now + 5 * day)
            // One working day was left; resubmitted on Wednesday, 3 June.
            draft = try await it.market.drafts.submit(id, reason: nil, by: it.department, now: now + 6 * day)
            #expect(try due(draft) == ["2026-06-04", "running"])
            // A calendar that is read again counts the days that the clock stood.
            let days = try CSVTable(Array("day,is_working,name_zh,name_en\n2027-01-01,false,元旦,New Year\n".utf8))
            _ = try await it.market.deadlines.load(CalendarFile(days), source: "test", verified: false)
            draft = try await it.market.drafts.draft(id, for: it.department)
            #expect(try due(draft) == ["2026-06-04", "running"])
            await #expect {
                try await it.market.drafts.decide(id, decision, by: it.administration, now: now + 6 * day)
            } throws: { if case DraftError.returnedBefore = $0 { true } else { false } }
        }
    }

    @Test(arguments: ["approved", "refused", "returned"])
    func `a decision takes the place of a stop that an officer made`(outcome: String) async throws {
        try await DraftFixture.with { it in
            let id = try await it.compile(DraftFixture.new())
            try await it.assess(id)
            _ = try await it.market.drafts.submit(id, reason: nil, by: it.department, now: now)
            let clock = try #require(
                try await it.database.first(
                    Statement(name: "tests/clock", text: "SELECT id FROM deadline WHERE rule = 'directory_review'")
                ) { try $0.next(UUID.self) })
            let stop = ClockChange.pause(reason: "a map is missing", waitingFor: DraftFixture.departmentCode)
            _ = try await it.market.deadlines.change(clock, stop, by: it.administration, now: now + 60)
            var decision: [String: Any] = ["outcome": outcome]
            if outcome == "refused" { decision["reason"] = "no basis" }
            if outcome == "returned" { decision["missing"] = ["a map"] }
            _ = try await it.market.drafts.decide(id, Decision(decision), by: it.administration, now: now + 120)
            let shown = try fields(await it.market.deadlines.deadline(clock, now: now + 180))
            #expect(shown["state"] as? String == (outcome == "returned" ? "paused" : "met"))
            #expect((shown["pauses"] as? [[String: Any]])?.first?["resumed_at"] is String)
            guard outcome == "returned" else { return }
            await #expect(throws: ClockError.self) {
                try await it.market.deadlines.change(clock, .resume, by: it.administration, now: now + 180)
            }
            _ = try await it.market.drafts.edit(id, DraftFixture.new(), by: it.department, now: now + 200)
            try await it.assess(id, at: now + 200)
            _ = try await it.market.drafts.submit(id, reason: nil, by: it.department, now: now + 240)
            // Stopped a second time, it has a pause of its own.
            _ = try await it.market.deadlines.change(clock, stop, by: it.administration, now: now + 300)
        }
    }

    private func due(_ draft: JSONDocument) throws -> [String?] {
        let due = try fields(draft)["due"] as? [String: Any]
        return [due?["on"] as? String, due?["state"] as? String]
    }

    @Test func `of two approvals at once one wins`() async throws {
        try await DraftFixture.with { it in
            let id = try await it.compile(DraftFixture.new())
            try await it.assess(id)
            _ = try await it.market.drafts.submit(id, reason: nil, by: it.department, now: now)
            let (drafts, body) = (it.market.drafts, it.administration)
            let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        do {
                            _ = try await drafts.decide(id, Decision(["outcome": "approved"]), by: body, now: now)
                            return true
                        } catch is DraftError { return false }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(wins == 1)
            #expect(try await it.count("SELECT count(*) FROM directory_draft_step WHERE step = 'approved'") == 1)
        }
    }

    @Test func `who compiled a draft decides on it only as the competent body and with a basis`() async throws {
        try await DraftFixture.with { it in
            let drafts = it.market.drafts
            let made = try await drafts.compile(
                DraftFixture.new(), by: it.administration, key: IdempotencyKey("a"), body: [], now: now)
            let id = try #require(UUID(uuidString: try fields(made.draft)["id"] as? String ?? ""))
            _ = try await drafts.assess(
                id, Assessment(["secrecy": "none", "personal_information": true, "grade": "general", "basis": "x"]),
                by: it.administration, now: now)
            _ = try await drafts.submit(id, reason: nil, by: it.administration, now: now)
            await #expect {
                try await drafts.decide(id, Decision(["outcome": "approved"]), by: it.administration, now: now)
            } throws: { if case DraftError.ownDraftNeedsBasis = $0 { true } else { false } }
            _ = try await drafts.decide(
                id,
                Decision(["outcome": "approved", "reason": "We are provider's superior and competent body: Plan 1"]),
                by: it.administration, now: now)
        }
    }

    @Test func `a department neither decides nor sees drafts of others nor compiles for another provider`() async throws
    {
        try await DraftFixture.with { it in
            let id = try await it.compile(DraftFixture.new())
            try await it.assess(id)
            _ = try await it.market.drafts.submit(id, reason: nil, by: it.department, now: now)
            await #expect {
                try await it.market.drafts.decide(
                    id, Decision(["outcome": "approved"]), by: it.department, now: now)
            } throws: { if case DraftError.notCompetent = $0 { true } else { false } }
            let stranger = try await it.market.parties.id(of: Fixtures.sellerCode)
            await #expect { try await it.market.drafts.draft(id, for: stranger) } throws: {
                if case DraftError.unknownDraft = $0 { true } else { false }
            }
            await #expect {
                try await it.market.drafts.compile(
                    DraftFixture.new(["provider": Fixtures.sellerCode]), by: it.department, key: IdempotencyKey("b"),
                    body: [], now: now)
            } throws: { if case DraftError.forAnotherProvider = $0 { true } else { false } }
        }
    }

    @Test func `the same key and body answer the first draft again, another body is refused`() async throws {
        try await DraftFixture.with { it in
            let compile = { (body: [UInt8]) in
                try await it.market.drafts.compile(
                    DraftFixture.new(), by: it.department, key: IdempotencyKey("k"), body: body, now: now)
            }
            let (first, again) = (try await compile([1]), try await compile([1]))
            #expect(again.repeated && first.draft == again.draft)
            await #expect(throws: DraftError.self) { try await compile([2]) }
            #expect(try await it.count("SELECT last_number FROM directory_source WHERE code = 'OWN'") == 1)
        }
    }

    @Test func `a batch releases what can be and tells the rest`() async throws {
        try await DraftFixture.with { it in
            var ids: [UUID] = []
            for number in 0..<5 {
                ids.append(try await it.compile(DraftFixture.new(["reason": "entry \(number)"])))
                if number > 0 { try await it.approve(ids[number]) }
            }
            ids.append(UUID())
            let outcomes = try await it.market.drafts.release(ids, reason: nil, by: it.administration, now: now)
            #expect(outcomes.map(\.isReleased) == [false, true, true, true, true, false])
            #expect(outcomes.map(\.obstacle) == [.notApproved, nil, nil, nil, nil, .unknown])
            #expect(try await it.count("SELECT count(*) FROM entry_in_force") == 4)
        }
    }

    @Test func `a new entry is not submitted before it says how it is shared`() async throws {
        try await DraftFixture.with { it in
            let fields = DraftFixture.content.filter { $0.key != "sharing_class" }
            let id = try await it.compile(DraftFixture.new(["fields": fields]))
            try await it.assess(id)
            await #expect {
                try await it.market.drafts.submit(id, reason: nil, by: it.department, now: now)
            } throws: { if case DraftError.needsSharingClass = $0 { true } else { false } }
        }
    }

    @Test(arguments: [true, false])
    func `an approved draft that is not to be released is taken back, and another may be compiled`(
        byCompiler: Bool
    ) async throws {
        try await DraftFixture.with { it in
            let code = try await it.release(DraftFixture.new())
            let change = try DraftFixture.change("update", of: code, ["fields": ["update_frequency": "daily"]])
            let id = try await it.compile(change, at: now + 1)
            try await it.approve(id, at: now + 1)
            await #expect(throws: DraftError.self) { try await it.compile(change, at: now + 2) }
            let withdrawn = try await it.market.drafts.withdraw(
                id, reason: "overtaken", by: byCompiler ? it.department : it.administration, now: now + 3)
            #expect(try fields(withdrawn)["state"] as? String == "withdrawn")
            _ = try await it.compile(change, at: now + 4)
        }
    }

    @Test func `one draft of an entry is open at a time`() async throws {
        try await DraftFixture.with { it in
            let code = try await it.release(DraftFixture.new())
            let update = try DraftFixture.change("update", of: code, ["fields": ["grade": "important"]])
            _ = try await it.compile(update)
            await #expect { try await it.compile(update) } throws: {
                if case DraftError.otherDraftOpen = $0 { true } else { false }
            }
        }
    }

    @Test func `a reported change gives the provider ten working days, and a released update meets the duty`()
        async throws
    {
        try await DraftFixture.with { it in
            let code = try await it.release(DraftFixture.new())
            let report = {
                try await it.market.drafts.reportChange(
                    of: code, on: "2026-05-28", reason: "New duty", by: it.administration, now: now + 3600)
            }
            let change = try fields(try await report().change)
            #expect(change["due_on"] as? String == "2026-06-11")
            #expect(try await report().repeated)
            let open = "SELECT count(*) FROM deadline WHERE rule = 'directory_update' AND state = 'running'"
            #expect(try await it.count(open) == 1)
            try await it.release(
                DraftFixture.change("update", of: code, ["fields": ["grade": "important"]]), at: now + 7200)
            #expect(try await it.count(open) == 0)
        }
    }
}
