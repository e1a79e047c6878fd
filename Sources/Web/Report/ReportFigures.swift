import Foundation
import Marketplace

/// What a printed report is asked by.
public struct ReportRequest: Sendable {
    let period: ReportPeriod
    let panel: String
    let count: CountingRule
    let asOf, recordedBy: Date?

    /// - Parameters:
    ///   - asOf: what had happened by then; nil: by the end of the period, or by now where it has not ended.
    ///   - recordedBy: what was known by then; nil: now.
    /// - Throws: `InvalidInput` for a period that has not begun.
    public init(
        period: ReportPeriod, panel: String, count: CountingRule, asOf: Date?, recordedBy: Date?, now: Date
    ) throws {
        guard period.from <= now else {
            throw InvalidInput("--period", "The period \(period.text) has not begun yet.")
        }
        (self.period, self.panel, self.count) = (period, panel, count)
        self.asOf = asOf ?? (period.until <= now ? period.until : nil)
        self.recordedBy = recordedBy
    }
}

/// The figures of a printed report: every published metric, over a panel or over the whole market in a period.
struct ReportFigures: Sendable {
    struct OfPanel: Sendable {
        let words: MetricWords
        let whole: JSONNode
        let breakdowns: [(dimension: String, figure: JSONNode)]
    }
    struct OfMarket: Sendable {
        let words: MetricWords
        /// Of the standing that the report holds.
        let whole: Figure
        /// The wholes of the standings that are not in it.
        let others: [Figure]
        let breakdowns: [Figure]
    }

    let ofPanel: [OfPanel]
    let ofMarket: [OfMarket]
    /// Which purchases those over the market hold; nil where there is no such metric.
    let standing: String?

    /// Of the many dimensions, those that a reader of paper looks for.
    private static let printed = ["month", "section"]

    init(_ request: ReportRequest, adoption: Adoption, now: Date) async throws {
        let published = try JSONNode(adoption.definitions())["items"].list
        var ofPanel: [OfPanel] = []
        for name in published.map(\.["name"].string) where adoption.scope(of: name) == .panel {
            ofPanel.append(try await Self.ofPanel(name, request, adoption, now: now))
        }
        var wholes: [[Figure]] = []
        for definition in published where adoption.scope(of: definition["name"].string) != .panel {
            let standings = definition["standings"].list.map { Optional($0.string) }
            wholes.append(
                try await (standings.isEmpty ? [nil] : standings).inTurn { standing in
                    try await adoption.figure(
                        Self.request(definition["name"].string, by: nil, standing: standing, request))
                })
        }
        // A market that is only tried out has nothing but synthetic purchases. One standing for all metrics, so that they can be
        // read together.
        let standings = wholes.first { $0.count > 1 }?.compactMap(\.request.standing) ?? []
        let fullest = standings.first { standing in
            wholes.contains { $0.contains { $0.request.standing == standing && !$0.cells.isEmpty } }
        }
        let standing = fullest ?? standings.first
        self.ofPanel = ofPanel
        self.standing = standing
        ofMarket = try await wholes.inTurn { figures in
            let whole = figures.first { $0.request.standing == standing } ?? figures[0]
            let dimensions = Self.printed.filter { dimension in
                whole.metric.dimensions.contains(dimension)
                    && (dimension != "month" || request.period.months.count > 1)
            }
            return OfMarket(
                words: try MetricWords(whole.metric), whole: whole,
                others: figures.filter { $0.request.standing != whole.request.standing },
                breakdowns: try await dimensions.inTurn { dimension in
                    try await adoption.figure(
                        Self.request(whole.metric.name, by: dimension, standing: whole.request.standing, request))
                })
        }
    }

    private static func ofPanel(
        _ name: String, _ request: ReportRequest, _ adoption: Adoption, now: Date
    ) async throws -> OfPanel {
        func figure(by dimension: String?) async throws -> (metric: Metric, figure: JSONNode) {
            let found = try await adoption.figure(
                name, panel: request.panel, by: dimension, count: request.count, asOf: request.asOf ?? now,
                recordedBy: request.recordedBy ?? now)
            return (found.metric, try JSONNode(found.figure))
        }
        let (metric, whole) = try await figure(by: nil)
        return OfPanel(
            words: try MetricWords(metric), whole: whole,
            breakdowns: try await metric.dimensions.inTurn { ($0, try await figure(by: $0).figure) })
    }

    private static func request(
        _ metric: String, by dimension: String?, standing: String?, _ request: ReportRequest
    ) -> FigureRequest {
        FigureRequest(
            metric: metric, by: dimension, from: request.period.from, until: request.period.until, asOf: request.asOf,
            recordedBy: request.recordedBy, standing: standing)
    }
}

extension Sequence {
    /// One after the other.
    func inTurn<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
