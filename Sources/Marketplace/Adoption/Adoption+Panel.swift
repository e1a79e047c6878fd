import Foundation
import Postgres

/// Metrics over a panel.
extension Adoption {
    public func figure(
        _ name: String, panel: String?, by dimension: String?, count: CountingRule = .legalEntity, asOf: Date,
        recordedBy: Date, now: Date = Date()
    ) async throws -> (metric: Metric, figure: JSONDocument) {
        try await figure(
            TableRequest(metric: name, by: dimension, panel: panel, count: count), asOf: asOf, recordedBy: recordedBy,
            now: now)
    }

    /// A metric over a panel, without the numerators that would tell of an enterprise whether it bought.
    /// - Parameter exactly: nothing is left out, and who asked for it is noted first.
    public func figure(
        _ request: TableRequest, asOf: Date, recordedBy: Date, exactly: ExactReading? = nil, now: Date = Date()
    ) async throws -> (metric: Metric, figure: JSONDocument) {
        let (metric, table) = try defined(request)
        guard metric.over == .panel else {
            throw InvalidInput("metric", "\(metric.name) is over the whole market; this takes a metric over a panel.")
        }
        return try await store.database.withTransaction(.repeatableRead, lane: .report) { transaction in
            try await note(exactly, of: metric, table, asOf: asOf, recordedBy: recordedBy, now: now, in: transaction)
            let figure = try await exactPanelFigure(
                metric, table, asOf: asOf, recordedBy: recordedBy, in: transaction)
            let shown = exactly == nil ? PanelSuppression.applied(to: figure) : figure
            guard case .object(var members) = shown.result else { return (metric, JSONDocument(text: "")) }
            members["exact"] = .bool(exactly != nil)
            members["sha256"] = .text(metric.digest)
            members["settled"] = .bool(
                try await isSettled(recordedBy, for: metric, now: now, in: transaction))
            return (metric, JSONDocument(text: JSONTree.object(members).json))
        }
    }

    /// - Throws: `AdoptionError` when there is no such panel, or was none by then.
    func exactPanelFigure(
        _ metric: Metric, _ table: TableRequest, asOf: Date, recordedBy: Date, in transaction: Transaction
    ) async throws -> PanelFigure {
        let panel = table.panel ?? ""
        let rows = try await transaction.all(
            metric.statement, panel, table.dimension, asOf, recordedBy, (table.count ?? .legalEntity).rawValue,
            table.period.from, table.period.until
        ) { row in
            (
                head: try row.next(String.self), isWhole: try row.next(Bool.self),
                share: PanelFigure.Share(
                    className: try row.next(String?.self), numerator: try row.next(Int.self),
                    denominator: try row.next(Int.self), rate: try row.next(String?.self),
                    exposed: try row.next(Int.self), exposedBought: try row.next(Int.self))
            )
        }
        if let whole = rows.first(where: \.isWhole),
            case .object(let head) = try JSONTree(json: Array(whole.head.utf8))
        {
            return PanelFigure(
                metric: metric, head: head, whole: whole.share, classes: rows.filter { !$0.isWhole }.map(\.share))
        }
        let isKnown = try await transaction.first(store.statements["operations/find_panel"], panel) {
            try $0.next(Bool.self)
        }
        throw isKnown == true ? AdoptionError.panelNotYetKnown(panel) : .unknownPanel(panel)
    }
}
