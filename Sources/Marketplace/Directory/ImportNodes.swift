import Foundation
import Postgres

/// Makes entries of the nodes of a large RDF file that were put aside, a page of datasets at a time.
struct ImportNodes: Sendable {
    let page: Statement
    let connection: Transaction
    private static let datasets = 500
    /// More for a few datasets is no catalogue but an attack on the memory.
    private static let largest = 50_000

    /// - Returns: nil when every dataset has been dealt with.
    func batch(after progress: ImportProgress) async throws -> ImportBatch? {
        var nodes = try await nodes(after: progress, datasets: Self.datasets)
        if nodes.count > Self.largest { nodes = try await self.nodes(after: progress, datasets: 1) }
        guard nodes.count <= Self.largest else {
            throw CatalogueUnreadable(
                .tooLarge, "Entry \(progress.position + 1) has more than \(Self.largest) nodes of its own.")
        }
        guard !nodes.isEmpty else { return nil }
        let (found, format) = (nodes, progress.format)
        return try await onOwnThread {
            var triples = Triples()
            var subjects: [(place: Int, node: Triples.Node)] = []
            for node in found {
                let subject = triples.add(stored: node.body)
                if node.begins, let subject { subjects.append((node.number, subject)) }
            }
            let reader = RDFReader(triples: triples)
            var batcher = ImportBatcher(progress)
            batcher.end(format: CatalogueFormat(rawValue: format) ?? .turtle, nodesComplete: true)
            for (offset, subject) in subjects.enumerated() {
                try batcher.add(reader.candidate(subject.node, position: progress.position + offset + 1))
                batcher.passed(node: subject.place)
            }
            return batcher.take()
        }
    }

    private func nodes(
        after progress: ImportProgress, datasets: Int
    ) async throws -> [(number: Int, begins: Bool, body: String)] {
        try await connection.all(page, progress.id, progress.nodePlace, datasets, Self.largest + 1) {
            (number: try $0.next(Int.self), begins: try $0.next(Bool.self), body: try $0.next(String.self))
        }
    }
}
