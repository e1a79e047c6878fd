import CPostgres
import Foundation
import Synchronization

/// One libpq connection. Only who has its turn touches it; `cancel` alone may be called by others.
final class Connection: @unchecked Sendable {
    // @unchecked: everything but `canceller` is guarded by the thread's `turn`; `canceller` is behind a lock.
    struct Prepared {
        let types: [UInt32]
        let format: Int32
    }

    private(set) var handle: OpaquePointer?
    var prepared: [Statement: Prepared] = [:]
    var parameters = ParameterBuffer()
    let waker = Waker()
    let configuration: PostgresConfiguration
    let counters: Counters
    /// Set by the notice receiver: a commit was made locally but not known to be on a replica.
    var isNotDurable = false
    /// How long a statement may take while it is leased to work that says so; nil: as configured.
    private var statementLimit: Duration?
    /// Whether a COPY out has more to give.
    var isCopyingOut = false

    /// libpq allows PQcancel from any thread; the lock around it keeps it from being freed meanwhile.
    private struct CancelHandle: @unchecked Sendable { let pointer: OpaquePointer }
    private struct Canceller: Sendable {
        var job: Job?
        var cancel: CancelHandle?
        var wasSent = false
    }
    private let canceller = Mutex(Canceller())

    init(configuration: PostgresConfiguration, counters: Counters) {
        self.configuration = configuration
        self.counters = counters
    }

    var isOpen: Bool { handle.map { PQstatus($0) == CONNECTION_OK } ?? false }
    var socket: Int32 { handle.map { PQsocket($0) } ?? -1 }

    /// Connects as libpq does it, host by host with a limit for each; it blocks, but this is the connection's own thread.
    /// - Throws: `PostgresError` with the code connection.
    func open(for lane: Lane, until deadline: Int64) throws {
        close()
        let seconds = max(2, configuration.connectTimeout.nanoseconds / 1_000_000_000)
        // Later settings win: the URL over these defaults, and UTF-8 over everything.
        let settings: [(String, String)] = [
            ("fallback_application_name", configuration.applicationName), ("connect_timeout", "\(seconds)"),
            ("tcp_user_timeout", "3000"), ("keepalives_idle", "2"), ("keepalives_interval", "1"),
            ("keepalives_count", "3"), ("dbname", configuration.url), ("client_encoding", "UTF8"),
        ]
        var keys = settings.map { UnsafePointer<CChar>(strdup($0.0)) } + [nil]
        var values = settings.map { UnsafePointer<CChar>(strdup($0.1)) } + [nil]
        defer { for pointer in keys + values { free(UnsafeMutableRawPointer(mutating: pointer)) } }
        guard let started = PQconnectdbParams(&keys, &values, 1) else {
            throw PostgresError(.connection, "libpq has no memory for a connection")
        }
        handle = started
        counters.openConnections.increment()
        guard PQstatus(started) == CONNECTION_OK, PQsetnonblocking(started, 1) == 0 else {
            let detail = String(cString: PQerrorMessage(started))
            close()
            throw PostgresError(.connection, detail)
        }
        watchForLostDurability(of: started)
        let cancel = PQgetCancel(started).map { CancelHandle(pointer: $0) }
        canceller.withLock { $0.cancel = cancel }
        let milliseconds = configuration.statementTimeout.nanoseconds / 1_000_000
        try simple(
            """
            SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET statement_timeout = \(milliseconds); \
            SET jit = off; \(lane.settings)
            """, until: deadline)
    }

    /// A cancelled wait for a synchronous replica looks like success but for a warning. The routine's name is the same in
    /// every language of the server, the message is not.
    private func watchForLostDurability(of handle: OpaquePointer) {
        PQsetNoticeReceiver(
            handle,
            { context, notice in
                guard let context, let routine = PQresultErrorField(notice, Int32(UInt8(ascii: "R"))),
                    String(cString: routine) == "SyncRepWaitForLSN"
                else { return }
                Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue().isNotDurable = true
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    func close() {
        canceller.withLock { canceller in
            if let cancel = canceller.cancel { PQfreeCancel(cancel.pointer) }
            canceller.cancel = nil
        }
        prepared.removeAll()
        statementLimit = nil
        guard let handle else { return }
        PQfinish(handle)
        self.handle = nil
        counters.openConnections.decrement()
    }

    // MARK: Cancellation

    func began(_ job: Job) {
        canceller.withLock {
            $0.job = job; $0.wasSent = false
        }
    }

    /// Waits for a cancel call that is under way. - Returns: whether one was sent.
    func ended() -> Bool {
        canceller.withLock { canceller in
            canceller.job = nil
            return canceller.wasSent
        }
    }

    /// Asks the server to end what runs for this job. The call blocks, so it has a thread of its own; it holds the lock
    /// that `ended` takes, so it can never reach the next job.
    func cancel(_ job: Job) {
        Thread.detachNewThread { [self] in
            canceller.withLock { canceller in
                guard canceller.job === job, let cancel = canceller.cancel else { return }
                var reason = [CChar](repeating: 0, count: 256)
                canceller.wasSent = PQcancel(cancel.pointer, &reason, 256) == 1 || canceller.wasSent
            }
        }
    }

    // MARK: Waiting

    func flush(until deadline: Int64) throws {
        guard let handle else { throw PostgresError(.connection, "the connection is closed") }
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                // While the server does not read it may be because it wants to be read.
                guard Monotonic.now() < deadline else { throw timedOut() }
                _ = waker.wait(socket: socket, events: Int16(POLLIN | POLLOUT), until: deadline)
                if PQconsumeInput(handle) == 0 { throw lost() }
            default: throw lost()
            }
        }
    }

    /// Whether the server has sent something, or has closed the connection.
    var hasInput: Bool {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) != 0
    }

    /// Whether the socket took everything, as far as that is known without waiting.
    var hasSentAll: Bool { handle.map { PQflush($0) == 0 } ?? false }

    /// The next result; nil at the end of a statement's results.
    func nextResult(until deadline: Int64) throws -> OpaquePointer? {
        guard let handle else { throw PostgresError(.connection, "the connection is closed") }
        while PQisBusy(handle) == 1 {
            guard Monotonic.now() < deadline, !counters.isAborting.load(ordering: .relaxed) else { throw timedOut() }
            if waker.wait(socket: socket, events: Int16(POLLIN), until: deadline), PQconsumeInput(handle) == 0 {
                throw lost()
            }
        }
        guard let result = PQgetResult(handle) else {
            if PQstatus(handle) == CONNECTION_BAD { throw lost() }
            return nil
        }
        counters.liveResults.increment()
        return result
    }

    func clear(_ result: OpaquePointer) {
        PQclear(result)
        counters.liveResults.decrement()
    }

    var statementDeadline: Int64 {
        Monotonic.now() + (statementLimit ?? configuration.statementTimeout).nanoseconds + 2_000_000_000
    }

    func limitStatements(to limit: Duration?) throws {
        let milliseconds = (limit ?? configuration.statementTimeout).nanoseconds / 1_000_000
        try simple("SET statement_timeout = \(milliseconds)")
        statementLimit = limit
    }

    func lost() -> PostgresError {
        PostgresError(.connection, handle.map { String(cString: PQerrorMessage($0)) } ?? "closed")
    }

    /// The server is silent: nobody knows what it does, so the connection is given up.
    private func timedOut() -> PostgresError {
        close()
        return PostgresError(.statementTimeout, "the server did not answer in time")
    }
}
