import Foundation
import Postgres

/// The directory as CKAN's action API shows it to harvesters: entries in force are packages, those who answer for them
/// organisations. Everything but the choice is done by PostgreSQL.
public struct Packages: Sendable {
    let store: Store

    public func names(offset: Int, limit: Int?) async throws -> JSONDocument {
        try await report("export/list_package_names", offset, limit)
    }

    public func package(_ name: String, base: String) async throws -> JSONDocument {
        guard let code = try await code("export/find_package_code", name) else {
            throw PackageError.unknownPackage(name)
        }
        return Self.only(in: try await packages([code], base: base))
    }

    /// Packages with their resources, newest first.
    public func all(offset: Int, limit: Int, base: String) async throws -> JSONDocument {
        var search = PackageSearch()
        (search.order, search.isDescending, search.start, search.rows) = (.modified, true, offset, limit)
        return try await packages(try await found(search).codes, base: base)
    }

    public func search(_ search: PackageSearch, base: String) async throws -> JSONDocument {
        let found = try await found(search)
        let results = try await packages(found.codes, base: base)
        return JSONDocument(
            text: """
                {"count":\(found.count),"sort":"\(search.sortText)","results":\(results.text),\
                "facets":{},"search_facets":{}}
                """)
    }

    public func organisations(offset: Int, limit: Int?) async throws -> JSONDocument {
        try await report("export/list_organisations", String?.none, offset, limit)
    }

    public func organisation(_ name: String) async throws -> JSONDocument {
        guard let code = try await code("export/find_organisation_code", name) else {
            throw PackageError.unknownOrganisation(name)
        }
        let found = try await report("export/list_organisations", code, 0, 1)
        guard found.text != "[]" else { throw PackageError.unknownOrganisation(name) }
        return Self.only(in: found)
    }

    private struct Found: Decodable {
        let count: Int
        let codes: [String]
    }

    private func found(_ search: PackageSearch) async throws -> Found {
        // An organisation that there is not has no packages.
        var codes: [String: String] = [:]
        for name in Set((search.organisations ?? []) + search.excluded) {
            codes[name] = try await code("export/find_organisation_code", name)
        }
        let document = try await report(
            "export/search_packages", search.words.map { "%\(escapedForLike($0))%" },
            search.organisations?.compactMap { codes[$0] }, search.excluded.compactMap { codes[$0] }, search.tags,
            search.order.rawValue, search.isDescending, search.start, search.rows,
            search.modifiedSince, search.modifiedUntil)
        return try JSONDecoder().decode(Found.self, from: Data(document.text.utf8))
    }

    private func packages(_ codes: [String], base: String) async throws -> JSONDocument {
        try await report("export/find_packages", codes, base)
    }

    private func code(_ statement: String, _ name: String) async throws -> String? {
        try await store.database.first(store.statements[statement], name, lane: .report) { try $0.next(String.self) }
    }

    private func report(_ statement: String, _ parameters: (any PostgresParameter)?...) async throws -> JSONDocument {
        let text = try await store.database.first(store.statements[statement], values: parameters, lane: .report) {
            try $0.next(String.self)
        }
        return JSONDocument(text: text ?? "[]")
    }

    private static func only(in list: JSONDocument) -> JSONDocument {
        JSONDocument(text: String(list.text.dropFirst().dropLast()))
    }
}

public enum PackageError: MarketplaceError {
    case unknownPackage(String), unknownOrganisation(String), unknownAction(String)

    public var code: RefusalCode { .notFound }
    public var field: String? {
        if case .unknownAction = self { nil } else { "id" }
    }
    public var message: String {
        switch self {
        case .unknownPackage(let name): "No dataset in force has the name or id \(name.prefix(100))."
        case .unknownOrganisation(let name): "No organisation has the name or id \(name.prefix(100))."
        case .unknownAction(let name): "There is no action \(name.prefix(100)) here; see the contract at /openapi.json."
        }
    }
}
