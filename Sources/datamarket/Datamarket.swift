import ArgumentParser
import CMalloc

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
            SigningKeys.self, Report.self, Verify.self, Demo.self, Bill.self,
        ])

    static func main() async {
        giveMemoryBack()
        await main(nil)
    }

    /// Left to itself glibc opens arenas for every thread and raises its limits with what was once asked for; after three
    /// imports of large catalogues the server held 350 MB that nobody used.
    private static func giveMemoryBack() {
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_MMAP_THRESHOLD, 128 << 10)
        mallopt(M_TRIM_THRESHOLD, 128 << 10)
    }
}
