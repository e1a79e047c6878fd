import Foundation
import Postgres

/// How the market is adopted: published metrics over panels, and over the whole market.
public struct Adoption: Sendable {
    let store: Store
    let metrics: Metrics

    init(store: Store) throws {
        self.store = store
        metrics = try Metrics(store.statements)
    }

    /// Every published metric with its definition and those of its earlier versions, as JSON.
    public func definitions() -> JSONDocument { metrics.document }

    /// Every version of a metric that is kept, newest first; none when there is no metric of this name.
    public func versions(of name: String) -> [Metric] { metrics.versions(of: name) }

    /// What a metric is computed over; nil when there is none of this name.
    public func scope(of name: String) -> Metric.Scope? { metric(name)?.over }

    func metric(_ name: String) -> Metric? { metrics.versions(of: name).first }

    /// The request with what it leaves open, as its metric takes it.
    /// - Throws: `AdoptionError.unknownMetric`, and `InvalidInput` that names what the metric cannot be asked by.
    public func completed(_ table: TableRequest) throws -> TableRequest { try defined(table).table }

    func defined(_ table: TableRequest) throws -> (metric: Metric, table: TableRequest) {
        let metric = try metrics.metric(table.metric, version: table.version)
        return (metric, try table.completed(for: metric))
    }

    /// Whether what was known by a time can no longer change: nothing recorded until then is on its way into the database, or into
    /// the totals where the figure is answered from them.
    func isSettled(
        _ recordedBy: Date?, for metric: Metric, now: Date, in transaction: Transaction
    ) async throws -> Bool {
        guard let recordedBy, recordedBy <= SnapshotRequest.settled(now) else { return false }
        return try await hasCounted(recordedBy, for: metric, in: transaction)
    }

    /// Whether the totals that a metric is answered from hold everything that was recorded by a time.
    func hasCounted(_ moment: Date, for metric: Metric, in transaction: Transaction) async throws -> Bool {
        if metric.totals == .none { return true }
        return try await transaction.first(
            store.statements["adoption/has_counted"], moment, metric.totals == .directory
        ) { try $0.next(Bool.self) } ?? false
    }
}

public enum AdoptionError: MarketplaceError {
    case unknownMetric(String), unknownPanel(String), panelNotYetKnown(String), unknownSnapshot, keyUsedForAnother
    case notYetCounted, notYetMade, exactForAdministrators

    public var code: RefusalCode {
        switch self {
        case .keyUsedForAnother: .keyReused
        case .notYetCounted, .notYetMade: .unavailable
        case .exactForAdministrators: .forbidden
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
        case .notYetCounted:
            "The totals do not hold everything yet that was recorded by then; try again in some seconds."
        case .notYetMade:
            "The totals that this is answered from are being made, which takes a large market its time; try again later."
        case .exactForAdministrators: "Exact figures are for administrators."
        }
    }
}
