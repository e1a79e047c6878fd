import Foundation
import Marketplace

/// What a printed report is asked by.
public struct ReportRequest: Sendable {
    let period: ReportPeriod
    let panel: String
    let count: CountingRule
    /// By which dimension a panel is divided where it can be by one only.
    let dimension: String?
    /// The two times that every figure is asked by.
    let asOf, recordedBy: Date

    /// - Parameters:
    ///   - dimension: by which a panel is divided where it can be by one only; nil: the first of its metric.
    ///   - asOf: what had happened by then; nil: by the end of the period, or by half a minute ago where it has not ended.
    ///   - recordedBy: what was known by then; nil: by half a minute ago, which is settled as that of a snapshot.
    ///   - now: by the database's clock, which times of recording are compared with.
    /// - Throws: `InvalidInput` for a period that has not begun, and for what will be known.
    public init(
        period: ReportPeriod, panel: String, count: CountingRule = .legalEntity, by dimension: String? = nil,
        asOf: Date? = nil, recordedBy: Date? = nil, now: Date
    ) throws {
        guard period.from <= now else {
            throw InvalidInput("--period", "The period \(period.text) has not begun yet.")
        }
        if let recordedBy, recordedBy > now {
            throw InvalidInput(
                "--recorded-by", "This time lies in the future; what will be known by then is not known yet.")
        }
        (self.period, self.panel, self.count, self.dimension) = (period, panel, count, dimension)
        let settled = SnapshotRequest.settled(now)
        self.asOf = asOf ?? min(period.until, settled)
        self.recordedBy = recordedBy ?? settled
    }
}

/// The figures of a printed report: every published metric, over a panel or over the whole market in a period.
struct ReportFigures: Sendable {
    struct OfPanel: Sendable {
        let words: MetricWords
        let whole: JSONNode
        /// Nil where it cannot be told beside the whole.
        let inPeriod: JSONNode?
        let breakdowns: [(dimension: String, figure: JSONNode)]
        /// The dimensions that are left out, because they cannot be told beside the others.
        let omitted: [String]
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

    /// The metrics whose figures may still change, because their totals do not hold yet what was known by the time that is asked for.
    var unsettled: [MetricWords] {
        ofMarket.filter { found in
            ([found.whole] + found.others + found.breakdowns).contains { !$0.isSettled }
        }.map(\.words)
    }

    /// Of the many dimensions, those that a reader of paper looks for; newly established companies are counted by group.
    private static let printed = ["month", "section", "group"]

    init(_ request: ReportRequest, adoption: Adoption, now: Date) async throws {
        let published = try JSONNode(adoption.definitions())["items"].list
        var ofPanel: [OfPanel] = []
        for name in published.map(\.["name"].string) where adoption.scope(of: name) == .panel {
            ofPanel.append(try await Self.ofPanel(name, request, adoption))
        }
        var wholes: [[Figure]] = []
        for definition in published where adoption.scope(of: definition["name"].string) != .panel {
            let standings = definition["standings"].list.map { Optional($0.string) }
            wholes.append(
                try await (standings.isEmpty ? [nil] : standings).inTurn { standing in
                    try await adoption.figure(
                        Self.request(definition["name"].string, by: nil, standing: standing, request), now: now)
                })
        }
        // A market that is only tried out has nothing but synthetic purchases. One standing for all metrics, so that they can be
        // read together.
        let standings = wholes.first { $0.count > 1 }?.compactMap(\.request.standing) ?? []
        let fullest = standings.first { standing in
            wholes.contains { $0.contains { $0.request.standing == standing && $0.hasEnterprises } }
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
                        Self.request(whole.metric.name, by: dimension, standing: whole.request.standing, request),
                        now: now)
                })
        }
    }

    private static func ofPanel(
        _ name: String, _ request: ReportRequest, _ adoption: Adoption
    ) async throws -> OfPanel {
        let report = try await adoption.panelTables(
            name, panel: request.panel, count: request.count, period: request.period.days, by: request.dimension,
            asOf: request.asOf, recordedBy: request.recordedBy)
        return OfPanel(
            words: try MetricWords(report.metric), whole: try JSONNode(report.ever),
            inPeriod: try report.inPeriod.map(JSONNode.init),
            breakdowns: try report.breakdowns.map { ($0.dimension, try JSONNode($0.figure)) }, omitted: report.omitted)
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
