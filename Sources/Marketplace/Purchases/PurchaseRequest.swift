import Foundation

/// What an enterprise says to accept an offer, or to ask for one that needs approval.
public struct PurchaseRequest: Sendable {
    public let offer: String
    public var statement: UseStatement

    public init(offer: String, purpose: String) {
        self.init(offer: offer, statement: UseStatement(purpose: purpose))
    }

    public init(offer: String, statement: UseStatement) {
        (self.offer, self.statement) = (offer, statement)
    }
}

/// What the buyer states of the use: what for, where, from when until when, how long the data is kept.
public struct UseStatement: Sendable {
    public var purpose: String
    /// What the data is used for, in words.
    public var scope: String?
    /// A code of GB/T 2260.
    public var place: String?
    public var since: Date?
    public var until: Date?
    public var retentionDays: Int?
    /// What the enterprise declares to hold, as the offer's condition names it.
    public var qualifications: [String]?

    public init(
        purpose: String, scope: String? = nil, place: String? = nil, since: Date? = nil, until: Date? = nil,
        retentionDays: Int? = nil, qualifications: [String]? = nil
    ) {
        (self.purpose, self.scope, self.place, self.since, self.until) = (purpose, scope, place, since, until)
        (self.retentionDays, self.qualifications) = (retentionDays, qualifications)
    }

    /// What cannot be right whatever the offer says.
    var malformed: [FieldProblem] {
        var problems: [FieldProblem] = []
        if let place, place.wholeMatch(of: /[0-9]{6}/) == nil {
            problems.append(.init("place", "A place is six digits, a code of GB/T 2260 such as 350100."))
        }
        if let retentionDays, !(1...36_500).contains(retentionDays) {
            problems.append(.init("retention_days", "Data is kept for 1 to 36500 days."))
        }
        if let scope, scope.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty {
            problems.append(.init("scope", "This member is empty."))
        }
        if let qualifications, qualifications.isEmpty {
            problems.append(.init("qualifications", "Name at least one qualification, or leave this member out."))
        }
        return problems
    }
}

/// What somebody who decides on a request says.
public struct RequestDecision: Sendable {
    public enum Kind: String, Sendable, CaseIterable { case approve, reject, `return` }

    public let kind: Kind
    public let reason: String
    /// The code of a party without an account that an administration decides for, and on what basis.
    public let party: String?
    public let basis: String?

    /// - Throws: `InvalidInput` when the reason is blank, or one of party and basis is missing.
    public init(_ kind: Kind, reason: String, party: String? = nil, basis: String? = nil) throws {
        try ProductListing.checkText(reason, "reason", limit: 2_000)
        guard (party == nil) == (basis == nil) else {
            throw InvalidInput(
                party == nil ? "party" : "basis", "Who decides for another party names it and states the basis.")
        }
        if let basis { try ProductListing.checkText(basis, "basis", limit: 2_000) }
        (self.kind, self.reason, self.party, self.basis) = (kind, reason, party, basis)
    }
}

/// Why a purchase ended.
public enum PurchaseEnd: String, Sendable { case expired, cancelled, terminated, refunded }

/// When a cancellation takes effect on an active purchase.
public enum CancellationTime: String, Sendable, CaseIterable {
    /// At the end of the trial, of the billing period, or of the whole term where the price is paid once or nothing.
    case periodEnd = "period_end"
    case atOnce = "at_once"
}
