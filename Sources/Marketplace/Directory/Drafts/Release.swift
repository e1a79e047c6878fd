import Foundation
import Postgres

/// What became of one draft of a release.
public struct ReleaseOutcome: Sendable, Encodable {
    public enum Obstacle: String, Sendable, Encodable {
        case unknown, notApproved = "not_approved", movedOn = "moved_on", noProvider = "no_provider"
    }

    public let draft: UUID
    public let entry: String?
    public let obstacle: Obstacle?
    public let message: String?
    public var isReleased: Bool { obstacle == nil }

    enum CodingKeys: String, CodingKey { case draft, entry, released, obstacle, message }

    init(draft: UUID, entry: String?, state: String?, obstacle: Obstacle?) {
        (self.draft, self.entry, self.obstacle) = (draft, entry, obstacle)
        message =
            switch obstacle {
            case nil: nil
            case .unknown: "You are the competent body of no such draft."
            case .notApproved: "This draft is \(state ?? ""); only an approved one can be released."
            case .movedOn:
                "The entry \(entry ?? "") has got a newer version since this draft was compiled; compile it anew."
            case .noProvider:
                "The link from the source has no responsible party: name the provider of \(entry ?? "") for this period."
            }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(draft.uuidString.lowercased(), forKey: .draft)
        try container.encodeIfPresent(entry, forKey: .entry)
        try container.encode(isReleased, forKey: .released)
        try container.encodeIfPresent(obstacle, forKey: .obstacle)
        try container.encodeIfPresent(message, forKey: .message)
    }
}

/// Why a single draft was not released.
public struct ReleaseRefused: MarketplaceError {
    public let outcome: ReleaseOutcome
    public var code: RefusalCode { outcome.obstacle == .unknown ? .notFound : .conflict }
    public var message: String { outcome.message ?? "" }
    public var field: String? { outcome.obstacle == .noProvider ? "provider" : nil }
}

extension Drafts {
    /// Releases one approved draft. - Throws: `ReleaseRefused`.
    public func release(_ id: UUID, reason: String?, by party: UUID, now: Date) async throws -> JSONDocument {
        let outcomes = try await release([id], reason: reason, by: party, now: now)
        if let refused = outcomes.first(where: { !$0.isReleased }) { throw ReleaseRefused(outcome: refused) }
        return try await draft(id, for: party)
    }

    /// Releases approved drafts in one transaction; those with an obstacle stay as they are and are told.
    public func release(_ ids: [UUID], reason: String?, by party: UUID, now: Date) async throws -> [ReleaseOutcome] {
        try await store.database.withTransaction { transaction in
            _ = try await transaction.all(store.statements["drafts/lock_release"], ids) { try $0.next(UUID.self) }
            let time = try await transaction.first(store.statements["drafts/find_release_time"], ids, now) {
                try $0.next(Date.self)
            }
            let outcomes = try await transaction.all(
                store.statements["drafts/judge_release"], ids, party, time ?? now
            ) { row in
                let (id, entry) = (try row.next(UUID.self), try row.next(String?.self))
                return ReleaseOutcome(
                    draft: id, entry: entry, state: try row.next(String?.self),
                    obstacle: try row.next(String?.self).flatMap(ReleaseOutcome.Obstacle.init))
            }
            let clear = outcomes.filter(\.isReleased).map(\.draft)
            if !clear.isEmpty {
                try await write(clear, reason: reason, by: party, at: time ?? now, in: transaction)
            }
            return outcomes
        }
    }

    private func write(
        _ ids: [UUID], reason: String?, by party: UUID, at time: Date, in transaction: Transaction
    ) async throws {
        let release = UUID.version7(at: time)
        let work: [(String, [(any PostgresParameter)?])] = [
            ("drafts/claim_release", [ids, release, party, time, reason]),
            ("drafts/insert_released_versions", [release, time]),
            ("drafts/restate_periods", [release, time]),
            ("drafts/restate_responsibilities", [release, time, party]),
        ]
        _ = try await transaction.pipeline(work.map { (store.statements[$0.0], $0.1) })
        let entries = try await transaction.all(store.statements["drafts/list_released_entries"], release) {
            try $0.next(UUID.self)
        }
        try await settle(entries, at: time, in: transaction)
    }

    /// What follows from a change of entries, whatever its kind, in the transaction that makes it: duties to update them
    /// are met, listings that can no longer stand are suspended, and the search learns of it.
    private func settle(_ entries: [UUID], at time: Date, in transaction: Transaction) async throws {
        try await transaction.execute(store.statements["drafts/meet_update_duties"], entries, time)
        try await transaction.execute(store.statements["search/note_changes"], "subject", entries)
        try await Impact(store: store).apply(entries: entries, in: transaction, now: time)
    }
}
