import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Metrics
import Synchronization

/// Gives every answer its request id, and logs and measures every request once, by route pattern and not by path.
struct RequestLogMiddleware: RouterMiddleware {
    private let timers = RequestTimers()
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
        @Sendable func note() {
            let taken = start.duration(to: .now)
            let nanoseconds = taken.components.seconds * 1_000_000_000 + taken.components.attoseconds / 1_000_000_000
            timers.timer(method: method, route: route, status: status).recordNanoseconds(nanoseconds)
            context.logger.info(
                "request",
                metadata: [
                    "http.method": "\(method)", "http.path": "\(request.uri.path)", "http.route": "\(route)",
                    "http.status": "\(status)", "duration_ms": "\(Double(nanoseconds / 10_000) / 100)",
                ])
        }
        // What is in memory goes out with its head in one piece, as long as nothing is put around it.
        guard response.isStreamed else {
            note()
            return response
        }
        let body = response.body
        response.body = ResponseBody(contentLength: body.contentLength) { writer in
            try await body.write(writer)
            note()
        }
        return response
    }
}

/// One timer for each method, route and status, made once: making one costs more than recording with it.
private final class RequestTimers: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }
    private let timers = Mutex<[Key: Metrics.Timer]>([:])

    func timer(method: String, route: String, status: Int) -> Metrics.Timer {
        let key = Key(method: method, route: route, status: status)
        return timers.withLock { timers in
            if let timer = timers[key] { return timer }
            let timer = Metrics.Timer(
                label: "http_request_duration_seconds",
                dimensions: [("method", method), ("route", route), ("status", "\(status)")])
            timers[key] = timer
            return timer
        }
    }
}

extension Response {
    /// Whether the body is made while it is sent: a stream of unknown length, or a part of a file.
    var isStreamed: Bool { body.contentLength == nil || headers[.acceptRanges] != nil }
}
