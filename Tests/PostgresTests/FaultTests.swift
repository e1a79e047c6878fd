import Foundation
import Logging
import Postgres
import TestSupport
import Testing

@Suite(.serialized) struct FaultTests {
    private func sql(_ text: String) -> Statement { Statement(name: "fault", text: text) }

    @Test func `a silent first host is passed over, and a host without the attributes asked for is refused`()
        async throws
    {
        let silent = try SilentHost()
        let folder = try #require(
            TestMarket.url(of: "postgres").firstMatch(of: /host=([^&]+)/).map { String($0.1) })
        for (attributes, isReached) in [("read-write", true), ("standby", false)] {
            var configuration = PostgresConfiguration(
                url: "postgresql:///postgres?host=127.0.0.1,\(folder)&port=\(silent.port),5432&user=postgres"
                    + "&target_session_attrs=\(attributes)")
            configuration.acquireTimeout = .seconds(20)
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let database = Database(configuration, logger: logger)
            let answer = try? await database.first(sql("SELECT 7")) { try $0.next(Int.self) }
            #expect((answer == 7) == isReached, "\(attributes)")
            await database.close()
        }
    }

    @Test func `statements and waits have their limits`() async throws {
        try await TestMarket.with { _, database in
            let name =
                try await database.first(sql("SELECT current_database()::text")) { try $0.next(String.self) } ?? ""
            var configuration = PostgresConfiguration(url: try TestMarket.url(of: name))
            configuration.connections = 1
            configuration.statementTimeout = .milliseconds(300)
            configuration.acquireTimeout = .milliseconds(400)
            let narrow = Database(configuration, logger: .init(label: "test"))
            await #expect { try await narrow.execute(sql("SELECT pg_sleep(5)")) } throws: {
                ($0 as? PostgresError)?.code == .statementTimeout
            }
            try await narrow.withConnection { _ in
                await #expect { try await narrow.execute(sql("SELECT 1")) } throws: {
                    ($0 as? PostgresError)?.code == .acquireTimeout
                }
            }
            #expect(try await narrow.first(sql("SELECT 1")) { try $0.next(Int.self) } == 1)
            await narrow.close()
        }
    }

    @Test func `kills, cancellations and time-outs leave no result and no connection behind`() async throws {
        try await TestMarket.with { _, database in
            let name =
                try await database.first(sql("SELECT current_database()::text")) { try $0.next(String.self) } ?? ""
            var configuration = PostgresConfiguration(url: try TestMarket.url(of: name))
            configuration.connections = 4
            configuration.statementTimeout = .milliseconds(200)
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            configuration.applicationName = "tormented"
            let victim = Database(configuration, logger: logger)
            let end = ContinuousClock.now + .seconds(4)
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    while ContinuousClock.now < end {
                        _ = try? await database.execute(
                            sql(
                                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'tormented' AND random() < 0.3"
                            ))
                        try? await Task.sleep(for: .milliseconds(50))
                    }
                }
                for number in 0..<24 {
                    group.addTask {
                        while ContinuousClock.now < end {
                            let task = Task {
                                switch number % 3 {
                                case 0:
                                    _ = try await victim.first(sql("SELECT 1"), lane: .read) { try $0.next(Int.self) }
                                case 1: try await victim.execute(sql("SELECT pg_sleep(0.3)"))
                                default:
                                    try await victim.withTransaction { transaction in
                                        try await transaction.execute(sql("SELECT pg_sleep(0.02)"))
                                    }
                                }
                            }
                            if Bool.random() {
                                try? await Task.sleep(for: .milliseconds(Int.random(in: 0...30)))
                                task.cancel()
                            }
                            _ = try? await task.value
                        }
                    }
                }
            }
            #expect(try await victim.first(sql("SELECT 7")) { try $0.next(Int.self) } == 7)
            var after = victim.statistics
            // Who waits is answered a moment before its connection is done with it.
            for _ in 0..<200 where after.running > 0 {
                try await Task.sleep(for: .milliseconds(10))
                after = victim.statistics
            }
            #expect(after.liveResults == 0 && after.running == 0 && after.queued == 0)
            #expect(after.openConnections <= 4 + 2 + 2)
            await victim.close()
            #expect(victim.statistics.openConnections == 0)
            try await Task.sleep(for: .milliseconds(300))
            let left = try await database.first(
                sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tormented'")
            ) { try $0.next(Int.self) }
            #expect(left == 0)
        }
    }
}

/// A host that takes connections and never says a word.
private final class SilentHost {
    let port: UInt16
    private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)

    init() throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = descriptor
        port = try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(socket, generic, length) == 0, listen(socket, 8) == 0,
                    getsockname(socket, generic, &length) == 0
                else { throw CocoaError(.fileReadUnknown) }
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
    }

    deinit { close(descriptor) }
}
