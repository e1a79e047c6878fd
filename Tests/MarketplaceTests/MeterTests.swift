import Foundation
import Marketplace
import Postgres
import TestSupport
import Testing

@Suite struct MeterTests {
    private let now = DealFixture.now + 3600
    private static let aggregations = ["sum", "count", "unique_count", "average", "minimum", "maximum", "latest"]

    /// An event of the type `inference` with its data.
    private func event(_ right: UUID, _ id: String, _ data: String, at time: Date, type: String = "inference") -> String
    {
        """
        {"specversion":"1.0","source":"/m","id":"\(id)","type":"\(type)","subject":"\(right.uuidString)",\
        "time":"\(time.formatted(.iso8601))","data":\(data)}
        """
    }

    private func report(_ events: [String], in it: DealFixture, at time: Date? = nil) async throws -> [UsageOutcome] {
        let body = Array("[\(events.joined(separator: ","))]".utf8)
        return try await it.market.metering.report(body, by: it.seller.partyID, now: time ?? now).map(\.outcome)
    }

    private func make(
        _ code: String, _ aggregation: String, value: String? = "tokens", dimensions: [String] = ["model"],
        scale: Int? = nil, product: String? = "DP-FLOOD-001", by account: Account? = nil, in it: DealFixture
    ) async throws {
        let meter = try NewMeter(
            code: code, titleZH: code, titleEN: code, unit: "{token}", eventType: "inference", aggregation: aggregation,
            value: aggregation == "count" ? nil : value, scale: scale, dimensions: dimensions, product: product,
            hoursAccepted: nil)
        _ = try await it.market.metering.make(meter, by: account ?? it.seller, now: now)
    }

    private func right(in it: DealFixture) async throws -> UUID {
        try await it.right(of: it.request(UseStatement(purpose: "research"), offer: "OF-FLOOD-FREE", key: "k"))
    }

    /// The values of a query as `group: value`, in their order.
    private func values(
        _ code: String, from: Date, until: Date, window: String? = nil, zone: String? = nil, groups: [String] = [],
        filter: [String: [String]] = [:], as account: Account, in it: DealFixture
    ) async throws -> [String] {
        let query = try MeterQuery(
            from: from, until: until, window: window, zone: zone, subjects: [], groups: groups, filter: filter,
            now: until + 1)
        let answer = try await it.market.metering.query(code, query, seenBy: account, now: now)
        return try JSONNode(answer)["data"].list.map { row in
            let group = row["groupBy"]["model"].string
            return (group.isEmpty ? "" : "\(group): ") + row["value"].string
        }
    }

    @Test func `of two events of the same time the one that was reported later is the latest`() async throws {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            try await make("m_latest", "latest", in: it)
            for (place, tokens) in [7, 3, 5].enumerated() {
                let stated = event(right, "\(place)", #"{"tokens":\#(tokens),"model":"a"}"#, at: now - 600)
                _ = try await report([stated], in: it, at: now + Double(place))
            }
            let found = try await values("m_latest", from: now - 7200, until: now, as: it.buyer, in: it)
            #expect(found == ["5"])
        }
    }

    @Test func `an event counts on every meter of its type, each in its own way`() async throws {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            for aggregation in Self.aggregations {
                try await make("m_\(aggregation)", aggregation, in: it)
            }
            let stated = [4, 10, 4, 6].enumerated().map { place, tokens in
                event(right, "\(place)", #"{"tokens":\#(tokens),"model":"a"}"#, at: now - Double(40 - 10 * place) * 60)
            }
            #expect(try await report(stated, in: it).allSatisfy { if case .counted = $0 { true } else { false } })
            let expected = ["24", "4", "3", "6", "4", "10", "6"]
            for (aggregation, value) in zip(Self.aggregations, expected) {
                let found = try await values("m_\(aggregation)", from: now - 7200, until: now, as: it.buyer, in: it)
                #expect(found == [value], "\(aggregation)")
            }
            #expect(try await it.count("usage_event") == 28)
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `totals are told apart by dimensions, filtered by them, and the same from totals and from events`()
        async throws
    {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            try await make("tokens", "sum", in: it)
            var sent: [String] = []
            for minute in 0..<50 {
                let data =
                    minute % 5 == 0 ? #"{"tokens":1}"# : #"{"tokens":\#(minute),"model":"\#("ab".randomElement()!)"}"#
                sent.append(event(right, "\(minute)", data, at: now - Double(minute) * 61))
            }
            _ = try await report(sent, in: it)
            // The seconds of both ends lie inside quarters of an hour.
            for (from, until) in [(now - 3000, now - 17), (now - 2999, now - 2800), (now - 1800, now)] {
                for model in ["a", "b"] {
                    let counted = try await it.value(
                        """
                        SELECT COALESCE(sum(quantity), 0)::text FROM usage_event WHERE dimensions->>'model' = '\(model)'
                        AND occurred_at >= '\(from.formatted(.iso8601))' AND occurred_at < '\(until.formatted(.iso8601))'
                        """)
                    let found = try await values(
                        "tokens", from: from, until: until, groups: ["model"], filter: ["model": [model]],
                        as: it.buyer, in: it)
                    #expect(found == (counted == "0" ? [] : ["\(model): \(counted)"]))
                }
            }
            let minutes = try await values(
                "tokens", from: now - 3600, until: now + 1, window: "MINUTE", as: it.seller, in: it)
            let hours = try await values(
                "tokens", from: now - 3600, until: now + 1, window: "HOUR", zone: "Asia/Kathmandu", as: it.seller,
                in: it)
            #expect(minutes.compactMap { Int($0) }.reduce(0, +) == hours.compactMap { Int($0) }.reduce(0, +))
            #expect(minutes.count > hours.count && (1...3).contains(hours.count))
        }
    }

    @Test func `a day begins when it begins in the time zone that is asked for`() async throws {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            try await make("tokens", "sum", in: it)
            // 15:30 and 16:30 UTC: before and after midnight in Beijing.
            let day = Date(timeIntervalSince1970: (now.timeIntervalSince1970 / 86_400).rounded(.up) * 86_400)
            let (evening, night) = (day + 15.5 * 3600, day + 16.5 * 3600)
            let sent = [
                event(right, "1", #"{"tokens":1}"#, at: evening), event(right, "2", #"{"tokens":2}"#, at: night),
            ]
            _ = try await report(sent, in: it, at: night + 60)
            let count = { (zone: String) in
                try await values(
                    "tokens", from: day, until: day + 86_400, window: "DAY", zone: zone, as: it.buyer, in: it)
            }
            #expect(try await count("Asia/Shanghai") == ["1", "2"])
            #expect(try await count("UTC") == ["3"])
        }
    }

    @Test func `what a meter cannot count is refused with the member, and nothing of the event is counted`()
        async throws
    {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            try await make("tokens", "sum", scale: 2, in: it)
            try await make("users", "unique_count", value: "user", dimensions: [], in: it)
            let long = String(repeating: "x", count: 201)
            let outcomes = try await report(
                [
                    #"{"user":"u"}"#, #"{"tokens":1}"#, #"{"tokens":1.125,"user":"u"}"#, #"{"tokens":-1,"user":"u"}"#,
                    #"{"tokens":1e400,"user":"u"}"#, #"{"tokens":"1","user":"u"}"#, #"{"tokens":1,"user":{}}"#,
                    #"{"tokens":1,"user":"\#(long)"}"#, #"{"tokens":1,"user":"u","model":[1]}"#,
                    #"{"tokens":1,"user":"u\u0000"}"#, #"{"tokens":1e16,"user":"u"}"#, #"{"tokens":12.25,"user":7}"#,
                ].enumerated().map { event(right, "\($0)", $1, at: now) }, in: it)
            let fields = outcomes.map { outcome in
                if case .refused(let refusal) = outcome { refusal.field ?? "" } else { "counted" }
            }
            #expect(
                fields == [
                    "data.tokens", "data.user", "data.tokens", "data.tokens", "event", "data.tokens", "data.user",
                    "data.user", "data.model", "data.user", "data.tokens", "counted",
                ])
            #expect(try await it.count("usage_event") == 2)
            #expect(
                try await it.value("SELECT trim_scale(quantity) FROM usage_total WHERE meter = 'tokens'") == "12.25")
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `an operator makes meters for its own product only, and a code is taken once`() async throws {
        try await DealFixture.with { it in
            try await make("tokens", "sum", in: it)
            await #expect(throws: MeteringError.self) { try await make("tokens", "count", in: it) }
            await #expect(throws: InvalidInput.self) { try await make("all_tokens", "sum", product: nil, in: it) }
            await #expect(throws: MeteringError.self) { try await make("more", "sum", product: "DP-NONE", in: it) }
            try await make("all_tokens", "sum", product: nil, by: it.officer, in: it)
            #expect(try await it.market.metering.meters(cursor: nil, limit: 200).items.count == 6)
        }
    }

    @Test func `a quota on one of its meters refuses the whole event`() async throws {
        try await DealFixture.with { it in
            try await make("tokens", "sum", in: it)
            try await make("answers", "count", dimensions: [], in: it)
            try await it.run(
                """
                INSERT INTO offer_quota (offer_id, meter, trial, quantity, period, hard, carry_over)
                SELECT id, 'tokens', false, 10, NULL, true, 0 FROM offer WHERE code = 'OF-FLOOD-FREE'
                """)
            let right = try await right(in: it)
            let outcomes = try await report(
                [6, 5, 4].map { event(right, "\($0)", #"{"tokens":\#($0)}"#, at: now) }, in: it)
            #expect(outcomes.map { if case .counted = $0 { true } else { false } } == [true, false, true])
            #expect(try await it.value("SELECT events FROM usage_total WHERE meter = 'answers'") == "2")
            #expect(try await it.isSound() == [])
        }
    }

    @Test func `an enterprise sees its own usage only, and an operator what it sold`() async throws {
        try await DealFixture.with { it in
            let right = try await right(in: it)
            try await make("tokens", "sum", in: it)
            _ = try await report([event(right, "1", #"{"tokens":3}"#, at: now)], in: it)
            let ask = { (account: Account) in
                try await values("tokens", from: now - 60, until: now + 60, as: account, in: it)
            }
            #expect(try await ask(it.buyer) == ["3"])
            #expect(try await ask(it.seller) == ["3"])
            #expect(try await ask(it.provider) == [])
        }
    }
}
