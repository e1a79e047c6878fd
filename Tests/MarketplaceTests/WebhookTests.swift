import Foundation
import Logging
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Marketplace

/// A market with a purchase, a receiver, and workers whose clock the test moves.
private struct Scene: Sendable {
    let market: Market
    let database: Database
    let fixtures: Fixtures
    let receiver: WebhookReceiver
    let purchase: String
    let clock: Clock

    final class Clock: Sendable {
        private let time = Mutex(Fixtures.day.addingTimeInterval(3600))
        var now: Date { time.withLock { $0 } }
        func move(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
    }

    static func with(_ work: (Scene) async throws -> Void) async throws {
        let receiver = try WebhookReceiver()
        defer { receiver.stop() }
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let clock = Clock()
            let bought = try await market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: fixtures.bank,
                key: IdempotencyKey("first"), body: [], now: clock.now)
            let purchase = try fields(bought.purchase)["id"] as? String ?? ""
            try await work(
                Scene(
                    market: market, database: database, fixtures: fixtures, receiver: receiver, purchase: purchase,
                    clock: clock))
        }
    }

    func worker(timeLimit: Duration = .seconds(2)) -> WebhookWorker {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return WebhookWorker(
            webhooks: market.webhooks, source: "https://market.example", allowsInternal: true, logger: logger,
            now: { clock.now }, timeLimit: timeLimit)
    }

    func register(_ path: String, of party: UUID? = nil, types: [String]? = nil) async throws -> UUID {
        let webhook = try await market.webhooks.register(
            WebhookWish(url: receiver.base + path, types: .some(types)), of: party ?? fixtures.bank,
            allowsInternal: true, now: clock.now)
        return UUID(uuidString: try fields(webhook)["id"] as? String ?? "") ?? UUID()
    }

    /// Events of the purchase, a second apart, with their number in `data`.
    func happen(_ count: Int, purchase: String? = nil) async throws {
        let purchase = purchase ?? self.purchase
        try await database.script(
            """
            INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, data, occurred_at)
            SELECT '\(fixtures.bank)', gen_random_uuid(), 'delivery.completed', '\(purchase)', '\(purchase)',
                jsonb_build_object('number', number), '2026-06-01T00:00:00Z'::timestamptz + number * interval '1 s'
            FROM generate_series(1, \(count)) AS number
            """)
    }

    func deliveries(of id: UUID, _ state: WebhookDeliveryState? = nil) async throws -> [[String: Any]] {
        try fields(
            await market.webhooks.deliveries(of: id, state: state, of: fixtures.bank, cursor: nil, limit: 200))["items"]
            as? [[String: Any]] ?? []
    }

    /// Runs a worker until nothing is left that is due.
    func settle(_ worker: WebhookWorker) async throws {
        while try await worker.runOnce() > 0 {}
    }

    func numbers(_ path: String, status: Int = 204) async throws -> [Int] {
        try await receiver.messages().filter { $0.path == path && $0.status == status }.map { message in
            let event = try JSONSerialization.jsonObject(with: Data(message.body.utf8)) as? [String: Any]
            return (event?["data"] as? [String: Any])?["number"] as? Int ?? 0
        }
    }
}

@Suite struct WebhookTests {
    @Test func `the signature is that of the reference vector`() {
        let secret = WebhookSecret(bytes: Array(Data(base64Encoded: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") ?? Data()))
        #expect(
            secret.signature(
                id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: #"{"test": 2432232314}"#)
                == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(WebhookSecret.random() != WebhookSecret.random())
    }

    @Test func `a purchase is told to the buyer and to the seller, each event once`() async throws {
        try await Scene.with { scene in
            _ = try await scene.register("/ok/buyer")
            _ = try await scene.register("/ok/seller", of: scene.fixtures.seller)
            _ = try await scene.register("/ok/stranger", of: scene.fixtures.insurer)
            _ = try await scene.register("/ok/other", types: ["invoice.issued"])
            try await scene.settle(scene.worker())
            try await scene.settle(scene.worker())
            let messages = try await scene.receiver.messages()
            #expect(messages.map(\.path).sorted() == ["/ok/buyer", "/ok/seller"])
            let event = try JSONSerialization.jsonObject(with: Data(messages[0].body.utf8)) as? [String: Any] ?? [:]
            #expect(event["type"] as? String == "purchase.active" && event["specversion"] as? String == "1.0")
            #expect(event["id"] as? String == messages[0].headers["webhook-id"])
            #expect(messages[0].headers["content-type"] == "application/cloudevents+json; charset=utf-8")
            let data = event["data"] as? [String: Any] ?? [:]
            #expect(data["state"] as? String == "active" && data["reason"] as? String == "The offer was accepted.")
            #expect(
                (data["links"] as? [String: Any])?["purchase"] as? String
                    == "https://market.example/v1/purchases/\(scene.purchase)")
        }
    }

    @Test func `events of a purchase come in order, whatever fails between`() async throws {
        try await Scene.with { scene in
            _ = try await scene.register("/flaky/2/x", types: ["delivery.completed"])
            try await scene.happen(6)
            for _ in 0..<40 {
                try await scene.settle(scene.worker())
                scene.clock.move(60)
            }
            #expect(try await scene.numbers("/flaky/2/x") == [1, 2, 3, 4, 5, 6])
            #expect(try await scene.numbers("/flaky/2/x", status: 503) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6])
        }
    }

    @Test func `a purchase that fails does not hold up another, nor another webhook`() async throws {
        try await Scene.with { scene in
            let bad = try await scene.register("/fail", types: ["delivery.completed"])
            _ = try await scene.register("/ok", types: ["delivery.completed"])
            let other = try await scene.market.purchases.buy(
                PurchaseRequest(offer: "OF-FLOOD-FREE", purpose: "research"), for: scene.fixtures.bank,
                key: IdempotencyKey("second"), body: [], now: scene.clock.now)
            try await scene.happen(3)
            try await scene.happen(3, purchase: fields(other.purchase)["id"] as? String ?? "")
            try await scene.settle(scene.worker())
            #expect(try await scene.numbers("/ok").count == 6)
            // Of each purchase the first was tried, and no other.
            #expect(try await scene.numbers("/fail", status: 500) == [1, 1])
            let tried = try await scene.deliveries(of: bad).filter { $0["attempts"] as? Int == 1 }
            #expect(tried.allSatisfy { $0["status"] as? Int == 500 && $0["answer"] as? String == "not now" })
        }
    }

    @Test func `what fails too often is dead, the next goes on, and a replay tells it again`() async throws {
        try await Scene.with { scene in
            let id = try await scene.register("/fail", types: ["delivery.completed"])
            try await scene.happen(2)
            for _ in RetrySchedule.delays.indices {
                try await scene.settle(scene.worker())
                scene.clock.move(60_000)
            }
            // It failed for more than a day, and is paused; its party was told once.
            let paused = try fields(await scene.market.webhooks.webhook(id, of: scene.fixtures.bank))
            #expect(paused["state"] as? String == "paused" && paused["failing_since"] is String)
            let notices = try fields(
                await scene.market.notices.notices(to: scene.fixtures.bank, cursor: nil, limit: nil))["items"]
            #expect(
                (notices as? [[String: Any]])?.filter { $0["kind"] as? String == "webhook.paused" }.count == 1)
            for _ in 0...RetrySchedule.delays.count {
                let resumed = WebhookWish(state: .active)
                _ = try await scene.market.webhooks.change(
                    id, to: resumed, of: scene.fixtures.bank, allowsInternal: true)
                scene.clock.move(60_000)
                try await scene.settle(scene.worker())
            }
            let dead = try await scene.deliveries(of: id, .dead)
            #expect(dead.count == 1 && dead[0]["attempts"] as? Int == RetrySchedule.delays.count + 1)
            #expect(try await scene.numbers("/fail", status: 500).suffix(1) == [2])
            let moved = WebhookWish(url: scene.receiver.base + "/ok", state: .active)
            _ = try await scene.market.webhooks.change(id, to: moved, of: scene.fixtures.bank, allowsInternal: true)
            let event = UUID(uuidString: dead.first?["id"] as? String ?? "")
            #expect(
                try await scene.market.webhooks.replay(
                    WebhookReplay(event: event), to: id, of: scene.fixtures.bank, now: scene.clock.now) == 1)
            scene.clock.move(60_000)
            try await scene.settle(scene.worker())
            #expect(try await scene.numbers("/ok") == [1, 2])
        }
    }

    @Test func `an address that is gone, slow, huge, redirecting or closed`() async throws {
        try await Scene.with { scene in
            var ids: [String: UUID] = [:]
            for path in ["gone", "slow", "huge", "redirect"] { ids[path] = try await scene.register("/\(path)") }
            let closed = try await scene.market.webhooks.register(
                WebhookWish(url: "http://127.0.0.1:1/"), of: scene.fixtures.bank, allowsInternal: true,
                now: scene.clock.now)
            ids["closed"] = UUID(uuidString: try fields(closed)["id"] as? String ?? "")
            let begun = Date()
            try await scene.settle(scene.worker(timeLimit: .seconds(1)))
            #expect(Date().timeIntervalSince(begun) < 10)
            func only(_ path: String) async throws -> [String: Any] {
                try await scene.deliveries(of: ids[path] ?? UUID()).first ?? [:]
            }
            #expect(try await only("gone")["state"] as? String == "dead")
            let gone = try await scene.market.webhooks.webhook(ids["gone"] ?? UUID(), of: scene.fixtures.bank)
            #expect(try fields(gone)["state"] as? String == "gone")
            #expect((try await only("slow")["failure"] as? String)?.lowercased().contains("time") == true)
            #expect(try await only("huge")["state"] as? String == "delivered")
            #expect((try await only("huge")["answer"] as? String)?.count == 500)
            #expect(try await only("redirect")["status"] as? Int == 302)
            #expect(try await only("redirect")["state"] as? String == "pending")
            #expect(try await only("closed")["status"] is NSNull)
            #expect(try await scene.receiver.messages().allSatisfy { $0.path != "/ok" })
        }
    }

    @Test func `two workers share the work, and what a killed one held is repeated after its lease`() async throws {
        try await Scene.with { scene in
            _ = try await scene.register("/ok", types: ["delivery.completed"])
            try await scene.happen(30)
            let workers = [scene.worker(), scene.worker()]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in workers { group.addTask { try await scene.settle(worker) } }
                try await group.waitForAll()
            }
            try await scene.settle(workers[0])
            #expect(try await scene.numbers("/ok") == Array(1...30))

            try await scene.happen(1)
            _ = try await scene.market.webhooks.fanOut(limit: 10, now: scene.clock.now)
            let held = try await scene.market.webhooks.claim(
                limit: 10, source: "", until: scene.clock.now + 30, now: scene.clock.now)
            #expect(held.count == 1)
            #expect(try await scene.worker().runOnce() == 0)
            scene.clock.move(31)
            #expect(try await scene.worker().runOnce() == 1)
            // The first worker was only slow: its answer comes too late to count.
            try await scene.market.webhooks.record(.init(failure: "late"), of: held[0], now: scene.clock.now)
            #expect(try await scene.numbers("/ok").count == 31)
            #expect(try await scene.worker().runOnce() == 0)
        }
    }

    @Test func `after a rotation both secrets sign for a day`() async throws {
        try await Scene.with { scene in
            let id = try await scene.register("/ok", types: ["delivery.completed"])
            _ = try await scene.market.webhooks.rotateSecret(of: id, of: scene.fixtures.bank, now: scene.clock.now)
            try await scene.happen(1)
            try await scene.settle(scene.worker())
            scene.clock.move(86_401)
            try await scene.happen(1)
            try await scene.settle(scene.worker())
            let signatures = try await scene.receiver.messages().map {
                $0.headers["webhook-signature"]?.split(separator: " ").count
            }
            #expect(signatures == [2, 1])
        }
    }
}

@Suite struct WebhookAddressTests {
    @Test(arguments: [
        "http://example.org/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
        "https://017700000001/", "https://0177.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://0/",
        "https://[::ffff:7f00:1]/", "https://[fe80::1]/", "https://[fd00::1]/", "https://[64:ff9b::7f00:1]/",
        "https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.0.1/", "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/", "https://224.0.0.1/", "https://255.255.255.255/", "https://localhost/",
        "https://%31%32%37.1/",
        "https://a.localhost/", "https://LOCALHOST./", "https://127.0.0.1./",
        "https://example.org:22/", "https://user@example.org/", "https://example.org/#x",
        "https://example.org/ x", "ftp://example.org/", "file:///etc/passwd", "https:///", "https://１２７.0.0.1/", "",
    ]) func `an address that is not outside is refused`(_ text: String) {
        #expect(throws: InvalidInput.self) { try WebhookAddress(text, allowsInternal: false) }
    }

    @Test(arguments: [
        "https://example.org/", "https://example.org:8443/a?b=c", "https://8.8.8.8/", "https://[2606:4700::1111]/",
    ]) func `an address outside is taken`(_ text: String) throws {
        #expect(try WebhookAddress(text, allowsInternal: false).url == text)
    }

    /// What a name stands for is only known when it is called.
    @Test(arguments: ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0"])
    func `a connection to an internal address is not opened`(_ host: String) async throws {
        let receiver = try WebhookReceiver()
        defer { receiver.stop() }
        let port = receiver.base.split(separator: ":").last ?? ""
        let message = WebhookMessage(
            id: "1", url: "http://\(host):\(port)/ok", secrets: [.random()], body: "{}")
        let answer = await message.send(allowsInternal: false, at: Date(), limit: .seconds(5))
        #expect(answer.status == nil && answer.failure != nil)
        #expect(try await receiver.messages().isEmpty)
    }
}
