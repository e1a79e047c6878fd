import ArgumentParser
import Foundation
import Marketplace

/// Loads the demonstration market, or makes a large synthetic one.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Load the demonstration market, or a large synthetic one, into an empty database.",
        discussion: """
            With --scale or any of the numbers it makes a synthetic market for benchmarks: at scale 1, 2,500 directory \
            entries, 200 products, 100 enterprises and 10,000 purchases, each with versions, responsibilities, offers, \
            entitlements and usage; --scale 100 is a hundred times that. Purchases are spread unevenly over products, \
            enterprises and eighteen months; some are trials, some were refunded or recorded late. The same numbers, seed and \
            day make the same market. Everything in it is marked synthetic.
            """)

    @Option(help: "A multiple of the base, 1 to 1,000.") var scale: Int?
    @Option(help: "Decides the content; the same seed, the same market.") var seed = 1
    @Option(help: "Directory entries, instead of the scale's.") var entries: Int?
    @Option(help: "Products, instead of the scale's.") var products: Int?
    @Option(help: "Enterprises, instead of one to a hundred purchases.") var enterprises: Int?
    @Option(help: "Purchases, instead of the scale's.") var purchases: Int?
    @Option(help: "Usage events, instead of one to a purchase.") var usage: Int?
    @Option(help: "The market's last day, such as 2026-07-01; today when left out.") var day: String?

    func run() async throws {
        bootstrapLogging()
        let numbers = [scale, entries, products, enterprises, purchases, usage]
        guard numbers.contains(where: { $0 != nil }) else {
            return try await Workplace.run { try await DemonstrationMarket(workplace: $0).load() }
        }
        try await telling {
            let now = Date()
            let midnight = Date(
                timeIntervalSince1970: (now.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400)
            let plan = try SyntheticPlan(
                scale: scale ?? 1, seed: seed, entries: entries, products: products, enterprises: enterprises,
                purchases: purchases, usage: usage,
                day: day.map { try parsedTime($0, field: "--day") } ?? midnight)
            try await Workplace.run { workplace in
                let took = try await ContinuousClock().measure {
                    try await workplace.withoutStatementLimit { market in
                        try await market.operations.makeSynthetic(plan) { step, took in
                            complain(
                                "\(step): \(took.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1))))"
                            )
                        }
                    }
                }
                let seconds = took.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1)))
                print(
                    "made \(plan.entries) entries, \(plan.products) products, \(plan.enterprises) enterprises, "
                        + "\(plan.purchases) purchases, \(plan.usage) usage events (seed \(plan.seed)) in \(seconds)")
            }
        }
    }
}
