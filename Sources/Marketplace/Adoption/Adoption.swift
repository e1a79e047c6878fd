import Foundation
import Postgres

/// How the market is adopted: published metrics over dated panels.
public struct Adoption: Sendable {
    let store: Store
    private let metrics: [Metric]

    init(store: Store) throws {
        self.store = store
        metrics = try store.statements.all.filter { $0.name == "adoption_rate" }.map(Metric.init)
    }

    /// Every published metric with its definition, as JSON.
    public func definitions() -> JSONDocument {
        JSONDocument(text: "{\"items\":[\(metrics.map(\.document.text).joined(separator: ","))],\"next\":null}")
    }

    func metric(_ name: String) -> Metric? { metrics.first { $0.name == name } }

    /// A metric over a panel. - Parameter dimension: one of the metric's dimensions, or nil for the whole only.
    public func figure(
        _ name: String, panel: String?, by dimension: String?, asOf: Date, recordedBy: Date
    ) async throws -> (metric: Metric, figure: JSONDocument) {
        try await store.database.withTransaction(.repeatableRead, lane: .report) { transaction in
            try await figure(name, panel: panel, by: dimension, asOf: asOf, recordedBy: recordedBy, in: transaction)
        }
    }

    func figure(
        _ name: String, panel: String?, by dimension: String?, asOf: Date, recordedBy: Date,
        in transaction: Transaction
    ) async throws -> (metric: Metric, figure: JSONDocument) {
        guard let metric = metric(name) else { throw AdoptionError.unknownMetric(name) }
        guard let panel else { throw InvalidInput("panel", "This metric needs a panel; see /v1/adoption/panels.") }
        if let dimension, !metric.dimensions.contains(dimension) {
            throw InvalidInput(
                "by", "'\(dimension)' is not a dimension of \(name): \(metric.dimensions.joined(separator: ", ")).")
        }
        let figure = try await transaction.first(metric.statement, panel, dimension, asOf, recordedBy) {
            JSONDocument(text: try $0.next(String.self))
        }
        guard let figure else { throw AdoptionError.unknownPanel(panel) }
        return (metric, figure)
    }

    public func panels(cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "panels", key: [.code], cursor: cursor, limit: limit)
        return try await store.page("adoption/list_panels", request.cursor?.key, request: request).json()
    }

    /// Keeps a dated panel from a CSV with the columns `enterprise_code` and `reason`; all or nothing.
    /// - Returns: false when a panel with the code exists, which is then left as it is.
    @discardableResult
    public func recordPanel(
        code: String, titleZh: String, titleEn: String, datedOn: String, members: CSVTable, now: Date
    ) async throws -> Bool {
        try await store.database.withTransaction { transaction in
            let panel = try await transaction.first(
                store.statements["adoption/insert_panel"], UUID(), code, titleZh, titleEn, datedOn, now
            ) { try $0.next(UUID.self) }
            guard let panel else { return false }
            for record in members.records {
                guard let enterprise = members.cell("enterprise_code", of: record),
                    let reason = members.cell("reason", of: record)
                else { throw InvalidInput("line \(record.line)", "A panel member needs enterprise_code and reason.") }
                let credit = try CreditCode(enterprise, field: "line \(record.line): enterprise_code")
                let added = try await transaction.execute(
                    store.statements["adoption/insert_panel_member"], panel, credit.text, reason)
                guard added == 1 else {
                    throw InvalidInput(
                        "line \(record.line): enterprise_code", "No enterprise has the code \(credit.text).")
                }
            }
            return true
        }
    }
}

public enum AdoptionError: MarketplaceError {
    case unknownMetric(String), unknownPanel(String), unknownSnapshot, keyUsedForAnother

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
        case .unknownSnapshot: "No snapshot has this id."
        case .keyUsedForAnother: "This Idempotency-Key was used for another snapshot."
        }
    }
}
