import Foundation
import Postgres

/// Recomputes snapshots from what they hold.
extension Snapshots {
    /// What was found of one snapshot.
    public struct Check: Sendable {
        public let id: UUID
        /// What is wrong with it; nothing when all is right.
        public var problems: [Problem] = []
        /// Whether the definition is no longer the one it was computed by, so that its result cannot be recomputed here.
        public var isOfAnotherDefinition = false
        /// Each table by its parameters as it is computed now, by its place, which is 0 of one figure; none when it cannot be.
        public var recomputed: [Int: JSONDocument] = [:]

        public var isSame: Bool { problems.isEmpty && !isOfAnotherDefinition }
    }

    /// What can be wrong with a snapshot.
    public enum Problem: Sendable, Hashable, CustomStringConvertible {
        case hash, form, id, resultHash
        case signature(String)
        case result(Difference)
        case refused(String)

        public var description: String {
            switch self {
            case .hash: "its hash is not that of its document"
            case .form: "it is no snapshot of the form \(KeptSnapshot.format) or /2"
            case .id: "it has another's id"
            case .resultHash: "the hash of its result is not that of its result"
            case .signature(let problem): problem
            case .result(let difference):
                "its result differs at \(difference.place): kept \(difference.kept), recomputed \(difference.recomputed)"
            case .refused(let message): "it cannot be recomputed: \(message)"
            }
        }
    }

    private static let atOnce = 100

    /// Recomputes every snapshot, the oldest first. - Parameter report: is told of each.
    public func verify(_ report: (Check) throws -> Void) async throws {
        let keys = try await trustedKeys()
        var last: UUID?
        while true {
            let batch = try await store.database.all(
                store.statements["adoption/list_snapshots_to_check"], last, Self.atOnce, lane: .report, as: Self.read)
            for snapshot in batch { try report(await check(snapshot, keys: keys)) }
            guard batch.count == Self.atOnce, let end = batch.last else { return }
            last = end.id
        }
    }

    /// Whether every snapshot is what was signed and is computed the same again.
    public func verify() async throws -> Operations.Check {
        var (checked, wrong) = (0, 0)
        try await verify { check in
            checked += 1
            if !check.problems.isEmpty { wrong += 1 }
        }
        return Operations.Check(name: "adoption snapshots recompute", checked: checked, wrong: wrong)
    }

    /// Recomputes one snapshot.
    public func recompute(_ id: UUID) async throws -> Check {
        try await check(kept(id), keys: trustedKeys())
    }

    private func trustedKeys() async throws -> [String: VerificationKey] {
        Dictionary(uniqueKeysWithValues: try await keys.all().map { ($0.key.id, $0.key) })
    }

    private func check(_ snapshot: KeptSnapshot, keys: [String: VerificationKey]) async throws -> Check {
        var check = Check(id: snapshot.id)
        if SHA256.digest(snapshot.document) != snapshot.sha256 {
            check.problems.append(.hash)
        }
        guard let tree = try? JSONTree(json: snapshot.document), let content = SnapshotContent(tree) else {
            check.problems.append(.form)
            return check
        }
        if tree["id"]?.text != snapshot.id.uuidString.lowercased() { check.problems.append(.id) }
        check.problems += SignedDocument.problems(of: tree, keys: keys).map(Problem.signature)
        if !content.hashesAreRight { check.problems.append(.resultHash) }
        // Each by the version of its metric that it was computed by; one that is not kept cannot be computed here any more.
        let same = content.tables.compactMap { table in
            adoption.metrics.metric(table.request.metric, digest: table.definition).map { (table, $0) }
        }
        check.isOfAnotherDefinition = same.count < content.tables.count
        do {
            let again = try await recomputed(same, content.times)
            for ((kept, _), again) in zip(same, again) {
                let place = content.isList ? ["tables[\(kept.place)]", kept.request.words + ","] : []
                check.problems += Difference.all(kept: kept.result, recomputed: again, at: place).prefix(5)
                    .map(Problem.result)
                check.recomputed[kept.place] = JSONDocument(
                    text: String(decoding: try again.canonical(), as: UTF8.self))
            }
        } catch AdoptionError.notYetMade {
            // That says nothing of the snapshot.
            throw AdoptionError.notYetMade
        } catch let refusal as any MarketplaceError {
            check.problems.append(.refused(refusal.message))
        }
        return check
    }

    private func recomputed(
        _ tables: [(SnapshotContent.Table, Metric)], _ times: SnapshotTimes
    ) async throws -> [JSONTree] {
        guard !tables.isEmpty else { return [] }
        let wanted = try tables.map { table, metric in (metric, try table.request.completed(for: metric)) }
        return try await store.database.withTransaction(.repeatableRead, lane: .report) {
            try await self.tables(wanted, times, in: $0).map(\.result)
        }
    }
}

/// What of a kept snapshot is checked.
struct SnapshotContent {
    struct Table {
        let place: Int
        let request: TableRequest
        let definition: String
        let result: JSONTree
    }

    let isList: Bool
    let times: SnapshotTimes
    let tables: [Table]
    let hashesAreRight: Bool

    /// Nil when it is of no form that is known.
    init?(_ tree: JSONTree) {
        isList = tree["format"]?.text == KeptSnapshot.listFormat
        guard isList || tree["format"]?.text == KeptSnapshot.format, let times = SnapshotTimes(tree["parameters"])
        else { return nil }
        self.times = times
        let kept = isList ? tree["tables"]?.list ?? [] : [tree]
        tables = kept.enumerated().compactMap { place, table in
            guard let metric = table["metric"]?.text, let definition = table["definition"]?.text,
                let result = table["result"], let parameters = table["parameters"],
                let request = TableRequest(metric: metric, parameters)
            else { return nil }
            return Table(place: place, request: request, definition: definition, result: result)
        }
        guard !kept.isEmpty, tables.count == kept.count else { return nil }
        let areRight = zip(kept, tables).allSatisfy { kept, table in
            (try? SnapshotTable.hash(of: table.result)) == kept["result_sha256"]?.text
        }
        let whole = try? SnapshotTable.hash(of: .list(tables.map(\.result)))
        hashesAreRight = areRight && (!isList || whole == tree["result_sha256"]?.text)
    }
}
