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
        /// The figure by its parameters as it is computed now; nil when it cannot be.
        public var recomputed: JSONDocument?

        public var isSame: Bool { problems.isEmpty && !isOfAnotherDefinition }
    }

    /// What can be wrong with a snapshot.
    public enum Problem: Sendable, Hashable, CustomStringConvertible {
        case hash, form, id, resultHash
        case signature(String)
        case result(kept: String, recomputed: String)
        case refused(String)

        public var description: String {
            switch self {
            case .hash: "its hash is not that of its document"
            case .form: "it is no snapshot of the form \(KeptSnapshot.format)"
            case .id: "it has another's id"
            case .resultHash: "the hash of its result is not that of its result"
            case .signature(let problem): problem
            case .result(let kept, let recomputed): "its result differs: kept \(kept), recomputed \(recomputed)"
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
        guard let tree = try? JSONTree(json: snapshot.document), tree["format"]?.text == KeptSnapshot.format,
            let metric = tree["metric"]?.text, let result = tree["result"],
            let parameters = SnapshotParameters(tree["parameters"])
        else {
            check.problems.append(.form)
            return check
        }
        if tree["id"]?.text != snapshot.id.uuidString.lowercased() { check.problems.append(.id) }
        check.problems += SignedDocument.problems(of: tree, keys: keys).map(Problem.signature)
        if let bytes = try? result.canonical(), SHA256.digest(bytes).hexadecimal == tree["result_sha256"]?.text {
        } else {
            check.problems.append(.resultHash)
        }
        guard adoption.metric(metric)?.digest == tree["definition"]?.text else {
            check.isOfAnotherDefinition = true
            return check
        }
        do {
            let again = try await store.database.withTransaction(.repeatableRead, lane: .report) {
                try await self.result(of: metric, parameters, in: $0).result
            }
            check.recomputed = JSONDocument(text: String(decoding: try again.canonical(), as: UTF8.self))
            if try again.canonical() != result.canonical() {
                check.problems.append(.result(kept: Self.said(result), recomputed: Self.said(again)))
            }
        } catch let refusal as any MarketplaceError {
            check.problems.append(.refused(refusal.message))
        }
        return check
    }

    private static func said(_ figure: JSONTree) -> String {
        "\(figure["numerator"]?.number ?? 0)/\(figure["denominator"]?.number ?? 0)"
    }
}
