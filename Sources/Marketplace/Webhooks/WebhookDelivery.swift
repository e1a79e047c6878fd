import Foundation
import Postgres

/// When a delivery that failed is tried again.
public enum RetrySchedule {
    /// Seconds after the first attempt, the second, and so on; then it is dead. About 28 hours together.
    static let delays: [Double] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 43_200]
    /// A webhook that has failed for so long is paused.
    static let patience: TimeInterval = 86_400

    /// Up to a fifth later, so that what failed together is not tried together. Nil: no more.
    public static func time(after attempt: Int, now: Date) -> Date? {
        guard attempt >= 1, attempt <= delays.count else { return nil }
        return now.addingTimeInterval(delays[attempt - 1] * Double.random(in: 1...1.2))
    }
}

/// A delivery that this server holds until its lease ends.
struct ClaimedDelivery: Sendable {
    let enterprise: UUID
    let webhook: UUID
    let event: UUID
    let attempt: Int
    let message: WebhookMessage

    init(row: inout Row) throws {
        enterprise = try row.next()
        webhook = try row.next()
        event = try row.next()
        attempt = try row.next()
        let url = try row.next(String.self)
        let secrets = [try row.next([UInt8].self), try row.next([UInt8]?.self)].compactMap { $0 }
        message = WebhookMessage(
            id: event.uuidString.lowercased(), url: url, secrets: secrets.map { WebhookSecret(bytes: $0) },
            body: try row.next(String.self))
    }
}

extension Webhooks {
    /// Hands events to the webhooks that want them; answers how many events, 0 when another server is at it.
    func fanOut(limit: Int, now: Date) async throws -> Int {
        try await store.database.first(store.statements["webhooks/fan_out"], now, limit) { try $0.next(Int.self) } ?? 0
    }

    /// Takes what is due until the lease ends. - Parameter last: the webhook whose turn came last.
    func claim(
        limit: Int, after last: UUID = .first, busy: [UUID] = [], source: String, until: Date, now: Date
    ) async throws -> [ClaimedDelivery] {
        try await store.database.all(
            store.statements["webhooks/claim_deliveries"], now, until, limit, busy, source, last
        ) { try ClaimedDelivery(row: &$0) }
    }

    func record(_ answer: WebhookMessage.Answer, of delivery: ClaimedDelivery, now: Date) async throws {
        guard let failure = answer.failure else {
            _ = try await store.database.first(
                store.statements["webhooks/record_success"], delivery.enterprise, delivery.webhook, delivery.event,
                delivery.attempt, answer.status, answer.text
            ) { try $0.next(Bool.self) }
            return
        }
        let next = answer.status == 410 ? nil : RetrySchedule.time(after: delivery.attempt, now: now)
        _ = try await store.database.first(
            store.statements["webhooks/record_failure"], delivery.enterprise, delivery.webhook, delivery.event,
            delivery.attempt, answer.status, answer.text, failure, next, now, now - RetrySchedule.patience,
            UUID.version7(at: now)
        ) { try $0.next(Bool.self) }
    }

    /// Sends a message of type `webhook.test` at once; what was answered is shown, not kept.
    public func test(
        _ id: UUID, of party: UUID, source: String, allowsInternal: Bool, now: Date
    ) async throws -> WebhookTrial {
        let found = try await store.database.first(store.statements["webhooks/find_signing"], party, id, now) {
            (url: try $0.next(String.self), secrets: [try $0.next([UInt8].self), try $0.next([UInt8]?.self)])
        }
        guard let found else { throw WebhookError.unknown }
        let address = try WebhookAddress(found.url, allowsInternal: allowsInternal)
        let event = UUID.version7(at: now).uuidString.lowercased()
        let body = try JSONSerialization.data(
            withJSONObject: [
                "specversion": "1.0", "id": event, "source": source, "type": "webhook.test",
                "subject": id.uuidString.lowercased(), "time": now.ISO8601Format(),
                "datacontenttype": "application/json", "data": [String: String](),
            ], options: [.sortedKeys, .withoutEscapingSlashes])
        let message = WebhookMessage(
            id: event, url: address.url, secrets: found.secrets.compactMap { $0.map { WebhookSecret(bytes: $0) } },
            body: String(decoding: body, as: UTF8.self))
        let answer = await message.send(allowsInternal: allowsInternal, at: now)
        return WebhookTrial(
            id: event, delivered: answer.isAccepted, status: answer.status, answer: answer.text,
            failure: answer.failure)
    }
}

/// What a test of a webhook found.
public struct WebhookTrial: Sendable, Codable {
    public let id: String
    public let delivered: Bool
    public let status: Int?
    public let answer: String?
    public let failure: String?
}

extension UUID {
    /// Before every other.
    static let first = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
