import Foundation
import Marketplace
import Postgres

/// A market whose product is sold at prices by period and use, with purchases and usage at stated times.
public struct BillingFixture: Sendable {
    public let market: Market
    public let database: Database
    public let fixtures: Fixtures

    public struct Purchase: Sendable {
        public let enterprise: UUID
        public let id: UUID
        public let entitlement: UUID
    }

    public init(market: Market, database: Database, fixtures: Fixtures) {
        self.market = market
        self.database = database
        self.fixtures = fixtures
    }

    public static func with(_ work: (BillingFixture) async throws -> Void) async throws {
        try await TestMarket.with { market, database in
            let begin = time("2025-12-01T10:00:00+08:00")
            let fixtures = try await Fixtures.make(in: market, now: begin)
            try await fixtures.listProduct(in: market, now: begin)
            try await work(BillingFixture(market: market, database: database, fixtures: fixtures))
        }
    }

    public static func time(_ text: String) -> Date {
        (try? parsedTime(text, field: "time")) ?? .distantPast
    }

    /// An offer of the product; `prices` are per unit of each meter, in minor units as text.
    public func offer(
        _ code: String, kind: String, price: Int64 = 0, period: String? = "month", prices: [String: String] = [:],
        minimum: Int64? = nil, maximum: Int64? = nil, trialDays: Int? = nil, days: Int = 365
    ) async throws {
        try await run(
            """
            INSERT INTO offer (id, code, product_id, use_class, title_zh, title_en, kind, price_minor, currency, purposes,
                term_days, offered_at, billing_period, minimum_minor, maximum_minor, trial_days)
            SELECT gen_random_uuid(), $1, id, use_class, $1, $1, $2, $3, 'CNY', '{research}', $4, '2025-12-02', $5, $6, $7, $8
            FROM product WHERE code = 'DP-FLOOD-001'
            """, code, kind, price, days, period, minimum, maximum, trialDays)
        for (meter, price) in prices {
            try await run(
                "INSERT INTO offer_usage_price (offer_id, meter, mode) SELECT id, $2, 'per_unit' FROM offer WHERE code = $1",
                code, meter)
            try await run(
                "INSERT INTO offer_usage_tier (offer_id, meter, above, unit_price) SELECT id, $2, 0, $3 FROM offer WHERE code = $1",
                code, meter, price)
        }
    }

    /// A purchase that was accepted at a time.
    public func purchase(_ offer: String, by enterprise: UUID, at moment: Date) async throws -> Purchase {
        let (id, entitlement) = (UUID.version7(at: moment), UUID.version7(at: moment))
        try await run(
            """
            WITH chosen AS (SELECT * FROM offer WHERE code = $4), bought AS (
                INSERT INTO purchase (enterprise_id, id, offer_id, product_id, revision, purpose, price_minor, currency, state,
                    requested_at, accepted_at, recorded_at)
                SELECT $1, $2, id, product_id, 1, 'research', price_minor, currency, 'active', $5, $5, $5 FROM chosen
            ), moved AS (
                INSERT INTO purchase_transition (enterprise_id, purchase_id, number, to_state, party_id, reason, moved_at)
                VALUES ($1, $2, 1, 'active', $1, 'test', $5)
            ), told AS (
                INSERT INTO market_event (enterprise_id, id, type, purchase_id, subject_id, occurred_at, data)
                VALUES ($1, gen_random_uuid(), 'purchase.active', $2, $2, $5, '{"number": 1}')
            ), commanded AS (
                INSERT INTO command_key (enterprise_id, key, command, digest, purchase_id, recorded_at)
                VALUES ($1, $2::text, 'purchase', '', $2, $5)
            )
            INSERT INTO entitlement (enterprise_id, id, purchase_id, product_id, valid)
            SELECT $1, $3, $2, product_id, tstzrange($5, $5 + make_interval(days => term_days)) FROM chosen
            """, enterprise, id, entitlement, offer, moment)
        return Purchase(enterprise: enterprise, id: id, entitlement: entitlement)
    }

    /// One usage event with its total. - Parameter recorded: when the market learned of it; at once when left out.
    public func use(
        _ purchase: Purchase, _ meter: String = "call", _ quantity: Int = 1, at moment: Date, recorded: Date? = nil
    ) async throws {
        try await run(
            """
            WITH used AS (
                INSERT INTO usage_event (enterprise_id, occurred_at, id, entitlement_id, meter, quantity, bytes, product_id,
                    revision, recorded_at)
                SELECT $1, $2, $3, id, $5, $6, 10, product_id, 1, $7 FROM entitlement WHERE enterprise_id = $1 AND id = $4
                RETURNING quantity
            ), windowed AS (
                INSERT INTO usage_window AS total (enterprise_id, entitlement_id, meter, since, events, quantity, least, most,
                    latest, latest_at, latest_id)
                SELECT $1, $4, $5, date_bin('15 minutes', $2, '2000-01-01T00:00:00Z'), 1, quantity, quantity, quantity,
                    quantity, $2, $3
                FROM used
                ON CONFLICT (enterprise_id, entitlement_id, meter, since, dimensions, value) DO UPDATE SET
                    events = total.events + 1, quantity = total.quantity + excluded.quantity,
                    least = LEAST(total.least, excluded.least), most = GREATEST(total.most, excluded.most),
                    latest = CASE WHEN (excluded.latest_at, excluded.latest_id) > (total.latest_at, total.latest_id)
                        THEN excluded.latest ELSE total.latest END,
                    latest_id = CASE WHEN (excluded.latest_at, excluded.latest_id) > (total.latest_at, total.latest_id)
                        THEN excluded.latest_id ELSE total.latest_id END,
                    latest_at = GREATEST(total.latest_at, excluded.latest_at)
            )
            INSERT INTO usage_total AS total (enterprise_id, entitlement_id, meter, day, events, quantity, bytes)
            SELECT $1, $4, $5, legal_day($2), 1, quantity, 10 FROM used
            ON CONFLICT (enterprise_id, entitlement_id, meter, day) DO UPDATE SET events = total.events + 1,
                quantity = total.quantity + excluded.quantity, bytes = total.bytes + excluded.bytes
            """, purchase.enterprise, moment, UUID.version7(at: moment), purchase.entitlement, meter, quantity,
            recorded ?? moment)
    }

    public func run(_ sql: String, _ parameters: (any PostgresParameter)?...) async throws {
        let statement = Statement(name: "test/\(sql.hashValue)", text: sql)
        _ = try await database.all(statement, values: parameters) { _ in true }
    }

    public func number(_ sql: String) async throws -> Int {
        try await database.first(Statement(name: "test/\(sql.hashValue)", text: sql)) { try $0.next(Int.self) } ?? -1
    }

    /// The invoices an account sees, oldest first, each with its lines.
    public func invoices(seenBy viewer: Account? = nil) async throws -> [[String: Any]] {
        let account = if let viewer { viewer } else { try await account(.administrator) }
        let page = try fields(
            await market.billing.invoices(seenBy: account, state: nil, cursor: nil, limit: 200))
        var documents: [[String: Any]] = []
        for item in (page["items"] as? [[String: Any]] ?? []).reversed() {
            guard let id = UUID(uuidString: item["id"] as? String ?? "") else { continue }
            documents.append(try fields(await market.billing.invoice(id, seenBy: account)))
        }
        return documents
    }

    public func account(_ role: Role, of party: String? = nil) async throws -> Account {
        let codes: [Role: String] = [
            .administrator: Fixtures.administrationCode, .operator: Fixtures.sellerCode, .enterprise: Fixtures.bankCode,
            .analyst: Fixtures.administrationCode,
        ]
        let token = try await market.accounts.createToken(
            party: party ?? codes[role] ?? "", role: role, days: 1, now: Date()
        ).token
        guard let account = try await market.accounts.account(token: token, now: Date()) else { throw NoAccount() }
        return account
    }

    private struct NoAccount: Error {}

    /// The names of the checks that find something wrong.
    public func wrongChecks() async throws -> [String] {
        try await market.operations.verify().filter { $0.wrong > 0 }.map(\.name)
    }
}
