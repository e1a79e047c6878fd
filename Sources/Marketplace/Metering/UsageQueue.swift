import Foundation

/// Brings together the reports that arrive while others are being counted, so that many small ones cost one transaction,
/// and writers of one quota do not wait for each other's commits. Operators take turns: one that sends much holds up itself.
actor UsageQueue {
    private let counting: UsageCounting
    private var waiting: [UUID: [Submission]] = [:]
    /// The operators that wait, in the order of their turns.
    private var turns: [UUID] = []
    private var running = 0
    private var load: [UUID: Int] = [:]

    /// While one waits for its commit and one for the totals that the first holds, the third is made ready: an eighth more than
    /// with two, and no more with four.
    private static let most = 3
    private static let largest = 1_000
    /// Reports of one operator that may wait at once.
    private static let mostOfOne = 20_000

    private struct Submission {
        let reports: [UsageReport]
        let operatorID: UUID
        let now: Date
        let answer: CheckedContinuation<[UsageOutcome], any Error>
    }

    init(_ counting: UsageCounting) { self.counting = counting }

    /// - Returns: what became of each report, in their order.
    /// - Throws: `MeteringError.flooded` when too many of the operator wait.
    func count(_ reports: [UsageReport], of operatorID: UUID, now: Date) async throws -> [UsageOutcome] {
        guard !reports.isEmpty else { return [] }
        guard load[operatorID, default: 0] + reports.count <= Self.mostOfOne else { throw MeteringError.flooded }
        load[operatorID, default: 0] += reports.count
        defer {
            let left = load[operatorID, default: 0] - reports.count
            load[operatorID] = left > 0 ? left : nil
        }
        return try await withCheckedThrowingContinuation { answer in
            if waiting[operatorID] == nil { turns.append(operatorID) }
            waiting[operatorID, default: []].append(
                Submission(reports: reports, operatorID: operatorID, now: now, answer: answer))
            startNext()
        }
    }

    private func startNext() {
        guard running < Self.most, !turns.isEmpty else { return }
        var (chosen, size) = ([Submission](), 0)
        while let next = turns.first.flatMap({ waiting[$0]?.first }),
            chosen.isEmpty || size + next.reports.count <= Self.largest
        {
            chosen.append(next)
            size += next.reports.count
            turns.removeFirst()
            waiting[next.operatorID]?.removeFirst()
            if waiting[next.operatorID]?.isEmpty ?? true {
                waiting[next.operatorID] = nil
            } else {
                turns.append(next.operatorID)
            }
        }
        running += 1
        Task {
            await Self.count(chosen, by: counting)
            running -= 1
            startNext()
        }
    }

    private static func count(_ submissions: [Submission], by counting: UsageCounting) async {
        do {
            let outcomes = try await outcomes(of: submissions, by: counting)
            for (submission, outcomes) in zip(submissions, outcomes) { submission.answer.resume(returning: outcomes) }
        } catch  where submissions.count == 1 {
            submissions[0].answer.resume(throwing: error)
        } catch {
            // What one of them does wrong must not be another's failure.
            for submission in submissions { await count([submission], by: counting) }
        }
    }

    private static func outcomes(
        of submissions: [Submission], by counting: UsageCounting
    ) async throws -> [[UsageOutcome]] {
        let now = submissions.map(\.now).max() ?? Date()
        var claims: [UsageCounting.Claim] = []
        for submission in submissions {
            for report in submission.reports {
                claims.append(.init(place: claims.count, report: report, operatorID: submission.operatorID))
            }
        }
        let outcomes = try await counting.count(claims, now: now)
        var place = 0
        return try submissions.map { submission in
            defer { place += submission.reports.count }
            return try (place..<place + submission.reports.count).map { place in
                guard let outcome = outcomes[place] else { throw RowMissing(statement: "metering/find_keys") }
                return outcome
            }
        }
    }
}
