import Foundation
import Postgres

/// What a list of deadlines is restricted to.
public struct DeadlineFilter: Sendable {
    public static let states = ["running", "paused", "met", "void"]
    public static let bands = ["overdue", "due", "near", "later", "paused", "ended"]

    public let rule: String?
    public let state: String?
    public let band: String?

    /// - Throws: `InvalidInput` on a state or band that there is not.
    public init(rule: String? = nil, state: String? = nil, band: String? = nil) throws {
        for (name, value, known) in [("state", state, Self.states), ("band", band, Self.bands)] {
            guard let value, !known.contains(value) else { continue }
            throw InvalidInput(name, "'\(value.prefix(60))' is not one of \(known.joined(separator: ", ")).")
        }
        (self.rule, self.state, self.band) = (rule, state, band)
    }
}

/// Duties with their clocks, counted in working days.
public struct Deadlines: Sendable {
    let store: Store

    /// What a duty is about.
    struct Subject: Sendable {
        let kind: String
        let id: UUID
        let code: String
    }

    /// Deadlines by due date. - Parameter party: nil for those of every party.
    public func deadlines(of party: UUID?, _ filter: DeadlineFilter, cursor: String?, limit: Int?, now: Date)
        async throws -> JSONDocument
    {
        try await page(of: party, filter, cursor: cursor, limit: limit, now: now).json()
    }

    /// One page after the other, each deadline as iCalendar; nil past the end.
    /// - Parameter cursor: nil for the first page.
    public func events(of party: UUID?, _ filter: DeadlineFilter, cursor: String?, now: Date) async throws -> (
        text: String, next: String?
    ) {
        let page = try await page(of: party, filter, cursor: cursor, limit: 200, now: now)
        let text = try page.items.map { try CalendarEvent(document: $0, stamp: now).text }.joined()
        return (text, page.next)
    }

    private func page(of party: UUID?, _ filter: DeadlineFilter, cursor: String?, limit: Int?, now: Date) async throws
        -> Page
    {
        let query = "deadlines \(party?.uuidString ?? "all") \(filter)"
        let request = try PageRequest(query: query, key: [.day, .id], cursor: cursor, limit: limit)
        let place = request.cursor?.key.split(separator: " ").map(String.init) ?? []
        let rows = try await store.database.all(
            store.statements["deadlines/list_deadlines"], party, filter.rule, filter.state, filter.band, place.first,
            place.last, request.limit + 1, now, nil as UUID?
        ) { (key: try $0.next(String.self), document: try $0.next(String.self)) }
        return Page(rows, request: request)
    }

    // MARK: Clocks, for the features whose duties they are

    /// Gives a party a duty by a rule; nothing when it is open already, or no policy for the rule is in force.
    func begin(_ rule: String, of party: UUID, about subject: Subject, in transaction: Transaction, now: Date)
        async throws
    {
        try await transaction.execute(
            store.statements["deadlines/insert_deadline"], UUID.version7(at: now), rule, party, subject.kind,
            subject.id, subject.code, now)
    }

    /// The clock stands while the other side completes its papers.
    func pause(_ rule: String, about subject: Subject, in transaction: Transaction, now: Date) async throws {
        try await transaction.execute(
            store.statements["deadlines/pause_deadline"], subject.kind, subject.id, rule, now)
    }

    /// The clock runs on; the due date moves by the working days it stood.
    func resume(_ rule: String, about subject: Subject, in transaction: Transaction, now: Date) async throws {
        try await transaction.execute(
            store.statements["deadlines/resume_deadline"], subject.kind, subject.id, rule, now)
    }

    /// More days by the policy, once. - Returns: false when there is no such right, or it was used.
    func extend(_ rule: String, about subject: Subject, basis: String, in transaction: Transaction, now: Date)
        async throws -> Bool
    {
        try await transaction.execute(
            store.statements["deadlines/extend_deadline"], subject.kind, subject.id, rule, basis, now) == 1
    }

    /// The duty was met, or is void because its subject is gone.
    func end(_ rule: String, about subject: Subject, met: Bool, in transaction: Transaction, now: Date) async throws {
        try await transaction.execute(
            store.statements["deadlines/end_deadline"], subject.kind, subject.id, rule, met ? "met" : "void", now)
    }

    /// Another party has to act by the same clock.
    func passOn(_ rule: String, about subject: Subject, to party: UUID, in transaction: Transaction) async throws {
        try await transaction.execute(
            store.statements["deadlines/pass_on_deadline"], subject.kind, subject.id, rule, party)
    }
}
