import ArgumentParser
import Foundation
import Marketplace

/// Names the body that approves and releases the entries of a source.
struct CompetentBody: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "competent-body",
        abstract: "Make a party the competent body of a source of the directory; a new source is opened.")

    @Option(help: "The source's code, such as OWN.") var source: String
    @Option(help: "The party's code.") var party: String
    @Option(help: "The document that makes it competent.") var basis: String
    @Option(help: "The source's title.") var title = ""

    func run() async throws {
        bootstrapLogging()
        try await telling {
            try await Workplace.run { workplace in
                try await workplace.market.drafts.stateCompetentBody(
                    workplace.market.parties.id(of: party), of: source, title: title, basis: basis, now: Date())
                print("\(party) is the competent body of \(source).")
            }
        }
    }
}
