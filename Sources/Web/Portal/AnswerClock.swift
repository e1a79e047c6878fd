import Marketplace
import Synchronization

/// When the last of a page's queries was answered. What follows it is the page's own time; the parts of other answers are
/// made while their neighbours are still waited for.
final class AnswerClock: Sendable {
    private let moment = Mutex<ContinuousClock.Instant?>(nil)
    var last: ContinuousClock.Instant? { moment.withLock { $0 } }

    /// The answer of a query, noting when it came.
    func callAsFunction<Answer>(_ query: () async throws -> Answer) async rethrows -> Answer {
        let answer = try await query()
        moment.withLock { $0 = .now }
        return answer
    }

    func node(_ query: () async throws -> JSONDocument) async throws -> JSONNode { try JSONNode(await self(query)) }
}
