import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct MeteringTests {
    private let now = DealFixture.now + 3600

    private func event(
        _ right: UUID, _ id: String, type: String = "call", quantity: String = "1", time: Date? = nil,
        source: String = "/gateways/1"
    ) -> String {
        """
        {"specversion":"1.0","source":"\(source)","id":"\(id)","type":"\(type)","subject":"\(right.uuidString)",\
        "time":"\((time ?? now).formatted(.iso8601))","data":{"quantity":\(quantity)}}
        """
    }

    private func report(_ events: [String], in it: DealFixture, at time: Date? = nil) async throws -> [UsageOutcome] {
        let body = Array("[\(events.joined(separator: ","))]".utf8)
        return try await it.market.metering.report(body, by: it.seller.partyID, now: time ?? now).map(\.outcome)
    }

    /// A right of the bank; a quota of calls is written as SQL values of quantity, period, hard and what is carried over.
    private func right(quota: String? = nil, in it: DealFixture, key: String = "k") async throws -> UUID {
        if let quota {
            try await it.run(
                """
                INSERT INTO offer_quota (offer_id, meter, trial, quantity, period, hard, carry_over)
                SELECT offer.id, 'call', quota.* FROM offer, (VALUES \(quota)) AS quota WHERE code = 'OF-FLOOD-FREE'
                """)
        }
        return try await it.right(of: it.request(UseStatement(purpose: "research"), offer: "OF-FLOOD-FREE", key: key))
    }

    private func isCounted(_ outcome: UsageOutcome) -> Bool { if case .counted = outcome { true } else { false } }
    private func refusal(_ outcome: UsageOutcome) -> String? {
        if case .refused(let refusal) = outcome { "\(refusal.code) \(refusal.field ?? "")" } else { nil }
    }

    @Test func `an event counts once, however often it is sent, and other content under its name is refused`()
        async throws
    {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            let first = try await report([event(right, "a", quantity: "3"), event(right, "a", quantity: "3")], in: it)
            guard case .counted(let counted) = first[0] else { return #expect(Bool(false)) }
            #expect(first[1] == .repeated(counted))
            let again = try await report([event(right, "a", quantity: "3"), event(right, "b")], in: it, at: now + 60)
            #expect(again[0] == .repeated(counted) && isCounted(again[1]))
            let other = try await report([event(right, "a", quantity: "4")], in: it)
            #expect(refusal(other[0]) == "conflict id")
            #expect(try await it.value("SELECT sum(quantity) FROM usage_total WHERE meter = 'call'") == "4")
            #expect(try await it.count("usage_event") == 2)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `a use that is reported later leads to the party that answered for it when it was used`() async throws {
        try await DealFixture.with { it in
            let used = now - 1800
            let outcome = try await report([event(right(in: it), "a", time: used)], in: it)
            guard case .counted(let counted) = outcome[0] else { return #expect(Bool(false)) }
            let chain = try await it.market.lineage.responsibility(
                forUsage: counted, of: it.buyer.partyID, asOf: nil, recordedBy: now)
            #expect(chain.text.contains(counted.uuidString.lowercased()))
        }
    }

    @Test func `the same event from another source is another event, and the order of members makes none`() async throws
    {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            let stated = event(right, "a")
            let turned =
                "{\"subject\":\"\(right.uuidString)\","
                + stated.dropFirst().split(separator: ",").filter {
                    !$0.contains("subject")
                }.joined(separator: ",")
            let outcomes = try await report([stated, turned, event(right, "a", source: "/gateways/2")], in: it)
            #expect(isCounted(outcomes[0]) && !isCounted(outcomes[1]) && refusal(outcomes[1]) == nil)
            #expect(isCounted(outcomes[2]))
        }
    }

    @Test func `each event of a batch has its own answer, and good ones are counted beside bad ones`() async throws {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            let outcomes = try await report(
                [
                    event(right, "good"), event(right, "meter", type: "sneeze"),
                    event(right, "market", type: "download"),
                    event(UUID(), "unknown"), event(right, "future", time: now + 3600),
                    event(right, "late", time: now - 36 * 86_400), event(right, "zero", quantity: "0"),
                    event(right, "half", quantity: "0.5"), event(right, "huge", quantity: "1e400"),
                    event(right, "text", quantity: "\"3\""), "{\"specversion\":\"1.0\"}", "7",
                    event(right, "old").replacingOccurrences(of: "\"1.0\"", with: "\"0.3\""), event(right, "good 2"),
                ], in: it)
            #expect(isCounted(outcomes[0]) && isCounted(outcomes[13]))
            #expect(
                outcomes[1...12].map(refusal) == [
                    "invalid type", "invalid type", "notFound subject", "invalid time", "unprocessable time",
                    "invalid data.quantity", "invalid data.quantity", "invalid event", "invalid data.quantity",
                    "invalid source", "invalid event", "invalid specversion",
                ])
            #expect(try await it.count("usage_event") == 2)
        }
    }

    @Test func `an event without a subject, a time that is none and a body that is no UTF-8 are refused`() async throws
    {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            let named = #""subject":"\#(right.uuidString)""#
            let outcomes = try await report(
                [
                    event(right, "a").replacingOccurrences(of: "\(named),", with: ""),
                    event(right, "b").replacingOccurrences(of: named, with: #""subject":"bank""#),
                    event(right, "c").replacingOccurrences(of: named, with: #""subject":null"#),
                    event(right, "d").replacing(/"time":"[^"]*"/, with: #""time":"yesterday""#),
                    event(right, "e").replacing(/"time":"[^"]*"/, with: #""time":"2026-02-30T00:00:00Z""#),
                ], in: it)
            #expect(
                outcomes.map(refusal) == [
                    "invalid subject", "invalid subject", "invalid subject", "invalid time", "invalid time",
                ])
            let latin = Array("[".utf8) + [0x22, 0xE9, 0x22] + Array("]".utf8)
            await #expect(throws: InvalidInput.self) {
                try await it.market.metering.report(latin, by: it.seller.partyID, now: now)
            }
        }
    }

    @Test func `what was counted stays counted when it is sent again after the window, or after a suspension`()
        async throws
    {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            let timeless = event(right, "t").replacing(/"time":"[^"]*",/, with: "")
            let first = try await report([event(right, "a"), timeless], in: it)
            guard case .counted(let counted) = first[0] else { return #expect(Bool(false)) }
            let late = now + 40 * 86_400
            try await it.run(
                "UPDATE entitlement SET suspended_at = '\(late.formatted(.iso8601))', suspension_reason = 'x'")
            let again = try await report(
                [event(right, "a"), timeless, event(right, "a", quantity: "2"), event(right, "b")], in: it,
                at: late + 60)
            #expect(again[0] == .repeated(counted) && !isCounted(again[1]) && refusal(again[1]) == nil)
            #expect(refusal(again[2]) == "conflict id" && refusal(again[3]) == "unprocessable time")
        }
    }

    @Test func `another operator cannot report use of what it did not sell`() async throws {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            let body = Array(event(right, "a").utf8)
            let outcome = try await it.market.metering.report(body, by: it.officer.partyID, now: now)[0].outcome
            #expect(refusal(outcome) == "notFound subject")
            #expect(try await it.count("usage_event") == 0)
        }
    }

    @Test func `use after a suspension or outside the period of the right is refused, use before it is counted`()
        async throws
    {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            try await it.run(
                "UPDATE entitlement SET suspended_at = '\(now.formatted(.iso8601))', suspension_reason = 'x'")
            let outcomes = try await report(
                [event(right, "after", time: now + 1), event(right, "before", time: now - 60)], in: it, at: now + 60)
            #expect(refusal(outcomes[0]) == "forbidden subject" && isCounted(outcomes[1]))
            let early = try await report([event(right, "early", time: DealFixture.now - 60)], in: it, at: now + 60)
            #expect(refusal(early[0]) == "forbidden subject")
        }
    }

    @Test func `a hard quota is never exceeded: what does not fit is refused, and what is small still fits`()
        async throws
    {
        try await DealFixture.with { it in
            let right = try await right(quota: "(false, 10, NULL::text, true, 0)", in: it)
            let outcomes = try await report(
                [
                    event(right, "a", quantity: "6"), event(right, "b", quantity: "5"),
                    event(right, "b", quantity: "5"),
                    event(right, "c", quantity: "4"), event(right, "d"),
                ], in: it)
            #expect(isCounted(outcomes[0]) && isCounted(outcomes[3]))
            #expect([1, 2, 4].map { refusal(outcomes[$0]) } == Array(repeating: "tooMany data.quantity", count: 3))
            #expect(try await it.value("SELECT used FROM entitlement_grant WHERE meter = 'call'") == "10")
            // A name that was refused is free again.
            try await it.run("UPDATE entitlement_grant SET quantity = 15")
            #expect(isCounted(try await report([event(right, "b", quantity: "5")], in: it)[0]))
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `64 writers at once never exceed a hard quota, and everything they were told was counted is`()
        async throws
    {
        try await DealFixture.with { it in
            let right = try await right(quota: "(false, 100, 'month', true, 0)", in: it)
            let counted = await withTaskGroup(of: Int.self) { group in
                for writer in 0..<64 {
                    group.addTask {
                        var counted = 0
                        for number in 0..<4 {
                            let outcomes = try? await report([event(right, "\(writer)-\(number)")], in: it)
                            if let outcome = outcomes?.first, isCounted(outcome) { counted += 1 }
                        }
                        return counted
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(counted == 100)
            #expect(try await it.count("usage_event") == 100)
            #expect(try await it.value("SELECT used FROM entitlement_grant WHERE meter = 'call'") == "100")
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `the same events from many writers at once are counted once`() async throws {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            let events = (0..<50).map { event(right, "e\($0)") }
            let counted = await withTaskGroup(of: Int.self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        let own = writer % 2 == 0 ? events : events.reversed()
                        return ((try? await report(own, in: it)) ?? []).count(where: isCounted)
                    }
                }
                return await group.reduce(0, +)
            }
            #expect(counted == 50)
            #expect(try await it.count("usage_event") == 50)
            #expect(try await it.value("SELECT sum(events) FROM usage_total") == "50")
        }
    }

    @Test func `a soft quota lets more through, and both sides are told once that it is exceeded`() async throws {
        try await DealFixture.with { it in
            let right = try await right(quota: "(false, 5, 'month', false, 0)", in: it)
            for number in 0..<4 {
                #expect(isCounted(try await report([event(right, "\(number)", quantity: "3")], in: it)[0]))
            }
            #expect(try await it.value("SELECT used FROM entitlement_grant WHERE meter = 'call'") == "12")
            #expect(try await it.count("notice WHERE kind = 'entitlement.exceeded'") == 2)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `nobody is held up by a flood of another operator, which is told to come again`() async throws {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            let flood = (0..<5).map { batch in
                Array(
                    "[\((0..<5000).map { event(right, "\(batch)-\($0)") }.joined(separator: ","))]".utf8)
            }
            let refused = await withTaskGroup(of: Bool.self) { group in
                for body in flood {
                    group.addTask {
                        do {
                            _ = try await it.market.metering.report(body, by: it.seller.partyID, now: now)
                        } catch MeteringError.flooded { return true } catch {}
                        return false
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(refused == 1)
            #expect(try await it.count("usage_event") == 20_000)
        }
    }
}
