import Foundation
import Synchronization
import TableEngineFiles

/// The table engine, DuckDB in a process of Python's, which answers one job after the other until it is let go. Reading large
/// files costs that process its memory, not the market's.
final class TableProcess: Sendable {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    // Waiting for the process blocks, which a task's thread must not.
    private let queue = DispatchQueue(label: "table engine")
    private let isOverdue = Atomic(false)

    /// - Parameters:
    ///   - folder: for what does not fit into memory.
    ///   - megabytes: how much memory it may take.
    init(folder: URL, megabytes: Int) throws {
        guard let program = TableEngineFiles.program else { throw TableEngineError.missing }
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = [
            "-I", program.path, "--memory-mb", "\(megabytes)", "--threads", "1", "--temporary", folder.path,
        ]
        (process.standardInput, process.standardOutput) = (input, output)
        // Another process must not hold this one's input open.
        fcntl(input.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        // A process that ended must show as an error of its own, not end this one.
        signal(SIGPIPE, SIG_IGN)
        do { try process.run() } catch { throw TableEngineError.missing }
    }

    /// Lets the process go; what it was doing is lost.
    func end() { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// - Throws: `TableRefusal` for what the job asks and cannot have; `TableEngineError`.
    func answer(_ job: JSONTree, within limit: Duration) async throws -> JSONTree {
        let watch = Task {
            try await Task.sleep(for: limit)
            isOverdue.store(true, ordering: .relaxed)
            kill(process.processIdentifier, SIGKILL)
        }
        defer { watch.cancel() }
        let line = try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try self.exchange(Array(job.json.utf8) + [10]) }) }
            }
        } onCancel: {
            kill(process.processIdentifier, SIGKILL)
        }
        let answer: JSONTree
        do { answer = try JSONTree(json: line) } catch { throw TableEngineError.failed("an answer that is no JSON") }
        if let refused = answer["refused"] { throw TableRefusal(document: refused) }
        if answer["missing"] != nil { throw TableEngineError.missing }
        if let error = answer["error"]?.text { throw TableEngineError.failed(error) }
        return answer
    }

    private func exchange(_ job: [UInt8]) throws -> [UInt8] {
        do { try input.fileHandleForWriting.write(contentsOf: job) } catch { throw ended() }
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while line.last != 10 {
            let count = read(output.fileHandleForReading.fileDescriptor, &buffer, buffer.count)
            guard count > 0 else { throw ended() }
            line += buffer[..<count]
        }
        return line
    }

    private func ended() -> TableEngineError {
        process.waitUntilExit()
        if isOverdue.load(ordering: .relaxed) { return .overdue }
        return process.terminationStatus == 3
            ? .missing : .failed("it ended with status \(process.terminationStatus)")
    }

    /// Where `script/python` puts it, unless the environment says otherwise.
    private static var python: String {
        let made = ".build/venv/bin/python3"
        return ProcessInfo.processInfo.environment["DATAMARKET_PYTHON"]
            ?? (FileManager.default.isExecutableFile(atPath: made) ? made : "/usr/bin/python3")
    }
}

/// What the table engine does not do, in its words: the values that break a contract, or a parameter that cannot be served.
struct TableRefusal: Error {
    let document: JSONTree
}

public enum TableEngineError: MarketplaceError {
    case missing, overdue, busy, failed(String)

    /// Whether another job may do better.
    var isAboutTheJob: Bool {
        switch self {
        case .overdue, .failed: true
        case .missing, .busy: false
        }
    }

    public var code: RefusalCode {
        switch self {
        case .overdue: .unprocessable
        default: .unavailable
        }
    }

    public var message: String {
        switch self {
        case .missing:
            "This needs Python with DuckDB, XlsxWriter and WeasyPrint, which is not installed here: run script/python, or name "
                + "one in DATAMARKET_PYTHON."
        case .overdue: "This takes the table engine longer than it may take."
        case .busy: "The table engine has too much to do; try again in a moment."
        case .failed: "The table engine could not do this."
        }
    }
}
