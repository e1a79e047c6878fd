import Foundation
import Hummingbird
import Marketplace

struct DeliveryRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/entitlements/:id/content") { request, context in try await download(request, context) }
    }

    /// The use is counted before the first byte is sent.
    private func download(_ request: Request, _ context: MarketContext) async throws -> Response {
        // HEAD would count a use that sends nothing.
        guard request.method == .get else { throw HTTPError(.methodNotAllowed) }
        let account = try context.requireAccount(.enterprise)
        let id = try context.id(orElse: DeliveryError.unknownEntitlement)
        let content = try await market.delivery.download(id, of: account.partyID, now: now())
        let name = content.fileName.replacingOccurrences(of: "\"", with: "")
        let body = ResponseBody(contentLength: content.bytes) { writer in
            var number = 0
            while let chunk = try await market.delivery.chunk(number, of: content) {
                try await writer.write(ByteBuffer(bytes: chunk))
                number += 1
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: content.mediaType,
                .contentDisposition: "attachment; filename=\"\(name)\"",
                .init("Repr-Digest")!: "sha-256=:\(Data(content.sha256).base64EncodedString()):",
                .cacheControl: "private, no-store",
            ],
            body: body)
    }
}
