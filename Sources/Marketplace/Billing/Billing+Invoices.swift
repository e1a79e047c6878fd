import Foundation
import Postgres

/// What is given back of an invoice.
public struct CreditRequest: Sendable {
    /// The line it is about; nil: the whole invoice.
    public let line: Int?
    /// The gross amount in minor units; nil: all that is left.
    public let amount: Int64?
    public let reason: String

    /// - Throws: `InvalidInput` that names the member.
    public init(line: Int?, amount: Int64?, reason: String) throws {
        if let line, !(1...1_000_000).contains(line) { throw InvalidInput("line", "A line's number counts from 1.") }
        if let amount, amount < 1 { throw InvalidInput("amount_minor", "The amount is at least one minor unit.") }
        self.line = line
        self.amount = amount
        self.reason = reason
    }
}

/// Where an invoice lies, for one who may see it.
public struct InvoicePlace: Sendable {
    public let id: UUID
    public let enterprise: UUID
    public let issuer: UUID
    public let state: String
    public let purchase: UUID
}

extension Billing {
    private static let states = ["draft", "issued", "paid", "void"]

    /// Invoices that an account may see, newest first: a buyer's own once issued, those an operator issued, or all.
    public func invoices(seenBy account: Account, state: String?, cursor: String?, limit: Int?) async throws
        -> JSONDocument
    {
        if let state, !Self.states.contains(state) {
            throw InvalidInput("state", "A state is one of \(Self.states.joined(separator: ", ")).")
        }
        let request = try PageRequest(
            query: "invoices \(account.partyID) \(account.role) \(state ?? "")", key: [.id], cursor: cursor,
            limit: limit)
        let (buyer, issuer) = Self.view(of: account)
        return try await store.page(
            "billing/list_invoices", buyer, issuer, state, request.cursor?.key, request: request
        ).json()
    }

    /// - Throws: `BillingError.unknownInvoice` unless the account may see it.
    public func place(of id: UUID, seenBy account: Account) async throws -> InvoicePlace {
        let (buyer, issuer) = Self.view(of: account)
        let place = try await store.database.first(
            store.statements["billing/find_invoice_place"], id, buyer, issuer
        ) { row in
            let (enterprise, issuer) = (try row.next(UUID.self), try row.next(UUID.self))
            return InvoicePlace(
                id: id, enterprise: enterprise, issuer: issuer, state: try row.next(String.self),
                purchase: try row.next(UUID.self))
        }
        guard let place else { throw BillingError.unknownInvoice }
        return place
    }

    /// An invoice with lines, usage, credit notes and payments.
    public func invoice(_ id: UUID, seenBy account: Account) async throws -> JSONDocument {
        try await invoice(at: place(of: id, seenBy: account))
    }

    func invoice(at place: InvoicePlace) async throws -> JSONDocument {
        let document = try await store.database.first(
            store.statements["billing/find_invoice"], place.enterprise, place.id
        ) { JSONDocument(text: try $0.next(String.self)) }
        guard let document else { throw BillingError.unknownInvoice }
        return document
    }

    /// The next lines of the export of the events behind an invoice, and where to go on; nil at the end.
    public func usage(behind place: InvoicePlace, after line: String?) async throws -> (lines: [String], next: String?)
    {
        let limit = 5_000
        let ranges = try await store.database.all(
            store.statements["billing/list_usage_ranges"], place.enterprise, place.id, lane: .read
        ) { (entitlement: try $0.next(UUID.self), first: try $0.next(Date.self), last: try $0.next(Date.self)) }
        // Dates are not exact to the microsecond.
        let reach = UsageReach(
            ranges.map { (place.enterprise, $0.entitlement) }, ranges.map { ($0.first - 0.001, $0.last + 0.001) })
        let lines = try await recalls.reading(reach) {
            try await store.database.all(
                store.statements["billing/list_usage"], place.enterprise, place.id, line, limit, lane: .report
            ) { try $0.next(String.self) }
        }
        return (lines, lines.count == limit ? lines.last : nil)
    }

    /// Issues a draft. - Throws: `BillingError.noDraft`.
    public func issue(_ id: UUID, by account: Account, now: Date) async throws -> JSONDocument {
        let place = try await place(of: id, seenBy: account)
        let issued = try await locked([place.enterprise]) { transaction in
            try await issue([place.enterprise], one: id, in: transaction, now: now)
        }
        guard issued == 1 else { throw BillingError.noDraft }
        return try await invoice(at: place)
    }

    /// Gives up a draft, or gives back an issued invoice as a whole.
    public func void(_ id: UUID, reason: String, by account: Account, now: Date) async throws -> JSONDocument {
        let place = try await place(of: id, seenBy: account)
        switch place.state {
        case "paid": throw BillingError.settledBefore
        case "issued":
            return try await credit(
                id, CreditRequest(line: nil, amount: nil, reason: reason), by: account, key: IdempotencyKey("void"),
                body: Array(reason.utf8), now: now
            ).invoice
        default: break
        }
        let voided = try await store.database.first(
            store.statements["billing/void_draft"], place.enterprise, id, reason, now
        ) { try $0.next(UUID.self) }
        guard voided != nil else { throw BillingError.noDraft }
        return try await invoice(at: place)
    }

    /// Gives back of an invoice. A refund of all that a purchase cost ends it.
    /// - Parameters: key, body: the same key and body answer again without giving back a second time.
    /// - Returns: the invoice as it stands then.
    public func credit(
        _ id: UUID, _ request: CreditRequest, by account: Account, key: IdempotencyKey, body: [UInt8], now: Date
    ) async throws -> (invoice: JSONDocument, repeated: Bool) {
        let place = try await place(of: id, seenBy: account)
        let digest = SHA256.digest(body)
        let outcome = try await locked([place.enterprise]) { transaction in
            let earlier = try await transaction.first(
                store.statements["billing/find_credit_command"], place.enterprise, id, key.text
            ) { try $0.next([UInt8].self) }
            if let earlier { return earlier == digest ? CreditOutcome.repeated : .keyUsed }
            let given = try await transaction.first(
                store.statements["billing/credit_invoice"], place.enterprise, id, request.line, request.amount,
                UUID.version7(at: now), account.partyID, request.reason, now, key.text, digest
            ) { row in
                _ = try row.next(UUID.self)
                return (refund: try row.next(Int64.self), isWhole: try row.next(Bool.self))
            }
            guard let given else { return .refused }
            if given.isWhole, given.refund > 0 {
                try await endRefunded(place, reason: request.reason, by: account.partyID, in: transaction, now: now)
            }
            return .given
        }
        switch outcome {
        case .keyUsed: throw PurchaseError.keyUsedForAnother
        case .refused: throw try await whyNotCredited(request, at: place)
        case .given, .repeated: return (try await invoice(at: place), outcome == .repeated)
        }
    }

    /// Ends the purchase, if it still runs, and gives up its drafts.
    private func endRefunded(
        _ place: InvoicePlace, reason: String, by party: UUID, in transaction: Transaction, now: Date
    ) async throws {
        do {
            try await purchases.end(
                place.purchase, of: place.enterprise, as: .refunded, by: party, reason: reason, in: transaction,
                now: now)
        } catch PurchaseError.notNow {}
        try await transaction.execute(
            store.statements["billing/void_drafts"], place.enterprise, place.id, reason, now)
    }

    private enum CreditOutcome { case given, repeated, keyUsed, refused }

    private func whyNotCredited(_ request: CreditRequest, at place: InvoicePlace) async throws -> BillingError {
        let document = try await invoice(at: place)
        let invoice = try JSONDecoder().decode(CreditableInvoice.self, from: Data(document.text.utf8))
        guard ["issued", "paid"].contains(invoice.state) else { return .nothingOwed(state: invoice.state) }
        if let line = request.line, !invoice.lines.contains(where: { $0.number == line }) { return .unknownLine(line) }
        return .aboveWhatIsLeft
    }

    private struct CreditableInvoice: Decodable {
        let state: String
        let lines: [Line]
        struct Line: Decodable { let number: Int }
    }

    /// Nil stands for everyone: the administration sees all.
    static func view(of account: Account) -> (buyer: UUID?, issuer: UUID?) {
        switch account.role {
        case .enterprise: (account.partyID, nil)
        case .administrator: (nil, nil)
        case .operator, .analyst: (nil, account.partyID)
        }
    }
}
