import Postgres

extension Transaction {
    private static let usageLock = 7_305_644

    /// Archives usage or recounts it while no other session does: between them a month would be on both sides or on none.
    /// - Parameter limit: how long others are waited for; nil: not at all.
    /// - Returns: nil when others were at it and are not waited for.
    func aloneWithUsage<Answer: Sendable>(
        waitingAtMost limit: Duration?, _ store: Store, _ work: () async throws -> Answer
    ) async throws -> Answer? {
        if let limit {
            try await withStatementLimit(limit) { try await script("SELECT pg_advisory_lock(\(Self.usageLock))") }
        } else {
            let isAlone = try await first(store.statements["metering/try_archiving"], Self.usageLock) {
                try $0.next(Bool.self)
            }
            guard isAlone == true else { return nil }
        }
        let result: Result<Answer, any Error>
        do { result = .success(try await work()) } catch { result = .failure(error) }
        // In a task of its own: the caller's may be cancelled, and the connection must not keep the lock.
        await Task { try? await script("SELECT pg_advisory_unlock(\(Self.usageLock))") }.value
        return try result.get()
    }
}
