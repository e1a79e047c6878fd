import Foundation
import Logging
import Marketplace

/// An import that runs away from the event loop and from the request: a client that leaves does not stop it.
struct BackgroundImport<Outcome: Sendable>: Sendable {
    typealias Work = @Sendable (@Sendable @escaping (ImportProgress) -> Void) async throws -> Outcome

    /// How far it is when the client is answered. An import has an id from when its file is being read; that of a file that
    /// changes nothing, because it landed last, has none.
    enum Answer: Sendable { case ended(Outcome, id: UUID?), running(id: UUID) }

    /// How long it may take to be answered as ended.
    let patience: Duration
    let logger: Logger

    private enum Event: Sendable { case progress(ImportProgress), done(Outcome), patienceEnded }

    /// - Throws: why the import failed, when it does in this time; what fails later is told by its state.
    func answer(_ work: @escaping Work) async throws -> Answer {
        let (events, sender) = AsyncThrowingStream<Event, any Error>.makeStream()
        let logger = logger
        Task.detached {
            do {
                sender.yield(.done(try await work { sender.yield(.progress($0)) }))
                sender.finish()
            } catch {
                // Whether somebody still waits for it is not known here; then it is told twice.
                if !(error is any MarketplaceError) {
                    logger.error("an import failed", metadata: ["error": "\(String(reflecting: error))"])
                }
                sender.finish(throwing: error)
            }
        }
        let patience = patience
        let alarm = Task.detached {
            try await Task.sleep(for: patience)
            sender.yield(.patienceEnded)
        }
        defer { alarm.cancel() }
        var (id, isLate) = (UUID?.none, false)
        for try await event in events {
            switch event {
            case .done(let outcome): return .ended(outcome, id: id)
            case .progress(let progress): id = progress.id
            case .patienceEnded: isLate = true
            }
            guard isLate, let id else { continue }
            return .running(id: id)
        }
        throw CancellationError()
    }
}
