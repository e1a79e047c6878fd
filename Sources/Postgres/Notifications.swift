import CPostgres
import Foundation
import Synchronization

extension Database {
    /// Payloads of NOTIFY on a channel, over a connection of its own. After the connection was lost and is back, an empty
    /// payload is given: a hint to look again, for what was sent meanwhile is gone.
    public func notifications(on channel: String) -> AsyncThrowingStream<String, any Error> {
        let (stream, continuation) = AsyncThrowingStream<String, any Error>.makeStream(
            bufferingPolicy: .bufferingNewest(4096))
        let isOver = Shared(Mutex(false))
        let (configuration, counters) = (configuration, counters)
        continuation.onTermination = { _ in isOver.box.withLock { $0 = true } }
        Thread.detachNewThread {
            let connection = Connection(configuration: configuration, counters: counters)
            let quoted = channel.replacingOccurrences(of: "\"", with: "\"\"")
            var wasOpen = false
            while !isOver.box.withLock({ $0 }), !counters.isAborting.load(ordering: .relaxed) {
                if !connection.isOpen {
                    do {
                        try connection.open(for: .general, until: Monotonic.now() + 4_000_000_000)
                        try connection.simple("LISTEN \"\(quoted)\"")
                        if wasOpen { continuation.yield("") }
                        wasOpen = true
                    } catch {
                        connection.close()
                        usleep(UInt32.random(in: 100_000...500_000))
                        continue
                    }
                }
                guard let handle = connection.handle else { continue }
                while let notification = PQnotifies(handle) {
                    continuation.yield(String(cString: notification.pointee.extra))
                    PQfreemem(notification)
                }
                if connection.waker.wait(
                    socket: connection.socket, events: Int16(POLLIN), until: Monotonic.now() + 200_000_000),
                    PQconsumeInput(handle) == 0
                {
                    connection.close()
                }
            }
            connection.close()
        }
        return stream
    }
}
