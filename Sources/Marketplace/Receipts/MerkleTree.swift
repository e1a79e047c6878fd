/// The hash tree of RFC 6962 over SHA-256. A range of leaves stands for the hash over just them.
enum MerkleTree {
    typealias Hash = [UInt8]

    /// A complete subtree: 2^level leaves from position * 2^level on.
    struct Node: Hashable, Sendable {
        let level: Int
        let position: Int
    }

    static func leaf(_ document: [UInt8]) -> Hash { SHA256.digest([0] + document) }
    static func parent(_ left: Hash, _ right: Hash) -> Hash { SHA256.digest([1] + left + right) }

    /// The complete subtrees that make up a range, from left to right, largest first at its aligned beginning.
    static func nodes(of range: Range<Int>) -> [Node] {
        var nodes: [Node] = []
        var start = range.lowerBound
        while start < range.upperBound {
            var level = start == 0 ? 62 : start.trailingZeroBitCount
            while start + (1 << level) > range.upperBound || level >= 62 { level -= 1 }
            nodes.append(Node(level: level, position: start >> level))
            start += 1 << level
        }
        return nodes
    }

    /// The hash over a range from those of its complete subtrees.
    static func root(_ hashes: [Hash]) -> Hash {
        guard var hash = hashes.last else { return SHA256.digest([]) }
        for left in hashes.dropLast().reversed() { hash = parent(left, hash) }
        return hash
    }

    /// The largest power of two below a number of leaves.
    private static func split(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }

    /// What is hashed with the leaf at a position, step by step up to the root over `size` leaves.
    static func inclusionPath(of position: Int, size: Int) -> [Range<Int>] {
        var (range, path) = (0..<size, [Range<Int>]())
        while range.count > 1 {
            let middle = range.lowerBound + split(range.count)
            if position < middle {
                path.append(middle..<range.upperBound)
                range = range.lowerBound..<middle
            } else {
                path.append(range.lowerBound..<middle)
                range = middle..<range.upperBound
            }
        }
        return path.reversed()
    }

    /// What shows that the tree of `older` leaves is the beginning of the one of `size` leaves.
    static func consistencyPath(from older: Int, to size: Int) -> [Range<Int>] {
        guard older > 0, older < size else { return [] }
        var (range, path, isWhole) = (0..<size, [Range<Int>](), true)
        while range.upperBound != older {
            let middle = range.lowerBound + split(range.count)
            if older <= middle {
                path.append(middle..<range.upperBound)
                range = range.lowerBound..<middle
            } else {
                path.append(range.lowerBound..<middle)
                range = middle..<range.upperBound
                isWhole = false
            }
        }
        return (isWhole ? [] : [range]) + path.reversed()
    }

    /// The root that a leaf and its path lead to; nil when the path does not belong to the position and size.
    static func root(from leaf: Hash, position: Int, size: Int, path: [Hash]) -> Hash? {
        guard position >= 0, position < size else { return nil }
        let ranges = inclusionPath(of: position, size: size)
        guard ranges.count == path.count else { return nil }
        return zip(ranges, path).reduce(leaf) { hash, step in
            step.0.lowerBound > position ? parent(hash, step.1) : parent(step.1, hash)
        }
    }

    /// Whether the path leads from the older root to the newer one.
    static func isConsistent(from older: Int, _ olderRoot: Hash, to size: Int, _ root: Hash, path: [Hash]) -> Bool {
        guard older > 0, older <= size else { return false }
        guard older < size else { return path.isEmpty && olderRoot == root }
        let ranges = consistencyPath(from: older, to: size)
        guard ranges.count == path.count else { return false }
        // Without a hash of its own the path begins at the older root: it is a complete subtree.
        let beginsWithin = ranges[0].upperBound == older
        var (old, new) = beginsWithin ? (path[0], path[0]) : (olderRoot, olderRoot)
        for (range, hash) in zip(ranges, path).dropFirst(beginsWithin ? 1 : 0) {
            if range.lowerBound >= older {
                new = parent(new, hash)
            } else {
                (old, new) = (parent(hash, old), parent(hash, new))
            }
        }
        return old == olderRoot && new == root
    }

    /// A node with the hashes it was made of; a leaf has none.
    struct MadeNode: Sendable {
        let node: Node
        let hash: Hash
        var left: Hash?
        var right: Hash?
    }

    /// The complete subtrees that come with new leaves, from below to above.
    /// - Parameter edge: hashes of `nodes(of: 0..<size)`.
    static func append(_ leaves: [Hash], to size: Int, edge: [Hash]) -> (made: [MadeNode], edge: [Hash]) {
        var made: [MadeNode] = []
        // The complete subtrees at the right edge, largest first; each as level and hash.
        var open = zip(nodes(of: 0..<size), edge).map { (level: $0.0.level, hash: $0.1) }
        for (place, leaf) in leaves.enumerated() {
            made.append(MadeNode(node: Node(level: 0, position: size + place), hash: leaf))
            var (level, hash) = (0, leaf)
            while let last = open.last, last.level == level {
                open.removeLast()
                level += 1
                let whole = parent(last.hash, hash)
                let node = Node(level: level, position: (size + place) >> level)
                made.append(MadeNode(node: node, hash: whole, left: last.hash, right: hash))
                hash = whole
            }
            open.append((level, hash))
        }
        return (made, open.map(\.hash))
    }
}
