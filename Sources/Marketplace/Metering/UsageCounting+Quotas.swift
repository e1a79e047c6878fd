import Foundation
import Postgres

extension UsageCounting {
    /// The uses that quotas hold, which are taken from them; the others are refused, and their names are free again.
    func debit(
        _ uses: [Use], _ outcomes: inout [Int: UsageOutcome], _ known: [Int: UUID], in transaction: Transaction,
        now: Date
    ) async throws -> [Use] {
        guard !uses.isEmpty else { return [] }
        func metered(_ use: Use, _ count: Meter.Count) -> Metered {
            Metered(enterprise: use.sale.enterprise, entitlement: use.report.entitlement, meter: count.meter)
        }
        let all = Set(uses.flatMap { use in use.counts.map { metered(use, $0) } })
        var debits = try await lockedGrants(of: Array(all), in: transaction, now: now)
        guard !debits.isEmpty else { return uses }
        var (counted, refused) = ([Use](), [UUID: UsageRefusal]())
        for use in uses {
            let tooMuch = use.counts.first { !(debits[metered(use, $0)]?.holds($0.quantity) ?? true) }
            guard let tooMuch else {
                for count in use.counts { debits[metered(use, count)]?.take(count.quantity, for: use.event) }
                counted.append(use)
                continue
            }
            let refusal = UsageRefusal(
                .tooMany, tooMuch.field,
                "The quota is used up: \(debits[metered(use, tooMuch)]?.room ?? 0) of \(tooMuch.meter) are left.")
            refused[use.event] = refusal
            outcomes[use.claim.place] = .refused(refusal)
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
}
