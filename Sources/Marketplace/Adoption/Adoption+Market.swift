import Foundation
import Postgres

/// Metrics over the whole market, and those that are public.
extension Adoption {
    /// A metric over the whole market, without the cells that would give an enterprise away.
    /// - Parameter exactly: nothing is left out, and who asked for it is noted first.
    public func figure(
        _ request: FigureRequest, exactly: ExactReading? = nil, now: Date = Date()
    ) async throws -> Figure {
        let metric = try metrics.metric(request.metric, version: request.version)
        guard metric.over != .panel else { throw AdoptionError.unknownMetric(request.metric) }
        if let from = request.from, let until = request.until, until <= from {
            throw InvalidInput("to", "The period ends before it begins.")
        }
        let table = try TableRequest(
            metric: metric.name, version: metric.version, by: request.dimension,
            period: Period(from: request.from, until: request.until),
            standing: metric.over == .public ? nil : request.standing
        ).completed(for: metric)
        let wanted = table.figure(asOf: request.asOf, recordedBy: request.recordedBy)
        return try await store.database.withTransaction(.repeatableRead, lane: .report) { transaction in
            try await note(
                exactly, of: metric, table, asOf: wanted.asOf, recordedBy: wanted.recordedBy, now: now,
                in: transaction)
            let figure = try await exactFigure(metric, wanted, in: transaction)
            var shown = exactly == nil ? figure.protected : figure
            shown.isExact = exactly != nil
            shown.isSettled = try await isSettled(wanted.recordedBy, for: metric, now: now, in: transaction)
            return shown
        }
    }

    /// What a figure's cells are before any of them is suppressed.
    package func exactCells(_ request: FigureRequest) async throws -> [Figure.Cell] {
        let metric = try metrics.metric(request.metric, version: request.version)
        return try await store.database.withTransaction(.repeatableRead, lane: .report) {
            try await exactFigure(metric, request, in: $0).cells
        }
    }

    func exactFigure(
        _ metric: Metric, _ request: FigureRequest, in transaction: Transaction
    ) async throws -> Figure {
        let progress = try await transaction.first(store.statements["adoption/find_progress"]) {
            (position: try $0.next(Int.self), isMade: try $0.next(Bool.self))
        }
        // Without totals everything would be nothing.
        if metric.totals == .market, progress?.isMade != true { throw AdoptionError.notYetMade }
        // Many rows come together to few, of which a planner that expects fewer would rather sort all.
        try await transaction.script("SET LOCAL enable_sort = off")
        var parameters: [(any PostgresParameter)?] = [
            request.dimension, request.from, request.until, request.asOf, request.recordedBy,
        ]
        if metric.over == .market { parameters.append(request.standing) }
        let cells = try await transaction.all(metric.statement, values: parameters) { row in
            Figure.Cell(
                className: try row.next(String?.self), name: try row.next(String.self),
                unit: try row.next(String.self), value: Decimal(string: try row.next(String.self)),
                enterprises: try row.next(Int.self))
        }
        // The whole alone is asked for where there is no dimension.
        return Figure(
            metric: metric, request: request, countedTo: progress.flatMap { $0.position < 0 ? nil : $0.position },
            cells: request.dimension == nil ? cells.filter { $0.className == nil } : cells)
    }
}
