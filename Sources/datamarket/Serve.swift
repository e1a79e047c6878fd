import ArgumentParser
import CMalloc
import Foundation
import Hummingbird
import Logging
import Marketplace
import Metrics
import Postgres
import ServiceLifecycle
import Web

/// Serves the market until it is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve the market over HTTP.")

    @Flag(help: "Load the demonstration market into an empty database first.")
    var demo = false

    /// Left to itself glibc opens arenas for every thread and raises its limits with what was once asked for; after four
    /// imports of large catalogues the server held 350 MB that nobody used.
    private func giveMemoryBack() {
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_MMAP_THRESHOLD, 256 << 10)
        // Less, and every page of the portal gives its memory back and is given it again.
        mallopt(M_TRIM_THRESHOLD, 4 << 20)
    }

    func run() async throws {
        giveMemoryBack()
        bootstrapLogging()
        let metrics = PrometheusMetrics()
        MetricsSystem.bootstrap(metrics)
        let environment = ProcessInfo.processInfo.environment
        let workplace = try await Workplace.open()
        do {
            if demo { try await DemonstrationMarket(workplace: workplace).load() }
            let host = environment["HOST"] ?? "127.0.0.1"
            guard let port = UInt16(environment["PORT"] ?? "8080") else {
                throw ValidationError("PORT must be a number from 0 to 65535.")
            }
            let publicURL = environment["PUBLIC_URL"].map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
            if let publicURL, publicURL.wholeMatch(of: /https?:\/\/[^\s<>"{}|\\^`]+/) == nil {
                throw ValidationError("PUBLIC_URL must be an address such as https://market.example.")
            }
            var configuration = Server.Configuration(host: host, port: Int(port), publicURL: publicURL)
            configuration.allowsInternalSources = environment["ALLOW_INTERNAL_SOURCES"] == "1"
            let server = Server(
                market: workplace.market, configuration: configuration, metrics: metrics, logger: workplace.logger)
            let home = workplace.home
            let application = try server.application { port in
                complain(
                    """

                    The market is open:
                      portal        http://\(host):\(port)/
                      JSON          http://\(host):\(port)/v1/products   (contract: /openapi.json)
                      tokens        \(home.appendingPathComponent("tokens.json").path)
                      passwords     \(home.appendingPathComponent("passwords.json").path)
                    Ctrl-C stops it.
                    """)
            }
            let worker = WebhookWorker(
                webhooks: workplace.market.webhooks, source: configuration.ownURL,
                allowsInternal: configuration.allowsInternalSources, logger: workplace.logger)
            var services: [any Service] = [
                Upkeep(workplace: workplace, metrics: metrics), NotaryOffice(workplace: workplace),
                Counter(workplace: workplace), DirectoryCounter(workplace: workplace),
                Messenger(worker: worker), Indexer(workplace: workplace), IndexListener(workplace: workplace),
                Profiler(workplace: workplace), TableMaker(workplace: workplace), ContentSweeper(workplace: workplace),
                Archivist(workplace: workplace),
            ]
            if let cluster = workplace.cluster { services.insert(ClusterKeeper(cluster: cluster), at: 0) }
            try await ServiceGroup(
                configuration: .init(
                    services: services.map { .init(service: $0) } + [.init(service: application)],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: workplace.logger)
            ).run()
        } catch {
            await workplace.close()
            throw error
        }
        await workplace.close()
    }
}

/// What the program does beside answering. The service group writes each one's description when it starts, which would be all of
/// the market, with every statement.
private protocol Duty: Service, CustomStringConvertible {}

extension Duty {
    var description: String { "\(Self.self)" }
}

extension Workplace {
    /// Does some work again and again until the service ends. A failure is logged once, not every time: it is tried again.
    fileprivate func again(
        after pause: Duration, failing word: String, _ work: @Sendable @escaping (Market) async throws -> Void
    ) async throws {
        try await cancelWhenGracefulShutdown {
            var hasFailed = false
            while !Task.isCancelled {
                do {
                    try await work(market)
                    hasFailed = false
                } catch  where !Task.isCancelled {
                    if !hasFailed { logger.error("\(word)", metadata: ["error": "\(error)"]) }
                    hasFailed = true
                } catch {
                    break
                }
                try? await Task.sleep(for: pause)
            }
        }
    }
}

/// Keeps the private cluster running while the market is served.
private struct ClusterKeeper: Duty {
    let cluster: PrivateCluster

    func run() async throws {
        try await cancelWhenGracefulShutdown { await cluster.keepRunning() }
    }
}

/// Tells webhooks what happened.
private struct Messenger: Duty {
    let worker: WebhookWorker

    func run() async throws {
        try await cancelWhenGracefulShutdown { await worker.run() }
    }
}

/// Makes the partitions of coming months, warns of credentials that end, begins and ends purchases whose time has come,
/// takes back dry runs that were killed, bills what is due, and keeps the gauges of the database current.
private struct Upkeep: Duty {
    let workplace: Workplace
    let metrics: PrometheusMetrics

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            var rounds = 0
            while !Task.isCancelled {
                let statistics = workplace.database.statistics
                metrics.setGauge("postgres_open_connections", Double(statistics.openConnections))
                metrics.setGauge("postgres_queued_statements", Double(statistics.queued))
                metrics.setGauge("postgres_running_statements", Double(statistics.running))
                if rounds % 720 == 0 && rounds > 0 {
                    do {
                        try await workplace.market.operations.makeUsagePartitions(from: Date())
                    } catch {
                        workplace.logger.error("partitions were not made", metadata: ["error": "\(error)"])
                    }
                }
                // At start and once an hour: a day of Beijing begins in the middle of one of ours.
                if rounds % 720 == 0 {
                    do {
                        _ = try await workplace.market.catalog.keepCredentialsCurrent(now: Date())
                    } catch {
                        workplace.logger.error("credentials were not looked at", metadata: ["error": "\(error)"])
                    }
                }
                do {
                    _ = try await workplace.market.purchases.advance(now: Date())
                } catch {
                    workplace.logger.error("purchases were not advanced", metadata: ["error": "\(error)"])
                }
                if rounds % 12 == 0 {
                    do {
                        _ = try await workplace.market.directory.endDryRuns(now: Date())
                    } catch {
                        workplace.logger.error("dry runs were not ended", metadata: ["error": "\(error)"])
                    }
                }
                // Ten minutes is how long usage settles before it is counted.
                if rounds % 120 == 0 { await bill() }
                rounds += 1
                try? await Task.sleep(for: .seconds(5))
            }
        }
    }

    private func bill() async {
        do {
            let report = try await workplace.market.billing.bill(now: Date())
            guard !report.failed.isEmpty else { return }
            let failed = report.failed.map { $0.uuidString.lowercased() }.joined(separator: " ")
            workplace.logger.error("enterprises were not billed", metadata: ["enterprises": "\(failed)"])
        } catch {
            workplace.logger.error("periods were not closed", metadata: ["error": "\(error)"])
        }
    }
}

/// Records in the market's log what happened to purchases, soon after it happened. Whoever asks for a receipt is told when it fails.
private struct NotaryOffice: Duty {
    let workplace: Workplace

    func run() async throws {
        try await workplace.again(after: .milliseconds(400), failing: "events were not recorded") { market in
            try await market.notary.recordAll(now: { Date() })
        }
    }
}

/// Adds what was recorded in the log, used and looked at to the totals of adoption, soon after. A figure says how far it counts.
private struct Counter: Duty {
    let workplace: Workplace

    func run() async throws {
        try await workplace.again(after: .milliseconds(200), failing: "totals were not kept") { market in
            try await market.productViews.write()
            try await market.totals.follow()
        }
    }
}

/// Makes the totals of the directory anew, source by source.
private struct DirectoryCounter: Duty {
    let workplace: Workplace

    func run() async throws {
        try await workplace.again(after: .seconds(1), failing: "the directory was not counted") { market in
            try await market.totals.countDirectory()
        }
    }
}

/// Hears from other servers that they brought the search up to date.
private struct IndexListener: Duty {
    let workplace: Workplace

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            for try await _ in workplace.database.notifications(on: SearchIndex.channel) {
                await workplace.market.search.indexChanged()
            }
        }
    }
}

/// Brings the search up to date, soon after something changed.
private struct Indexer: Duty {
    let workplace: Workplace

    func run() async throws {
        try await workplace.again(after: .seconds(1), failing: "the search was not brought up to date") { market in
            try await market.searchIndex.refresh(now: { Date() })
        }
    }
}

/// Profiles the revisions that have no profile yet, such as those from before there were any.
private struct Profiler: Duty {
    let workplace: Workplace

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await workplace.market.catalog.profileRevisions(now: { Date() })
                } catch  where !Task.isCancelled {
                    workplace.logger.error("revisions were not profiled", metadata: ["error": "\(error)"])
                } catch {
                    break
                }
                try? await Task.sleep(for: .seconds(60))
            }
        }
    }
}

/// Checks revisions that operators handed in, and makes tables of those that came with a listing.
private struct TableMaker: Duty {
    let workplace: Workplace

    /// Two, so that a large revision does not hold up everybody else's.
    private static let checks = 2

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<Self.checks {
                    group.addTask {
                        await keepAt { try await workplace.market.revisionCheck.checkAll(now: { Date() }) }
                    }
                }
                group.addTask { await keepAt { try await workplace.market.tables.makeMissing(now: { Date() }) } }
            }
        }
    }

    private func keepAt(_ work: () async throws -> Int) async {
        var hasFailed = false
        while !Task.isCancelled {
            do {
                _ = try await work()
                hasFailed = false
            } catch  where !Task.isCancelled {
                // Once, not every second: it is tried again.
                if !hasFailed { workplace.logger.error("tables were not made", metadata: ["error": "\(error)"]) }
                hasFailed = true
            } catch {
                break
            }
            try? await Task.sleep(for: .seconds(hasFailed ? 10 : 0.5))
        }
    }
}

/// Archives usage that is older than its retention, and forgets what was recalled of it.
private struct Archivist: Duty {
    let workplace: Workplace

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    for month in try await workplace.market.usageArchives.archive(now: Date()) ?? [] {
                        workplace.logger.notice(
                            "usage is old", metadata: ["month": "\(month.name)", "outcome": "\(month.outcome)"])
                    }
                    try await workplace.market.usageRecalls.forgetUnused(now: Date())
                } catch  where !Task.isCancelled {
                    workplace.logger.error("usage was not archived", metadata: ["error": "\(error)"])
                } catch {
                    break
                }
                try? await Task.sleep(for: .seconds(3600))
            }
        }
    }
}

/// Forgets content that nothing refers to.
private struct ContentSweeper: Duty {
    let workplace: Workplace

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(3600))
                guard !Task.isCancelled else { break }
                do {
                    try await workplace.market.content.sweep(now: Date())
                } catch {
                    workplace.logger.error("content was not swept", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
