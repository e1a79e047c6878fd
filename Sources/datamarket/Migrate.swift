import ArgumentParser

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the database's schema up to date.")

    func run() async throws {
        bootstrapLogging()
        try await Workplace.run { _ in print("The schema is up to date.") }
    }
}
