import Foundation

/// Hands jobs to processes of the table engine: a process of its own for each long one, and a few that stay for small reads.
actor TableEngine {
    private let files: ContentFiles
    private var idle: [TableProcess] = []
    private var running = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private static let mostReads = 2
    private static let mostWaiting = 32
    private static let readMegabytes = 256
    private static let jobMegabytes = 1024
    private static let readLimit = Duration.seconds(10)
    private static let readFolder = FileManager.default.temporaryDirectory

    init(files: ContentFiles) { self.files = files }

    /// Does a job that may take long.
    nonisolated func run(_ job: JSONTree, within limit: Duration = .seconds(1800)) async throws -> JSONTree {
        let folder = try files.workFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = try TableProcess(folder: folder, megabytes: Self.jobMegabytes)
        defer { process.end() }
        return try await process.answer(job, within: limit)
    }

    /// Does a small job, such as to read a few rows.
    /// - Throws: `TableEngineError.busy` when too many wait for their turn.
    func read(_ job: JSONTree) async throws -> JSONTree {
        if running == Self.mostReads {
            guard waiting.count < Self.mostWaiting else { throw TableEngineError.busy }
            await withCheckedContinuation { waiting.append($0) }
        } else {
            running += 1
        }
        defer {
            // The next one takes over the turn.
            if waiting.isEmpty { running -= 1 } else { waiting.removeFirst().resume() }
        }
        let process = try idle.popLast() ?? TableProcess(folder: Self.readFolder, megabytes: Self.readMegabytes)
        do {
            let answer = try await process.answer(job, within: Self.readLimit)
            idle.append(process)
            return answer
        } catch let refusal as TableRefusal {
            idle.append(process)
            throw refusal
        } catch {
            process.end()
            throw error
        }
    }
}
