import Foundation
import Postgres

/// Computes the tables of a snapshot, when it is kept and whenever it is verified.
extension Snapshots {
    typealias WantedTable = (metric: Metric, table: TableRequest)

    private static let most = 20

    /// - Throws: `InvalidInput` that names the table where there are several.
    func completed(_ request: SnapshotRequest) throws -> [WantedTable] {
        guard (1...Self.most).contains(request.tables.count) else {
            throw InvalidInput("tables", "A snapshot has 1 to \(Self.most) tables.")
        }
        return try request.tables.enumerated().map { place, table in
            do {
                return try adoption.defined(table)
            } catch let wrong as InvalidInput where request.isList {
                throw InvalidInput(wrong.field.map { "tables[\(place)].\($0)" }, wrong.message)
            }
        }
    }

    /// Waits a little until the totals hold everything that was recorded by a time.
    func awaitTotals(for wanted: [WantedTable], recordedBy: Date, patience: Int) async throws {
        let isCounted = try await adoption.awaitTotals(
            of: wanted.map(\.metric), recordedBy: recordedBy, patience: patience)
        guard isCounted else {
            throw try await Totals(store: store).isMade() ? AdoptionError.notYetCounted : .notYetMade
        }
    }

    /// - Throws: `InvalidInput` that names two tables that can be subtracted from each other.
    func separate(_ wanted: [WantedTable], recordedBy: Date, in transaction: Transaction) async throws {
        for (place, later) in wanted.enumerated() {
            for (earlierPlace, earlier) in wanted.prefix(place).enumerated() {
                let pair =
                    "tables[\(earlierPlace)] (\(earlier.table.words)) and tables[\(place)] (\(later.table.words))"
                if earlier.table == later.table {
                    throw InvalidInput("tables[\(place)]", "\(pair) are the same.")
                }
                guard
                    let objection = TableSeparation.objection(earlier.table, later.table, over: later.metric.over)
                else { continue }
                // Of enterprises that are made up, nobody is given away.
                if later.metric.over == .panel,
                    try await !shareMembers(earlier.table, later.table, recordedBy: recordedBy, in: transaction)
                {
                    continue
                }
                throw InvalidInput(
                    "tables[\(place)]",
                    "\(pair) can be subtracted from each other, which could give an enterprise away: \(objection).")
            }
        }
    }

    private func shareMembers(
        _ one: TableRequest, _ other: TableRequest, recordedBy: Date, in transaction: Transaction
    ) async throws -> Bool {
        try await transaction.first(
            store.statements["adoption/share_members"], one.panel, other.panel, recordedBy
        ) { try $0.next(Bool.self) } ?? true
    }

    /// The tables, each without what would give an enterprise away by itself or beside the others.
    func tables(
        _ wanted: [WantedTable], _ times: SnapshotTimes, in transaction: Transaction
    ) async throws -> [SnapshotTable] {
        var (results, figures) = ([Int: JSONTree](), [Int: Figure]())
        for (place, (metric, table)) in wanted.enumerated() {
            if metric.over == .panel {
                let figure = try await adoption.exactPanelFigure(
                    metric, table, asOf: times.asOf, recordedBy: times.recordedBy, in: transaction)
                results[place] = PanelSuppression.applied(to: figure).result
            } else {
                let request = table.figure(asOf: times.asOf, recordedBy: times.recordedBy)
                figures[place] = try await adoption.exactFigure(metric, request, in: transaction)
            }
        }
        for group in Dictionary(grouping: figures.keys.sorted(), by: { wanted[$0].table.whole }).values {
            for (place, figure) in zip(group, Figure.protected(group.compactMap { figures[$0] })) {
                results[place] = figure.result
            }
        }
        return wanted.enumerated().compactMap { place, wanted in
            results[place].map { SnapshotTable(request: wanted.table, metric: wanted.metric, result: $0) }
        }
    }

    /// How far the data went that the tables were computed from.
    func watermark(
        of wanted: [WantedTable], _ times: SnapshotTimes, in transaction: Transaction
    ) async throws -> JSONTree {
        var members = try await object("adoption/find_totals_watermark", in: transaction)
        let panels = Set(wanted.compactMap(\.table.panel)).sorted()
        var purchases: [JSONTree] = []
        for panel in panels {
            let known = try await object(
                "adoption/find_watermark", panel, times.asOf, times.recordedBy, in: transaction)
            if wanted.count == 1 {
                members.merge(known) { one, _ in one }
            } else {
                purchases.append(.object(known.merging(["panel": .text(panel)]) { one, _ in one }))
            }
        }
        if !purchases.isEmpty { members["panels"] = .list(purchases) }
        return .object(members)
    }

    private func object(
        _ statement: String, _ parameters: (any PostgresParameter)?..., in transaction: Transaction
    ) async throws -> [String: JSONTree] {
        let found = try await transaction.all(store.statements[statement], values: parameters) {
            try $0.next(String.self)
        }
        guard let text = found.first, case .object(let members) = try JSONTree(json: Array(text.utf8)) else {
            throw RowMissing(statement: statement)
        }
        return members
    }
}

extension TableRequest {
    /// The table without its dimension: what tables that share it divide.
    var whole: TableRequest {
        var whole = self
        whole.dimension = nil
        return whole
    }
}
