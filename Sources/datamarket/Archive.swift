import ArgumentParser
import Foundation
import Marketplace

/// Archives usage that is older than its retention, as the server does every hour.
struct Archive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move usage that is older than its retention into Parquet files.",
        discussion: """
            How long it stays is the policy usage_retention, in months. Exit status: 0 nothing that is older is left; 2 some \
            months stay, because bills of them are still to be made, because usage was read and counted all the time, \
            because something failed, or because a server archives or recounts usage now.
            """)

    func run() async throws {
        bootstrapLogging()
        try await telling {
            try await Workplace.run { workplace in
                try await workplace.market.usageRecalls.forgetUnused(now: Date())
                guard let months = try await workplace.market.usageArchives.archive(now: Date()) else {
                    print("a server archives or recounts usage now")
                    throw ExitCode(2)
                }
                if months.isEmpty { print("no usage is to be archived now") }
                for month in months { print("\(month.name) \(Self.said(month.outcome))") }
                if months.contains(where: { Self.stays($0.outcome) }) { throw ExitCode(2) }
            }
        }
    }

    private static func said(_ outcome: UsageArchives.Month.Outcome) -> String {
        switch outcome {
        case .archived(let rows): "archived: \(rows) rows"
        case .empty: "was empty and is gone"
        case .unbilled: "stays: bills of its usage are still to be made"
        case .busy: "stays: usage was read and counted all the time"
        case .failed(let reason): "stays: \(reason)"
        }
    }

    private static func stays(_ outcome: UsageArchives.Month.Outcome) -> Bool {
        switch outcome {
        case .archived, .empty: false
        case .unbilled, .busy, .failed: true
        }
    }
}
