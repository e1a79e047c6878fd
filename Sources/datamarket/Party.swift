import ArgumentParser
import Foundation
import Marketplace

struct Party: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Record what became of a party.", subcommands: [PartySucceed.self, PartyCorrect.self])
}

/// Records a succession: what the party answers for goes to its successors from a day on.
struct PartySucceed: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "succeed",
        abstract: "Record that a body was renamed, merged or split.",
        discussion: """
            --into CODE takes everything that no other successor names; --into CODE:WHAT,WHAT takes what is named: roles \
            (provider, publisher, …) or codes of directory entries and products. The same succession again changes nothing.
            """)

    @Argument(help: "The party's code.") var party: String
    @Option(help: "renamed, merged or split.") var kind: Succession.Kind
    @Option(help: "A successor: CODE, or CODE:WHAT,WHAT.") var into: [String]
    @Option(help: "The day it came into effect, such as 2026-03-01.") var on: String
    @Option(help: "How the document that says so is quoted.") var basis: String
    @Option(help: "That document as a file; its SHA-256 is kept.") var basisFile: String
    @Option(help: "The administration that records it, by its code; the demonstration's when left out.")
    var administration: String?

    func run() async throws {
        bootstrapLogging()
        try await telling {
            guard let document = FileManager.default.contents(atPath: basisFile) else {
                throw InvalidInput("--basis-file", "\(basisFile) cannot be read.")
            }
            let succession = try Succession(
                of: party, kind: kind, effectiveOn: on, basis: Basis(reference: basis, document: [UInt8](document)),
                successors: into.map(Self.successor))
            try await Workplace.run { workplace in
                let parties = workplace.market.parties
                let recorder = try await parties.id(of: administration ?? DemonstrationMarket.administrationCode())
                print(try await parties.succeed(succession, by: recorder, now: Date()).successions.text)
            }
        }
    }

    /// `CODE:provider,DP-AIR-001`: roles are in small letters, codes never.
    private static func successor(_ text: String) -> Succession.Successor {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let named = parts.count == 2 ? parts[1].split(separator: ",").map(String.init) : []
        let roles = named.filter { $0 == $0.lowercased() }
        let subjects = named.filter { $0 != $0.lowercased() }
        return .init(
            party: parts.first ?? "", roles: roles.isEmpty ? nil : roles, subjects: subjects.isEmpty ? nil : subjects)
    }
}

/// Takes a succession back that was recorded wrongly; what was known before is kept.
struct PartyCorrect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct", abstract: "Take back a succession that was recorded wrongly.",
        discussion: "What came to others through it goes back. Another one may then be recorded by 'party succeed'.")

    @Argument(help: "The code of the party that was recorded as succeeded.") var party: String
    @Argument(help: "The id of the succession.") var succession: String
    @Option(help: "What was wrong.") var reason: String
    @Option(help: "The administration that recorded it, by its code; the demonstration's when left out.")
    var administration: String?

    func run() async throws {
        bootstrapLogging()
        try await telling {
            guard let id = UUID(uuidString: succession) else { throw SuccessionError.unknownSuccession(party) }
            let correction = try SuccessionCorrection(of: id, reason: reason, instead: nil)
            try await Workplace.run { workplace in
                let parties = workplace.market.parties
                let corrector = try await parties.id(of: administration ?? DemonstrationMarket.administrationCode())
                print(try await parties.correct(correction, of: party, by: corrector, now: Date()).text)
            }
        }
    }
}

extension Succession.Kind: ExpressibleByArgument {}
