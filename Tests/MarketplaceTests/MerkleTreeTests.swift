import Testing

@testable import Marketplace

@Suite struct MerkleTreeTests {
    /// As RFC 6962 defines it, by halves.
    private func root(_ leaves: [[UInt8]]) -> [UInt8] {
        guard leaves.count > 1 else { return leaves.first ?? SHA256.digest([]) }
        var middle = 1
        while middle * 2 < leaves.count { middle *= 2 }
        return MerkleTree.parent(root(Array(leaves[..<middle])), root(Array(leaves[middle...])))
    }

    private let leaves = (0..<70).map { MerkleTree.leaf([UInt8($0)]) }

    @Test func `the roots are those of the reference tree of Certificate Transparency`() {
        let inputs: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
            [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            [0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
        ]
        let edge = MerkleTree.append(inputs.map(MerkleTree.leaf), to: 0, edge: []).edge
        #expect(
            MerkleTree.root(edge).hexadecimal == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
        #expect(
            MerkleTree.root([MerkleTree.leaf([])]).hexadecimal
                == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
    }

    @Test func `appending in any batches makes the same tree`() {
        for batch in [1, 2, 3, 7, 64] {
            var (edge, size) = ([[UInt8]](), 0)
            while size < leaves.count {
                let next = leaves[size..<min(size + batch, leaves.count)]
                edge = MerkleTree.append(Array(next), to: size, edge: edge).edge
                size += next.count
                #expect(MerkleTree.root(edge) == root(Array(leaves[..<size])))
            }
        }
    }

    @Test func `every leaf is proven in every size, and nowhere else`() {
        for size in 1...leaves.count {
            let whole = root(Array(leaves[..<size]))
            for position in 0..<size {
                let path = MerkleTree.inclusionPath(of: position, size: size).map { root(Array(leaves[$0])) }
                let proven = { (leaf: Int, at: Int, path: [[UInt8]]) in
                    MerkleTree.root(from: leaves[leaf], position: at, size: size, path: path) == whole
                }
                #expect(proven(position, position, path))
                #expect(!proven((position + 1) % leaves.count, position, path))
                if size > 1 {
                    #expect(!proven(position, position ^ 1, path))
                    #expect(!proven(position, position, Array(path.dropLast())))
                }
            }
        }
    }

    @Test func `any older tree is shown to be the beginning of any newer one, and no other tree`() {
        for size in 1...leaves.count {
            let whole = root(Array(leaves[..<size]))
            for older in 1...size {
                let path = MerkleTree.consistencyPath(from: older, to: size).map { root(Array(leaves[$0])) }
                let old = root(Array(leaves[..<older]))
                #expect(MerkleTree.isConsistent(from: older, old, to: size, whole, path: path))
                #expect(!MerkleTree.isConsistent(from: older, leaves[69], to: size, whole, path: path) || older == 70)
                #expect(path.allSatisfy { $0.count == 32 })
                var other = Array(leaves[..<older])
                other[older / 2] = MerkleTree.leaf([255])
                #expect(!MerkleTree.isConsistent(from: older, root(other), to: size, whole, path: path))
            }
        }
    }

    @Test func `a range is made of its complete subtrees`() {
        for start in 0..<40 {
            for end in start..<41 {
                let nodes = MerkleTree.nodes(of: start..<end)
                let covered = nodes.flatMap { Array(($0.position << $0.level)..<(($0.position + 1) << $0.level)) }
                #expect(covered == Array(start..<end))
            }
        }
    }
}
