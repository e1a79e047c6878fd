import Foundation
import Hummingbird
import Marketplace

struct DirectoryRoutes: Sendable {
    let market: Market
    let publicURL: String?
    let now: @Sendable () -> Date

    /// The largest catalogue taken in one request, in bytes as sent.
    static let importLimit = 64 << 20

    func add(to router: Router<MarketContext>) {
        router.get("/v1/directory/entries") { request, _ in
            let document = try await market.directory.entries(
                text: request.query("q"), cursor: request.query("cursor"), limit: request.wholeNumber("limit"))
            return cacheableResponse(document, to: request)
        }
        router.get("/v1/directory/entries/:code") { request, context in
            let now = now()
            let (asOf, recordedBy) = (try request.time("as_of") ?? now, try request.time("recorded_by") ?? now)
            let document = try await market.directory.entry(
                context.code(), asOf: asOf, recordedBy: recordedBy, now: now)
            guard let syntax = try request.exportSyntax(besides: ["application/json"]) else {
                return cacheableResponse(document, to: request)
            }
            let entry = try await market.export.entry(
                context.code(), syntax, base: request.base(publicURL: publicURL), asOf: asOf, recordedBy: recordedBy)
            return cacheableResponse(entry, as: syntax, to: request)
        }
        router.get("/v1/directory/entries/:code/history") { request, context in
            let document = try await market.directory.history(
                of: context.code(), cursor: request.query("cursor"), limit: request.wholeNumber("limit"))
            return cacheableResponse(document, to: request)
        }
        router.post("/v1/directory/imports") { request, context in try await importCatalogue(request, context) }
    }

    /// The body is the catalogue itself, plain or gzip.
    private func importCatalogue(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        guard let fileName = try request.query("file_name") else {
            throw InvalidInput(
                "file_name", "Say the file's name: it tells the format and, without `source`, the source.")
        }
        let format = try request.query("format").map { text in
            guard let format = CatalogueFormat(rawValue: text) else {
                let known = CatalogueFormat.allCases.map(\.rawValue).joined(separator: ", ")
                throw InvalidInput("format", "'\(text)' is not one of \(known).")
            }
            return format
        }
        let share = try request.query("max_withdrawn_share").map { text in
            guard let share = Double(text) else {
                throw InvalidInput("max_withdrawn_share", "'\(text)' is not a number.")
            }
            return share
        }
        let source = try request.query("source")
        let dryRun = try request.truth("dry_run")
        let body = try await request.body.collect(upTo: Self.importLimit)
        let report = try await offLoop {
            try await market.directory.importCatalogue(
                ImportRequest(
                    fileName: fileName, bytes: Array(body.readableBytesView), source: source, format: format,
                    dryRun: dryRun, maxWithdrawnShare: share ?? 0.2),
                by: account.partyID, now: now())
        }
        return try jsonResponse(encoding: report, status: dryRun ? .ok : .created)
    }
}
