import Foundation
import Postgres

extension Parties {
    /// Records a succession and hands over, in one transaction: what the predecessor answers for ends on the day, the
    /// same begins for its successors, and what was believed before is kept. Stated again it changes nothing.
    /// - Returns: the party's successions, and whether this one is new.
    public func succeed(_ succession: Succession, by administration: UUID, now: Date) async throws
        -> (successions: JSONDocument, isNew: Bool)
    {
        try await refuseUnknown(succession)
        try await requireCompetence(of: administration, forParty: succession.predecessor)
        let digest = try succession.digest()
        let isNew = try await store.database.withTransaction { transaction in
            _ = try await transaction.first(store.statements["parties/lock_successions"]) { _ in true }
            let known = try await transaction.first(
                store.statements["parties/find_succession"], succession.predecessor
            ) { row in
                _ = try row.next(UUID.self)
                return try row.next([UInt8].self)
            }
            if let known {
                guard known == digest else { throw SuccessionError.alreadySucceeded(succession.predecessor) }
                return false
            }
            let id = UUID.version7(at: now)
            try await record(succession, id: id, digest: digest, by: administration, in: transaction, now: now)
            try await handOver(id, by: administration, in: transaction, now: now)
            try await transaction.execute(store.statements["parties/tell_of_succession"], id, now)
            return true
        }
        return (try await successions(of: succession.predecessor, recordedBy: now.addingTimeInterval(1)), isNew)
    }

    /// Successions that a party was part of, on either side, as far as they were known at a time.
    public func successions(of code: String, recordedBy: Date) async throws -> JSONDocument {
        guard let document = try await store.document("parties/list_successions", code, recordedBy) else {
            throw PartyError.unknown(code)
        }
        return document
    }

    /// Gives a party another name from a time on; a time in the past is a correction, and what was shown before is kept.
    /// - Returns: whether anything changed.
    @discardableResult
    public func rename(
        _ code: String, nameZh: String, nameEn: String?, since: Date, basis: Basis, now: Date
    ) async throws -> Bool {
        guard since <= now else { throw InvalidInput("since", "A name is recorded when it has come into effect.") }
        _ = try await id(of: code)
        let changed = try await store.database.first(
            store.statements["parties/rename_party"], code, nameZh, nameZh, nameEn, since, basis.reference,
            basis.sha256, now
        ) { try $0.next(Bool.self) }
        return changed != nil
    }

    func refuseUnknown(_ succession: Succession) async throws {
        _ = try await id(of: succession.predecessor)
        let unknown = try await store.database.first(
            store.statements["parties/find_unknown_codes"], succession.successors.map(\.party),
            succession.successors.flatMap { $0.subjects ?? [] }
        ) { (what: try $0.next(String.self), code: try $0.next(String.self)) }
        if let unknown { throw SuccessionError.unknown(what: unknown.what, code: unknown.code) }
    }

    func record(
        _ succession: Succession, id: UUID, digest: [UInt8], correcting wrong: UUID? = nil, by administration: UUID,
        in transaction: Transaction, now: Date
    ) async throws {
        do {
            let placed = try await transaction.first(
                store.statements["parties/insert_succession"], id, succession.predecessor, succession.kind.rawValue,
                succession.effectiveOn, succession.basis.reference, succession.basis.sha256, administration, now,
                digest, succession.successorsJSON(), wrong
            ) { try $0.next(Int.self) }
            guard placed != nil else { throw SuccessionError.circle(succession.predecessor) }
        } catch let error as PostgresError where error.sqlState == "23514" {
            // The one check of this statement that its caller cannot have made: the day has not come.
            throw SuccessionError.inFuture(succession.effectiveOn)
        }
    }

    /// Hands over, and goes on with successors that were succeeded themselves: a succession may be learned late.
    func handOver(_ id: UUID, by administration: UUID, in transaction: Transaction, now: Date) async throws {
        var waiting = [id]
        var done: Set<UUID> = []
        while let next = waiting.popLast(), done.count < 64 {
            guard done.insert(next).inserted else { continue }
            _ = try await transaction.first(store.statements["parties/hand_over"], next, now) { try $0.next(Int.self) }
            try await transaction.execute(store.statements["parties/hand_over_duties"], next, administration, now)
            try await transaction.execute(store.statements["search/note_succession"], next)
            waiting += try await transaction.all(store.statements["parties/list_heir_successions"], next) {
                try $0.next(UUID.self)
            }
        }
        for succession in done {
            let kept = try await transaction.first(store.statements["parties/find_unassigned"], succession) {
                (count: try $0.next(Int.self), examples: try $0.next([String]?.self))
            }
            if let kept, kept.count > 0 {
                throw SuccessionError.unassigned(kept.count, examples: kept.examples ?? [])
            }
        }
    }
}
