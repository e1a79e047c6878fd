import Foundation
import Postgres

/// Recounts usage from its single events, also from those of archived months, which are recalled for it.
extension Operations {
    /// Archived events that are recalled at once, unless a single enterprise has more.
    private static let recalledAtOnce = 1_000_000
    private static let usersAtOnce = 1_000
    /// Archiving a month may take so long.
    private static let wait = Duration.seconds(3600)

    /// Enterprises whose ids follow each other: after one and up to one; nil: from the first, to the last.
    private struct Block {
        var after, upTo: UUID?
        var users: [UUID] = []
    }

    /// An archived month with its file.
    private struct Archive {
        let month: String
        let sha256: [UInt8]
        let bytes, rows: Int
    }

    /// Nobody else recounts meanwhile, who would forget what is recalled here.
    func verifyUsage() async throws -> [Check] {
        try await store.database.withConnection { connection in
            try await connection.aloneWithUsage(waitingAtMost: Self.wait, store) { try await recount() } ?? []
        }
    }

    private func recount() async throws -> [Check] {
        let archives = try await store.database.all(store.statements["operations/list_archives"]) { row in
            Archive(
                month: try row.next(String.self), sha256: try row.next([UInt8].self), bytes: try row.next(Int.self),
                rows: try row.next(Int.self))
        }
        let (whole, named) = try await checked(archives)
        var totals: [Check] = []
        for block in try await blocks() {
            let counted = try await recount(block, whole)
            totals = totals.isEmpty ? counted : zip(totals, counted).map { $0.0 + $0.1 }
        }
        return totals + [
            Check(
                name: "archives of usage have the bytes and the SHA-256 they are kept under", checked: archives.count,
                wrong: named.count, named: named)
        ]
    }

    /// - Returns: the archives whose file is as it was, and what is wrong with the others.
    private func checked(_ archives: [Archive]) async throws -> (whole: [Archive], named: [String]) {
        var (whole, named) = ([Archive](), [String]())
        for archive in archives {
            let url = files.url(of: archive.sha256)
            guard files.holds(archive.sha256) else {
                named.append("\(archive.month.prefix(7)): the file \(url.path) is missing")
                continue
            }
            let found = try await onDisk { try ContentFiles.identity(of: url) }
            if found.sha256 == archive.sha256, found.bytes == archive.bytes {
                whole.append(archive)
            } else {
                named.append(
                    "\(archive.month.prefix(7)): the file \(url.path) has the SHA-256 \(found.sha256.hexadecimal)")
            }
        }
        return (whole, named)
    }

    private func blocks() async throws -> [Block] {
        let users = try await store.database.all(
            store.statements["operations/list_archived_use"], lane: .report
        ) { (enterprise: try $0.next(UUID.self), events: try $0.next(Int.self)) }
        var (blocks, block, events) = ([Block](), Block(), 0)
        for user in users {
            let isFull = events + user.events > Self.recalledAtOnce || block.users.count == Self.usersAtOnce
            if isFull, let last = block.users.last {
                block.upTo = last
                blocks.append(block)
                (block, events) = (Block(after: last), 0)
            }
            block.users.append(user.enterprise)
            events += user.events
        }
        return blocks + [block]
    }

    private func recount(_ block: Block, _ archives: [Archive]) async throws -> [Check] {
        // What was recalled before is not what is checked.
        if !block.users.isEmpty { try await forget(block) }
        try await recalls.recall(
            archives.flatMap { archive in
                block.users.map {
                    .init(first: archive.month, enterprise: $0, sha256: archive.sha256, events: archive.rows)
                }
            })
        let checks = try await store.database.all(
            store.statements["operations/verify_usage"], block.after, block.upTo, lane: .report
        ) { row in
            let (name, checked) = (try row.next(String.self), try row.next(Int.self))
            return Check(
                name: name, checked: checked, wrong: try row.next(Int.self), named: try row.next([String].self))
        }
        if !block.users.isEmpty { try await forget(block) }
        return checks
    }

    private func forget(_ block: Block) async throws {
        try await recalls.forget(unusedSince: .distantFuture, after: block.after, upTo: block.upTo)
    }
}

extension Operations.Check {
    /// The same check of others.
    fileprivate static func + (one: Self, other: Self) -> Self {
        Self(
            name: one.name, checked: one.checked + other.checked, wrong: one.wrong + other.wrong,
            named: Array((one.named + other.named).prefix(10)))
    }
}
