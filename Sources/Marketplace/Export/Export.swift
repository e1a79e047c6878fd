import Foundation
import Postgres

/// The directory and the products as DCAT-AP, for harvesters.
public struct Export: Sendable {
    let store: Store

    /// The whole catalogue, or the entries of one source, as they were in force now.
    /// - Throws: `ExportError.unknownSource`.
    public func catalogue(_ syntax: ExportSyntax, source: String?, base: String, now: Date) async throws
        -> CatalogueStream
    {
        if let source {
            let known = try await store.database.first(store.statements["export/find_source"], source) {
                try $0.next(Bool.self)
            }
            guard known ?? false else { throw ExportError.unknownSource(source) }
        }
        return CatalogueStream(
            export: self, syntax: syntax, source: source, addresses: Addresses(base: base), now: now)
    }

    /// One entry as it was in force at a time. - Throws: `DirectoryError.unknownEntry`.
    public func entry(_ code: String, _ syntax: ExportSyntax, base: String, asOf: Date, recordedBy: Date) async throws
        -> [UInt8]
    {
        guard let entry = try await entries([code], asOf: asOf, recordedBy: recordedBy).first else {
            throw DirectoryError.unknownEntry(code)
        }
        var graph = Graph()
        try EntryDescription(entry: entry, addresses: Addresses(base: base)).add(to: &graph)
        return try document(of: graph, syntax)
    }

    /// One listed product. - Throws: `CatalogError.unknownProduct`.
    public func product(_ code: String, _ syntax: ExportSyntax, base: String, now: Date) async throws -> [UInt8] {
        guard let product = try await products([code], now: now).first else { throw CatalogError.unknownProduct(code) }
        var graph = Graph()
        ProductDescription(product: product, addresses: Addresses(base: base)).add(to: &graph)
        return try document(of: graph, syntax)
    }

    private func document(of graph: Graph, _ syntax: ExportSyntax) throws -> [UInt8] {
        var writer = syntax.writer()
        return try writer.write(graph) + writer.finish()
    }

    func entryCodes(source: String?, after: String, asOf: Date, limit: Int) async throws -> [String] {
        try await store.database.all(
            store.statements["export/list_entry_codes"], source, after, asOf, asOf, limit, lane: .report
        ) { try $0.next(String.self) }
    }

    func entries(_ codes: [String], asOf: Date, recordedBy: Date) async throws -> [ExportedEntry] {
        let rows = try await store.database.all(
            store.statements["export/find_entries"], codes, asOf, recordedBy, lane: .report
        ) { try $0.next(String.self) }
        return try rows.map { try JSONDecoder().decode(ExportedEntry.self, from: Data($0.utf8)) }
    }

    func productCodes(after: String, limit: Int) async throws -> [String] {
        try await store.database.all(
            store.statements["export/list_product_codes"], after, limit, lane: .report
        ) { try $0.next(String.self) }
    }

    func products(_ codes: [String], now: Date) async throws -> [ExportedProduct] {
        let rows = try await store.database.all(
            store.statements["export/find_products"], codes, now, lane: .report
        ) { try $0.next(String.self) }
        return try rows.map { try JSONDecoder().decode(ExportedProduct.self, from: Data($0.utf8)) }
    }

    func administration() async throws -> ExportedAdministration? {
        try await store.document("export/find_administration").map {
            try JSONDecoder().decode(ExportedAdministration.self, from: Data($0.text.utf8))
        }
    }
}

public enum ExportError: MarketplaceError {
    case unknownSource(String)

    public var code: RefusalCode { .notFound }
    public var field: String? { "source" }
    public var message: String {
        switch self {
        case .unknownSource(let code): "No source of directory entries has the code \(code)."
        }
    }
}
