import Foundation
import Postgres
import Yams

/// A published definition of a figure: the head of its SQL file. The file's digest is its identity.
public struct Metric: Sendable {
    public let name: String
    public let version: Int
    public let dimensions: [String]
    /// The standings of purchases that it tells apart; none where it is over a panel.
    public let standings: [String]
    public let digest: String
    let statement: Statement
    /// The whole head, as JSON.
    let document: JSONDocument

    /// The files of `sql/metrics`.
    public static let files = ["adoption_rate", "enterprises", "transactions"]

    /// - Throws: when the head is not the YAML that a metric states about itself.
    init(statement: Statement) throws {
        let head = statement.text.split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { $0.hasPrefix("-- ") }.map { $0.dropFirst(3) }.joined(separator: "\n")
        guard var fields = try Yams.load(yaml: head) as? [String: Any], let name = fields["name"] as? String,
            let version = fields["version"] as? Int, let dimensions = fields["dimensions"] as? [String],
            fields["definition"] is [String: Any]
        else { throw MalformedMetric(file: statement.name) }
        self.name = name
        self.version = version
        self.dimensions = dimensions
        standings = fields["standings"] as? [String] ?? []
        digest = SHA256.digest(Array(statement.text.utf8)).hexadecimal
        self.statement = statement
        fields["sha256"] = digest
        fields["parameters"] = nil
        fields["no row"] = nil
        let json = try JSONSerialization.data(withJSONObject: fields, options: [.sortedKeys, .withoutEscapingSlashes])
        document = JSONDocument(text: String(decoding: json, as: UTF8.self))
    }

    /// Whether it is over the whole market, answered from the totals.
    var isOfTotals: Bool { !standings.isEmpty }

    struct MalformedMetric: Error { let file: String }
}
