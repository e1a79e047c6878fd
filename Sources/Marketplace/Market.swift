import Foundation
import Logging
import Postgres
import SQLFiles

/// The market: one property per feature. This is what the web and the command receive.
public struct Market: Sendable {
    public let database: Database
    public let parties: Parties
    public let directory: Directory
    public let drafts: Drafts
    public let scenarios: Scenarios
    public let catalog: Catalog
    public let content: Content
    public let uploads: RevisionUploads
    public let revisionCheck: RevisionCheck
    public let tables: Tables
    public let purchases: Purchases
    public let delivery: Delivery
    public let sharing: Sharing
    public let metering: Metering
    public let usageArchives: UsageArchives
    public let usageRecalls: UsageRecalls
    public let export: Export
    public let packages: Packages
    public let lineage: Lineage
    public let adoption: Adoption
    public let figureFiles: FigureFiles
    public let panels: Panels
    public let snapshots: Snapshots
    public let accounts: Accounts
    public let operations: Operations
    public let deadlines: Deadlines
    public let notices: Notices
    public let corrections: Corrections
    public let impact: Impact
    public let keys: Keys
    public let log: MarketLog
    public let notary: Notary
    public let totals: Totals
    public let productViews: ProductViews
    public let readers: Readers
    public let declarations: Declarations
    public let newCompanies: NewCompanies
    public let receipts: Receipts
    public let webhooks: Webhooks
    public let billing: Billing
    public let prices: Prices
    public let search: Search
    public let searchIndex: SearchIndex
    public let synonyms: Synonyms

    /// - Parameter home: where the market's private keys and the content of products lie; nil when it needs neither.
    public init(database: Database, home: URL? = nil) throws {
        let store = Store(database: database, statements: try Statements())
        self.database = database
        parties = Parties(store: store)
        directory = Directory(store: store)
        drafts = Drafts(store: store)
        scenarios = Scenarios(store: store)
        let files = ContentFiles(
            folder: (home ?? FileManager.default.temporaryDirectory).appendingPathComponent("content"))
        let engine = TableEngine(files: files)
        catalog = Catalog(store: store, files: files)
        tables = Tables(store: store, files: files, engine: engine)
        uploads = RevisionUploads(store: store, catalog: catalog, files: files)
        revisionCheck = RevisionCheck(store: store, catalog: catalog, tables: tables, files: files)
        content = Content(store: store, files: files)
        purchases = Purchases(store: store)
        delivery = Delivery(store: store, files: files, engine: engine)
        usageArchives = UsageArchives(store: store, files: files, engine: engine)
        usageRecalls = UsageRecalls(store: store, files: files, engine: engine)
        metering = Metering(store: store, recalls: usageRecalls)
        export = Export(store: store)
        packages = Packages(store: store)
        lineage = Lineage(store: store, recalls: usageRecalls)
        adoption = try Adoption(store: store)
        figureFiles = FigureFiles(engine: engine, files: files)
        panels = Panels(store: store)
        accounts = Accounts(store: store)
        sharing = Sharing(store: store, delivery: delivery, links: SharedLinks(accounts: accounts))
        operations = Operations(store: store, files: files, recalls: usageRecalls)
        deadlines = Deadlines(store: store)
        notices = Notices(store: store)
        corrections = Corrections(store: store, deadlines: deadlines)
        impact = Impact(store: store)
        keys = Keys(store: store, folder: home?.appendingPathComponent("keys"))
        snapshots = Snapshots(store: store, adoption: adoption, keys: keys)
        log = MarketLog(store: store)
        notary = Notary(store: store, keys: keys)
        totals = Totals(store: store)
        productViews = ProductViews(store: store)
        readers = Readers(store: store)
        declarations = Declarations(store: store)
        newCompanies = NewCompanies(store: store)
        receipts = Receipts(store: store, notary: notary, keys: keys)
        webhooks = Webhooks(store: store)
        prices = Prices(store: store)
        let kept = KeptAnswers()
        search = Search(store: store, kept: kept)
        searchIndex = SearchIndex(store: store, kept: kept)
        synonyms = Synonyms(store: store)
        billing = Billing(store: store, purchases: purchases, recalls: usageRecalls)
    }
}
