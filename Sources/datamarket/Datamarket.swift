import ArgumentParser

/// The command: `datamarket serve` and what else keeps a market.
@main
struct Datamarket: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datamarket",
        abstract: "A market for public data, on PostgreSQL.",
        discussion: """
            Without DATABASE_URL it starts and keeps a private PostgreSQL under .datamarket in the working folder; \
            DATAMARKET_HOME moves that folder.
            """,
        subcommands: [
            Serve.self, Migrate.self, Import.self, Party.self, CompetentBody.self, Publish.self, Token.self,
            Password.self, SigningKeys.self, Report.self, Verify.self, Demo.self, Bill.self, Archive.self, Trace.self,
            Panel.self, Totals.self,
        ])
}
