import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct CorrectionTests {
    private let now = Fixtures.day
    private let hour = 3600.0

    private func text(_ time: Date) -> String { time.formatted(.iso8601) }

    @Test func `a correction says what was in force in the past and keeps what was known before`() async throws {
        try await DraftFixture.with { it in
            let code = try await it.release(DraftFixture.new(), at: now)
            try await it.release(
                DraftFixture.change("update", of: code, ["fields": ["update_frequency": "daily"]]), at: now + 10 * hour)
            let corrected = now + 20 * hour
            try await it.release(
                DraftFixture.change(
                    "correction", of: code,
                    [
                        "valid_from": text(now + 2 * hour), "valid_until": text(now + 4 * hour),
                        "fields": ["update_frequency": "weekly"],
                    ]), at: corrected)
            let frequency = { (asOf: Date, known: Date) in
                try await it.entry(code, asOf: asOf, recordedBy: known)["update_frequency"] as? String
            }
            let later = now + 30 * hour
            #expect(try await frequency(now + 1 * hour, later) == "monthly")
            #expect(try await frequency(now + 3 * hour, later) == "weekly")
            #expect(try await frequency(now + 5 * hour, later) == "monthly")
            #expect(try await frequency(now + 3 * hour, now + 15 * hour) == "monthly")
            #expect(try await frequency(later, later) == "daily")
        }
    }

    @Test func `a version can be stated for an earlier time, with a party that answered then`() async throws {
        try await DraftFixture.with { it in
            let code = try await it.release(DraftFixture.new(), at: now)
            let earlier: [String: Any] = [
                "version": 1, "valid_from": text(now - 100 * hour), "valid_until": text(now),
            ]
            let unnamed = try await it.compile(DraftFixture.change("correction", of: code, earlier), at: now + hour)
            try await it.approve(unnamed, at: now + hour, assessed: false)
            await #expect(throws: ReleaseRefused.self) {
                try await it.market.drafts.release(unnamed, reason: nil, by: it.administration, now: now + hour)
            }
        }
    }

    @Test func `a correction with a provider reaches back, and a version that is not there is refused`() async throws {
        try await DraftFixture.with { it in
            let code = try await it.release(DraftFixture.new(), at: now)
            await #expect {
                try await it.compile(
                    DraftFixture.change(
                        "correction", of: code, ["version": 9, "valid_from": text(now - hour)]), at: now + hour)
            } throws: { if case DraftError.unknownVersion(9, _) = $0 { true } else { false } }
            try await it.release(
                DraftFixture.change(
                    "correction", of: code,
                    [
                        "version": 1, "valid_from": text(now - 100 * hour), "valid_until": text(now),
                        "provider": DraftFixture.departmentCode,
                    ]), at: now + hour, assessed: false)
            let past = try await it.entry(code, asOf: now - 50 * hour, recordedBy: now + 2 * hour)
            #expect(past["version"] as? Int == 1)
            #expect((past["responsible"] as? [Any])?.count == 2)
            await #expect(throws: DirectoryError.self) {
                try await it.entry(code, asOf: now - 50 * hour, recordedBy: now)
            }
        }
    }

    @Test func `a withdrawn entry has a past, and nobody answers for it any more`() async throws {
        try await DraftFixture.with { it in
            let code = try await it.release(DraftFixture.new(), at: now)
            try await it.release(
                DraftFixture.change("withdrawal", of: code, [:]), at: now + hour, assessed: false)
            await #expect(throws: DirectoryError.self) { try await it.entry(code, asOf: now + 2 * hour) }
            #expect(try await it.entry(code, asOf: now + 60, recordedBy: now + 2 * hour)["version"] as? Int == 1)
            #expect(
                try await it.count(
                    "SELECT count(*) FROM responsibility WHERE upper_inf(valid) AND upper_inf(recorded)") == 0)
        }
    }

    @Test func `the history names nested fields and list elements, and the draft that made each version`() async throws
    {
        try await DraftFixture.with { it in
            let code = try await it.release(DraftFixture.new(), at: now)
            var items = DraftFixture.content["items"] as? [[String: Any]] ?? []
            items[0]["type"] = "code"
            items.append(["name": "shelter", "type": "boolean", "description": "has a roof"])
            try await it.release(
                DraftFixture.change(
                    "update", of: code,
                    [
                        "fields": [
                            "items": items,
                            "conditions": [
                                ["kind": "purpose", "value": ["research", "planning"], "basis": "Decree 1"]
                            ],
                        ]
                    ]), at: now + hour)
            let history = try fields(try await it.market.directory.history(of: code, cursor: nil, limit: nil))
            let newest = (history["items"] as? [[String: Any]])?.first ?? [:]
            let places = (newest["changed"] as? [[String: Any]] ?? []).map { $0["field"] as? String ?? "" }
            #expect(
                places == [
                    "conditions[purpose].value", "items[name=shelter].description", "items[name=shelter].name",
                    "items[name=shelter].type", "items[name=street].type",
                ])
            #expect((newest["draft"] as? [String: Any])?["kind"] as? String == "update")
        }
    }

    /// Random histories: at most one version for any pair of times, and what was known at a time never changes later.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `answers for a fixed recorded time never change later`(seed: UInt64) async throws {
        var random = SeededGenerator(state: seed)
        try await DraftFixture.with { it in
            let code = try await it.release(DraftFixture.new(), at: now)
            var known: [String: [String]] = [:]
            for step in 1...12 {
                let time = now + Double(step) * hour
                try await it.release(change(of: code, at: time, &random), at: time, assessed: false)
                for (moment, before) in known { #expect(try await answers(it, knownAt: moment) == before, "\(moment)") }
                let moment = text(time + 60)
                known[moment] = try await answers(it, knownAt: moment)
            }
            let overlapping = """
                SELECT count(*) FROM directory_entry_validity AS a JOIN directory_entry_validity AS b
                    ON a.entry_id = b.entry_id AND a.ctid < b.ctid AND a.valid && b.valid AND a.recorded && b.recorded
                """
            #expect(try await it.count(overlapping) == 0)
            #expect(Set(known.values).count > 3)
        }
    }

    private func change(of code: String, at time: Date, _ random: inout SeededGenerator) throws -> DraftRequest {
        let from = now - 20 * hour + Double(Int.random(in: 0..<20, using: &random)) * hour
        var members: [String: Any] = ["valid_from": text(from), "provider": DraftFixture.departmentCode]
        // Absence ends, so that the entry keeps a provider, who compiles.
        let isAbsent = Int.random(in: 0..<3, using: &random) == 0
        if isAbsent || Bool.random(using: &random) {
            members["valid_until"] = text(min(from + Double(Int.random(in: 1...15, using: &random)) * hour, time))
        }
        members[isAbsent ? "absent" : "version"] = isAbsent ? true : 1
        return try DraftFixture.change("correction", of: code, members)
    }

    /// The periods that were believed at a moment.
    private func answers(_ it: DraftFixture, knownAt moment: String) async throws -> [String] {
        try await it.database.all(
            Statement(
                name: "test/answers",
                text: """
                    SELECT hour.at::text || ' ' || COALESCE((SELECT string_agg(validity.number::text, ',')
                        FROM directory_entry_validity AS validity
                        WHERE validity.valid @> hour.at AND validity.recorded @> $1::timestamptz), 'none')
                    FROM generate_series($2::timestamptz - interval '25 hours', $2::timestamptz + interval '15 hours',
                        interval '30 minutes') AS hour(at)
                    """), moment, now
        ) { try $0.next(String.self) }
    }

    @Test func `an import does not overwrite what the administration updated, and says so`() async throws {
        try await DraftFixture.with { it in
            let load = { (text: String, time: Date) in
                try await it.market.directory.importCatalogue(
                    ImportRequest(fileName: "city.data.json", bytes: Array(text.utf8)), by: it.administration, now: time
                )
            }
            _ = try await load(Fixtures.catalogue, now)
            let page = try fields(try await it.market.directory.entries(text: "Bus", cursor: nil, limit: nil))
            let code = (page["items"] as? [[String: Any]])?.first?["code"] as? String ?? ""
            let made = try await it.market.drafts.compile(
                DraftFixture.change("update", of: code, ["fields": ["grade": "important"]]), by: it.administration,
                key: IdempotencyKey("i"), body: [], now: now + hour)
            let id = try #require(UUID(uuidString: try fields(made.draft)["id"] as? String ?? ""))
            let drafts = it.market.drafts
            _ = try await drafts.assess(
                id, Assessment(["secrecy": "none", "personal_information": false, "grade": "important", "basis": "x"]),
                by: it.administration, now: now + hour)
            _ = try await drafts.submit(id, reason: nil, by: it.administration, now: now + hour)
            _ = try await drafts.decide(
                id, Decision(["outcome": "approved", "reason": "own"]), by: it.administration, now: now + hour)
            _ = try await drafts.release(id, reason: nil, by: it.administration, now: now + hour)
            let again = try await load(Fixtures.catalogue, now + 2 * hour)
            #expect((again.added, again.changed, again.withdrawn, again.notedByReason) == (0, 0, 0, [:]))
            let changed = Fixtures.catalogue.replacingOccurrences(of: "Stops with position", with: "Stops and shelters")
            let report = try await load(changed, now + 3 * hour)
            #expect(report.changed == 0 && report.notedByReason["kept_by_administration"] == 1)
            let gone = try await load(
                #"{"dataset": [{"identifier": "flood", "title": "Flood complaints"}]}"#, now + 4 * hour)
            #expect(gone.withdrawn == 0 && gone.notedByReason["kept_by_administration"] == 1)
            #expect(try await it.entry(code, asOf: now + 5 * hour)["grade"] as? String == "important")
        }
    }
}
