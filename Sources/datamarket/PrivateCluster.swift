import Foundation
import Glibc
import Logging

/// A PostgreSQL cluster of our own, under `.datamarket/postgres`, reached by a socket that nobody else may enter.
/// Several commands may use it at once; the last one stops it.
final class PrivateCluster: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    let data: URL
    let sockets: String
    private let binaries: String
    private let home: URL
    private let logger: Logger
    /// Held shared by every user of the cluster; whoever can hold it alone is the last.
    private let users: Int32

    var url: String { "postgresql:///datamarket?host=\(sockets)&user=postgres" }

    init(home: URL, logger: Logger) throws {
        self.home = home
        self.logger = logger
        binaries = try Self.findBinaries()
        // A socket's path may have 107 bytes at most, so it does not lie in a home whose path may be long.
        sockets = "/tmp/datamarket-\(getuid())-\(Self.shortHash(home.path))"
        users = open(home.appendingPathComponent("users.lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard users >= 0, flock(users, LOCK_SH) == 0 else {
            throw Failure(description: "Cannot lock \(home.path)/users.lock: \(String(cString: strerror(errno)))")
        }
        data = try Self.dataFolder(home: home)
    }

    deinit { Glibc.close(users) }

    /// Starts the cluster unless it runs; makes it on first use. Recovers from a kill without help.
    func start() async throws {
        let lock = open(home.appendingPathComponent("start.lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { Glibc.close(lock) }
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw Failure(description: "Cannot lock the cluster's start.")
        }
        guard !isRunning() else { return }
        try makeSocketFolder()
        if !FileManager.default.fileExists(atPath: data.appendingPathComponent("PG_VERSION").path) {
            logger.info("making a private PostgreSQL", metadata: ["folder": "\(data.path)"])
            // A folder left by an initdb that was killed holds no version file; initdb wants it empty.
            try run("find", [data.path, "-mindepth", "1", "-delete"], asServer: false)
            try run(
                "\(binaries)/initdb",
                [
                    "-D", data.path, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                    "--data-checksums",
                ])
        }
        let options =
            "-c listen_addresses= -c unix_socket_directories=\(sockets) -c unix_socket_permissions=0700 "
            + "-c max_connections=300 -c shared_buffers=\(Self.sharedMegabytes)MB -c max_wal_size=4GB "
            + "-c log_min_messages=warning"
        var lastError: any Error = Failure(description: "PostgreSQL did not start.")
        // After a kill -9 the old server's processes may take a moment to let go of its memory.
        for _ in 0..<20 {
            do {
                try run(
                    "\(binaries)/pg_ctl",
                    ["-D", data.path, "-w", "-t", "60", "-s", "-l", data.path + "/server.log", "-o", options, "start"])
                try makeDatabase()
                return
            } catch {
                lastError = error
                try await Task.sleep(for: .milliseconds(500))
            }
        }
        throw lastError
    }

    /// An eighth of the machine's memory, so that what else runs on it keeps its own.
    private static var sharedMegabytes: UInt64 {
        min(max(ProcessInfo.processInfo.physicalMemory >> 23, 128), 2048)
    }

    func isRunning() -> Bool {
        (try? run("\(binaries)/pg_isready", ["-q", "-h", sockets, "-t", "2"], asServer: false)) != nil
    }

    /// Starts the cluster again whenever it is gone, until the task is cancelled.
    func keepRunning() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            guard !Task.isCancelled, !isAlive() else { continue }
            logger.warning("PostgreSQL is gone; starting it again")
            do { try await start() } catch { logger.error("PostgreSQL did not start", metadata: ["error": "\(error)"]) }
        }
    }

    /// Stops the cluster unless another command uses it.
    func stopUnlessShared() async {
        guard flock(users, LOCK_EX | LOCK_NB) == 0 else { return }
        do {
            try run("\(binaries)/pg_ctl", ["-D", data.path, "-w", "-s", "-m", "fast", "stop"])
            try run("rmdir", [sockets], asServer: false)
        } catch {
            logger.error("PostgreSQL did not stop", metadata: ["error": "\(error)"])
        }
    }

    /// Whether the process named in the pid file lives and is this cluster's: PostgreSQL works in its data folder. Cheaper
    /// than a connection.
    private func isAlive() -> Bool {
        guard let text = try? String(contentsOf: data.appendingPathComponent("postmaster.pid"), encoding: .utf8),
            let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) })
        else { return false }
        let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd")
        return folder == data.resolvingSymlinksInPath().path
    }

    private func makeDatabase() throws {
        let exists = try run(
            "psql",
            [
                "-h", sockets, "-U", "postgres", "-d", "postgres", "-Atc",
                "SELECT count(*) FROM pg_database WHERE datname = 'datamarket'",
            ], asServer: false)
        if exists.trimmingCharacters(in: .whitespacesAndNewlines) == "0" {
            try run("\(binaries)/createdb", ["-h", sockets, "-U", "postgres", "datamarket"], asServer: false)
        }
    }

    private func makeSocketFolder() throws {
        try run("mkdir", ["-p", "-m", "700", sockets])
        var status = stat()
        guard lstat(sockets, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw Failure(description: "\(sockets) is not a folder.")
        }
        let owner = getuid() == 0 ? getpwnam("postgres")?.pointee.pw_uid : getuid()
        guard status.st_uid == owner, status.st_mode & 0o077 == 0 else {
            throw Failure(description: "\(sockets) belongs to someone else or is open to others; remove it.")
        }
    }

    /// PostgreSQL refuses to run as root, so root runs it as the user `postgres`.
    @discardableResult
    private func run(_ program: String, _ arguments: [String], asServer: Bool = true) throws -> String {
        let asPostgres = asServer && getuid() == 0
        let words =
            asPostgres
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", program] + arguments
            : [program] + arguments
        // Into a file and not a pipe: the server inherits it and would keep a pipe open.
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("datamarket-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        let status = try spawn(["/usr/bin/env", "--chdir=/"] + words, output: output.path)
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        guard status == 0 else { throw Failure(description: "\(program) failed (\(status)): \(text)") }
        return text
    }

    /// Foundation's Process waits until every heir of its descriptors has gone, which a server that stays does not do.
    private func spawn(_ words: [String], output: String) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        keepDescriptorsToOurselves()
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let failure = posix_spawn(&process, words[0], &actions, nil, &arguments, environ)
        guard failure == 0 else {
            throw Failure(description: "\(words[0]) did not start: \(String(cString: strerror(failure)))")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1 {
            guard errno == EINTR else { throw Failure(description: "\(words[0]) was lost") }
        }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// A PostgreSQL that outlives us must not hold our listening socket, which the web server opens as inheritable.
    private func keepDescriptorsToOurselves() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in names.compactMap({ Int32($0) }) where descriptor > 2 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    private static func dataFolder(home: URL) throws -> URL {
        let folder = home.appendingPathComponent("postgres")
        let files = FileManager.default
        if getuid() != 0 {
            try files.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            return folder
        }
        guard let user = getpwnam("postgres")?.pointee else {
            throw Failure(
                description: "There is no user postgres to run PostgreSQL as; install the package postgresql.")
        }
        if let target = try? files.destinationOfSymbolicLink(atPath: folder.path) {
            return URL(fileURLWithPath: target)
        }
        if files.fileExists(atPath: folder.appendingPathComponent("PG_VERSION").path) { return folder }
        // The user postgres must be able to enter every folder above; in a private one the data lies in /var/tmp.
        var place = folder
        if !isEnterable(home, by: user.pw_uid) {
            place = URL(fileURLWithPath: "/var/tmp/datamarket-\(shortHash(home.path))")
            try? files.removeItem(at: folder)
            try files.createSymbolicLink(at: folder, withDestinationURL: place)
        }
        try files.createDirectory(at: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        guard chown(place.path, user.pw_uid, user.pw_gid) == 0 else {
            throw Failure(description: "Cannot give \(place.path) to the user postgres.")
        }
        return place
    }

    private static func isEnterable(_ folder: URL, by user: uid_t) -> Bool {
        var path = folder.path
        while path != "/" && !path.isEmpty {
            var status = stat()
            guard stat(path, &status) == 0 else { return false }
            if status.st_mode & 0o001 == 0 && status.st_uid != user { return false }
            path = (path as NSString).deletingLastPathComponent
        }
        return true
    }

    private static func findBinaries() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let found = versions.compactMap { Int($0) }.sorted(by: >).map { "\(root)/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
        guard let found else {
            throw Failure(
                description: "No PostgreSQL server is installed; install the package postgresql or set DATABASE_URL.")
        }
        return found
    }

    /// FNV-1a: short, and the same in every run.
    private static func shortHash(_ text: String) -> String {
        let hash = text.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return String(hash, radix: 36)
    }
}
