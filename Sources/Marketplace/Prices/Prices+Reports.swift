import Foundation
import Postgres

/// What an operator states for its yearly report on guided prices; amounts in minor units.
public struct PriceStatement: Sendable, Codable {
    public var currency: String
    /// Cost of operation, and what of it was subsidised.
    public var costMinor: Int64
    public var subsidiesMinor: Int64
    /// Taxes besides VAT.
    public var taxMinor: Int64
    /// Excess income of the cycle before, which is deducted.
    public var deductedMinor: Int64?
    /// Profit as a part of the cost net of subsidies, such as 0.05.
    public var profitRate: Decimal
    /// The year of the cost survey; the year reported on when absent.
    public var surveyedIn: Int?
    public var adjustments: String?

    enum CodingKeys: String, CodingKey {
        case currency, adjustments
        case costMinor = "cost_minor"
        case subsidiesMinor = "subsidies_minor"
        case taxMinor = "tax_minor"
        case deductedMinor = "deducted_minor"
        case profitRate = "profit_rate"
        case surveyedIn = "surveyed_in"
    }

    public init(
        currency: String = "CNY", cost: Int64, subsidies: Int64, tax: Int64, deducted: Int64? = nil,
        profitRate: Decimal, surveyedIn: Int? = nil, adjustments: String? = nil
    ) {
        (self.currency, costMinor, subsidiesMinor, taxMinor) = (currency, cost, subsidies, tax)
        (deductedMinor, self.profitRate, self.surveyedIn) = (deducted, profitRate, surveyedIn)
        self.adjustments = adjustments
    }

    func check() throws {
        guard currency.wholeMatch(of: /[A-Z]{3}/) != nil else {
            throw InvalidInput("currency", "A currency is three capital letters, such as CNY.")
        }
        let largest: Int64 = 999_999_999_999_999
        for (amount, field) in [
            (costMinor, "cost_minor"), (subsidiesMinor, "subsidies_minor"), (taxMinor, "tax_minor"),
            (deductedMinor ?? 0, "deducted_minor"),
        ] {
            guard (0...largest).contains(amount) else {
                throw InvalidInput(field, "An amount is 0 or more, and below 10^15 minor units.")
            }
        }
        guard subsidiesMinor <= costMinor else {
            throw InvalidInput("subsidies_minor", "Subsidies are not above the cost.")
        }
        guard !profitRate.isNaN, profitRate >= 0 else { throw InvalidInput("profit_rate", "A rate is 0 or more.") }
        guard surveyedIn.map(Prices.years.contains) ?? true else {
            throw InvalidInput("surveyed_in", "A year is 2000 to 2998.")
        }
        if let adjustments { try ProductListing.checkText(adjustments, "adjustments", limit: 2_000) }
    }
}

/// The yearly report: revenue held against what is allowed by cost, profit and tax.
extension Prices {
    static let years = 2000...2998

    /// States the inputs of a report; stating them again replaces them.
    /// - Throws: `InvalidInput` also when the profit is above what the policies allow, or no policy says the yield.
    /// - Returns: the report.
    public func state(_ statement: PriceStatement, for year: Int, by party: UUID, now: Date) async throws
        -> JSONDocument
    {
        try Self.check(year)
        try statement.check()
        let surveyed = statement.surveyedIn ?? year
        let limits = try await store.database.first(store.statements["prices/find_profit_rate"], surveyed) {
            (yield: try $0.next(String?.self), margin: try $0.next(String?.self))
        }
        guard let yield = limits?.yield.flatMap({ Decimal(string: $0) }) else {
            throw InvalidInput(
                "surveyed_in", "No policy says the average treasury yield of \(surveyed - 1) (treasury_yield).")
        }
        guard let margin = limits?.margin.flatMap({ Decimal(string: $0) }) else {
            throw InvalidInput(
                "surveyed_in", "No policy says the points above the yield in \(surveyed) (profit_margin).")
        }
        guard statement.profitRate <= yield + margin else {
            throw InvalidInput(
                "profit_rate",
                "At most \(yield + margin): the average treasury yield of \(surveyed - 1), \(yield), and \(margin).")
        }
        try await store.database.execute(
            store.statements["prices/upsert_statement"], party, year, statement.currency, statement.costMinor,
            statement.subsidiesMinor, statement.taxMinor, statement.deductedMinor ?? 0, "\(statement.profitRate)",
            surveyed, statement.adjustments, now)
        return try await reports(of: year, operator: party, cursor: nil, limit: nil)
    }

    /// - Parameter party: whose report; nil for every operator's, by code.
    public func reports(of year: Int, operator party: UUID?, cursor: String?, limit: Int?) async throws
        -> JSONDocument
    {
        try Self.check(year)
        let request = try PageRequest(query: "price reports of \(year)", key: [.code], cursor: cursor, limit: limit)
        return try await store.page("prices/list_reports", year, party, request.cursor?.key, request: request)
            .json(head: "\"year\":\(year),")
    }

    private static func check(_ year: Int) throws {
        guard years.contains(year) else { throw InvalidInput("year", "A year is 2000 to 2998.") }
    }
}
