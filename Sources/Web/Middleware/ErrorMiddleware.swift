import Foundation
import HTTPTypes
import Hummingbird
import Marketplace
import Postgres

/// The one place where refusals and failures become a status and a problem document or page (RFC 9457).
struct ErrorMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: MarketContext, next: (Request, MarketContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            return Self.response(to: error, request: request, context: context)
        }
    }

    static func response(to error: any Error, request: Request, context: MarketContext) -> Response {
        let problem = Problem(
            error, path: request.uri.path, hasKey: request.headers[.init("Idempotency-Key")!] != nil)
        if problem.status.code >= 500 {
            context.logger.error(
                "request failed",
                metadata: [
                    "http.path": "\(request.uri.path)", "problem.code": "\(problem.code)",
                    "error": "\(String(reflecting: error))",
                ])
        }
        var headers: HTTPFields = [.cacheControl: "no-store"]
        if problem.status == .serviceUnavailable || error is MeteringError && problem.status == .tooManyRequests {
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
            headers[.contentType] = "text/html; charset=utf-8"
            headers[.init("Content-Security-Policy")!] = "default-src 'none'; style-src 'self'; img-src 'self'"
            let chinese =
                !(request.headers[.acceptLanguage]?.hasPrefix("en") ?? false)
                && request.cookies["lang"]?.value != "en"
            let page = ErrorPage.html(
                status: problem.status.code, title: problem.title, message: problem.detail, requestID: context.id,
                chinese: chinese)
            return Response(status: problem.status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: page)))
        }
        headers[.contentType] = "application/problem+json"
        return Response(
            status: problem.status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: problem.json(requestID: context.id))))
    }
}
