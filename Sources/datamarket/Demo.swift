import ArgumentParser

/// Loads the demonstration market.
struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Load the demonstration market into an empty database.")

    func run() async throws {
        bootstrapLogging()
        try await Workplace.run { try await DemonstrationMarket(workplace: $0).load() }
    }
}
