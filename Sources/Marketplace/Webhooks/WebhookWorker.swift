import Foundation
import Logging
import Postgres
import Synchronization

/// Tells webhooks what happened, at least once, and in order for each purchase. Any number of servers may run one.
public struct WebhookWorker: Sendable {
    let webhooks: Webhooks
    /// Where the market is reached; the source of its events.
    let source: String
    let allowsInternal: Bool
    let logger: Logger
    let now: @Sendable () -> Date
    let timeLimit: Duration

    /// Messages on their way at a time, of this server, and to one webhook before it is busy.
    private static let (most, mostOfOne) = (64, 8)
    private static let batch = 500

    public init(
        webhooks: Webhooks, source: String, allowsInternal: Bool, logger: Logger,
        now: @Sendable @escaping () -> Date = { Date() }, timeLimit: Duration = .seconds(10)
    ) {
        self.webhooks = webhooks
        self.source = source
        self.allowsInternal = allowsInternal
        self.logger = logger
        self.now = now
        self.timeLimit = timeLimit
    }

    /// Works until the task is cancelled, and lets what is on its way end.
    public func run() async {
        let underway = Underway()
        var last = UUID.first
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                var (fanned, tried) = (0, 0)
                do {
                    fanned = try await webhooks.fanOut(limit: Self.batch, now: now())
                    let free = Self.most - underway.count
                    if free > 0 {
                        let claimed = try await claim(free, after: last, busy: underway.busy(from: Self.mostOfOne))
                        // By turns; where the turn ended, the first is next.
                        let furthest = claimed.map(\.webhook).max { $0.uuidString < $1.uuidString }
                        last = claimed.count < free ? .first : furthest ?? .first
                        tried = claimed.count
                        for delivery in claimed {
                            underway.began(delivery.webhook)
                            group.addTask {
                                await attempt(delivery)
                                underway.ended(delivery.webhook)
                            }
                        }
                    }
                } catch  where !Task.isCancelled {
                    logger.error("webhooks were not told", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: .seconds(5))
                } catch {}
                // Events that no webhook wants can wait for the next look.
                if fanned < Self.batch {
                    try? await Task.sleep(for: .milliseconds(tried > 0 || underway.count > 0 ? 50 : 500))
                }
            }
        }
    }

    /// Hands out what is new and tries once what is due; answers how many deliveries were tried.
    public func runOnce() async throws -> Int {
        while try await webhooks.fanOut(limit: Self.batch, now: now()) == Self.batch {}
        let claimed = try await claim(Self.most)
        await withDiscardingTaskGroup { group in
            for delivery in claimed { group.addTask { await attempt(delivery) } }
        }
        return claimed.count
    }

    private func claim(_ limit: Int, after last: UUID = .first, busy: [UUID] = []) async throws -> [ClaimedDelivery] {
        // An attempt ends well within its lease.
        let lease = 2 * (timeLimit / .seconds(1)) + 10
        let now = now()
        return try await webhooks.claim(
            limit: limit, after: last, busy: busy, source: source, until: now.addingTimeInterval(lease), now: now)
    }

    private func attempt(_ delivery: ClaimedDelivery) async {
        let answer: WebhookMessage.Answer
        do {
            _ = try WebhookAddress(delivery.message.url, allowsInternal: allowsInternal)
            answer = await delivery.message.send(allowsInternal: allowsInternal, at: now(), limit: timeLimit)
        } catch {
            answer = .init(failure: (error as? any MarketplaceError)?.message ?? "The address cannot be called.")
        }
        do {
            // In a task of its own: an answer is recorded even when the server is told to stop.
            try await Task { try await webhooks.record(answer, of: delivery, now: now()) }.value
        } catch {
            // The lease ends, and it is tried again.
            logger.error("an answer was not recorded", metadata: ["error": "\(error)"])
        }
    }

    /// How many messages are on their way to each webhook.
    private final class Underway: Sendable {
        private let counts = Mutex<[UUID: Int]>([:])
        var count: Int { counts.withLock { $0.values.reduce(0, +) } }
        func busy(from limit: Int) -> [UUID] { counts.withLock { $0.filter { $0.value >= limit }.map(\.key) } }
        func began(_ webhook: UUID) { counts.withLock { $0[webhook, default: 0] += 1 } }
        func ended(_ webhook: UUID) {
            counts.withLock { $0[webhook] = $0[webhook].flatMap { $0 > 1 ? $0 - 1 : nil } }
        }
    }
}
