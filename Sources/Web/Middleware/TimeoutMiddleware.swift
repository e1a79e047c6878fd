import Hummingbird

struct RequestTimedOut: Error {}

/// Ends a request that takes too long; the statement it runs is cancelled with it.
struct TimeoutMiddleware: RouterMiddleware {
    let limit: Duration
    /// Limits of routes of their own, by the route's path, such as those that take files.
    let limits: [String: Duration]

    func handle(
        _ request: Request, context: MarketContext, next: (Request, MarketContext) async throws -> Response
    ) async throws -> Response {
        // A read has no body to wait for, and its statements end after the 15 seconds of PostgresConfiguration without a task here; two more
        // tasks for each read would cost it a quarter of its throughput.
        guard request.method != .get else { return try await next(request, context) }
        let limit = context.endpointPath.flatMap { limits[$0] } ?? limit
        return try await withoutActuallyEscaping(next) { next in
            try await withThrowingTaskGroup(of: Response?.self) { group in
                let call = UncheckedCall(next: next)
                group.addTask { try await call.next(request, context) }
                group.addTask {
                    try await Task.sleep(for: limit)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let response = first else { throw RequestTimedOut() }
                return response
            }
        }
    }

    /// The chain of middleware is not marked Sendable, but here only one task calls it.
    private struct UncheckedCall: @unchecked Sendable {
        let next: (Request, MarketContext) async throws -> Response
    }
}
