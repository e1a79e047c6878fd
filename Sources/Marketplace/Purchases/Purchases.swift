import Foundation
import Postgres

/// What an enterprise says to accept an offer.
public struct PurchaseRequest: Sendable {
    public let offer: String
    public let purpose: String

    public init(offer: String, purpose: String) {
        self.offer = offer
        self.purpose = purpose
    }
}

/// Purchases and entitlements of enterprises.
public struct Purchases: Sendable {
    let store: Store

    /// Accepts an offer: the purchase, its entitlement and the command's key in one statement.
    /// - Parameters:
    ///   - key: the `Idempotency-Key`; the same key and body answer the first purchase again.
    ///   - body: the bytes the request came with, by whose digest a repeat is recognised.
    /// - Returns: the purchase, and whether it was made by an earlier command with the key.
    public func buy(
        _ request: PurchaseRequest, for enterprise: UUID, key: IdempotencyKey, body: [UInt8], now: Date
    ) async throws -> (purchase: JSONDocument, repeated: Bool) {
        let digest = SHA256.digest(body)
        // One repeat: between a refusal and the question why, the offer may have come into force or the other
        // command with the key may have ended.
        for _ in 0..<2 {
            let outcome = try await store.database.first(
                store.statements["purchases/accept_offer"], enterprise, request.offer, request.purpose, key.text,
                "purchase", digest, UUID.version7(at: now), UUID.version7(at: now), now, UUID.version7(at: now)
            ) { (alone: try $0.next(Bool.self), purchase: try $0.next(String?.self)) }
            if let purchase = outcome?.purchase { return (JSONDocument(text: purchase), false) }
            if let earlier = try await earlierPurchase(of: enterprise, key: key, digest: digest) {
                return (earlier, true)
            }
            if outcome?.alone == false { throw PurchaseError.stillRunning }
            try await explainRefusal(of: request, for: enterprise, now: now)
        }
        throw PurchaseError.offerChanged(request.offer)
    }

    public func purchase(_ id: UUID, of enterprise: UUID) async throws -> JSONDocument {
        guard let document = try await store.document("purchases/find_purchase", enterprise, id) else {
            throw PurchaseError.unknownPurchase
        }
        return document
    }

    public func purchases(of enterprise: UUID, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "purchases of \(enterprise)", key: [.id], cursor: cursor, limit: limit)
        return try await store.page("purchases/list_purchases", enterprise, request.cursor?.key, request: request)
            .json()
    }

    public func entitlements(of enterprise: UUID, cursor: String?, limit: Int?, now: Date) async throws -> JSONDocument
    {
        let request = try PageRequest(query: "entitlements of \(enterprise)", key: [.id], cursor: cursor, limit: limit)
        let rows = try await store.database.all(
            store.statements["purchases/list_entitlements"], enterprise, request.cursor?.key, request.limit + 1, now,
            lane: .read
        ) { (key: try $0.next(String.self), document: try $0.next(String.self)) }
        return Page(rows, request: request).json()
    }

    private func earlierPurchase(of enterprise: UUID, key: IdempotencyKey, digest: [UInt8]) async throws
        -> JSONDocument?
    {
        let earlier = try await store.database.first(
            store.statements["purchases/find_command"], enterprise, key.text
        ) { row in
            let (digest, _) = (try row.next([UInt8].self), try row.next(String.self))
            return (digest: digest, purchase: try row.next(UUID.self))
        }
        guard let earlier else { return nil }
        guard earlier.digest == digest else { throw PurchaseError.keyUsedForAnother }
        return try await purchase(earlier.purchase, of: enterprise)
    }

    /// Throws why the offer could not be accepted; returns when it can be now.
    private func explainRefusal(of request: PurchaseRequest, for enterprise: UUID, now: Date) async throws {
        let offer = try await store.database.first(
            store.statements["purchases/find_refusal"], enterprise, request.offer, request.purpose, now
        ) { row in
            let (withdrawn, delisted) = (try row.next(Bool.self), try row.next(Bool.self))
            return (
                gone: withdrawn || delisted, allowed: try row.next(Bool.self), purposes: try row.next([String].self),
                suspendedFor: try row.next(String?.self), flagged: try row.next(String?.self),
                lacking: try row.next(String?.self), unconsented: try row.next(String?.self)
            )
        }
        guard let offer else { throw PurchaseError.unknownOffer(request.offer) }
        if offer.gone { throw PurchaseError.offerWithdrawn(request.offer) }
        if let reason = offer.suspendedFor { throw PurchaseError.productSuspended(request.offer, reason: reason) }
        if let flagged = offer.flagged {
            throw PurchaseError.conditionNotAccepted(request.offer, conditions: flagged)
        }
        if let lacking = offer.lacking {
            throw PurchaseError.credentialLacking(request.offer, credentials: lacking)
        }
        if let entries = offer.unconsented { throw PurchaseError.consentLacking(request.offer, entries: entries) }
        if !offer.allowed { throw PurchaseError.purposeNotAllowed(request.purpose, allowed: offer.purposes) }
    }
}
