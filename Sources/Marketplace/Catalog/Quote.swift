import Foundation
import Postgres

/// A stated use of which a reader asks what it would cost.
public struct QuoteRequest: Sendable, Codable {
    /// Quantities by meter: the same in each period, or those of each period.
    public enum Usage: Sendable, Codable {
        case each([String: Decimal])
        case listed([[String: Decimal]])

        public init(from decoder: any Decoder) throws {
            if var list = try? decoder.unkeyedContainer() {
                var periods: [[String: Decimal]] = []
                while !list.isAtEnd { periods.append(try list.decode([String: Decimal].self)) }
                self = .listed(periods)
            } else {
                self = .each(try decoder.singleValueContainer().decode([String: Decimal].self))
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .each(let usage): try container.encode(usage)
            case .listed(let periods): try container.encode(periods)
            }
        }
    }

    /// How many billing periods; one when absent, or as many as usage lists.
    public var periods: Int?
    public var usage: Usage?
    /// The use of the trial, which comes before the first period.
    public var trial: [String: Decimal]?

    public init(periods: Int? = nil, usage: Usage? = nil, trial: [String: Decimal]? = nil) {
        (self.periods, self.usage, self.trial) = (periods, usage, trial)
    }

    static let mostPeriods = 120

    /// One period as the statement takes it.
    struct Period: Encodable {
        let trial: Bool
        let usage: [String: Decimal]
    }

    /// The stated periods in order. - Throws: `InvalidInput` that names the member.
    func stated() throws -> [Period] {
        guard (1...Self.mostPeriods).contains(periods ?? 1) else {
            throw InvalidInput("periods", "A quote is of 1 to \(Self.mostPeriods) periods.")
        }
        var all = try trial.map { [Period(trial: true, usage: try Self.checked($0, "trial"))] } ?? []
        switch usage {
        case .listed(let list):
            guard (1...Self.mostPeriods).contains(list.count), periods ?? list.count == list.count else {
                throw InvalidInput("usage", "The list has as many uses as there are periods, 1 to \(Self.mostPeriods).")
            }
            all += try list.enumerated().map {
                Period(trial: false, usage: try Self.checked($0.element, "usage[\($0.offset)]"))
            }
        case .each(let usage):
            let period = Period(trial: false, usage: try Self.checked(usage, "usage"))
            all += Array(repeating: period, count: periods ?? 1)
        case nil:
            all += Array(repeating: Period(trial: false, usage: [:]), count: periods ?? 1)
        }
        return all
    }

    private static func checked(_ usage: [String: Decimal], _ field: String) throws -> [String: Decimal] {
        for (meter, quantity) in usage.sorted(by: { $0.key < $1.key }) {
            let name = "\(field).\(meter.prefix(100))"
            guard !quantity.isNaN, quantity >= 0 else { throw InvalidInput(name, "A quantity is 0 or above.") }
            guard quantity < ProductListing.Offer.largestQuantity else {
                throw InvalidInput(name, "A quantity is below 10^15.")
            }
        }
        return usage
    }
}

extension Catalog {
    /// What a stated use of an offer would cost, by the rating that invoices use; nothing is recorded.
    /// - Throws: `CatalogError.unknownOffer` when the reader may not accept such an offer now; `InvalidInput`.
    public func quote(_ code: String, _ request: QuoteRequest, for enterprise: UUID?, now: Date) async throws
        -> JSONDocument
    {
        let periods = try request.stated()
        try await checkMeters(of: request)
        let stated = String(decoding: try JSONEncoder().encode(periods), as: UTF8.self)
        do {
            let quote = try await store.database.first(
                store.statements["catalog/quote_offer"], code, enterprise, now, stated
            ) {
                (
                    hasTrial: try $0.next(Bool.self), isPeriodic: try $0.next(Bool.self),
                    document: JSONDocument(text: try $0.next(String.self))
                )
            }
            guard let quote else { throw CatalogError.unknownOffer(code) }
            guard quote.hasTrial || request.trial == nil else {
                throw InvalidInput("trial", "This offer has no trial.")
            }
            guard quote.isPeriodic || periods.count == 1 else {
                throw InvalidInput("periods", "This offer is paid once: a quote is of one period.")
            }
            return quote.document
        } catch let error as PostgresError where error.sqlState == "22003" {
            throw InvalidInput("usage", "The amount is more than the market can state.")
        }
    }

    private func checkMeters(of request: QuoteRequest) async throws {
        var members: [(meter: String, field: String)] = (request.trial ?? [:]).keys.map { ($0, "trial") }
        switch request.usage {
        case .each(let usage): members += usage.keys.map { ($0, "usage") }
        case .listed(let list):
            for (index, usage) in list.enumerated() { members += usage.keys.map { ($0, "usage[\(index)]") } }
        case nil: break
        }
        let unknown = try await store.database.first(
            store.statements["catalog/list_unknown_meters"], Array(Set(members.map(\.meter)))
        ) { try $0.next(String.self) }
        guard let unknown, let member = members.first(where: { $0.meter == unknown }) else { return }
        throw InvalidInput(
            "\(member.field).\(unknown.prefix(100))", "No meter has the code '\(unknown.prefix(100))'.")
    }
}
