import Foundation
import Postgres

/// Government-guided prices: their ceilings, and the yearly report that holds the revenue against what is allowed.
public struct Prices: Sendable {
    let store: Store

    /// Records a ceiling; the one that is in force on its first day ends there. The product's operator is told.
    /// - Returns: the ceiling, with the offers that lie above it.
    public func record(_ ceiling: PriceCeiling, of product: String, by party: UUID, now: Date) async throws
        -> JSONDocument
    {
        try ceiling.check()
        do {
            return try await store.database.withTransaction { transaction in
                let place = try await place(of: ceiling, product: product, in: transaction)
                try await transaction.execute(
                    store.statements["prices/end_ceiling"], place.product, ceiling.unit, ceiling.currency, ceiling.since
                )
                let id = UUID.version7(at: now)
                try await transaction.execute(
                    store.statements["prices/insert_ceiling"], id, place.product, ceiling.unit,
                    "\(ceiling.ceilingMinor)", ceiling.currency, ceiling.approval, place.authority, ceiling.since,
                    ceiling.until, ceiling.isTrial ?? false, party, now)
                let document = try await transaction.first(store.statements["prices/tell_of_ceiling"], id, now) {
                    JSONDocument(text: try $0.next(String.self))
                }
                guard let document else { throw RowMissing(statement: "prices/tell_of_ceiling") }
                return document
            }
        } catch let error as PostgresError where error.isExclusionViolation {
            throw PriceError.ceilingOverlaps(unit: ceiling.unit, since: ceiling.since)
        }
    }

    /// Ceilings of a product, the last recorded first. Those of a listed product are public.
    public func ceilings(
        of product: String, reader: UUID?, seesAll: Bool, cursor: String?, limit: Int?, now: Date
    ) async throws -> JSONDocument {
        let request = try PageRequest(query: "ceilings of \(product)", key: [.id], cursor: cursor, limit: limit)
        let isReadable = try await store.database.first(
            store.statements["prices/find_readable"], product, reader, seesAll
        ) { try $0.next(Bool.self) }
        guard isReadable == true else { throw CatalogError.unknownProduct(product) }
        return try await store.page(
            "prices/list_ceilings", product, now, request.cursor?.key, request: request
        ).json()
    }

    /// What the ceiling is for. - Throws: a refusal that names what there is not.
    private func place(of ceiling: PriceCeiling, product: String, in transaction: Transaction) async throws -> (
        product: UUID, authority: UUID
    ) {
        let found = try await transaction.first(
            store.statements["prices/find_place"], product, ceiling.authority, ceiling.unit, ceiling.since
        ) { row in
            (
                product: try row.next(UUID?.self), authority: try row.next(UUID?.self), unit: try row.next(Bool.self),
                last: try row.next(String?.self)
            )
        }
        guard let found, let product = found.product else { throw PriceError.unknownProduct(product) }
        guard let authority = found.authority else {
            throw InvalidInput("authority", "No party has the code \(ceiling.authority).")
        }
        guard found.unit else {
            throw InvalidInput("unit", "A unit is product, month, quarter, year, or the code of a meter.")
        }
        guard let last = found.last else {
            throw InvalidInput("since", "No policy says on that day how long a ceiling may hold (price_review).")
        }
        guard ceiling.until <= last else {
            throw InvalidInput("until", "A ceiling that begins on \(ceiling.since) ends on \(last) at the latest.")
        }
        return (product, authority)
    }
}

/// What a product may cost at most, as an authority approved it.
public struct PriceCeiling: Sendable, Codable {
    /// `product` (a purchase), `month`, `quarter`, `year` (a billing period), or a meter (a unit of it).
    public var unit: String
    /// In minor units without tax; a unit of a meter may cost a fraction of one.
    public var ceilingMinor: Decimal
    public var currency: String
    /// The number of the authority's document.
    public var approval: String
    /// The code of the authority.
    public var authority: String
    /// The first and the last day, such as `2026-01-01`.
    public var since: String
    public var until: String
    public var isTrial: Bool?

    enum CodingKeys: String, CodingKey {
        case unit, currency, approval, authority, since, until
        case ceilingMinor = "ceiling_minor"
        case isTrial = "is_trial"
    }

    public init(
        unit: String, ceilingMinor: Decimal, currency: String, approval: String, authority: String, since: String,
        until: String, isTrial: Bool? = nil
    ) {
        (self.unit, self.ceilingMinor, self.currency, self.approval) = (unit, ceilingMinor, currency, approval)
        (self.authority, self.since, self.until, self.isTrial) = (authority, since, until, isTrial)
    }

    func check() throws {
        try ProductListing.checkText(unit, "unit", limit: 40)
        try ProductListing.checkText(approval, "approval", limit: 200)
        try ProductListing.checkText(authority, "authority", limit: 40)
        guard !ceilingMinor.isNaN, ceilingMinor >= 0, ceilingMinor < 1_000_000_000_000_000 else {
            throw InvalidInput("ceiling_minor", "A ceiling is 0 or more, and below 10^15 minor units.")
        }
        guard currency.wholeMatch(of: /[A-Z]{3}/) != nil else {
            throw InvalidInput("currency", "A currency is three capital letters, such as CNY.")
        }
        try checkDay(since, "since")
        try checkDay(until, "until")
        guard since <= until else { throw InvalidInput("until", "The last day lies before the first.") }
    }
}

public enum PriceError: MarketplaceError {
    case unknownProduct(String)
    case ceilingOverlaps(unit: String, since: String)
    case aboveCeiling(String, [FieldProblem])

    public var code: RefusalCode {
        switch self {
        case .unknownProduct: .notFound
        case .ceilingOverlaps, .aboveCeiling: .conflict
        }
    }

    public var message: String {
        switch self {
        case .unknownProduct(let code): "No product has the code \(code)."
        case .ceilingOverlaps(let unit, let since):
            "A ceiling for \(unit) that begins on or after \(since) is recorded already; begin later or end before it."
        case .aboveCeiling(let code, let problems):
            "The offer \(code) lies above a ceiling: " + problems.map(\.reason).joined(separator: "; ") + "."
        }
    }

    public var field: String? {
        switch self {
        case .unknownProduct: nil
        case .ceilingOverlaps: "since"
        case .aboveCeiling(_, let problems): problems.first?.field
        }
    }

    public var problems: [FieldProblem] { if case .aboveCeiling(_, let problems) = self { problems } else { [] } }
}
