import Foundation
import Postgres

/// A party's part of a product's income.
public struct RevenueShare: Sendable, Codable {
    public let party: String
    public let role: String
    public let parts: Int

    public init(party: String, role: String, parts: Int) {
        self.party = party
        self.role = role
        self.parts = parts
    }
}

extension Billing {
    /// Balances by account and currency, of every ledger or of one enterprise's, with its postings newest first.
    public func ledger(of enterprise: UUID?, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(
            query: "ledger \(enterprise?.uuidString ?? "")", key: [.number], cursor: cursor, limit: limit)
        let balances = try await store.database.first(
            store.statements["billing/sum_accounts"], enterprise, lane: .report
        ) { try $0.next(String.self) }
        guard let balances else { throw RowMissing(statement: "billing/sum_accounts") }
        let head = String(balances.dropFirst().dropLast()) + ","
        guard let enterprise else { return Page([], request: request).json(head: head) }
        let place = request.cursor.flatMap { Int64($0.key) }
        return try await store.page("billing/list_postings", enterprise, place, request: request).json(head: head)
    }

    /// What an issuer invoiced, gave back, received and is owed, by currency.
    public func income(of issuer: UUID, now: Date) async throws -> JSONDocument {
        guard let document = try await store.document("billing/sum_income", issuer, Self.legalDay(now)) else {
            throw RowMissing(statement: "billing/sum_income")
        }
        return document
    }

    /// States by whom a product's income is shared from a day on.
    /// - Throws: `InvalidInput` that names the member; `BillingError.sharesNotStated`.
    public func share(_ product: String, from day: String, _ shares: [RevenueShare], basis: String, now: Date)
        async throws
    {
        guard (1...50).contains(shares.count) else { throw InvalidInput("shares", "State 1 to 50 shares.") }
        for (place, share) in shares.enumerated() {
            guard ["source", "operator", "market"].contains(share.role) else {
                throw InvalidInput("shares[\(place)].role", "A role is source, operator or market.")
            }
            guard (1...1_000_000).contains(share.parts) else {
                throw InvalidInput("shares[\(place)].parts", "Parts are a whole number from 1 to 1,000,000.")
            }
        }
        guard Set(shares.map(\.party)).count == shares.count else {
            throw InvalidInput("shares", "A party is named more than once.")
        }
        guard day.utf8.count == 10, (try? parsedTime(day, field: "since")) != nil else {
            throw InvalidInput("since", "'\(day.prefix(40))' is not a day like 2026-02-01.")
        }
        let stated = try await store.database.first(
            store.statements["billing/insert_shares"], product, day, shares.map(\.party), shares.map(\.role),
            shares.map { Int32($0.parts) }, basis, now
        ) { try $0.next(Int.self) }
        guard stated == shares.count else { throw BillingError.sharesNotStated(product) }
    }

    /// The rules by which a product's income was and is shared.
    public func shares(of product: String) async throws -> JSONDocument {
        guard let document = try await store.document("billing/list_shares", product) else {
            throw BillingError.sharesNotStated(product)
        }
        return document
    }
}
