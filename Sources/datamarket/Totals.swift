import ArgumentParser
import Foundation
import Marketplace

struct Totals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Keep the totals that figures of adoption are answered from.", subcommands: [RebuildTotals.self])
}

/// Makes the totals anew. The server may run meanwhile: it answers from the old ones until the new are there.
struct RebuildTotals: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make the totals anew from the market, as after it was filled without its log.",
        discussion: """
            Purchases, invoices and steps keep the days on which they became known. With --use what was used is counted anew \
            too, as known on the day on which it was used: its days of recording are kept in the totals alone.
            """)

    @Flag(help: "Use, too.") var use = false

    func run() async throws {
        bootstrapLogging()
        try await Workplace.run { workplace in
            let clock = ContinuousClock()
            let took = try await clock.measure { try await workplace.market.totals.rebuild(withUse: use) }
            print(
                "The totals were made anew in \(took.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1))))."
            )
        }
    }
}
