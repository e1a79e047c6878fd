import ArgumentParser
import Foundation
import Marketplace

struct SigningKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The keys that the market signs with.",
        subcommands: [ListKeys.self, RotateKeys.self, RotateSessionKey.self], defaultSubcommand: ListKeys.self)
}

struct ListKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Every key that is or was in force.")

    func run() async throws {
        bootstrapLogging()
        try await Workplace.run { try await show($0) }
    }
}

/// New keys from now on. What was signed with the old ones still verifies.
struct RotateKeys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Put new keys in force; what the old ones signed still verifies.")

    @Option(help: "SM2-SM3 or Ed25519; both when left out.") var algorithm: SignatureAlgorithm?

    func run() async throws {
        bootstrapLogging()
        try await Workplace.run { workplace in
            try await workplace.market.keys.rotate(algorithm.map { [$0] } ?? SignatureAlgorithm.allCases, now: Date())
            try await show(workplace)
        }
    }
}

/// A new key for the portal's sessions: everybody signs in again.
struct RotateSessionKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-sessions", abstract: "Put a new key for the portal's sessions in force; all of them end.")

    func run() async throws {
        bootstrapLogging()
        try await Workplace.run { try await $0.market.accounts.rotateSessionKey(now: Date()) }
        print("every session has ended")
    }
}

private func show(_ workplace: Workplace) async throws {
    for known in try await workplace.market.keys.all() {
        let name = known.key.algorithm.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
        let until = known.until.map { "until \($0.formatted(.iso8601))" } ?? "in force"
        print("\(name) \(known.version)  since \(known.since.formatted(.iso8601))  \(until)  \(known.key.id)")
    }
}

extension SignatureAlgorithm: ExpressibleByArgument {}
