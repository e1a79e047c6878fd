import Foundation
import Hummingbird
import Marketplace

/// Imports of catalogues: begun with a file or an address, and watched while they run.
struct ImportRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date
    /// Whether a source may lie inside the market's own network.
    let allowsInternalSources: Bool

    /// The largest file taken in one request, in bytes as sent. It lies on disk while it is read.
    static let largestFile = 4 << 30
    /// The largest file at 5 Mbit/s.
    static let timeLimits = ["/v1/directory/imports": Duration.seconds(2 * 3600)]
    /// An import that takes longer is answered before it ends.
    private static let patience = Duration.seconds(25)

    func add(to router: Router<MarketContext>) {
        router.post("/v1/directory/imports") { request, context in try await importCatalogue(request, context) }
        router.get("/v1/directory/imports") { request, context in
            _ = try context.requireAccount(.administrator)
            return jsonResponse(
                try await market.directory.imports(
                    source: request.query("source"), cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.get("/v1/directory/imports/:id") { _, context in
            _ = try context.requireAccount(.administrator)
            return jsonResponse(try await market.directory.importState(id(context)))
        }
        router.get("/v1/directory/imports/:id/problems") { request, context in
            _ = try context.requireAccount(.administrator)
            return jsonResponse(
                try await market.directory.importProblems(
                    of: id(context), cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
    }

    private func id(_ context: MarketContext) throws -> UUID {
        try context.id(orElse: DirectoryError.unknownImport(context.parameters.require("id")))
    }

    /// The body is the catalogue itself, plain or gzip; or `url` says where it is.
    private func importCatalogue(_ request: Request, _ context: MarketContext) async throws -> Response {
        let party = try context.requireAccount(.administrator).partyID
        let wish = try Wish(request)
        let now = now()
        if let url = wish.url {
            let address = try CatalogueAddress(url, allowsInternal: allowsInternalSources)
            guard let source = wish.source else {
                throw InvalidInput("source", "Say which source the address belongs to.")
            }
            return try await answer(context) { note in
                try await market.directory.importCatalogue(
                    at: address, source: source, by: party, now: now, onProgress: note
                ) { try wish.request(content: $0, format: $1, fileName: address.fileName) }
            }
        }
        guard let fileName = wish.fileName else {
            throw InvalidInput(
                "file_name", "Say the file's name: it tells the format and, without `source`, the source.")
        }
        _ = try wish.request(content: .bytes([]), format: nil, fileName: fileName)
        let file = try await spooled(request)
        return try await answer(context) { note in
            defer { try? FileManager.default.removeItem(at: file) }
            return .imported(
                try await market.directory.importCatalogue(
                    wish.request(content: .file(file), format: nil, fileName: fileName), by: party, now: now,
                    onProgress: note))
        }
    }

    /// The body on disk, piece by piece.
    private func spooled(_ request: Request) async throws -> URL {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("upload-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw HTTPError(.serviceUnavailable) }
        do {
            let handle = try FileHandle(forWritingTo: file)
            defer { try? handle.close() }
            var size = 0
            for try await piece in request.body {
                size += piece.readableBytes
                guard size <= Self.largestFile else { throw HTTPError(.contentTooLarge) }
                try handle.write(contentsOf: piece.readableBytesView)
            }
            return file
        } catch {
            try? FileManager.default.removeItem(at: file)
            throw error
        }
    }

    /// What takes long is answered with the place where its progress can be seen.
    private func answer(
        _ context: MarketContext, _ work: @escaping BackgroundImport<FetchOutcome>.Work
    ) async throws -> Response {
        let imports = BackgroundImport<FetchOutcome>(patience: Self.patience, logger: context.logger)
        switch try await imports.answer(work) {
        case .ended(.imported(let report), _):
            return try jsonResponse(encoding: report, status: report.id == nil ? .ok : .created)
        case .ended(.notModified(let source), _):
            return try jsonResponse(encoding: ["state": "not_modified", "source": source])
        case .running(let id):
            var response = try jsonResponse(
                encoding: ["id": id.uuidString.lowercased(), "state": "reading"], status: .accepted)
            response.headers[.location] = "/v1/directory/imports/\(id.uuidString.lowercased())"
            return response
        }
    }

    /// The parameters of the query.
    private struct Wish: Sendable {
        let url: String?
        let fileName: String?
        let source: String?
        let format: CatalogueFormat?
        let dryRun: Bool
        let share: Double?

        init(_ request: Request) throws {
            url = try request.query("url")
            fileName = try request.query("file_name")
            source = try request.query("source")
            dryRun = try request.truth("dry_run")
            format = try request.query("format").map { text in
                guard let format = CatalogueFormat(rawValue: text) else {
                    let known = CatalogueFormat.allCases.map(\.rawValue).joined(separator: ", ")
                    throw InvalidInput("format", "'\(text)' is not one of \(known).")
                }
                return format
            }
            share = try request.query("max_withdrawn_share").map { text in
                guard let share = Double(text) else {
                    throw InvalidInput("max_withdrawn_share", "'\(text)' is not a number.")
                }
                return share
            }
        }

        func request(content: CatalogueContent, format found: CatalogueFormat?, fileName: String) throws
            -> ImportRequest
        {
            try ImportRequest(
                fileName: self.fileName ?? fileName, content: content, source: source, format: format ?? found,
                dryRun: dryRun, maxWithdrawnShare: share ?? 0.2)
        }
    }
}
