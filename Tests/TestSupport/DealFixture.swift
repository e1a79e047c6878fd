import Foundation
import Marketplace
import Postgres

/// A market with one listed product whose offer OF-FLOOD-ONCE needs approval, and who buys and decides.
public struct DealFixture: Sendable {
    public let market: Market
    public let database: Database
    public let fixtures: Fixtures
    public let buyer, seller, officer, provider: Account
    public static let now = Fixtures.day + 10

    public static func with(
        approval: String = "operator", _ work: (DealFixture) async throws -> Void
    ) async throws {
        try await TestMarket.with { market, database in
            let fixtures = try await Fixtures.make(in: market)
            try await fixtures.listProduct(in: market)
            let account = { (code: String, role: Role) async throws -> Account in
                let token = try await market.accounts.createToken(party: code, role: role, days: 3660, now: now).token
                guard let account = try await market.accounts.account(token: token, now: now) else {
                    throw TestMarket.NoCluster()
                }
                return account
            }
            let provider = try await database.first(
                Statement(
                    name: "test/provider",
                    text: """
                        SELECT party.code FROM responsibility JOIN party ON party.id = party_id
                        WHERE role = 'provider' AND entry_id = (SELECT entry_id FROM product_revision_source LIMIT 1)
                        """)
            ) { try $0.next(String.self) }
            let fixture = DealFixture(
                market: market, database: database, fixtures: fixtures,
                buyer: try await account(Fixtures.bankCode, .enterprise),
                seller: try await account(Fixtures.sellerCode, .operator),
                officer: try await account(Fixtures.administrationCode, .administrator),
                provider: try await account(provider ?? "", .administrator))
            try await fixture.run("UPDATE offer SET approval = '\(approval)' WHERE code = 'OF-FLOOD-ONCE'")
            try await work(fixture)
        }
    }

    public func run(_ sql: String) async throws {
        _ = try await database.execute(Statement(name: "test/run \(sql.hashValue)", text: sql))
    }

    public func value(_ sql: String) async throws -> String {
        try await database.first(Statement(name: "test/value \(sql.hashValue)", text: "SELECT (\(sql))::text")) {
            try $0.next(String?.self)
        }.flatMap { $0 } ?? ""
    }

    public func count(_ sql: String) async throws -> Int { Int(try await value("SELECT count(*) FROM \(sql)")) ?? -1 }

    /// All that an offer with approval needs, for ten days from tomorrow on.
    public static func use(from day: Double = 1, days: Double = 10) -> UseStatement {
        UseStatement(
            purpose: "research", scope: "a study of drains", since: now + day * 86_400,
            until: now + (day + days) * 86_400)
    }

    public func request(
        _ use: UseStatement = use(), offer: String = "OF-FLOOD-ONCE", for enterprise: UUID? = nil, key: String = "k",
        at time: Date = now
    ) async throws -> UUID {
        let outcome = try await market.purchases.buy(
            PurchaseRequest(offer: offer, statement: use), for: enterprise ?? buyer.partyID, key: IdempotencyKey(key),
            body: Array("\(offer) \(use)".utf8), now: time)
        return UUID(uuidString: try fields(outcome.purchase)["id"] as? String ?? "") ?? UUID()
    }

    public func command(_ account: Account, _ key: String = "step", body: String = "", at time: Date = now) throws
        -> PurchaseCommand
    {
        PurchaseCommand(by: account, key: try IdempotencyKey(key), body: Array(body.utf8), now: time)
    }

    @discardableResult
    public func decide(
        _ kind: RequestDecision.Kind, on purchase: UUID, by account: Account? = nil, key: String? = nil,
        at time: Date = now
    ) async throws -> Purchases.Answer {
        try await market.purchases.decide(
            RequestDecision(kind, reason: "because of \(kind.rawValue)"), on: purchase,
            command(account ?? seller, key ?? "\(kind.rawValue) \((account ?? seller).partyCode)", at: time))
    }

    public func state(_ purchase: UUID) async throws -> String {
        try await value("SELECT state || COALESCE(' ' || ended_as, '') FROM purchase WHERE id = '\(purchase)'")
    }

    public func isSound() async throws -> [String] {
        try await market.operations.verify().filter { $0.wrong > 0 }.map(\.name)
    }
}

extension Delivery {
    /// Finds a download and counts it, as a request for the whole file does.
    public func download(_ entitlement: UUID, of enterprise: UUID, now: Date) async throws -> Download {
        let found = try await find(entitlement, of: enterprise, now: now)
        try await count(found, of: enterprise, now: now)
        return found
    }
}
