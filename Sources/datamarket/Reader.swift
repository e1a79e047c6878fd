import ArgumentParser
import Foundation
import Marketplace

struct Reader: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let people read what is published with tools of their own, such as psql or pandas.",
        discussion: "A reader is a role of PostgreSQL that sees the views of the schema reporting, and nothing else.",
        subcommands: [Make.self, Remove.self])

    struct Make: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a reader, or give one another password; it is printed once.")
        @Argument(help: "The role's name.") var name: String
        @Option(help: "For how many days, 1 to 3,660.") var days = 365

        func run() async throws {
            bootstrapLogging()
            try await telling {
                guard (1...3_660).contains(days) else { throw InvalidInput("--days", "1 to 3,660 days.") }
                let until = Date().addingTimeInterval(Double(days) * 86_400)
                try await Workplace.run { workplace in
                    print(try await workplace.market.readers.make(name, until: until))
                }
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a reader away.")
        @Argument(help: "The role's name.") var name: String

        func run() async throws {
            bootstrapLogging()
            try await telling {
                try await Workplace.run { try await $0.market.readers.remove(name) }
            }
        }
    }
}
