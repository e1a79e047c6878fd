import Foundation
import Postgres

/// What parties were told, and whether they acknowledged it.
public struct Notices: Sendable {
    let store: Store

    /// Notices to a party, unacknowledged first, then newest first.
    public func notices(to party: UUID, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(
            query: "notices \(party)", key: [.truth, .time, .id], cursor: cursor, limit: limit)
        let place = request.cursor?.key.split(separator: " ").map(String.init) ?? []
        // The time stands in the key as JSON, which PostgreSQL writes to the microsecond.
        let time = place.count == 3 ? place[1].filter { $0 != "\"" } : nil
        let rows = try await store.database.all(
            store.statements["notices/list_notices"], party, place.first.map { $0 == "true" }, time, place.last,
            request.limit + 1
        ) { (key: try $0.next(String.self), document: try $0.next(String.self)) }
        return Page(rows, request: request).json()
    }

    public func unacknowledged(by party: UUID) async throws -> Int {
        try await store.database.first(store.statements["notices/count_notices"], party, lane: .read) {
            try $0.next(Int.self)
        } ?? 0
    }

    /// Acknowledges a notice; the first time counts. - Throws: `NoticeError.unknown` when the party has no such notice.
    public func acknowledge(_ notice: UUID, by party: UUID, now: Date) async throws -> JSONDocument {
        let document = try await store.database.first(
            store.statements["notices/acknowledge_notice"], party, notice, now
        ) { JSONDocument(text: try $0.next(String.self)) }
        guard let document else { throw NoticeError.unknown }
        return document
    }
}

public enum NoticeError: MarketplaceError {
    case unknown

    public var code: RefusalCode { .notFound }
    public var message: String { "Your organisation has no such notice." }
}
