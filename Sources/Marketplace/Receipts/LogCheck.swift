import Foundation
import Postgres

extension MarketLog {
    /// What a check of the whole log found.
    public struct Finding: Sendable {
        public var leaves = 0
        public var heads = 0
        public var problems: [String] = []
    }

    private static let leavesAtOnce = 10_000

    /// Recomputes the tree from what its leaves stand for, and follows the chain of heads with their signatures.
    /// - Parameter kept: an older head that somebody kept, as it was signed: a rewritten history differs from it.
    public func verify(kept: [UInt8]? = nil, keys: Keys) async throws -> Finding {
        let known = Dictionary(try await keys.all().map { ($0.key.id, $0.key) }) { first, _ in first }
        var check = LogCheck(keys: known, kept: kept)
        while true {
            let first = check.finding.leaves
            let leaves = try await store.database.all(
                store.statements["receipts/list_leaves"], first, Self.leavesAtOnce, lane: .report
            ) { row in
                let (hash, document) = (try row.next([UInt8].self), try row.next([UInt8]?.self))
                return LogCheck.Leaf(hash: hash, document: document, event: try row.next(String?.self) ?? "")
            }
            let heads = try await store.database.all(
                store.statements["receipts/list_heads"], first, first + max(leaves.count, 1), lane: .report
            ) { row in
                let (size, root) = (try row.next(Int.self), try row.next([UInt8].self))
                let (_, previous) = (try row.next(Int?.self), try row.next([UInt8]?.self))
                let (sha256, document) = (try row.next([UInt8].self), try row.next([UInt8].self))
                return LogCheck.Head(size: size, root: root, previous: previous, sha256: sha256, document: document)
            }
            check.add(leaves, heads: heads)
            if leaves.count < Self.leavesAtOnce { break }
        }
        let wrong = try await store.database.first(store.statements["receipts/find_wrong_node"], lane: .report) {
            (count: try $0.next(Int.self), first: try $0.next(String?.self))
        }
        if let wrong, let first = wrong.first {
            check.finding.problems.append(
                "\(wrong.count) subtrees differ from those below; the first, as level and position: \(first)")
        }
        check.finish()
        return check.finding
    }
}

/// Goes along the log once, from its first leaf to its last.
struct LogCheck {
    struct Leaf: Sendable {
        let hash: [UInt8]
        let document: [UInt8]?
        let event: String
    }

    struct Head: Sendable {
        let size: Int
        let root: [UInt8]
        let previous: [UInt8]?
        let sha256: [UInt8]
        let document: [UInt8]
    }

    var finding = MarketLog.Finding()
    private let keys: [String: VerificationKey]
    private let kept: [UInt8]?
    private let keptTree: JSONTree?
    private var edge: [[UInt8]] = []
    private var last: Head?
    private var hasMetKept = false
    private var hasDiffered = false

    init(keys: [String: VerificationKey], kept: [UInt8]?) {
        self.keys = keys
        self.kept = kept
        keptTree = kept.flatMap { try? JSONTree(json: $0) }
        guard kept != nil else { return }
        guard let keptTree, keptTree["format"]?.text == "datamarket-head/1", keptTree["size"]?.number != nil else {
            finding.problems.append("the kept head is not a head of the form datamarket-head/1")
            return
        }
        finding.problems += SignedDocument.problems(of: keptTree, keys: keys).map { "the kept head: \($0)" }
    }

    mutating func add(_ leaves: [Leaf], heads: [Head]) {
        var rest = leaves[...]
        let start = finding.leaves
        let stops = heads.map(\.size) + (keptTree?["size"]?.number.map { [$0] } ?? [])
        for stop in Set(stops).sorted() where stop > start && stop <= start + leaves.count {
            grow(rest.prefix(stop - finding.leaves))
            rest = leaves[(stop - start)...]
            let head = heads.first { $0.size == stop }
            if let head { check(head) }
            if stop == keptTree?["size"]?.number { checkKept(against: head) }
        }
        grow(rest)
    }

    mutating func finish() {
        if let last, last.size != finding.leaves {
            finding.problems.append("the log has \(finding.leaves) leaves, its newest head says \(last.size)")
        }
        if let size = keptTree?["size"]?.number, !hasMetKept {
            finding.problems.append(
                "the kept head is over \(size) leaves, the log has only \(finding.leaves): leaves were taken away")
        }
    }

    private mutating func grow(_ leaves: ArraySlice<Leaf>) {
        let hashes = leaves.enumerated().map { place, leaf in
            let hash = leaf.document.map(MerkleTree.leaf)
            if hash != leaf.hash, !hasDiffered {
                hasDiffered = true
                let what = hash == nil ? "what it stands for is gone" : "event \(leaf.event) differs from its hash"
                finding.problems.append("leaf \(finding.leaves + place) is the first that differs: \(what)")
            }
            return hash ?? leaf.hash
        }
        edge = MerkleTree.append(hashes, to: finding.leaves, edge: edge).edge
        finding.leaves += leaves.count
    }

    private mutating func check(_ head: Head) {
        finding.heads += 1
        let name = "the head over \(head.size) leaves"
        let root = MerkleTree.root(edge).hexadecimal
        let tree = try? JSONTree(json: head.document)
        if tree?["root"]?.text != root || head.root.hexadecimal != root {
            finding.problems.append("\(name) has another root than the leaves")
        }
        if tree?["size"]?.number != head.size || head.sha256 != SHA256.digest(head.document) {
            finding.problems.append("\(name) is not what was signed")
        }
        let previous = last?.sha256
        if tree?["previous"]?.text != previous?.hexadecimal || head.previous != previous {
            finding.problems.append("\(name) does not follow the one before it")
        }
        if let tree {
            finding.problems += SignedDocument.problems(of: tree, keys: keys).map { "\(name): \($0)" }
        }
        last = head
    }

    private mutating func checkKept(against head: Head?) {
        hasMetKept = true
        let root = MerkleTree.root(edge).hexadecimal
        if keptTree?["root"]?.text != root {
            finding.problems.append(
                "the first \(finding.leaves) leaves have another root than the kept head: the history was rewritten")
        } else if head?.document != kept {
            finding.problems.append("the log has no such head any more: its heads were rewritten")
        }
    }
}
