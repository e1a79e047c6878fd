import Foundation
import Postgres

extension Billing {
    /// What recording a bank statement did.
    public struct StatementReport: Sendable, Codable, Equatable {
        public var rows = 0
        /// Rows that were known from this or another statement.
        public var known = 0
        public var recorded = 0
        /// Invoices and refunds that were settled, whole or in part.
        public var matched = 0
        public var problems: [FieldProblem] = []

        public init(rows: Int, known: Int = 0, recorded: Int = 0, matched: Int = 0, problems: [FieldProblem]) {
            self.rows = rows
            self.known = known
            self.recorded = recorded
            self.matched = matched
            self.problems = problems
        }
    }

    private static let paymentStates = ["unmatched", "over", "matched"]

    /// A payment and what its reference says it is for.
    private struct Match: Sendable {
        let payment: UUID
        let enterprise: UUID
        let invoice: UUID
        let creditNote: UUID?
    }

    /// Records what a bank statement of a party says and settles what its references name, together. The same statement
    /// again changes nothing.
    public func record(_ statement: BankStatement, of receiver: UUID, now: Date) async throws -> StatementReport {
        var report = StatementReport(rows: statement.rows.count, problems: statement.problems)
        let rows = statement.rows
        guard !rows.isEmpty else { return report }
        let ids = rows.map { _ in UUID.version7(at: now) }
        let recorded = try await locked([receiver]) { transaction in
            try await transaction.first(
                store.statements["billing/insert_payments"], receiver, ids, rows.map(\.digest), rows.map(\.day),
                rows.map(\.amount), rows.map(\.currency), rows.map(\.payer), rows.map(\.reference), now
            ) { try $0.next(Int.self) } ?? 0
        }
        report.recorded = recorded
        report.known = rows.count - recorded
        // Money that is recorded and not yet matched is a state of its own: a stop between the two loses nothing, and the
        // statement sent again matches what was left.
        report.matched = try await matchByReference(of: receiver, now: now)
        return report
    }

    private func matchByReference(of receiver: UUID, now: Date) async throws -> Int {
        let matches = try await store.database.all(store.statements["billing/list_matches"], receiver) { row in
            let (payment, enterprise) = (try row.next(UUID.self), try row.next(UUID.self))
            return Match(
                payment: payment, enterprise: enterprise, invoice: try row.next(UUID.self),
                creditNote: try row.next(UUID?.self))
        }
        var settled = 0
        for part in stride(from: 0, to: matches.count, by: 200).map({ matches[$0..<min($0 + 200, matches.count)] }) {
            settled += try await locked([receiver] + part.map(\.enterprise)) { transaction in
                var settled = 0
                for match in part where try await settle(match, of: receiver, by: nil, in: transaction, now: now) {
                    settled += 1
                }
                return settled
            }
        }
        return settled
    }

    /// - Returns: whether anything was left to settle.
    private func settle(_ match: Match, of receiver: UUID, by party: UUID?, in transaction: Transaction, now: Date)
        async throws -> Bool
    {
        let amount = try await transaction.first(
            match.creditNote == nil
                ? store.statements["billing/match_payment"] : store.statements["billing/match_refund"],
            match.enterprise, match.creditNote ?? match.invoice, receiver, match.payment, UUID.version7(at: now), party,
            now
        ) { try $0.next(Int64.self) }
        return amount != nil
    }

    /// Settles an invoice (`INV-000123`) or a refund (`CN-000004`) with a payment, by hand.
    public func match(_ payment: UUID, with number: String, by account: Account, now: Date) async throws {
        let receiver = account.role == .administrator ? nil : account.partyID
        let owner = try await store.database.first(store.statements["billing/find_payment"], receiver, payment) {
            try $0.next(UUID.self)
        }
        guard let owner else { throw BillingError.unknownPayment }
        guard let named = number.wholeMatch(of: /(INV|CN)-?([0-9]{1,18})/), let place = Int64(named.2) else {
            throw InvalidInput("number", "'\(number.prefix(40))' is not a number like INV-000123 or CN-000004.")
        }
        let found = try await store.database.first(
            store.statements["billing/find_invoice_by_number"], owner, named.1 == "INV" ? "invoice" : "credit_note",
            place
        ) { row in
            let (enterprise, invoice) = (try row.next(UUID.self), try row.next(UUID.self))
            return Match(
                payment: payment, enterprise: enterprise, invoice: invoice, creditNote: try row.next(UUID?.self))
        }
        guard let found else { throw BillingError.unknownInvoice }
        let settled = try await locked([owner, found.enterprise]) { transaction in
            try await settle(found, of: owner, by: account.partyID, in: transaction, now: now)
        }
        guard settled else { throw BillingError.noMatch }
    }

    /// Payments that an operator received, or everyone, newest first. `over` means that something is left of it.
    public func payments(seenBy account: Account, state: String?, cursor: String?, limit: Int?) async throws
        -> JSONDocument
    {
        if let state, !Self.paymentStates.contains(state) {
            throw InvalidInput("state", "A state is one of \(Self.paymentStates.joined(separator: ", ")).")
        }
        let request = try PageRequest(
            query: "payments \(account.partyID) \(account.role) \(state ?? "")", key: [.id], cursor: cursor,
            limit: limit)
        let receiver = account.role == .administrator ? nil : account.partyID
        return try await store.page(
            "billing/list_payments", receiver, state, request.cursor?.key, request: request
        ).json()
    }
}
