import Foundation
import Postgres

/// How the market is adopted: published metrics over panels.
public struct Adoption: Sendable {
    let store: Store
    private let metrics: [Metric]

    init(store: Store) throws {
        self.store = store
        metrics = try Metric.files.map { try Metric(statement: store.statements[$0]) }
    }

    /// Every published metric with its definition, as JSON.
    public func definitions() -> JSONDocument {
        JSONDocument(text: "{\"items\":[\(metrics.map(\.document.text).joined(separator: ","))],\"next\":null}")
    }

    /// What a metric is computed over; nil when there is none of this name.
    public func scope(of name: String) -> Metric.Scope? { metric(name)?.over }

    func metric(_ name: String) -> Metric? { metrics.first { $0.name == name } }

    /// A metric over a panel. - Parameter dimension: one of the metric's dimensions, or nil for the whole only.
    public func figure(
        _ name: String, panel: String?, by dimension: String?, count: CountingRule = .legalEntity, asOf: Date,
        recordedBy: Date
    ) async throws -> (metric: Metric, figure: JSONDocument) {
        try await store.database.withTransaction(.repeatableRead, lane: .report) { transaction in
            try await figure(
                name, panel: panel, by: dimension, count: count, asOf: asOf, recordedBy: recordedBy, in: transaction)
        }
    }

    func figure(
        _ name: String, panel: String?, by dimension: String?, count: CountingRule, asOf: Date, recordedBy: Date,
        in transaction: Transaction
    ) async throws -> (metric: Metric, figure: JSONDocument) {
        guard let metric = metric(name) else { throw AdoptionError.unknownMetric(name) }
        guard metric.over == .panel else {
            throw InvalidInput("metric", "\(name) is over the whole market; this takes a metric over a panel.")
        }
        guard let panel else { throw InvalidInput("panel", "This metric needs a panel; see /v1/adoption/panels.") }
        if let dimension, !metric.dimensions.contains(dimension) {
            throw InvalidInput(
                "by", "'\(dimension)' is not a dimension of \(name): \(metric.dimensions.joined(separator: ", ")).")
        }
        let figure = try await transaction.first(
            metric.statement, panel, dimension, asOf, recordedBy, count.rawValue
        ) { JSONDocument(text: try $0.next(String.self)) }
        if let figure { return (metric, figure) }
        let isKnown = try await transaction.first(store.statements["operations/find_panel"], panel) {
            try $0.next(Bool.self)
        }
        throw isKnown == true ? AdoptionError.panelNotYetKnown(panel) : .unknownPanel(panel)
    }

    /// A metric over the whole market, without the cells that would give an enterprise away.
    public func figure(_ request: FigureRequest) async throws -> Figure {
        guard let metric = metric(request.metric), metric.over != .panel else {
            throw AdoptionError.unknownMetric(request.metric)
        }
        if let dimension = request.dimension, !metric.dimensions.contains(dimension) {
            throw InvalidInput(
                "by",
                "'\(dimension)' is not a dimension of \(metric.name): \(metric.dimensions.joined(separator: ", ")).")
        }
        var request = request
        if metric.over == .public {
            request.standing = nil
        } else if !metric.standings.contains(request.standing ?? "") {
            throw InvalidInput(
                "standing", "'\(request.standing ?? "")' is not one of \(metric.standings.joined(separator: ", ")).")
        }
        if let from = request.from, let until = request.until, until <= from {
            throw InvalidInput("to", "The period ends before it begins.")
        }
        let (countedTo, cells) = try await count(request, metric)
        // An enterprise that does not exist is not given away.
        let isExact = metric.over == .public || request.standing == "synthetic"
        let shown = isExact ? cells : Suppression.applied(to: cells)
        return Figure(
            metric: metric, request: request, countedTo: countedTo, cells: shown, isWithheld: shown.count < cells.count)
    }

    /// What a figure's cells are before any of them is suppressed.
    package func exactCells(_ request: FigureRequest) async throws -> [Figure.Cell] {
        guard let metric = metric(request.metric) else { throw AdoptionError.unknownMetric(request.metric) }
        return try await count(request, metric).cells
    }

    private func count(_ request: FigureRequest, _ metric: Metric) async throws -> (
        countedTo: Int?, cells: [Figure.Cell]
    ) {
        try await store.database.withTransaction(.repeatableRead, lane: .report) { transaction in
            let countedTo = try await transaction.first(store.statements["adoption/find_progress"]) {
                try $0.next(Int.self)
            }
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
            return (
                countedTo.flatMap { $0 < 0 ? nil : $0 },
                request.dimension == nil ? cells.filter { $0.className == nil } : cells
            )
        }
    }
}

public enum AdoptionError: MarketplaceError {
    case unknownMetric(String), unknownPanel(String), panelNotYetKnown(String), unknownSnapshot, keyUsedForAnother

    public var code: RefusalCode {
        switch self {
        case .keyUsedForAnother: .keyReused
        default: .notFound
        }
    }

    public var message: String {
        switch self {
        case .unknownMetric(let name): "No metric is named \(name)."
        case .unknownPanel(let code): "No panel has the code \(code)."
        case .panelNotYetKnown(let code): "No version of the panel \(code) was recorded by that time."
        case .unknownSnapshot: "No snapshot has this id."
        case .keyUsedForAnother: "This Idempotency-Key was used for another snapshot."
        }
    }
}
