import Foundation
import Postgres

/// What buyers and sellers read of purchases.
extension Purchases {
    public static let states = ["requested", "returned", "approved", "rejected", "agreed", "active", "ended"]

    public func purchase(_ id: UUID, of enterprise: UUID) async throws -> JSONDocument {
        guard let document = try await store.document("purchases/find_purchase", enterprise, id) else {
            throw PurchaseError.unknownPurchase
        }
        return document
    }

    /// Exactly what was accepted, as it was then.
    public func accepted(_ id: UUID, of enterprise: UUID) async throws -> JSONDocument {
        if let terms = try await store.document("purchases/find_terms", enterprise, id) { return terms }
        _ = try await purchase(id, of: enterprise)
        throw PurchaseError.noAgreement
    }

    public func purchases(of enterprise: UUID, state: String? = nil, cursor: String?, limit: Int?) async throws
        -> JSONDocument
    {
        try Self.checkState(state)
        let request = try PageRequest(
            query: "purchases of \(enterprise) \(state ?? "")", key: [.id], cursor: cursor, limit: limit)
        return try await store.page(
            "purchases/list_purchases", enterprise, state, request.cursor?.key, request: request
        ).json()
    }

    /// Purchases that a party sells or decides on: first those that wait for its decision.
    public func sales(of party: UUID, state: String? = nil, cursor: String?, limit: Int?) async throws -> JSONDocument {
        try Self.checkState(state)
        let request = try PageRequest(
            query: "sales of \(party) \(state ?? "")", key: [.word("0"), .id], [.word("1"), .id], cursor: cursor,
            limit: limit)
        let place = request.cursor?.key.split(separator: " ").map(String.init) ?? []
        return try await store.page(
            "purchases/list_sales", party, state, place.first.flatMap { Int($0) }, place.last, request: request
        ).json()
    }

    /// A purchase for one who sells it or decides on it.
    public func sale(_ id: UUID, seenBy account: Account) async throws -> JSONDocument {
        let standing = try await standing(id, of: account)
        guard
            let document = try await store.document("purchases/find_sale", standing.enterprise, id, account.partyID)
        else { throw PurchaseError.unknownPurchase }
        return document
    }

    /// The transitions of a purchase and the decisions it needed, for both sides.
    public func transitions(of id: UUID, seenBy account: Account) async throws -> JSONDocument {
        let standing = try await standing(id, of: account)
        guard let document = try await store.document("purchases/list_transitions", standing.enterprise, id) else {
            throw PurchaseError.unknownPurchase
        }
        return document
    }

    private static func checkState(_ state: String?) throws {
        guard let state, !states.contains(state) else { return }
        throw InvalidInput("state", "A state is one of \(states.joined(separator: ", ")).")
    }

    // MARK: Who asks

    /// What an account is to a purchase.
    struct Standing: Sendable {
        let enterprise: UUID
        let boughtIt: Bool
        let operatesIt: Bool
    }

    /// - Throws: `unknownPurchase` for one who may not see it.
    func standing(_ id: UUID, of account: Account) async throws -> Standing {
        let standing = try await store.database.first(
            store.statements["purchases/find_standing"], id, account.partyID, account.role == .administrator
        ) { row in
            Standing(
                enterprise: try row.next(UUID.self), boughtIt: try row.next(Bool.self),
                operatesIt: try row.next(Bool.self))
        }
        guard let standing else { throw PurchaseError.unknownPurchase }
        return standing
    }
}
