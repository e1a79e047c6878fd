import Foundation
import Postgres

/// More of a meter that an operator grants to a purchase.
public struct TopUp: Sendable {
    public let meter, quantity, reason: String
    public let hard: Bool
    /// What is used first has the lowest; what an offer grants has 100.
    public let priority: Int
    public let since: Date?
    public let until: Date?

    public init(
        meter: String, quantity: String, reason: String, hard: Bool = true, priority: Int = 50, since: Date? = nil,
        until: Date? = nil
    ) throws {
        try IntendedUse.checkQuantity(quantity)
        try ProductListing.checkText(reason, "reason", limit: 2_000)
        guard (0...1000).contains(priority) else { throw InvalidInput("priority", "A priority is 0 to 1000.") }
        if let since, let until, until <= since { throw InvalidInput("until", "The top-up ends before it begins.") }
        (self.meter, self.quantity, self.reason, self.hard) = (meter, quantity, reason, hard)
        (self.priority, self.since, self.until) = (priority, since, until)
    }
}

/// What purchases let enterprises do.
extension Purchases {
    public func entitlements(of enterprise: UUID, cursor: String?, limit: Int?, now: Date) async throws -> JSONDocument
    {
        let request = try PageRequest(query: "entitlements of \(enterprise)", key: [.id], cursor: cursor, limit: limit)
        let rows = try await store.database.all(
            store.statements["entitlements/list_entitlements"], enterprise, request.cursor?.key, request.limit + 1,
            now, lane: .read
        ) { (key: try $0.next(String.self), document: try $0.next(String.self)) }
        return Page(rows, request: request).json()
    }

    /// Whether a use is allowed now, and what is left.
    public func entitlement(_ id: UUID, of enterprise: UUID, use: IntendedUse, now: Date) async throws -> JSONDocument {
        let answer = try await store.document(
            "entitlements/check_entitlement", enterprise, id, use.meter, use.quantity, use.purpose, now)
        guard let answer else { throw EntitlementError.unknown }
        return answer
    }

    /// The same of many entitlements at once, for gateways that let uses through: an answer for each, in their order.
    /// One that is not the enterprise's is refused as `unknown`.
    public func entitlements(_ uses: [(entitlement: UUID, use: IntendedUse)], of enterprise: UUID, now: Date)
        async throws
        -> JSONDocument
    {
        let documents = try await store.database.all(
            store.statements["entitlements/check_entitlements"], enterprise, uses.map(\.entitlement),
            uses.map(\.use.meter),
            uses.map(\.use.quantity), uses.map(\.use.purpose), now, lane: .read
        ) { try $0.next(String?.self) }
        let items = zip(documents, uses).map { document, asked in
            document
                ?? #"{"id":"\#(asked.entitlement.uuidString.lowercased())","allowed":false,"refused_for":["unknown"]}"#
        }
        return JSONDocument(text: #"{"items":[\#(items.joined(separator: ","))]}"#)
    }

    /// The same for one who sells the product.
    public func entitlement(_ id: UUID, seenBy account: Account, use: IntendedUse, now: Date) async throws
        -> JSONDocument
    {
        if account.role == .enterprise { return try await entitlement(id, of: account.partyID, use: use, now: now) }
        return try await entitlement(id, of: enterprise(of: id, account).enterprise, use: use, now: now)
    }

    /// Nothing can be used until it is resumed, from the next access on.
    public func suspend(entitlement id: UUID, reason: String, _ command: PurchaseCommand) async throws -> Answer {
        try ProductListing.checkText(reason, "reason", limit: 2_000)
        return try await change(id, "suspension", command) { standing, purchase, transaction in
            try await transaction.first(
                store.statements["entitlements/suspend"], standing.enterprise, purchase, command.account.partyID,
                reason,
                UUID.version7(at: command.now), command.now
            ) { try $0.next(UUID.self) }
        }
    }

    public func resume(entitlement id: UUID, reason: String, _ command: PurchaseCommand) async throws -> Answer {
        try ProductListing.checkText(reason, "reason", limit: 2_000)
        return try await change(id, "resumption", command) { standing, purchase, transaction in
            try await transaction.first(
                store.statements["entitlements/resume"], standing.enterprise, purchase, reason,
                UUID.version7(at: command.now), command.now
            ) { try $0.next(UUID.self) }
        }
    }

    /// Grants more of a meter that the entitlement has a quota of.
    public func topUp(entitlement id: UUID, _ topUp: TopUp, _ command: PurchaseCommand) async throws -> Answer {
        try await change(id, "top-up", command) { standing, purchase, transaction in
            guard standing.operatesIt else { throw PurchaseError.notYours("the operator of the product") }
            return try await transaction.first(
                store.statements["entitlements/insert_top_up"], standing.enterprise, purchase, topUp.meter,
                UUID.version7(at: command.now), topUp.quantity, topUp.hard, topUp.priority, topUp.since ?? command.now,
                topUp.until, command.account.partyID, topUp.reason, UUID.version7(at: command.now), command.now
            ) { try $0.next(UUID.self) }
        }
    }

    /// - Parameter work: nil: the entitlement does not allow it as it stands.
    private func change(
        _ id: UUID, _ name: String, _ command: PurchaseCommand,
        _ work: @Sendable @escaping (Standing, UUID, Transaction) async throws -> UUID?
    ) async throws -> Answer {
        let found = try await enterprise(of: id, command.account)
        let repeated = try await keep(name, on: found.purchase, of: found.standing, command) { _, transaction in
            guard found.standing.operatesIt || command.account.role == .administrator else {
                throw PurchaseError.notYours("the operator of the product or an officer")
            }
            guard try await work(found.standing, found.purchase, transaction) != nil else {
                throw EntitlementError.notNow(name)
            }
        }
        return (
            try await entitlement(id, of: found.enterprise, use: IntendedUse(), now: command.now), repeated
        )
    }

    private func enterprise(of id: UUID, _ account: Account) async throws -> (
        enterprise: UUID, purchase: UUID, standing: Standing
    ) {
        let found = try await store.database.first(store.statements["entitlements/find_purchase_of"], id) {
            (enterprise: try $0.next(UUID.self), purchase: try $0.next(UUID.self))
        }
        guard let found else { throw EntitlementError.unknown }
        if account.role == .administrator {
            let standing = Standing(enterprise: found.enterprise, boughtIt: false, operatesIt: false)
            return (found.enterprise, found.purchase, standing)
        }
        do {
            return (found.enterprise, found.purchase, try await standing(found.purchase, of: account))
        } catch PurchaseError.unknownPurchase { throw EntitlementError.unknown }
    }
}

public enum EntitlementError: MarketplaceError {
    case unknown
    case notNow(String)

    public var code: RefusalCode { if case .unknown = self { .notFound } else { .conflict } }

    public var message: String {
        switch self {
        case .unknown: "There is no such entitlement that you may see."
        case .notNow("top-up"):
            "Nothing was granted: the entitlement does not last into this period, or grants no quota of this meter that "
                + "could be topped up."
        case .notNow("suspension"): "The entitlement is suspended already, or has ended."
        case .notNow: "The entitlement is not suspended."
        }
    }
}
