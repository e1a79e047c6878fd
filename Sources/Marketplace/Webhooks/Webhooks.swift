import Foundation
import Postgres

/// Where parties want to be told what happens to their purchases and sales, and what they were told.
public struct Webhooks: Sendable {
    let store: Store
    /// How long the secret before signs as well.
    private static let overlap: TimeInterval = 86_400

    /// Registers an address. - Returns: the webhook with its secret, which is shown this once.
    public func register(_ wanted: WebhookWish, of party: UUID, allowsInternal: Bool, now: Date) async throws
        -> JSONDocument
    {
        guard let url = wanted.url else { throw InvalidInput("url", "This member is missing.") }
        guard wanted.state == nil else { throw InvalidInput("state", "A new webhook is active.") }
        try wanted.check(allowsInternal: allowsInternal)
        let secret = WebhookSecret.random()
        // Twice: two registrations at once want the same number.
        for _ in 0..<2 {
            let webhook = try await store.database.first(
                store.statements["webhooks/insert_webhook"], UUID.version7(at: now), party, url,
                wanted.description ?? "", wanted.types ?? nil, secret.bytes, now
            ) { try $0.next(String.self) }
            if let webhook {
                return JSONDocument(text: webhook.dropLast() + ",\"secret\":\"\(secret.text)\"}")
            }
        }
        throw WebhookError.tooMany
    }

    public func list(of party: UUID, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "webhooks \(party)", key: [.id], cursor: cursor, limit: limit)
        return try await store.page(
            "webhooks/list_webhooks", party, UUID?.none, request.cursor?.key, request: request
        ).json()
    }

    /// - Throws: `WebhookError.unknown` when the party has no such webhook, as each of the following.
    public func webhook(_ id: UUID, of party: UUID) async throws -> JSONDocument {
        let found = try await store.database.first(
            store.statements["webhooks/list_webhooks"], party, id, UUID?.none, 1
        ) { row in
            _ = try row.next(String.self)
            return JSONDocument(text: try row.next(String.self))
        }
        guard let found else { throw WebhookError.unknown }
        return found
    }

    /// Changes the members that are given; a state of `active` or `paused` resumes or pauses it.
    public func change(_ id: UUID, to wanted: WebhookWish, of party: UUID, allowsInternal: Bool) async throws
        -> JSONDocument
    {
        try wanted.check(allowsInternal: allowsInternal)
        let changed = try await store.database.first(
            store.statements["webhooks/change_webhook"], party, id, wanted.url, wanted.description,
            wanted.types != nil, wanted.types ?? nil, wanted.state?.rawValue
        ) { try $0.next(UUID.self) }
        guard changed != nil else { throw WebhookError.unknown }
        return try await webhook(id, of: party)
    }

    /// Gives it another secret; the one before signs as well for a day.
    public func rotateSecret(of id: UUID, of party: UUID, now: Date) async throws -> (secret: String, until: Date) {
        let (secret, until) = (WebhookSecret.random(), now.addingTimeInterval(Self.overlap))
        let rotated = try await store.database.first(
            store.statements["webhooks/rotate_secret"], party, id, secret.bytes, until
        ) { try $0.next(UUID.self) }
        guard rotated != nil else { throw WebhookError.unknown }
        return (secret.text, until)
    }

    public func delete(_ id: UUID, of party: UUID) async throws {
        let deleted = try await store.database.first(
            store.statements["webhooks/delete_webhook"], party, id
        ) { try $0.next(UUID.self) }
        guard deleted != nil else { throw WebhookError.unknown }
    }

    /// What it was told and is to be told, newest first.
    public func deliveries(
        of id: UUID, state: WebhookDeliveryState?, of party: UUID, cursor: String?, limit: Int?
    ) async throws -> JSONDocument {
        _ = try await webhook(id, of: party)
        let request = try PageRequest(
            query: "deliveries \(id) \(state?.rawValue ?? "")", key: [.id], cursor: cursor, limit: limit)
        return try await store.page(
            "webhooks/list_deliveries", party, id, state?.rawValue, request.cursor?.key, request: request
        ).json()
    }

    /// Tells again what was delivered or given up. - Returns: how many deliveries wait again.
    public func replay(_ choice: WebhookReplay, to id: UUID, of party: UUID, now: Date) async throws -> Int {
        let outcome = try await store.database.first(
            store.statements["webhooks/replay"], party, id, choice.event, choice.from, choice.until, choice.types, now
        ) { (isKnown: try $0.next(Bool.self), count: try $0.next(Int.self)) }
        guard let outcome else { throw RowMissing(statement: "webhooks/replay") }
        guard outcome.isKnown else { throw WebhookError.unknown }
        guard choice.event == nil || outcome.count > 0 else { throw WebhookError.unknownDelivery }
        return outcome.count
    }
}
