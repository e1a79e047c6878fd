import Foundation
import Postgres

/// What stands in the place of a succession that was recorded wrongly.
public struct SuccessionCorrection: Sendable {
    let wrong: UUID
    let reason: String
    /// Nil: there was no succession.
    let instead: Succession?

    public init(of wrong: UUID, reason: String, instead: Succession?) throws {
        try ProductListing.checkText(reason, "reason", limit: 2_000)
        (self.wrong, self.reason, self.instead) = (wrong, reason, instead)
    }
}

extension Parties {
    /// Corrects a succession in one transaction: the wrong one is known no longer, what came to others through it goes
    /// back, and from there to the successors in its place. What was known before is kept, and those concerned are told.
    /// - Parameter code: of the predecessor.
    public func correct(
        _ correction: SuccessionCorrection, of code: String, by administration: UUID, now: Date
    ) async throws -> JSONDocument {
        _ = try await id(of: code)
        if let instead = correction.instead { try await refuseUnknown(instead) }
        let known = try await store.database.withTransaction { transaction in
            _ = try await transaction.first(store.statements["parties/lock_successions"]) { _ in true }
            let known = try await close(correction, of: code, by: administration, in: transaction, now: now)
            _ = try await transaction.first(store.statements["parties/take_back"], correction.wrong, known) {
                try $0.next(Int.self)
            }
            try await transaction.execute(
                store.statements["parties/take_back_duties"], correction.wrong, administration, correction.reason, known
            )
            try await transaction.execute(store.statements["search/note_succession"], correction.wrong)
            let id = correction.instead == nil ? nil : UUID.version7(at: now)
            if let id, let instead = correction.instead {
                try await record(
                    instead, id: id, digest: instead.digest(), correcting: correction.wrong, by: administration,
                    in: transaction, now: known)
                try await handOver(id, by: administration, in: transaction, now: known)
            }
            try await transaction.execute(
                store.statements["parties/tell_of_correction"], correction.wrong, id, known)
            return known
        }
        return try await successions(of: code, recordedBy: known.addingTimeInterval(1))
    }

    /// - Returns: from when on the succession is known no longer.
    private func close(
        _ correction: SuccessionCorrection, of code: String, by administration: UUID, in transaction: Transaction,
        now: Date
    ) async throws -> Date {
        let wrong = try await transaction.first(
            store.statements["parties/find_wrong_succession"], code, correction.wrong
        ) { (stands: try $0.next(Bool.self), digest: try $0.next([UInt8].self)) }
        guard let wrong else { throw SuccessionError.unknownSuccession(code) }
        guard wrong.stands else { throw SuccessionError.alreadyCorrected }
        if let instead = correction.instead, try instead.digest() == wrong.digest {
            throw SuccessionError.correctsNothing
        }
        let known = try await transaction.first(
            store.statements["parties/close_succession"], code, correction.wrong, administration, correction.reason, now
        ) { try $0.next(Date.self) }
        guard let known else { throw SuccessionError.notCompetent }
        return known
    }
}
