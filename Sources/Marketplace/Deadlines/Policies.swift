import Foundation
import Postgres

/// A number that a rule sets, from a day on. What is nil is taken over from the policy before.
public struct PolicyStatement: Sendable {
    public var rule: String
    public var since: String
    /// Days, or another number: a rate, or a number of months.
    public var days: Int?
    public var value: Decimal?
    public var source: String
    public var verified: Bool
    public var titleZh: String?
    public var titleEn: String?
    public var unit: String?
    public var extensionDays: Int?
    public var article: String?

    /// - Parameter since: a day such as `2026-01-01`.
    public init(
        rule: String, since: String, days: Int?, value: Decimal? = nil, source: String, verified: Bool
    ) throws {
        guard rule.wholeMatch(of: /[a-z][a-z_]{0,59}/) != nil else {
            throw InvalidInput("rule", "A rule is named by small letters and underscores.")
        }
        guard (days == nil) != (value == nil) else { throw InvalidInput("days", "State either days or value.") }
        guard days.map((1...3660).contains) ?? true else { throw InvalidInput("days", "A policy has 1 to 3660 days.") }
        guard value.map({ $0 >= 0 && $0 < 1_000_000 }) ?? true else {
            throw InvalidInput("value", "A value is 0 or more, and below 1000000.")
        }
        self.rule = rule
        self.since = try calendarDay(since, field: "since")
        (self.days, self.value) = (days, value)
        self.source = source
        self.verified = verified
    }
}

/// A day such as `2026-01-01` that the calendar has. - Throws: `InvalidInput` that names the field.
func calendarDay(_ text: String, field: String) throws -> String {
    guard text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil, case .date = DateText.read(text), text > "1900"
    else { throw InvalidInput(field, "'\(text.prefix(40))' is not a day like 2026-01-01.") }
    return text
}

extension Deadlines {
    /// Every policy with its history.
    public func policies(cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "policies", key: [.code, .number], cursor: cursor, limit: limit)
        return try await store.page("deadlines/list_policies", request.cursor?.key, request: request).json()
    }

    /// Corrects a policy by a new row from a day on; the one before ends there. Open duties that began since then are
    /// counted anew. - Returns: how many of them have another due date now.
    public func correct(_ policy: PolicyStatement, by party: UUID, now: Date) async throws -> Int {
        if policy.rule == Self.usageRetention { try await checkRetention(policy) }
        return try await store.database.withTransaction { transaction in
            let before = try await transaction.first(
                store.statements["deadlines/end_policy"], policy.rule, policy.since
            ) { row in
                let (zh, en) = (try row.next(String.self), try row.next(String.self))
                return (
                    zh: zh, en: en, unit: try row.next(String.self), extensionDays: try row.next(Int?.self),
                    article: try row.next(String?.self)
                )
            }
            if before == nil { try await refuseIfKnown(policy, in: transaction) }
            guard let zh = policy.titleZh ?? before?.zh, let en = policy.titleEn ?? before?.en else {
                throw DeadlineError.titlesNeeded(policy.rule)
            }
            let unit = policy.unit ?? before?.unit ?? (policy.days == nil ? "rate" : "working_day")
            guard ["working_day", "day"].contains(unit) == (policy.days != nil) else {
                throw InvalidInput(policy.days == nil ? "value" : "days", "This is not how \(unit) is stated.")
            }
            let added = try await transaction.execute(
                store.statements["deadlines/insert_policy"], policy.rule, policy.since, zh, en, policy.days, unit,
                policy.extensionDays ?? before?.extensionDays, policy.article ?? before?.article, policy.source,
                policy.verified, party, now, policy.value.map { "\($0)" })
            guard added == 1 else { throw DeadlineError.policyOverlaps(policy.rule, since: policy.since) }
            return try await transaction.execute(store.statements["deadlines/recount_deadlines"])
        }
    }

    /// Months that single uses stay in the database.
    private static let usageRetention = "usage_retention"

    /// No event may come into a month that is archived.
    private func checkRetention(_ policy: PolicyStatement) async throws {
        guard let value = policy.value, let months = Int("\(value)"), (1...1_200).contains(months),
            policy.unit ?? "month" == "month"
        else { throw InvalidInput("value", "Usage is kept for 1 to 1200 whole months.") }
        let longest = try await store.database.first(store.statements["deadlines/find_longest_meter"], months) {
            (code: try $0.next(String.self), hours: try $0.next(Int.self))
        }
        if let longest {
            throw InvalidInput(
                "value",
                "The meter '\(longest.code)' takes events of the last \(longest.hours) hours: they must be kept for longer."
            )
        }
    }

    /// Nothing in force began before the new row: then either the rule is new, or the row would overlap a later one.
    private func refuseIfKnown(_ policy: PolicyStatement, in transaction: Transaction) async throws {
        let newest = try await transaction.first(store.statements["deadlines/find_policy"], policy.rule) {
            try $0.next(String.self)
        }
        if newest != nil { throw DeadlineError.policyOverlaps(policy.rule, since: policy.since) }
    }

    /// The days of a year that differ from "Monday to Friday are working days".
    public func calendar(year: Int, cursor: String?, limit: Int?) async throws -> JSONDocument {
        guard (1900...2999).contains(year) else { throw InvalidInput("year", "A year is 1900 to 2999.") }
        let request = try PageRequest(query: "calendar \(year)", key: [.day], cursor: cursor, limit: limit)
        return try await store.page("deadlines/list_calendar", year, request.cursor?.key, request: request).json()
    }

    /// Replaces a year's calendar, and counts open duties anew. All or nothing.
    /// - Returns: how many days it holds, and how many duties have another due date now.
    public func load(_ calendar: CalendarFile, source: String, verified: Bool) async throws -> (
        days: Int, moved: Int
    ) {
        try await store.database.withTransaction { transaction in
            try await transaction.execute(store.statements["deadlines/delete_calendar_year"], calendar.year)
            let days = try await transaction.execute(
                store.statements["deadlines/insert_calendar_days"], calendar.days.map(\.day),
                calendar.days.map(\.isWorking), calendar.days.map(\.nameZh), calendar.days.map(\.nameEn), source,
                verified)
            return (days, try await transaction.execute(store.statements["deadlines/recount_deadlines"]))
        }
    }
}

/// Holidays and moved weekends of one year, from CSV with the columns `day`, `is_working`, `name_zh` and `name_en`.
public struct CalendarFile: Sendable {
    struct Day: Sendable { let day: String, isWorking: Bool, nameZh: String, nameEn: String }
    public let year: Int
    let days: [Day]

    /// - Throws: `InvalidInput` that names line and column.
    public init(_ table: CSVTable) throws {
        var days: [Day] = []
        var seen: Set<String> = []
        for record in table.records {
            let cell = { (column: String) throws -> String in
                guard let value = table.cell(column, of: record) else {
                    throw InvalidInput("line \(record.line): \(column)", "This cell is empty.")
                }
                return value
            }
            let day = try calendarDay(cell("day"), field: "line \(record.line): day")
            guard seen.insert(day).inserted else {
                throw InvalidInput("line \(record.line): day", "The day \(day) is stated twice.")
            }
            guard let isWorking = Bool(try cell("is_working")) else {
                throw InvalidInput("line \(record.line): is_working", "This is neither true nor false.")
            }
            guard days.allSatisfy({ $0.day.prefix(4) == day.prefix(4) }) else {
                throw InvalidInput("line \(record.line): day", "A file holds the days of one year.")
            }
            days.append(Day(day: day, isWorking: isWorking, nameZh: try cell("name_zh"), nameEn: try cell("name_en")))
        }
        guard let first = days.first, let year = Int(first.day.prefix(4)) else {
            throw InvalidInput("file", "The table holds no day; its columns are day, is_working, name_zh, name_en.")
        }
        (self.year, self.days) = (year, days)
    }
}

public enum DeadlineError: MarketplaceError {
    case titlesNeeded(String)
    case policyOverlaps(String, since: String)

    public var code: RefusalCode {
        switch self {
        case .titlesNeeded: .invalid
        case .policyOverlaps: .conflict
        }
    }

    public var message: String {
        switch self {
        case .titlesNeeded(let rule): "No policy for \(rule) is in force before that day: state title_zh and title_en."
        case .policyOverlaps(let rule, let since):
            "A policy for \(rule) that begins on or after \(since) is recorded already; begin later."
        }
    }

    public var field: String? {
        switch self {
        case .titlesNeeded: "title_zh"
        case .policyOverlaps: "since"
        }
    }
}
