import Foundation
import Postgres

/// A command on a purchase that was made: who sends it, under which key, with which body.
public struct PurchaseCommand: Sendable {
    public let account: Account
    public let key: IdempotencyKey
    public let body: [UInt8]
    public let now: Date

    public init(by account: Account, key: IdempotencyKey, body: [UInt8], now: Date) {
        (self.account, self.key, self.body, self.now) = (account, key, body, now)
    }
}

/// The steps of a purchase after the request. Each locks the purchase, keeps the command's key, moves the purchase and tells
/// of it in one transaction; the same key and body again answer where the purchase stands.
extension Purchases {
    public typealias Answer = (purchase: JSONDocument, repeated: Bool)

    /// Records a decision on a request; the last approval concludes the agreement unless something keeps the offer from it.
    public func decide(_ decision: RequestDecision, on id: UUID, _ command: PurchaseCommand) async throws -> Answer {
        try await step("decision", on: id, command) { standing, state, transaction in
            let party = try await decider(decision, on: id, of: standing, command, in: transaction)
            guard state.name == "requested" else { throw PurchaseError.notNow("decided on", state: state.name) }
            let outcome: String??
            do {
                outcome = try await transaction.first(
                    store.statements["purchases/decide_request"], standing.enterprise, id, party,
                    decision.kind.rawValue, decision.reason, command.account.partyID, decision.basis, command.now
                ) { try $0.next(String?.self) }
            } catch let error as PostgresError where error.isUniqueViolation {
                // purchase_transition_returned_once
                throw PurchaseError.returnedBefore
            }
            guard let outcome else { throw PurchaseError.notAsked }
            guard outcome != nil else { return }
            try await tell(standing.enterprise, id, from: state.transition + 1, in: transaction, now: command.now)
            if outcome == "approved" {
                try await conclude(standing.enterprise, id, in: transaction, now: command.now)
            }
        }
    }

    /// Completes a returned request with what the buyer states now.
    public func complete(_ use: UseStatement, of id: UUID, _ command: PurchaseCommand) async throws -> Answer {
        try await step("completion", on: id, command) { standing, state, transaction in
            guard standing.boughtIt else { throw PurchaseError.notYours("the enterprise that requested it") }
            guard state.name == "returned" else { throw PurchaseError.notNow("completed", state: state.name) }
            try await check(use, against: state.offer, for: standing.enterprise, now: command.now)
            let moved = try await transaction.first(
                store.statements["purchases/complete_request"], standing.enterprise, id, use.purpose, use.scope,
                use.place, use.since, use.until, use.retentionDays, use.qualifications, command.now
            ) { try $0.next(UUID.self) }
            guard moved != nil else { throw PurchaseError.notNow("completed", state: state.name) }
            try await tell(standing.enterprise, id, from: state.transition + 1, in: transaction, now: command.now)
        }
    }

    /// Cancels a purchase: at once before it is active; then at the end of what is paid for, or at once.
    public func cancel(
        _ id: UUID, at time: CancellationTime, reason: String, _ command: PurchaseCommand
    ) async throws -> Answer {
        try ProductListing.checkText(reason, "reason", limit: 2_000)
        return try await step("cancellation", on: id, command) { standing, state, transaction in
            guard standing.boughtIt else { throw PurchaseError.notYours("the enterprise that bought it") }
            guard state.name == "active", time == .periodEnd else {
                return try await end(
                    id, of: standing.enterprise, as: .cancelled, by: command.account.partyID, reason: reason,
                    in: transaction, now: command.now)
            }
            let cancelled = try await transaction.first(
                store.statements["purchases/cancel_later"], standing.enterprise, id, reason, command.now
            ) { try $0.next(UUID.self) }
            guard cancelled != nil else { throw PurchaseError.cancelledBefore }
        }
    }

    /// The operator ends a purchase for breach.
    public func terminate(_ id: UUID, reason: String, document: String, _ command: PurchaseCommand) async throws
        -> Answer
    {
        try ProductListing.checkText(reason, "reason", limit: 2_000)
        try ProductListing.checkText(document, "document", limit: 500)
        return try await step("termination", on: id, command) { standing, state, transaction in
            guard standing.operatesIt else { throw PurchaseError.notYours("the operator of the product") }
            guard ["agreed", "active"].contains(state.name) else {
                throw PurchaseError.notNow("terminated", state: state.name)
            }
            try await end(
                id, of: standing.enterprise, as: .terminated, by: command.account.partyID, reason: reason,
                document: document, in: transaction, now: command.now)
        }
    }

    /// Ends a purchase in a transaction of the feature that has the reason, such as a refund.
    /// - Throws: `notNow` when it ended before.
    public func end(
        _ id: UUID, of enterprise: UUID, as end: PurchaseEnd, by party: UUID?, reason: String, document: String? = nil,
        in transaction: Transaction, now: Date
    ) async throws {
        _ = try await lock(id, of: enterprise, in: transaction)
        let number = try await transaction.first(
            store.statements["purchases/end_purchase"], enterprise, id, end.rawValue, party, reason, document, now
        ) { try $0.next(Int.self) }
        guard let number else { throw PurchaseError.notNow(end.rawValue, state: "ended or rejected") }
        try await tell(enterprise, id, from: number, in: transaction, now: now)
    }

    // MARK: Inside a step

    struct State: Sendable {
        let name: String
        let transition: Int
        let offer: String
    }

    private func step(
        _ name: String, on id: UUID, _ command: PurchaseCommand,
        _ work: @Sendable @escaping (Standing, State, Transaction) async throws -> Void
    ) async throws -> Answer {
        let standing = try await standing(id, of: command.account)
        let repeated = try await keep(name, on: id, of: standing, command) { try await work(standing, $0, $1) }
        let answer =
            standing.boughtIt
            ? try await purchase(id, of: standing.enterprise) : try await sale(id, seenBy: command.account)
        return (answer, repeated)
    }

    /// Locks a purchase, keeps a command on it and does its work in one transaction.
    /// - Returns: whether the command was kept before, so that nothing was done.
    func keep(
        _ name: String, on id: UUID, of standing: Standing, _ command: PurchaseCommand,
        _ work: @Sendable @escaping (State, Transaction) async throws -> Void
    ) async throws -> Bool {
        let digest = SHA256.digest(Array("\(name)\n".utf8) + command.body)
        let (party, key) = (command.account.partyID, command.key.text)
        let isNew = try await store.database.withTransaction { transaction in
            let state = try await lock(id, of: standing.enterprise, in: transaction)
            let kept = try await transaction.execute(
                store.statements["purchases/insert_command"], standing.enterprise, id, party, key, digest, command.now)
            guard kept == 1 else { return false }
            try await work(state, transaction)
            return true
        }
        if isNew { return false }
        let earlier = try await store.database.first(
            store.statements["purchases/find_purchase_command"], standing.enterprise, id, party, key
        ) { try $0.next([UInt8].self) }
        guard earlier == digest else { throw PurchaseError.keyUsedForAnother }
        return true
    }

    private func lock(_ id: UUID, of enterprise: UUID, in transaction: Transaction) async throws -> State {
        let state = try await transaction.first(
            store.statements["purchases/lock_purchase"], enterprise, id
        ) {
            State(name: try $0.next(String.self), transition: try $0.next(Int.self), offer: try $0.next(String.self))
        }
        guard let state else { throw PurchaseError.unknownPurchase }
        return state
    }

    /// Whose decision it is: the account's own, or that of a party without an account which an administration names.
    private func decider(
        _ decision: RequestDecision, on id: UUID, of standing: Standing, _ command: PurchaseCommand,
        in transaction: Transaction
    ) async throws -> UUID {
        let open = try await transaction.first(
            store.statements["purchases/find_decision"], standing.enterprise, id, command.account.partyID,
            decision.party, command.now
        ) { (party: try $0.next(UUID.self), own: try $0.next(Bool.self), hasAccount: try $0.next(Bool.self)) }
        guard let open else { throw PurchaseError.notAsked }
        if let code = decision.party, !open.own {
            guard command.account.role == .administrator else {
                throw PurchaseError.notYours("the party that was asked, or an administrator for one without an account")
            }
            guard !open.hasAccount else { throw PurchaseError.hasAccount(code) }
        }
        return open.party
    }

    func conclude(_ enterprise: UUID, _ id: UUID, in transaction: Transaction, now: Date) async throws {
        let concluded = try await transaction.first(
            store.statements["purchases/conclude_requests"], enterprise, id, now, 1, as: Moved.init(row:))
        guard let concluded else { return }
        try await tell(enterprise, id, from: concluded.number, in: transaction, now: now)
    }

    func tell(_ enterprise: UUID, _ id: UUID, from number: Int, in transaction: Transaction, now: Date) async throws {
        try await tell([Moved(enterprise: enterprise, purchase: id, number: number)], in: transaction, now: now)
    }

    /// Events and notices of transitions.
    func tell(_ moved: [Moved], in transaction: Transaction, now: Date) async throws {
        _ = try await transaction.execute(
            store.statements["purchases/tell_of_transitions"], moved.map(\.enterprise), moved.map(\.purchase),
            moved.map(\.number), now)
    }

    /// A purchase that moved, with the number of its first new transition.
    struct Moved: Sendable {
        let enterprise: UUID
        let purchase: UUID
        let number: Int

        init(enterprise: UUID, purchase: UUID, number: Int) {
            (self.enterprise, self.purchase, self.number) = (enterprise, purchase, number)
        }

        init(row: inout Row) throws {
            self.init(
                enterprise: try row.next(UUID.self), purchase: try row.next(UUID.self), number: try row.next(Int.self))
        }
    }
}
