import Foundation
import Postgres

/// Brings single events of archived months back into the database for those who read them.
public struct UsageRecalls: Sendable {
    let store: Store
    let files: ContentFiles
    let engine: TableEngine

    /// An archived month in which an enterprise used something.
    struct Month: Sendable {
        let first: String
        let enterprise: UUID
        let sha256: [UInt8]
        /// About how many the reading goes over.
        let events: Int
        var isRecalled = false
        /// Recalled since the reading began, which may have missed it.
        var isNew = false
        var isToNote = false

        struct Key: Hashable { let first: String, enterprise: UUID }
        var key: Key { Key(first: first, enterprise: enterprise) }
    }

    /// How a list is read: newest first, so that what a full page does not reach need not be recalled.
    struct Listing<Answer>: Sendable {
        /// Rows of a full page.
        let limit: Int
        /// How many archived events one reading may go through; nil: all that there are.
        var most: Int?
        /// The oldest time of a full page, as PostgreSQL wrote it; nil: the page is not full.
        let oldest: @Sendable (Answer) -> String?
    }

    private static let unused: TimeInterval = 86_400

    /// Reads single events, and again when some of them lay in archived months that were not recalled. Looking comes after
    /// reading, so that a month that is archived meanwhile is not missed.
    func reading<Answer>(
        _ reach: UsageReach, as listing: Listing<Answer>? = nil, _ read: () async throws -> Answer
    ) async throws -> Answer {
        // What was recalled before a reading began is in it.
        var (settled, recalled) = (Set<Month.Key>(), 0)
        let began = Date()
        while true {
            let answer = try await read()
            guard !reach.isEmpty else { return answer }
            let months = try await archived(reach, after: listing?.oldest(answer), since: began)
            let missing = Self.newest(months.filter { !$0.isRecalled }, events: listing?.limit)
            if missing.isEmpty, !months.contains(where: { $0.isNew && !settled.contains($0.key) }) {
                try await note(months.filter(\.isToNote))
                return answer
            }
            recalled += missing.reduce(0) { $0 + $1.events }
            if let most = listing?.most, recalled > most { throw MeteringError.tooMuchArchived }
            try await recall(missing)
            settled.formUnion(months.filter(\.isRecalled).map(\.key) + missing.map(\.key))
        }
    }

    private func archived(_ reach: UsageReach, after time: String?, since began: Date) async throws -> [Month] {
        try await store.database.all(
            store.statements["metering/find_archived"], reach.enterprises, reach.entitlements, reach.since, reach.until,
            time, began, lane: .read
        ) { row in
            Month(
                first: try row.next(String.self), enterprise: try row.next(UUID.self),
                sha256: try row.next([UInt8].self), events: try row.next(Int.self),
                isRecalled: try row.next(Bool.self), isNew: try row.next(Bool.self), isToNote: try row.next(Bool.self))
        }
    }

    /// Whole months from the newest on that have so many events; all when nil.
    private static func newest(_ months: [Month], events: Int?) -> [Month] {
        guard let events else { return months }
        var (chosen, count) = ([Month](), 0)
        for month in months {
            if count >= events, month.first != chosen.last?.first { break }
            chosen.append(month)
            count += month.events
        }
        return chosen
    }

    /// The engine reads before a connection is taken. What somebody else recalled meanwhile is left out of another try.
    func recall(_ months: [Month]) async throws {
        for month in months where !files.holds(month.sha256) { throw MeteringError.archiveMissing(month.first) }
        let work = try files.workFolder()
        defer { try? FileManager.default.removeItem(at: work) }
        let rows = work.appendingPathComponent("rows.csv")
        var missing = months
        while !missing.isEmpty {
            _ = try await engine.run(job(missing, output: rows))
            missing = try await take(rows, of: missing)
        }
    }

    /// - Returns: which of the months are still missing; when some are not, nothing was taken.
    private func take(_ rows: URL, of months: [Month]) async throws -> [Month] {
        do {
            try await store.database.withTransaction(lane: .report) { transaction in
                let claimed = try await transaction.all(
                    store.statements["metering/insert_recalls"], months.map(\.enterprise), months.map(\.first)
                ) { row in
                    let enterprise = try row.next(UUID.self)
                    return Month.Key(first: try row.next(String.self), enterprise: enterprise)
                }
                guard claimed.count == months.count else { throw SomeRecalled(missing: Set(claimed)) }
                _ = try await transaction.copyIn(store.statements["metering/copy_recalled"], from: FilePieces(rows))
                try await transaction.execute(
                    store.statements["metering/end_recalls"], months.map(\.enterprise), months.map(\.first))
            }
            return []
        } catch let error as SomeRecalled {
            return months.filter { error.missing.contains($0.key) }
        }
    }

    private struct SomeRecalled: Error { let missing: Set<Month.Key> }

    private func job(_ months: [Month], output: URL) -> JSONTree {
        let named = Dictionary(grouping: months, by: \.sha256).map { sha256, months in
            JSONTree.object([
                "path": .text(files.url(of: sha256).path),
                "enterprises": .list(months.map { .text($0.enterprise.uuidString) }),
            ])
        }
        return .object(["job": .text("recall"), "files": .list(named), "output": .text(output.path)])
    }

    private func note(_ months: [Month]) async throws {
        guard !months.isEmpty else { return }
        try await store.database.execute(
            store.statements["metering/touch_recalls"], months.map(\.enterprise), months.map(\.first))
    }

    /// Forgets what nobody has read for a day. - Returns: how many events went.
    @discardableResult
    public func forgetUnused(now: Date) async throws -> Int { try await forget(unusedSince: now - Self.unused) }

    /// - Parameters: after which enterprise and up to which; nil: of all.
    @discardableResult
    func forget(unusedSince time: Date, after first: UUID? = nil, upTo last: UUID? = nil) async throws -> Int {
        try await store.database.first(
            store.statements["metering/forget_recalls"], time, first, last, lane: .report
        ) { try $0.next(Int.self) } ?? 0
    }
}
