import Foundation
import Postgres

/// Counts reported uses: the names, the events, the totals, what is taken from quotas and the notices are one transaction.
struct UsageCounting: Sendable {
    let store: Store

    /// A report as it arrived.
    struct Submitted: Sendable {
        let report: UsageReport
        let operatorID: UUID
        let now: Date
    }

    /// A report of an operator, with its place in what is answered.
    struct Claim: Sendable {
        let place: Int
        let report: UsageReport
        let operatorID: UUID
    }

    struct Sale: Sendable {
        let enterprise: UUID
        let product: UUID
        let revision: Int
        let since: Date
        let until: Date?
        let suspendedAt: Date?
    }

    /// A use that can be counted, unless its name is taken or its quota is used up.
    struct Use: Sendable {
        let claim: Claim
        let sale: Sale
        let event: UUID
        let occurredAt: Date
        /// One for each meter.
        let counts: [Meter.Count]
        var report: UsageReport { claim.report }
    }

    struct Metered: Hashable {
        let enterprise: UUID
        let entitlement: UUID
        let meter: String
    }

    /// A clock may go ahead by this many seconds.
    private static let clockDifference: TimeInterval = 300

    /// What became of each report, in their order. They came within moments: all are counted as of the last.
    func outcomes(of submitted: [Submitted]) async throws -> [UsageOutcome] {
        let claims = submitted.enumerated().map { place, one in
            Claim(place: place, report: one.report, operatorID: one.operatorID)
        }
        let outcomes = try await count(claims, now: submitted.map(\.now).max() ?? Date())
        return try claims.map { claim in
            guard let outcome = outcomes[claim.place] else { throw RowMissing(statement: "metering/find_keys") }
            return outcome
        }
    }

    /// - Returns: what became of each claim, by its place.
    func count(_ claims: [Claim], now: Date) async throws -> [Int: UsageOutcome] {
        try await store.database.withTransaction { transaction in
            var outcomes: [Int: UsageOutcome] = [:]
            var (uses, refused) = ([Use](), [(Claim, Sale)]())
            let meters = try await meters(of: claims, in: transaction)
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
        of claim: Claim, sales: [UUID: [UUID: Sale]], meters: [String: [Meter]], now: Date
    ) -> Result<Use, UsageRefusal> {
        let report = claim.report
        let occurredAt = report.occurredAt ?? now
        var unknown: UsageRefusal { .init(.invalid, "type", "No meter counts events of the type '\(report.type)'.") }
        guard let known = meters[report.type] else { return .failure(unknown) }
        guard let sale = sales[claim.operatorID]?[report.entitlement] else {
            return .failure(.init(.notFound, "subject", "You sold no such entitlement."))
        }
        let counting = known.filter { $0.product == nil || $0.product == sale.product }
        guard let acceptedFor = counting.map(\.acceptedFor).min() else { return .failure(unknown) }
        guard occurredAt <= now.addingTimeInterval(Self.clockDifference) else {
            return .failure(.init(.invalid, "time", "The use lies in the future."))
        }
        guard occurredAt >= now.addingTimeInterval(-acceptedFor) else {
            return .failure(
                .init(
                    .unprocessable, "time",
                    "The use is reported too late: its meter takes uses of the last \(Int(acceptedFor / 3600)) hours."
                ))
        }
        guard sale.since <= occurredAt, sale.until.map({ occurredAt < $0 }) ?? true else {
            return .failure(.init(.forbidden, "subject", "The entitlement was not in force when this was used."))
        }
        guard sale.suspendedAt.map({ occurredAt < $0 }) ?? true else {
            return .failure(.init(.forbidden, "subject", "The entitlement was suspended when this was used."))
        }
        var counts: [Meter.Count] = []
        for meter in counting {
            do { counts.append(try meter.count(report.data)) } catch { return .failure(error) }
        }
        // By its time an event is found again.
        return .success(
            Use(
                claim: claim, sale: sale, event: .version7(at: occurredAt, knownAt: now), occurredAt: occurredAt,
                counts: counts))
    }

    private func meters(of claims: [Claim], in transaction: Transaction) async throws -> [String: [Meter]] {
        let meters = try await transaction.all(
            store.statements["metering/list_counting"], Array(Set(claims.map(\.report.type))), as: Meter.init(row:))
        return Dictionary(grouping: meters, by: \.eventType)
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
        let late = try await transaction.all(
            store.statements["metering/insert_keys"], uses.map(\.sale.enterprise), uses.map(\.report.name),
            uses.map(\.report.digest), uses.map(\.occurredAt), uses.map(\.event)
        ) { try $0.next(UUID.self) }
        guard !late.isEmpty else { return uses }
        let held = Set(late)
        let others = uses.filter { held.contains($0.event) }.map { ($0.claim, $0.sale) }
        try await known.merge(knownNames(of: others, &outcomes, in: transaction)) { first, _ in first }
        return uses.filter { !held.contains($0.event) }
    }

    /// The events that hold the names of claims, by place; the claims are answered by what was counted under their names.
    private func knownNames(
        of claims: [(Claim, Sale)], _ outcomes: inout [Int: UsageOutcome], in transaction: Transaction
    ) async throws -> [Int: UUID] {
        guard !claims.isEmpty else { return [:] }
        let held = try await transaction.all(
            store.statements["metering/find_keys"], claims.map(\.1.enterprise), claims.map(\.0.report.name)
        ) { (place: try $0.next(Int.self), event: try $0.next(UUID.self), digest: try $0.next([UInt8].self)) }
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

    func giveBack(_ refused: [Use], in transaction: Transaction) async throws {
        guard !refused.isEmpty else { return }
        try await transaction.execute(
            store.statements["metering/delete_keys"], refused.map(\.sale.enterprise),
            refused.map(\.report.name))
    }

    private func insert(_ uses: [Use], in transaction: Transaction, now: Date) async throws {
        guard !uses.isEmpty else { return }
        let rows = uses.flatMap { use in use.counts.map { (use: use, count: $0) } }
        try await transaction.execute(
            store.statements["metering/insert_events"], rows.map(\.use.sale.enterprise), rows.map(\.use.occurredAt),
            rows.map(\.use.event), rows.map(\.use.report.entitlement), rows.map(\.count.meter),
            rows.map(\.count.written), rows.map(\.use.report.bytes), rows.map(\.use.sale.product),
            rows.map(\.use.sale.revision), rows.map(\.count.dimensions), rows.map(\.count.value),
            rows.map(\.use.report.source), rows.map(\.use.report.id), now)
    }
}
