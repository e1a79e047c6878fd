import Foundation

/// A catalogue in pieces: first what describes it, then its entries, then its products, page by page. No connection is
/// held between two pieces, so that a slow reader keeps nothing waiting.
public final class CatalogueStream {
    private static let pageSize = 100
    private enum Stage { case head, entries(after: String), products(after: String), end, over }

    private let export: Export
    private let source: String?
    private let addresses: Addresses
    private let now: Date
    private var writer: any GraphWriter
    private var stage = Stage.head
    private var blanks = 0

    init(export: Export, syntax: ExportSyntax, source: String?, addresses: Addresses, now: Date) {
        self.export = export
        self.source = source
        self.addresses = addresses
        self.now = now
        writer = syntax.writer()
    }

    /// The next piece; nil at the end.
    public func next() async throws -> [UInt8]? {
        while true {
            var graph = Graph(blanks: blanks)
            switch stage {
            case .head:
                stage = .entries(after: "")
                CatalogueDescription(
                    administration: try await export.administration(), source: source, addresses: addresses
                ).add(to: &graph)
            case .entries(let last):
                try await addEntries(after: last, to: &graph)
            case .products(let last):
                try await addProducts(after: last, to: &graph)
            case .end:
                stage = .over
                return try writer.finish()
            case .over:
                return nil
            }
            blanks = graph.blanks
            if !graph.statements.isEmpty { return try writer.write(graph) }
        }
    }

    private func addEntries(after last: String, to graph: inout Graph) async throws {
        let codes = try await export.entryCodes(source: source, after: last, asOf: now, limit: Self.pageSize)
        for entry in try await export.entries(codes, asOf: now, recordedBy: now) {
            try EntryDescription(entry: entry, addresses: addresses).add(to: &graph)
        }
        // Products belong to no source: an export of one source is what that source holds.
        stage = codes.last.map { .entries(after: $0) } ?? (source == nil ? .products(after: "") : .end)
    }

    private func addProducts(after last: String, to graph: inout Graph) async throws {
        let codes = try await export.productCodes(after: last, limit: Self.pageSize)
        for product in try await export.products(codes, now: now) {
            ProductDescription(product: product, addresses: addresses).add(to: &graph)
        }
        stage = codes.last.map { .products(after: $0) } ?? .end
    }
}
