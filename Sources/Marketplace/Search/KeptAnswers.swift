import Foundation

/// Answers of the search and its suggestions, kept until its index changes and no longer than a minute. One that found
/// very much outlives the change for the rest of its minute: to count and rank a hundred thousand documents takes a second,
/// and who asks for a word that is everywhere will narrow it next. Who asks while an answer is made waits for it.
actor KeptAnswers {
    struct Answer: Sendable {
        let document: JSONDocument
        /// Whether it found very much.
        let isBroad: Bool
    }

    private struct Kept {
        let made: Date
        let answer: Task<Answer, any Error>
        var isBroad = false
    }

    private var kept: [String: Kept] = [:]
    private static let seconds: TimeInterval = 60
    private static let most = 1_000

    /// - Parameter key: everything that the answer depends on but the index.
    func answer(to key: String, make: @Sendable @escaping () async throws -> Answer) async throws -> JSONDocument {
        let now = Date()
        if let found = kept[key], now.timeIntervalSince(found.made) < Self.seconds {
            return try await found.answer.value.document
        }
        let own = Kept(made: now, answer: Task { try await make() })
        if kept.count >= Self.most { makeRoom() }
        kept[key] = own
        do {
            let answer = try await own.answer.value
            if answer.isBroad, kept[key]?.made == now { kept[key]?.isBroad = true }
            return answer.document
        } catch {
            if kept[key]?.made == now { kept[key] = nil }
            throw error
        }
    }

    /// The older half goes, of those that cost little first.
    private func makeRoom() {
        let rank = { (kept: Kept) in (kept.isBroad ? 1 : 0, kept.made) }
        for (key, _) in kept.sorted(by: { rank($0.value) < rank($1.value) }).prefix(Self.most / 2) { kept[key] = nil }
    }

    /// What is being made now may have read the index before the change: those who wait are given it, and it is not kept.
    func indexChanged() { kept = kept.filter(\.value.isBroad) }
}
