import Foundation
import Postgres

/// Brings together what is submitted while earlier batches are at work, so that many small submissions cost one transaction,
/// and writers of one row do not wait for each other's commits. Parties take turns: one that sends much holds up itself.
actor TurnQueue<Item: Sendable, Outcome: Sendable> {
    struct Limits: Sendable {
        /// Batches that are at work at once.
        let running: Int
        /// Items for which another batch begins while one is at work: small ones cost nearly as much as large ones.
        var quorum = 1
        /// Items of a batch, but for one submission that is larger by itself.
        let largest: Int
        /// Items of one party that may wait at once.
        let ofOneParty: Int
    }

    private struct Submission {
        let number: Int
        let items: [Item]
        let party: UUID
    }

    private let limits: Limits
    private let flooded: any Error
    private let work: @Sendable ([Item]) async throws -> [Outcome]
    private var waiting: [UUID: [Submission]] = [:]
    /// The parties that wait, in the order of their turns.
    private var turns: [UUID] = []
    private var running = 0
    private(set) var waitingItems = 0
    private var load: [UUID: Int] = [:]
    /// Who still waits for the outcomes of a submission, by its number.
    private var answers: [Int: CheckedContinuation<[Outcome], any Error>] = [:]
    private var submissions = 0

    /// - Parameters:
    ///   - flooded: is thrown when too many items of a party wait.
    ///   - work: the outcome of each item, in their order. When it throws it is repeated item by item, which must be harmless
    ///     even where the batch was done and only its answer was lost.
    init(_ limits: Limits, flooded: any Error, work: @escaping @Sendable ([Item]) async throws -> [Outcome]) {
        (self.limits, self.flooded, self.work) = (limits, flooded, work)
    }

    /// Who is cancelled stops waiting: what was not begun is not done, and of what was begun the outcome stays unknown.
    /// - Returns: what became of each item, in their order.
    func submit(_ items: [Item], of party: UUID) async throws -> [Outcome] {
        guard !items.isEmpty else { return [] }
        guard load[party, default: 0] + items.count <= limits.ofOneParty else { throw flooded }
        load[party, default: 0] += items.count
        defer {
            let left = load[party, default: 0] - items.count
            load[party] = left > 0 ? left : nil
        }
        // Nobody else is there: who asks does the work without waiting for another task.
        if running == 0, turns.isEmpty {
            running += 1
            defer {
                running -= 1
                startNext()
            }
            return try await work(items)
        }
        submissions += 1
        let submission = Submission(number: submissions, items: items, party: party)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { answer in
                if Task.isCancelled { return answer.resume(throwing: CancellationError()) }
                answers[submission.number] = answer
                if waiting[party] == nil { turns.append(party) }
                waiting[party, default: []].append(submission)
                waitingItems += items.count
                startNext()
            }
        } onCancel: {
            Task { await cancel(submission) }
        }
    }

    private func cancel(_ submission: Submission) {
        if let place = waiting[submission.party]?.firstIndex(where: { $0.number == submission.number }) {
            waiting[submission.party]?.remove(at: place)
            waitingItems -= submission.items.count
            if waiting[submission.party]?.isEmpty ?? false {
                waiting[submission.party] = nil
                turns.removeAll { $0 == submission.party }
            }
        }
        answer(submission, .failure(CancellationError()))
    }

    private func answer(_ submission: Submission, _ outcomes: Result<[Outcome], any Error>) {
        answers.removeValue(forKey: submission.number)?.resume(with: outcomes)
    }

    private func startNext() {
        guard running < limits.running, !turns.isEmpty, running == 0 || waitingItems >= limits.quorum else { return }
        var (chosen, size) = ([Submission](), 0)
        while let next = turns.first.flatMap({ waiting[$0]?.first }),
            chosen.isEmpty || size + next.items.count <= limits.largest
        {
            chosen.append(next)
            size += next.items.count
            turns.removeFirst()
            waiting[next.party]?.removeFirst()
            if waiting[next.party]?.isEmpty ?? true {
                waiting[next.party] = nil
            } else {
                turns.append(next.party)
            }
        }
        running += 1
        waitingItems -= size
        Task {
            await run(chosen)
            running -= 1
            startNext()
        }
    }

    private func run(_ batch: [Submission]) async {
        do {
            var outcomes = try await work(batch.flatMap(\.items))[...]
            for submission in batch {
                answer(submission, .success(Array(outcomes.prefix(submission.items.count))))
                outcomes = outcomes.dropFirst(submission.items.count)
            }
        } catch  where batch.count == 1 || Self.isOfAll(error) {
            for submission in batch { answer(submission, .failure(error)) }
        } catch {
            // What one of them does wrong must not be another's failure.
            for (place, submission) in batch.enumerated() {
                do { answer(submission, .success(try await work(submission.items))) } catch {
                    answer(submission, .failure(error))
                    guard Self.isOfAll(error) else { continue }
                    for other in batch[(place + 1)...] { answer(other, .failure(error)) }
                    return
                }
            }
        }
    }

    /// Whether the database, and not one of the items, is what failed: one by one they would fail for as long.
    private static func isOfAll(_ error: any Error) -> Bool {
        guard let error = error as? PostgresError else { return false }
        return error.isUnavailable || error.code == .statementTimeout
    }
}
