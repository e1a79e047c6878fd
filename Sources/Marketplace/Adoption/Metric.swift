import Foundation
import Postgres
import Yams

/// A published definition of a figure: the head of its SQL file. The file's digest is its identity.
public struct Metric: Sendable {
    public let name: String
    public let version: Int
    public let dimensions: [String]
    /// What it is computed over.
    public let over: Scope
    /// The standings of purchases that it tells apart; none where it is not over the market.
    public let standings: [String]
    /// By which rules it counts the enterprises of a panel; none where it is not over one.
    let counts: [String]
    /// Whether it can be asked for a period, besides its two times.
    let takesPeriods: Bool
    /// The totals that it is answered from.
    let totals: Totals
    public let digest: String
    let statement: Statement
    /// The whole head, as JSON.
    let document: JSONDocument

    /// What a metric is computed over, which says by what it is asked and how it is protected.
    public enum Scope: String, Sendable {
        /// The members of a panel, at two moments.
        case panel
        /// The enterprises of the whole market, one standing of their purchases at a time; what is too small is suppressed.
        case market
        /// What the administration publishes anyway: of no enterprise, and suppressed nowhere.
        case `public`
    }

    enum Totals: String, Sendable {
        /// Those that follow the market's log.
        case market
        /// Those of the directory, which follow its entries by themselves.
        case directory
        /// It reads what it counts where it stands.
        case none
    }

    /// The files of `sql/metrics`: the newest version of each.
    public static let files = [
        "adoption_rate", "authorised_operation", "concentration", "corrections", "declared_purchases", "directory",
        "enterprises", "first_data", "funnel", "new_companies", "price_report", "products", "scenario_enterprises",
        "scenario_reach", "scenarios", "transactions", "use",
    ]

    /// Versions before the newest, each in a file named after the newest's with its number.
    public static let earlier = ["adoption_rate_2", "enterprises_1", "transactions_1"]

    /// - Throws: when the head is not the YAML that a metric states about itself.
    init(statement: Statement) throws {
        let head = statement.text.split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { $0.hasPrefix("-- ") }.map { $0.dropFirst(3) }.joined(separator: "\n")
        guard var fields = try Yams.load(yaml: head) as? [String: Any], let name = fields["name"] as? String,
            let version = fields["version"] as? Int, let dimensions = fields["dimensions"] as? [String],
            let over = (fields["over"] as? String).flatMap(Scope.init(rawValue:)),
            fields["definition"] is [String: String],
            let totals = Totals(rawValue: fields["totals"] as? String ?? (over == .market ? "market" : "none"))
        else { throw MalformedMetric(file: statement.name) }
        self.name = name
        self.version = version
        self.dimensions = dimensions
        self.over = over
        standings = fields["standings"] as? [String] ?? []
        self.totals = totals
        counts = fields["counts"] as? [String] ?? []
        takesPeriods = fields["periods"] as? Bool ?? true
        digest = SHA256.digest(Array(statement.text.utf8)).hexadecimal
        self.statement = statement
        fields["sha256"] = digest
        fields["parameters"] = nil
        for name in ["definition", "ported"] {
            guard var texts = fields[name] as? [String: String] else { continue }
            // YAML joins lines with a blank, which Chinese has none of.
            texts["zh"] = texts["zh"]?.replacing(/([^\u{0}-\u{FF}]) +/) { $0.1 }
            fields[name] = texts
        }
        fields["no row"] = nil
        let json = try JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
        document = JSONDocument(text: String(decoding: json, as: UTF8.self))
    }

    struct MalformedMetric: Error { let file: String }
}
