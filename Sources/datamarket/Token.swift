import ArgumentParser
import Foundation
import Marketplace

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, list and revoke tokens.", subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a token; it is shown this once.")
        @Option(help: "The party's code.") var party: String
        @Option(help: "enterprise, operator, administrator or analyst.") var role: Role
        @Option(help: "Days until it expires.") var days = 365

        func run() async throws {
            bootstrapLogging()
            try await telling {
                try await Workplace.run { workplace in
                    let made = try await workplace.market.accounts.createToken(
                        party: party, role: role, days: days, now: Date())
                    complain("id \(made.id.uuidString.lowercased())")
                    print(made.token)
                }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a party's tokens, without the tokens themselves.")
        @Option(help: "The party's code.") var party: String

        func run() async throws {
            bootstrapLogging()
            try await Workplace.run { workplace in
                for token in try await workplace.market.accounts.tokens(of: party) { print(token.text) }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a token by its id.")
        @Argument(help: "The token's id.") var id: String

        func run() async throws {
            bootstrapLogging()
            guard let id = UUID(uuidString: id) else { throw ValidationError("'\(id)' is not a token's id.") }
            try await Workplace.run { workplace in
                guard try await workplace.market.accounts.revokeToken(id, now: Date()) else {
                    complain("No token in force has this id.")
                    throw ExitCode(1)
                }
                print("revoked")
            }
        }
    }
}

extension Role: ExpressibleByArgument {}

/// Turns a refusal into its sentence and exit status 1.
func telling(_ work: () async throws -> Void) async throws {
    do {
        try await work()
    } catch let refusal as any MarketplaceError {
        complain("\(refusal.field.map { "\($0): " } ?? "")\(refusal.message)")
        throw ExitCode(1)
    }
}
