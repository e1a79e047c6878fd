import Foundation

/// Answers that found very much, kept for a minute: to count and rank a hundred thousand documents takes a second, and who
/// asks for a word that is everywhere will narrow it next. Who asks while an answer is made waits for it.
actor BroadAnswers<Answer: Sendable> {
    private struct Kept {
        let made: Date
        let answer: Task<Answer, any Error>
    }

    private var kept: [String: Kept] = [:]
    private static var seconds: TimeInterval { 60 }
    private static var most: Int { 200 }

    /// - Parameters:
    ///   - key: everything that the answer depends on.
    ///   - isBroad: whether the answer is worth keeping.
    /// - Returns: the answer, and when it was made.
    func answer(
        to key: String, isBroad: @Sendable (Answer) -> Bool, make: @Sendable @escaping () async throws -> Answer
    ) async throws -> (answer: Answer, made: Date) {
        if let found = kept[key], -found.made.timeIntervalSinceNow < Self.seconds {
            return (try await found.answer.value, found.made)
        }
        let own = Kept(made: Date(), answer: Task { try await make() })
        if kept.count >= Self.most { kept = kept.filter { -$0.value.made.timeIntervalSinceNow < Self.seconds } }
        if kept.count < Self.most { kept[key] = own }
        do {
            let answer = try await own.answer.value
            if !isBroad(answer) { forget(key, own) }
            return (answer, own.made)
        } catch {
            forget(key, own)
            throw error
        }
    }

    private func forget(_ key: String, _ own: Kept) {
        if kept[key]?.made == own.made { kept[key] = nil }
    }
}
