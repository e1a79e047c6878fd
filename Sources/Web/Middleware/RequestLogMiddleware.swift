import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Metrics

/// Gives every answer its request id, and logs and measures every request once, by route pattern and not by path.
struct RequestLogMiddleware: RouterMiddleware {
    private static let requestID = HTTPField.Name("X-Request-Id")!

    func handle(
        _ request: Request, context: MarketContext, next: (Request, MarketContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response = try await next(request, context)
        response.headers[Self.requestID] = context.id
        let route = context.endpointPath ?? "none"
        let status = response.status.code
        let method = request.method.rawValue
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            let taken = start.duration(to: .now)
            let nanoseconds = taken.components.seconds * 1_000_000_000 + taken.components.attoseconds / 1_000_000_000
            Metrics.Timer(
                label: "http_request_duration_seconds",
                dimensions: [("method", method), ("route", route), ("status", "\(status)")]
            ).recordNanoseconds(nanoseconds)
            context.logger.info(
                "request",
                metadata: [
                    "http.method": "\(method)", "http.path": "\(request.uri.path)", "http.route": "\(route)",
                    "http.status": "\(status)", "duration_ms": "\(Double(nanoseconds / 10_000) / 100)",
                ])
        }
        return response
    }
}
