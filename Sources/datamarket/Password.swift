import ArgumentParser
import Foundation
import Marketplace

struct Password: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Set and remove the passwords that people sign in to the portal with.",
        subcommands: [Set.self, Remove.self])

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a user name a password, or another one, read from standard input.",
            discussion: "Sessions that were opened with the password before end.")
        @Argument(help: "The user name.") var name: String
        @Option(help: "The party's code.") var party: String
        @Option(help: "enterprise, operator, administrator or analyst.") var role: Role

        func run() async throws {
            bootstrapLogging()
            let password = Self.typed()
            try await telling {
                try await Workplace.run { workplace in
                    try await workplace.market.accounts.setPassword(
                        password, of: name, party: party, role: role, now: Date())
                    print("\(name) signs in for \(party) as \(role.rawValue)")
                }
            }
        }

        /// A line; at a terminal it is not shown.
        private static func typed() -> String {
            guard isatty(STDIN_FILENO) == 1 else { return readLine() ?? "" }
            return getpass("Password: ").map { String(cString: $0) } ?? ""
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a user name's password away; its sessions end.")
        @Argument(help: "The user name.") var name: String

        func run() async throws {
            bootstrapLogging()
            try await Workplace.run { workplace in
                guard try await workplace.market.accounts.removePassword(of: name) else {
                    complain("Nobody has this user name.")
                    throw ExitCode(1)
                }
                print("removed")
            }
        }
    }
}
