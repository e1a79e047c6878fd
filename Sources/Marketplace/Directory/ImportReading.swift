import Foundation
import Synchronization

/// Reads a file on a thread of its own, makes batches of what it holds on a second one, and is at most two batches ahead of
/// who stores them.
struct ImportReading: Sendable {
    let batches: AsyncThrowingStream<ImportBatch, any Error>
    /// Made with none and raised after: a semaphore may not be let go with less than it was made with.
    private let room = DispatchSemaphore(value: 0)

    private enum Piece: Sendable {
        case outputs([CatalogueReader.Output])
        case end(Result<(format: CatalogueFormat, hasNodes: Bool), any Error>)
    }
    /// Entries that go to the second thread at once.
    private static let pieceSize = 64

    init(_ request: ImportRequest, from progress: ImportProgress, _ courtesy: Courtesy) {
        let (isGivenUp, pieces) = (Flag(), Handover<Piece>())
        let room = room
        for _ in 0..<2 { room.signal() }
        let (stream, continuation) = AsyncThrowingStream<ImportBatch, any Error>.makeStream()
        batches = stream
        continuation.onTermination = { _ in
            isGivenUp.raise()
            room.signal()
        }
        Thread.detachNewThread {
            Self.read(request, skipping: progress.position, courtesy, into: pieces)
        }
        Thread.detachNewThread {
            defer { pieces.close() }
            do {
                try Self.makeBatches(of: pieces, after: progress) { batch in
                    room.wait()
                    if isGivenUp.isRaised { throw CancellationError() }
                    continuation.yield(batch)
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
    }

    /// A batch is stored: there is room for another.
    func stored() { room.signal() }

    private static func read(
        _ request: ImportRequest, skipping: Int, _ courtesy: Courtesy, into pieces: Handover<Piece>
    ) {
        var courtesy = courtesy
        var outputs: [CatalogueReader.Output] = []
        let end = Result {
            let found = try CatalogueReader.read(
                request.content, fileName: request.fileName, format: request.format, skipping: skipping
            ) { output in
                if let rest = courtesy.rest() { usleep(UInt32(rest * 1_000_000)) }
                outputs.append(output)
                // A window of statements is large: a second one waits until the first is taken.
                if case .candidate = output, outputs.count < pieceSize { return }
                try pieces.give(.outputs(outputs))
                outputs = []
            }
            try pieces.give(.outputs(outputs))
            return found
        }
        // Nobody takes it when the import was given up.
        try? pieces.give(.end(end))
    }

    private static func makeBatches(
        of pieces: Handover<Piece>, after progress: ImportProgress, _ send: (ImportBatch) throws -> Void
    ) throws {
        var batcher = ImportBatcher(progress)
        while true {
            switch pieces.take() {
            case .outputs(let outputs):
                for output in outputs {
                    switch output {
                    case .candidate(let candidate):
                        try batcher.add(candidate)
                        if batcher.isFull { try send(batcher.take()) }
                    case .statements(let window):
                        for node in window.stored() {
                            batcher.add(node)
                            if batcher.isFull { try send(batcher.take()) }
                        }
                    }
                }
            case .end(let end):
                let (format, hasNodes) = try end.get()
                batcher.end(format: format, nodesComplete: hasNodes)
                return try send(batcher.take())
            }
        }
    }

    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)
        var isRaised: Bool { value.load(ordering: .relaxed) }
        func raise() { value.store(true, ordering: .relaxed) }
    }
}

/// Hands values to another thread, one at a time.
private final class Handover<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let isClosed = Atomic<Bool>(false)
    private let room = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)

    init() { room.signal() }

    /// Waits until the value before is taken. - Throws: `CancellationError` when nobody takes values any more.
    func give(_ value: Value) throws {
        room.wait()
        guard !isClosed.load(ordering: .acquiring) else { throw CancellationError() }
        self.value.withLock { $0 = value }
        filled.signal()
    }

    func take() -> Value {
        filled.wait()
        defer { room.signal() }
        return value.withLock { $0.take()! }
    }

    func close() {
        isClosed.store(true, ordering: .releasing)
        room.signal()
    }
}

/// Runs work that blocks on a thread of its own.
func onOwnThread<Value: Sendable>(_ work: @Sendable @escaping () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try work() }) }
    }
}
