import Hummingbird
import NIOCore
import Synchronization

struct RequestTimedOut: Error {}

/// Ends a request that takes too long; the statement it runs is cancelled with it.
struct TimeoutMiddleware: RouterMiddleware {
    let limit: Duration
    /// Limits of routes of their own, by the route's path, such as those that take files.
    let limits: [String: Duration]

    func handle(
        _ request: Request, context: MarketContext, next: (Request, MarketContext) async throws -> Response
    ) async throws -> Response {
        // A read has no body to wait for, and its statements end after the 15 seconds of PostgresConfiguration without a task here;
        // another task for each read would cost it a part of its throughput.
        guard request.method != .get else { return try await next(request, context) }
        let limit = context.endpointPath.flatMap { limits[$0] } ?? limit
        return try await withoutActuallyEscaping(next) { next in
            let (call, loop) = (UncheckedCall(next: next), context.channel.eventLoop)
            let work = Task(executorPreference: EventLoopExecutor(eventLoop: loop)) {
                try await call.next(request, context)
            }
            // The loop's own timer costs a request nothing; a sleeping task would cost it a timer of the system.
            let isLate = Atomic(false)
            let late = loop.scheduleTask(in: TimeAmount(limit)) {
                isLate.store(true, ordering: .relaxed)
                work.cancel()
            }
            defer { late.cancel() }
            let result = await withTaskCancellationHandler {
                await work.result
            } onCancel: {
                work.cancel()
            }
            // What was done in the last moment is answered as done.
            if case .failure = result, isLate.load(ordering: .relaxed) { throw RequestTimedOut() }
            return try result.get()
        }
    }

    /// The chain of middleware is not marked Sendable, but here only one task calls it.
    private struct UncheckedCall: @unchecked Sendable {
        let next: (Request, MarketContext) async throws -> Response
    }
}
