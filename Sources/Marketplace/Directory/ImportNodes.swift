import Foundation
import Postgres

/// Makes entries of the nodes of a large RDF file that were put aside, a page of datasets at a time.
struct ImportNodes: Sendable {
    let statement: Statement
    let connection: Transaction
    private static let datasets = 500
    /// More for a few datasets is no catalogue but an attack on the memory.
    private static let largest = 50_000

    /// Datasets with the nodes that belong to them.
    struct Page: Sendable {
        fileprivate let nodes: [(number: Int, begins: Bool, body: String)]
        /// The number of the last dataset of the page.
        fileprivate let place: Int
    }

    /// Makes a batch of each page; meanwhile the one before is stored and the next page fetched.
    func forEachBatch(
        after progress: ImportProgress, _ store: (ImportBatch) async throws -> Void
    ) async throws -> ImportProgress {
        var (made, done) = (ImportBatch?.none, progress)
        var page = try await page(of: progress.id, after: progress.nodePlace, position: progress.position)
        while let current = page {
            let before = done
            async let batch = entries(of: current, after: before)
            if let made { try await store(made) }
            page = try await self.page(of: before.id, after: current.place, position: before.position)
            made = try await batch
            done = made?.progress ?? before
        }
        if let made { try await store(made) }
        return done
    }

    private func page(of id: UUID, after place: Int, position: Int) async throws -> Page? {
        var nodes = try await nodes(of: id, after: place, datasets: Self.datasets)
        if nodes.count > Self.largest { nodes = try await self.nodes(of: id, after: place, datasets: 1) }
        guard nodes.count <= Self.largest else {
            throw CatalogueUnreadable(
                .tooLarge, "An entry behind the \(position)th has more than \(Self.largest) nodes of its own.")
        }
        return nodes.last { $0.begins }.map { Page(nodes: nodes, place: $0.number) }
    }

    private func entries(of page: Page, after progress: ImportProgress) async throws -> ImportBatch {
        try await onOwnThread {
            var triples = Triples()
            var subjects: [(place: Int, node: Triples.Node)] = []
            for node in page.nodes {
                let subject = triples.add(stored: node.body)
                if node.begins, let subject { subjects.append((node.number, subject)) }
            }
            let reader = RDFReader(triples: triples)
            var batcher = ImportBatcher(progress)
            batcher.end(
                format: CatalogueFormat(rawValue: progress.format) ?? .turtle, nodesComplete: true)
            for (offset, subject) in subjects.enumerated() {
                try batcher.add(reader.candidate(subject.node, position: progress.position + offset + 1))
                batcher.passed(node: subject.place)
            }
            return batcher.take()
        }
    }

    private func nodes(
        of id: UUID, after place: Int, datasets: Int
    ) async throws -> [(number: Int, begins: Bool, body: String)] {
        try await connection.all(statement, id, place, datasets, Self.largest + 1) {
            (number: try $0.next(Int.self), begins: try $0.next(Bool.self), body: try $0.next(String.self))
        }
    }
}
