import Foundation
import Postgres

/// Counts reported uses: the names, the events, the totals, what is taken from quotas and the notices are one transaction.
struct UsageCounting: Sendable {
    let store: Store

    /// A report of an operator, with its place in what is answered.
    struct Claim: Sendable {
        let place: Int
        let report: UsageReport
        let operatorID: UUID
    }

    private struct Sale: Sendable {
        let enterprise: UUID
        let product: UUID
        let revision: Int
        let since: Date
        let until: Date?
        let suspendedAt: Date?
    }

    /// A use that can be counted, unless its name is taken or its quota is used up.
    private struct Use: Sendable {
        let claim: Claim
        let sale: Sale
        let event: UUID
        let occurredAt: Date
        var report: UsageReport { claim.report }
    }

    private struct Metered: Hashable {
        let enterprise: UUID
        let entitlement: UUID
        let meter: String
    }

    /// A clock may go ahead by this many seconds.
    private static let clockDifference: TimeInterval = 300

    /// - Returns: what became of each claim, by its place.
    func count(_ claims: [Claim], now: Date) async throws -> [Int: UsageOutcome] {
        try await store.database.withTransaction { transaction in
            var outcomes: [Int: UsageOutcome] = [:]
            var (uses, refused) = ([Use](), [(Claim, Sale)]())
            let meters = try await meters(in: transaction)
            let sales = try await sales(of: claims, in: transaction, now: now)
            for claim in claims {
                switch use(of: claim, sales: sales, meters: meters, now: now) {
                case .success(let use): uses.append(use)
                case .failure(let refusal):
                    outcomes[claim.place] = .refused(refusal)
                    if let sale = sales[claim.operatorID]?[claim.report.entitlement] { refused.append((claim, sale)) }
                }
            }
            // What was counted in time stays counted when it is sent again too late.
            var known = try await knownNames(of: refused, &outcomes, in: transaction)
            let fresh = try await takeNames(of: uses, &outcomes, &known, in: transaction)
            let counted = try await debit(fresh, &outcomes, known, in: transaction, now: now)
            try await insert(counted, in: transaction, now: now)
            for use in counted { outcomes[use.claim.place] = .counted(use.event) }
            return outcomes
        }
    }

    private func use(
        of claim: Claim, sales: [UUID: [UUID: Sale]], meters: [String: TimeInterval], now: Date
    ) -> Result<Use, UsageRefusal> {
        let report = claim.report
        let occurredAt = report.occurredAt ?? now
        guard let acceptedFor = meters[report.meter] else {
            return .failure(.init(.invalid, "type", "No meter that is reported is called '\(report.meter)'."))
        }
        guard let sale = sales[claim.operatorID]?[report.entitlement] else {
            return .failure(.init(.notFound, "subject", "You sold no such entitlement."))
        }
        guard occurredAt <= now.addingTimeInterval(Self.clockDifference) else {
            return .failure(.init(.invalid, "time", "The use lies in the future."))
        }
        guard occurredAt >= now.addingTimeInterval(-acceptedFor) else {
            return .failure(
                .init(
                    .unprocessable, "time",
                    "The use is reported too late: this meter takes uses of the last \(Int(acceptedFor / 3600)) hours."
                ))
        }
        guard sale.since <= occurredAt, sale.until.map({ occurredAt < $0 }) ?? true else {
            return .failure(.init(.forbidden, "subject", "The entitlement was not in force when this was used."))
        }
        guard sale.suspendedAt.map({ occurredAt < $0 }) ?? true else {
            return .failure(.init(.forbidden, "subject", "The entitlement was suspended when this was used."))
        }
        return .success(Use(claim: claim, sale: sale, event: .version7(at: now), occurredAt: occurredAt))
    }

    private func meters(in transaction: Transaction) async throws -> [String: TimeInterval] {
        let meters = try await transaction.all(store.statements["metering/list_meters"]) {
            (try $0.next(String.self), try $0.next(Double.self))
        }
        return Dictionary(uniqueKeysWithValues: meters)
    }

    private func sales(
        of claims: [Claim], in transaction: Transaction, now: Date
    ) async throws -> [UUID: [UUID: Sale]] {
        var sales: [UUID: [UUID: Sale]] = [:]
        for (operatorID, claims) in Dictionary(grouping: claims, by: \.operatorID) {
            let entitlements = Array(Set(claims.map(\.report.entitlement)))
            let rows = try await transaction.all(
                store.statements["metering/find_metered"], entitlements, operatorID, now
            ) { row in
                (
                    entitlement: try row.next(UUID.self),
                    sale: Sale(
                        enterprise: try row.next(UUID.self), product: try row.next(UUID.self),
                        revision: try row.next(Int.self), since: try row.next(Date.self),
                        until: try row.next(Date?.self), suspendedAt: try row.next(Date?.self))
                )
            }
            sales[operatorID] = Dictionary(rows.map { ($0.entitlement, $0.sale) }) { first, _ in first }
        }
        return sales
    }

    // MARK: Names

    /// The uses whose names nobody had taken; the others are repeated, or another event under the same name.
    private func takeNames(
        of uses: [Use], _ outcomes: inout [Int: UsageOutcome], _ known: inout [Int: UUID], in transaction: Transaction
    ) async throws -> [Use] {
        guard !uses.isEmpty else { return [] }
        let taken = try await transaction.all(
            store.statements["metering/insert_keys"], uses.map(\.sale.enterprise), uses.map(\.claim.operatorID),
            uses.map(\.report.source), uses.map(\.report.id), uses.map(\.report.digest), uses.map(\.occurredAt),
            uses.map(\.event)
        ) { try $0.next(UUID.self) }
        guard taken.count < uses.count else { return uses }
        let own = Set(taken)
        let others = uses.filter { !own.contains($0.event) }.map { ($0.claim, $0.sale) }
        try await known.merge(knownNames(of: others, &outcomes, in: transaction)) { first, _ in first }
        return uses.filter { own.contains($0.event) }
    }

    /// The events that hold the names of claims, by place; the claims are answered by what was counted under their names.
    private func knownNames(
        of claims: [(Claim, Sale)], _ outcomes: inout [Int: UsageOutcome], in transaction: Transaction
    ) async throws -> [Int: UUID] {
        guard !claims.isEmpty else { return [:] }
        let held = try await transaction.all(
            store.statements["metering/find_keys"], claims.map(\.1.enterprise), claims.map(\.0.operatorID),
            claims.map(\.0.report.source), claims.map(\.0.report.id)
        ) { (place: try $0.next(Int.self), event: try $0.next(UUID.self), digest: try $0.next(String.self)) }
        var known: [Int: UUID] = [:]
        for name in held {
            let claim = claims[name.place - 1].0
            known[claim.place] = name.event
            outcomes[claim.place] =
                name.digest == claim.report.digest
                ? .repeated(name.event) : .refused(.anotherContent(counted: name.digest, sent: claim.report.digest))
        }
        return known
    }

    private func giveBack(_ refused: [Use], in transaction: Transaction) async throws {
        guard !refused.isEmpty else { return }
        try await transaction.execute(
            store.statements["metering/delete_keys"], refused.map(\.sale.enterprise),
            refused.map(\.claim.operatorID), refused.map(\.report.source), refused.map(\.report.id))
    }

    // MARK: Quotas

    private func debit(
        _ uses: [Use], _ outcomes: inout [Int: UsageOutcome], _ known: [Int: UUID], in transaction: Transaction,
        now: Date
    ) async throws -> [Use] {
        guard !uses.isEmpty else { return [] }
        func metered(_ use: Use) -> Metered {
            Metered(enterprise: use.sale.enterprise, entitlement: use.report.entitlement, meter: use.report.meter)
        }
        var debits = try await lockedGrants(of: Array(Set(uses.map(metered))), in: transaction, now: now)
        guard !debits.isEmpty else { return uses }
        var (counted, refused) = ([Use](), [UUID: UsageRefusal]())
        for use in uses {
            if debits[metered(use)]?.take(use.report.quantity, for: use.event) ?? true {
                counted.append(use)
            } else {
                refused[use.event] = UsageRefusal(
                    .tooMany, "data.quantity",
                    "The quota is used up: \(debits[metered(use)]?.room ?? 0) of \(use.report.meter) are left.")
                outcomes[use.claim.place] = refused[use.event].map(UsageOutcome.refused)
            }
        }
        // Also what was sent under the same name at once: nothing was counted under it.
        for (place, event) in known {
            if let refusal = refused[event] { outcomes[place] = .refused(refusal) }
        }
        try await giveBack(uses.filter { refused[$0.event] != nil }, in: transaction)
        try await record(debits, in: transaction, now: now)
        return counted
    }

    private func lockedGrants(
        of metered: [Metered], in transaction: Transaction, now: Date
    ) async throws -> [Metered: QuotaDebit] {
        let enterprises = Dictionary(metered.map { ($0.entitlement, $0.enterprise) }) { first, _ in first }
        let rows = try await transaction.all(
            store.statements["metering/lock_grants"], metered.map(\.enterprise), metered.map(\.entitlement),
            metered.map(\.meter), now
        ) { row in
            (
                entitlement: try row.next(UUID.self), meter: try row.next(String.self),
                grant: QuotaDebit.Grant(
                    id: try row.next(UUID.self), isHard: try row.next(Bool.self), isInForce: try row.next(Bool.self),
                    isWithin: try row.next(Bool.self), since: try row.next(Date.self),
                    carried: try row.next(String.self), used: try row.next(String.self),
                    room: Decimal(string: try row.next(String.self)) ?? 0)
            )
        }
        let grouped = Dictionary(grouping: rows) { row in
            Metered(
                enterprise: enterprises[row.entitlement] ?? row.entitlement, entitlement: row.entitlement,
                meter: row.meter)
        }
        return grouped.mapValues { QuotaDebit($0.map(\.grant)) }
    }

    private func record(
        _ debits: [Metered: QuotaDebit], in transaction: Transaction, now: Date
    ) async throws {
        let takes = debits.flatMap { metered, debit in debit.taken.map { (metered, $0) } }
        if !takes.isEmpty {
            try await transaction.execute(
                store.statements["metering/debit_grants"], takes.map(\.0.enterprise), takes.map(\.0.entitlement),
                takes.map(\.0.meter), takes.map(\.1.grant.id), takes.map(\.1.grant.since),
                takes.map(\.1.grant.carried), takes.map(\.1.event), takes.map { "\($0.1.quantity)" },
                takes.map(\.1.grant.used))
        }
        let exceeded = debits.filter { $0.value.isExceeded }.keys
        if !exceeded.isEmpty {
            try await transaction.execute(
                store.statements["metering/tell_exceeded"], exceeded.map(\.enterprise), exceeded.map(\.entitlement),
                exceeded.map(\.meter), now)
        }
    }

    private func insert(_ uses: [Use], in transaction: Transaction, now: Date) async throws {
        guard !uses.isEmpty else { return }
        try await transaction.execute(
            store.statements["metering/insert_events"], uses.map(\.sale.enterprise), uses.map(\.occurredAt),
            uses.map(\.event), uses.map(\.report.entitlement), uses.map(\.report.meter), uses.map(\.report.quantity),
            uses.map(\.report.bytes), uses.map(\.sale.product), uses.map(\.sale.revision), now)
    }
}
