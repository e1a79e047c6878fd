import Foundation
import Postgres

/// What became of a catalogue at an address.
public enum FetchOutcome: Sendable { case notModified(source: String), imported(ImportReport) }

extension Directory {
    /// Fetches a catalogue, unless the server says that it is the one that landed last, and imports it.
    /// - Parameters:
    ///   - rereads: whether it is fetched and read again also when it is the one that landed last.
    ///   - request: is given the file's place and answers what to import.
    public func importCatalogue(
        at address: CatalogueAddress, source: String, rereads: Bool = false, by administration: UUID, now: Date,
        onProgress: @Sendable (ImportProgress) -> Void = { _ in },
        _ request: (CatalogueContent, CatalogueFormat?) throws -> ImportRequest
    ) async throws -> FetchOutcome {
        let source = source.uppercased()
        let known = try await store.database.first(
            store.statements["directory/find_source_address"], source, address.url, CatalogueReader.version
        ) { CatalogueAddress.Validators(etag: try $0.next(String?.self), lastModified: try $0.next(String?.self)) }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("catalogue-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let answer: CatalogueAddress.Answer
        do { answer = try await address.fetch(into: file, unless: rereads ? .init() : known ?? .init()) } catch let
            error
            as CatalogueUnreadable
        { throw DirectoryError.unreadable(error) }
        guard case .file(let validators, let contentType) = answer else { return .notModified(source: source) }
        let request = try request(.file(file), CatalogueFormat(contentType: contentType))
        let report = try await importCatalogue(request, by: administration, now: now, onProgress: onProgress)
        if !request.dryRun {
            let digest = try await onOwnThread { try request.content.digest() }
            try await store.database.execute(
                store.statements["directory/upsert_source_address"], source, address.url, validators.etag,
                validators.lastModified, now, digest)
        }
        return .imported(report)
    }

    /// Imports, the newest first.
    public func imports(source: String?, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(query: "imports of \(source ?? "")", key: [.id], cursor: cursor, limit: limit)
        return try await store.page(
            "directory/list_imports", source?.uppercased(), request.cursor?.key, request: request
        ).json()
    }

    /// An import while it runs and after it.
    public func importState(_ id: UUID) async throws -> JSONDocument {
        guard let document = try await store.document("directory/find_import", id) else {
            throw DirectoryError.unknownImport(id.uuidString)
        }
        return document
    }

    public func importProblems(of id: UUID, cursor: String?, limit: Int?) async throws -> JSONDocument {
        _ = try await importState(id)
        let request = try PageRequest(query: "problems of \(id)", key: [.number], cursor: cursor, limit: limit)
        return try await store.page("directory/list_import_problems", id, request.cursor?.key, request: request).json()
    }
}

extension CatalogueFormat {
    /// Only what says more than that it is text, XML or JSON.
    init?(contentType: String?) {
        let type = contentType?.split(separator: ";").first?.trimmingCharacters(in: .whitespaces)
        switch type?.split(separator: "/").last {
        case "turtle": self = .turtle
        case "rdf+xml": self = .rdfXML
        case "n-triples": self = .nTriples
        case "ld+json": self = .jsonLD
        case "csv": self = .csv
        default: return nil
        }
    }
}
