import Foundation
import Postgres

/// What a change of a directory entry does to everything that is made of it.
public struct Impact: Sendable {
    let store: Store

    /// After entries changed in this transaction: suspends the listings that can no longer stand, lifts the suspensions
    /// of those that can again, and tells the parties concerned.
    /// - Parameter now: the moment from which the change is in force and recorded.
    func apply(entries: [UUID], in transaction: Transaction, now: Date) async throws {
        guard !entries.isEmpty else { return }
        let nobody: UUID? = nil
        _ = try await transaction.pipeline([
            (store.statements["impact/suspend_listings"], [entries, now]),
            (
                store.statements["impact/lift_standing"],
                [entries, nobody, "the directory entry allows it again", now]
            ),
            (store.statements["impact/tell_of_change"], [entries, now]),
        ])
    }

    /// After an import: `apply` for the entries of the source that it changed and that products are made of.
    func applyImport(of source: UUID, in transaction: Transaction, now: Date) async throws {
        let changed = try await transaction.all(store.statements["impact/list_changed_entries"], source, now) {
            try $0.next(UUID.self)
        }
        try await apply(entries: changed, in: transaction, now: now)
    }

    /// After a new revision: lifts the suspensions of its product whose entry stands in its way no more.
    func liftStanding(of product: UUID, in transaction: Transaction, now: Date) async throws {
        try await transaction.execute(
            store.statements["impact/lift_standing"], [UUID](), product, "a revision made of the new version", now)
    }

    /// Everything that is made of an entry, with counts in front.
    public func impact(of entry: String, cursor: String?, limit: Int?, now: Date) async throws -> JSONDocument {
        let request = try PageRequest(
            query: "impact of \(entry)", key: [.word("1"), .code], [.word("2"), .code], [.word("3"), .id],
            cursor: cursor, limit: limit)
        guard let counts = try await store.document("impact/count_impact", entry, now) else {
            throw DirectoryError.unknownEntry(entry)
        }
        let rows = try await store.database.all(
            store.statements["impact/list_impact"], entry, request.cursor?.key, request.limit + 1, now, lane: .report
        ) { (key: try $0.next(String.self), document: try $0.next(String.self)) }
        return Page(rows, request: request).json(head: counts.text.dropFirst().dropLast() + ",")
    }

    /// The suspensions of a product, newest first.
    public func suspensions(of product: String, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(
            query: "suspensions of \(product)", key: [.digits, .id], cursor: cursor, limit: limit)
        return try await store.page("impact/list_suspensions", product, request.cursor?.key, request: request).json()
    }

    /// Lifts a suspension: an officer any, an operator that of its own product once nothing upstream stands in the way.
    public func lift(
        _ suspension: UUID, of product: String, by party: UUID, isOfficer: Bool, reason: String, now: Date
    ) async throws {
        let lifted = try await store.database.first(
            store.statements["impact/lift_suspension"], product, suspension, party, isOfficer, reason, now
        ) { try $0.next(Int.self) }
        if lifted == 1 { return }
        let isOpen = try await store.database.first(store.statements["impact/find_suspension"], product, suspension) {
            try $0.next(Bool.self)
        }
        guard let isOpen else { throw ImpactError.unknownSuspension }
        throw isOpen ? ImpactError.cannotStand(product) : ImpactError.liftedBefore
    }
}

public enum ImpactError: MarketplaceError {
    case unknownSuspension, liftedBefore
    case cannotStand(String)

    public var code: RefusalCode { self.isUnknown ? .notFound : .conflict }

    private var isUnknown: Bool { if case .unknownSuspension = self { true } else { false } }

    public var message: String {
        switch self {
        case .unknownSuspension: "This product has no such suspension."
        case .liftedBefore: "This suspension was lifted already."
        case .cannotStand(let product):
            "The listing of \(product) cannot stand yet, or is not yours: publish a revision made of the entry's new "
                + "version, or ask an officer of the administration."
        }
    }
}
