import Foundation
import Postgres

/// Billing: periods become invoices, invoices are paid or given back, and a ledger holds every movement.
public struct Billing: Sendable {
    let store: Store
    let purchases: Purchases
    let recalls: UsageRecalls

    /// Usage is recorded with the clock of the server that counts it and commits within the limits of a statement; what was
    /// recorded longer ago than this is all there, on every server whose clock is not wrong by more.
    public static let settling: TimeInterval = 600
    /// Enterprises billed in one transaction: large enough to rate set by set, small enough for the limit of a statement.
    public static let enterprisesAtOnce = 200

    /// What a run of billing did.
    public struct Report: Sendable, Equatable, Codable {
        public var periods = 0
        public var drafts = 0
        public var events = 0
        public var issued = 0
        /// Enterprises whose billing failed, and was left as it was.
        public var failed: [UUID] = []

        public init(periods: Int = 0, drafts: Int = 0, events: Int = 0, issued: Int = 0, failed: [UUID] = []) {
            self.periods = periods
            self.drafts = drafts
            self.events = events
            self.issued = issued
            self.failed = failed
        }
    }

    /// Closes the periods whose last day is before `day` and makes their invoices, enterprise by enterprise in bounded
    /// transactions: a run that is cut off is simply run again, and two at once do no harm.
    /// - Parameters:
    ///   - day: the first day of Beijing that has not passed, such as `2026-02-01`; nil: by `now`.
    ///   - issues: whether drafts are issued at once; else they wait for their issuer, also when later runs issue theirs.
    public func bill(before day: String? = nil, issues: Bool = true, now: Date) async throws -> Report {
        var report = Report()
        var place: UUID?
        while true {
            let enterprises = try await store.database.all(
                store.statements["billing/list_enterprises"], place, Self.enterprisesAtOnce
            ) { try $0.next(UUID.self) }
            guard let last = enterprises.last else { return report }
            place = last
            do {
                try await bill(enterprises, before: day, issues: issues, now: now, report: &report)
            } catch let error as PostgresError where error.code == .server && enterprises.count > 1 {
                // One enterprise's amounts must not keep the others from their invoices.
                for enterprise in enterprises {
                    do {
                        try await bill([enterprise], before: day, issues: issues, now: now, report: &report)
                    } catch let error as PostgresError where error.code == .server { report.failed.append(enterprise) }
                }
            } catch let error as PostgresError where error.code == .server { report.failed += enterprises }
        }
    }

    private func bill(_ enterprises: [UUID], before day: String?, issues: Bool, now: Date, report: inout Report)
        async throws
    {
        let counted = now.addingTimeInterval(-Self.settling)
        let (closed, issued) = try await locked(enterprises) { transaction in
            let closed = try await transaction.first(
                store.statements["billing/close_periods"], enterprises, now, counted, day ?? Self.legalDay(counted)
            ) { (periods: try $0.next(Int.self), drafts: try $0.next(Int.self), events: try $0.next(Int.self)) }
            guard issues else { return (closed, 0) }
            return (closed, try await issue(enterprises, one: nil, in: transaction, now: now))
        }
        report.periods += closed?.periods ?? 0
        report.drafts += closed?.drafts ?? 0
        report.events += closed?.events ?? 0
        report.issued += issued
    }

    /// - Returns: how many drafts were issued.
    func issue(_ enterprises: [UUID], one invoice: UUID?, in transaction: Transaction, now: Date) async throws -> Int {
        try await transaction.first(store.statements["billing/issue_drafts"], enterprises, now, invoice) {
            try $0.next(Int.self)
        } ?? 0
    }

    /// A transaction that alone moves the money of these enterprises.
    func locked<T: Sendable>(
        _ enterprises: [UUID], _ work: @Sendable @escaping (Transaction) async throws -> T
    ) async throws -> T {
        try await store.database.withTransaction { transaction in
            _ = try await transaction.first(store.statements["billing/lock_enterprises"], enterprises) {
                try $0.next(Int.self)
            }
            return try await work(transaction)
        }
    }

    /// The day of Beijing, such as `2026-02-01`.
    public static func legalDay(_ moment: Date) -> String {
        let style = Date.ISO8601FormatStyle(timeZone: TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt).year().month().day()
        return moment.formatted(style)
    }
}
