import Dispatch

/// Threads that may wait for the disk, which those that run tasks must not.
private final class DiskExecutor: TaskExecutor {
    static let shared = DiskExecutor()
    private let queue = DispatchQueue(label: "disk", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// Does work on files without holding up other tasks.
public func onDisk<Result: Sendable>(_ work: @Sendable () async throws -> Result) async throws -> Result {
    try await withTaskExecutorPreference(DiskExecutor.shared, operation: work)
}
