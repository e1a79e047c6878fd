import Foundation
import HTTPTypes
import Hummingbird
import Marketplace
import Postgres

/// The one place where refusals and failures become a status and a problem document or page (RFC 9457).
///
/// It stands twice in the chain: around everything, and again where it is known who asks.
struct ErrorMiddleware: RouterMiddleware {
    let renderer: PortalRenderer

    func handle(
        _ request: Request, context: MarketContext, next: (Request, MarketContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            var response = response(to: error, request: request, context: context)
            // Where a route answers HEAD itself nobody else leaves the body out.
            if request.method == .head { response.body = ResponseBody() }
            return response
        }
    }

    private func response(to error: any Error, request: Request, context: MarketContext) -> Response {
        let problem = Problem(
            error, path: request.uri.path, hasKey: request.headers[.init("Idempotency-Key")!] != nil)
        // What is cancelled was told of already: by who cancelled it.
        if problem.status.code >= 500, !Task.isCancelled {
            context.logger.error(
                "request failed",
                metadata: [
                    "http.path": "\(request.uri.path)", "problem.code": "\(problem.code)",
                    "error": "\(String(reflecting: error))",
                ])
        }
        var headers: HTTPFields = [.cacheControl: "no-store"]
        let isFlooded = problem.status == .tooManyRequests && (error is MeteringError || error is PurchaseError)
        if problem.status == .serviceUnavailable || isFlooded {
            headers[.retryAfter] = "2"
        }
        if problem.status == .methodNotAllowed, let allowed = (error as? HTTPError)?.headers[.allow] {
            headers[.allow] = allowed
        }
        if problem.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer realm=\"datamarket\"" }
        let api = ["/v1/", "/health/", "/metrics", "/openapi", "/catalog", "/api/"].contains {
            request.uri.path.hasPrefix($0)
        }
        if !api, request.headers[.accept]?.contains("text/html") ?? false {
            let page = PortalPage(
                problem, of: error, request, isSignedIn: context.account != nil, requestID: context.id)
            var answer = renderer.response(page, request, context, status: problem.status)
            for field in headers { answer.headers[field.name] = field.value }
            return answer
        }
        headers[.contentType] = "application/problem+json"
        return Response(
            status: problem.status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: problem.json(requestID: context.id))))
    }
}
