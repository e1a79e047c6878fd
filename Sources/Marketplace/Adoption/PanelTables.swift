import Foundation

/// A metric over a panel as one document shows it: ever, in a period, and by its dimensions. What stands side by side is protected as
/// the tables of one snapshot are: of a panel in which somebody can be given away one dimension is shown, because two divide
/// members that are known; and the period only where what lies outside of it tells of nobody.
public struct PanelTables: Sendable {
    public let metric: Metric
    /// The whole up to `as_of`, as JSON answers it.
    public let ever: JSONDocument
    /// The whole of the period; nil where it cannot be told beside the other.
    public let inPeriod: JSONDocument?
    /// Up to `as_of`, like `ever`.
    public let breakdowns: [(dimension: String, figure: JSONDocument)]
    /// The dimensions that are left out.
    public let omitted: [String]
}

extension Adoption {
    /// - Parameter dimension: which one is shown where only one can be; nil: the metric's first.
    /// - Throws: `AdoptionError` when there is no such panel, or was none by then; `InvalidInput` for what the metric is not asked by.
    public func panelTables(
        _ name: String, panel: String, count: CountingRule, period: Period, by dimension: String?, asOf: Date,
        recordedBy: Date
    ) async throws -> PanelTables {
        let (metric, table) = try defined(TableRequest(metric: name, by: dimension, panel: panel, count: count))
        return try await store.database.withTransaction(.repeatableRead, lane: .report) { transaction in
            func exact(by dimension: String?, in period: Period) async throws -> PanelFigure {
                var wanted = table
                (wanted.dimension, wanted.period) = (dimension, period)
                return try await exactPanelFigure(metric, wanted, asOf: asOf, recordedBy: recordedBy, in: transaction)
            }
            func shown(_ figure: PanelFigure) -> JSONDocument {
                JSONDocument(text: PanelSuppression.applied(to: figure).result.json)
            }
            let (ever, inPeriod) = (try await exact(by: nil, in: .ever), try await exact(by: nil, in: period))
            let chosen = ever.whole.exposed == 0 ? metric.dimensions : [dimension ?? metric.dimensions.first ?? ""]
            var breakdowns: [(dimension: String, figure: JSONDocument)] = []
            for dimension in metric.dimensions where chosen.contains(dimension) {
                breakdowns.append((dimension, shown(try await exact(by: dimension, in: .ever))))
            }
            let outside = ever.whole.exposedBought - inPeriod.whole.exposedBought
            return PanelTables(
                metric: metric, ever: shown(ever),
                inPeriod: (1..<Suppression.least).contains(outside) ? nil : shown(inPeriod), breakdowns: breakdowns,
                omitted: metric.dimensions.filter { !chosen.contains($0) })
        }
    }
}
