import Foundation
import Hummingbird
import Marketplace

/// The catalogue as DCAT-AP in three syntaxes.
struct ExportRoutes: Sendable {
    let market: Market
    let publicURL: String?
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/catalog") { request, context in
            guard let syntax = try request.exportSyntax(besides: []) else { throw HTTPError(.notAcceptable) }
            return try await catalogue(syntax, request, context)
        }
        for syntax in ExportSyntax.allCases {
            router.get("/catalog.\(syntax.rawValue)") { request, context in
                try await catalogue(syntax, request, context)
            }
        }
    }

    /// The body is made page by page while it is sent; a failure on the way cuts it off, which a reader can see.
    private func catalogue(_ syntax: ExportSyntax, _ request: Request, _ context: MarketContext) async throws
        -> Response
    {
        let source = try request.query("source")?.uppercased()
        let base = try request.base(publicURL: publicURL)
        // The first page is read before the answer begins, so that a database that is away is told as such.
        let stream = try await market.export.catalogue(syntax, source: source, base: base, now: now())
        let first = try await offLoop { try await stream.next() } ?? []
        let pieces = StreamedCatalogue(first: first, stream: stream)
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(bytes: pieces.first))
            do {
                while let piece = try await offLoop({ try await pieces.stream.next() }) {
                    try await writer.write(ByteBuffer(bytes: piece))
                }
            } catch {
                context.logger.error("export was cut off", metadata: ["error": "\(String(reflecting: error))"])
                throw error
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "\(syntax.mediaType); charset=utf-8", .cacheControl: "no-cache", .vary: "Accept",
                .contentDisposition: "inline; filename=\"catalog.\(syntax.rawValue)\"",
            ],
            body: body)
    }
}

/// One answer reads it, one piece after the other.
private struct StreamedCatalogue: @unchecked Sendable {
    let first: [UInt8]
    let stream: CatalogueStream
}
