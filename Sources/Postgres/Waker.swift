import Foundation

/// Nanoseconds of a clock that never jumps.
enum Monotonic {
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds > 9_000_000_000 ? Int64.max / 2 : seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}

/// A pipe that ends a thread's wait in poll(2).
final class Waker: Sendable {
    /// Negative when no descriptor was left: poll ignores it, and waits look around once a second anyway.
    let readEnd: Int32
    private let writeEnd: Int32

    init() {
        var ends: [Int32] = [-1, -1]
        if pipe(&ends) == 0 {
            for end in ends {
                _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
                _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            }
        } else {
            ends = [-1, -1]
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        if readEnd >= 0 { close(readEnd) }
        if writeEnd >= 0 { close(writeEnd) }
    }

    func wake() {
        var byte: UInt8 = 1
        // A full pipe already wakes.
        _ = write(writeEnd, &byte, 1)
    }

    func drain() {
        var bytes: (UInt64, UInt64) = (0, 0)
        _ = read(readEnd, &bytes, 16)
    }

    /// Waits for this pipe and, when it is not negative, a socket; true when the socket has something.
    func wait(socket: Int32, events: Int16, until deadline: Int64) -> Bool {
        let left = deadline - Monotonic.now()
        let milliseconds = left <= 0 ? 0 : min(left / 1_000_000 + 1, 1000)
        return withUnsafeTemporaryAllocation(of: pollfd.self, capacity: 2) { descriptors in
            descriptors[0] = pollfd(fd: socket, events: events, revents: 0)
            descriptors[1] = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            guard poll(descriptors.baseAddress, 2, Int32(milliseconds)) > 0 else { return false }
            if descriptors[1].revents != 0 { drain() }
            return descriptors[0].revents != 0
        }
    }
}
