import Foundation
import Postgres

/// Purchases of enterprises: from the request to the end.
public struct Purchases: Sendable {
    let store: Store
    private let acceptances: TurnQueue<Acceptance, Outcome>

    init(store: Store) {
        self.store = store
        acceptances = Acceptance.queue(store)
    }

    /// Accepts an offer, or asks for one that needs approval: everything that belongs to it in one statement.
    /// - Parameters:
    ///   - key: the `Idempotency-Key`; the same key and body answer the first purchase again.
    ///   - body: the object that was sent, its members in order, by whose digest a repeat is recognised.
    /// - Returns: the purchase, and whether it was made by an earlier command with the key.
    public func buy(
        _ request: PurchaseRequest, for enterprise: UUID, key: IdempotencyKey, body: [UInt8], now: Date
    ) async throws -> (purchase: JSONDocument, repeated: Bool) {
        if !request.statement.malformed.isEmpty {
            try await check(request.statement, against: request.offer, for: enterprise, now: now)
        }
        let digest = SHA256.digest(body)
        let command = Command(enterprise: enterprise, key: key, digest: digest, now: now)
        var needsApproval = false
        // Two repeats: most offers need no approval, and between a refusal and the question why, the offer may have come
        // into force or the other command with the key may have ended.
        for _ in 0..<3 {
            let outcome = try await seat(request) {
                try await needsApproval ? ask(request, command) : acceptWhenSettled(request, command)
            }
            if let purchase = outcome.purchase { return (purchase, false) }
            if let earlier = try await earlierPurchase(of: enterprise, key: key, digest: digest) {
                return (earlier, true)
            }
            if !outcome.alone { throw PurchaseError.stillRunning }
            needsApproval = try await explainRefusal(of: request, for: enterprise, now: now)
        }
        throw PurchaseError.offerChanged(request.offer)
    }

    struct Command: Sendable {
        let enterprise: UUID
        let key: IdempotencyKey
        let digest: [UInt8]
        let now: Date
    }
    /// Whether no other command with the key is running, whether the offer is being changed at this moment, and the purchase
    /// that was made.
    typealias Outcome = (alone: Bool, changing: Bool, purchase: JSONDocument?)

    private func accept(_ request: PurchaseRequest, _ command: Command) async throws -> Outcome {
        let outcome = try await acceptances.submit([.init(request: request, command: command)], of: command.enterprise)
        guard let outcome = outcome.first else { throw RowMissing(statement: "purchases/accept_offers") }
        return outcome
    }

    /// Whoever changes an offer has done so soon. - Throws: `PurchaseError.offerChanged` when it takes too long.
    private func acceptWhenSettled(_ request: PurchaseRequest, _ command: Command) async throws -> Outcome {
        let end = ContinuousClock.now + .seconds(10)
        var outcome = try await accept(request, command)
        while outcome.changing, outcome.alone {
            guard .now < end else { throw PurchaseError.offerChanged(request.offer) }
            try await Task.sleep(for: .milliseconds(20))
            outcome = try await accept(request, command)
        }
        return outcome
    }

    private func ask(_ request: PurchaseRequest, _ command: Command) async throws -> Outcome {
        let (use, now) = (request.statement, command.now)
        let outcome = try await store.database.first(
            store.statements["purchases/request_offer"], command.enterprise, request.offer, use.purpose,
            command.key.text, "purchase", command.digest, UUID.version7(at: now), now, use.scope,
            use.place, use.since, use.until, use.retentionDays, use.qualifications
        ) { (alone: try $0.next(Bool.self), purchase: try $0.next(UUID?.self)) }
        guard let outcome else { throw RowMissing(statement: "purchases/request_offer") }
        guard let id = outcome.purchase else { return (outcome.alone, false, nil) }
        return (true, false, try await purchase(id, of: command.enterprise))
    }

    /// Of requests, the constraint on places decides between two buyers of the last one.
    private func seat(_ request: PurchaseRequest, _ work: () async throws -> Outcome) async throws -> Outcome {
        do { return try await work() } catch let error as PostgresError where error.isCheckViolation {
            throw PurchaseError.soldOut(request.offer)
        }
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

    /// Throws why the offer could not be accepted; returns when it can be now. - Returns: whether it needs approval.
    private func explainRefusal(of request: PurchaseRequest, for enterprise: UUID, now: Date) async throws -> Bool {
        let offer = try await store.database.first(
            store.statements["purchases/find_refusal"], enterprise, request.offer, now
        ) { row in
            let (withdrawn, delisted) = (try row.next(Bool.self), try row.next(Bool.self))
            return (
                gone: withdrawn || delisted, automatic: try row.next(Bool.self), soldOut: try row.next(Bool.self),
                suspendedFor: try row.next(String?.self), flagged: try row.next(String?.self),
                lacking: try row.next(String?.self), unconsented: try row.next(String?.self),
                excess: try row.next(String?.self)
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
        if let excess = offer.excess { throw PurchaseError.priceAboveCeiling(request.offer, prices: excess) }
        try await check(request.statement, against: request.offer, for: enterprise, now: now)
        if offer.soldOut { throw PurchaseError.soldOut(request.offer) }
        return !offer.automatic
    }

    /// - Throws: all that is missing or wrong, in itself or held against the offer's conditions.
    func check(_ use: UseStatement, against offer: String, for enterprise: UUID, now: Date) async throws {
        let found = try await store.database.all(
            store.statements["purchases/list_problems"], enterprise, offer, use.purpose, use.scope, use.place,
            use.since, use.until, use.retentionDays, use.qualifications, now
        ) { FieldProblem(try $0.next(String.self), try $0.next(String.self)) }
        let malformed = use.malformed
        let problems = malformed + found.filter { problem in !malformed.contains { $0.field == problem.field } }
        guard problems.isEmpty else { throw PurchaseError.refused(problems) }
    }
}
