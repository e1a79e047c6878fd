import ArgumentParser
import Foundation
import Marketplace

/// Archives usage that is older than its retention, as the server does every hour.
struct Archive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Move usage that is older than its retention into Parquet files.",
        discussion: """
            How long it stays is the policy usage_retention, in months. Exit status: 0 nothing that is older is left; 2 some \
            months stay, because bills of them are still to be made, or because they were in use all the time.
            """)

    func run() async throws {
        bootstrapLogging()
        try await telling {
            try await Workplace.run { workplace in
                let months = try await workplace.market.usageArchives.archive(now: Date())
                try await workplace.market.usageRecalls.forgetUnused(now: Date())
                if months.isEmpty { print("no usage is to be archived now") }
                for month in months { print("\(month.name) \(Self.said(month.outcome))") }
                if months.contains(where: { [.unbilled, .busy].contains($0.outcome) }) { throw ExitCode(2) }
            }
        }
    }

    private static func said(_ outcome: UsageArchives.Month.Outcome) -> String {
        switch outcome {
        case .archived(let rows): "archived: \(rows) rows"
        case .empty: "was empty and is gone"
        case .unbilled: "stays: bills of its usage are still to be made"
        case .busy: "stays: it was in use all the time"
        }
    }
}
