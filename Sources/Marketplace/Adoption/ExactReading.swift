import Foundation
import Postgres

/// Who reads a figure without suppression, and why.
public struct ExactReading: Sendable {
    let account: Account
    let reason: String

    /// - Throws: `InvalidInput` when there is no reason; only administrators may read so.
    public init(by account: Account, reason: String?) throws {
        guard account.role == .administrator else { throw AdoptionError.exactForAdministrators }
        guard let reason = reason?.trimmingCharacters(in: .whitespacesAndNewlines), !reason.isEmpty else {
            throw InvalidInput("reason", "An exact figure is given for a reason, which is kept.")
        }
        guard reason.unicodeScalars.count <= 400 else {
            throw InvalidInput("reason", "This is longer than 400 characters.")
        }
        (self.account, self.reason) = (account, reason)
    }
}

/// Figures that were read without suppression.
extension Adoption {
    /// Notes who reads which figure, before it is computed and in the same transaction: what is not noted is not answered.
    func note(
        _ reading: ExactReading?, of metric: Metric, _ table: TableRequest, asOf: Date?, recordedBy: Date?, now: Date,
        in transaction: Transaction
    ) async throws {
        guard let reading else { return }
        func time(_ date: Date?) -> JSONTree { date.map { .text(SnapshotTimes.text($0)) } ?? .null }
        var parameters = table.tree(over: metric.over)
        parameters["as_of"] = time(asOf)
        parameters["recorded_by"] = time(recordedBy)
        try await transaction.execute(
            store.statements["adoption/insert_exact_reading"], UUID.version7(at: now), metric.name, metric.version,
            metric.digest, JSONTree.object(parameters).json, reading.reason, reading.account.partyID,
            reading.account.accessID, now)
    }

    /// Which figures were read without suppression, by whom and why, newest first.
    public func exactReadings(cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "exact figures", key: [.id], cursor: cursor, limit: limit)
        return try await store.page("adoption/list_exact_readings", request.cursor?.key, request: request).json()
    }
}
