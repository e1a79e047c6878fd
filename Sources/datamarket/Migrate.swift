import ArgumentParser

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the database's schema up to date.")

    func run() async throws {
        bootstrapLogging()
        try await Workplace.run { workplace in
            for name in workplace.applied { print("applied \(name)") }
            print("The schema is up to date.")
        }
    }
}
