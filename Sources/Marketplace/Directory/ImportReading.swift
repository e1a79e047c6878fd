import Foundation
import Synchronization

/// Reads a file on a thread of its own, at most two batches ahead of who stores them.
struct ImportReading: Sendable {
    let batches: AsyncThrowingStream<ImportBatch, any Error>
    /// Made with none and raised after: a semaphore may not be let go with less than it was made with.
    private let room = DispatchSemaphore(value: 0)

    init(_ request: ImportRequest, from progress: ImportProgress, _ courtesy: Courtesy) {
        let isGivenUp = Flag()
        let room = room
        for _ in 0..<2 { room.signal() }
        let (stream, continuation) = AsyncThrowingStream<ImportBatch, any Error>.makeStream()
        batches = stream
        continuation.onTermination = { _ in
            isGivenUp.raise()
            room.signal()
        }
        Thread.detachNewThread {
            var courtesy = courtesy
            var batcher = ImportBatcher(progress)
            let send = { (batch: ImportBatch) throws in
                room.wait()
                if isGivenUp.isRaised { throw CancellationError() }
                continuation.yield(batch)
            }
            do {
                let (format, hasNodes) = try CatalogueReader.read(
                    request.content, fileName: request.fileName, format: request.format,
                    from: .init(position: progress.position, nodes: progress.nodes)
                ) { output in
                    if let rest = courtesy.rest() { usleep(UInt32(rest * 1_000_000)) }
                    switch output {
                    case .candidate(let candidate): try batcher.add(candidate)
                    case .node(let node, let number): batcher.add(node, number: number)
                    }
                    if batcher.isFull { try send(batcher.take()) }
                }
                batcher.end(format: format, nodesComplete: hasNodes)
                try send(batcher.take())
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
    }

    /// A batch is stored: there is room for another.
    func stored() { room.signal() }

    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)
        var isRaised: Bool { value.load(ordering: .relaxed) }
        func raise() { value.store(true, ordering: .relaxed) }
    }
}

/// Runs work that blocks on a thread of its own.
func onOwnThread<Value: Sendable>(_ work: @Sendable @escaping () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}
