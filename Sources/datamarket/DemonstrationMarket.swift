import Demonstration
import Foundation
import Marketplace
import ScenarioFiles
import Yams

/// Fills an empty database with the demonstration market: real catalogues and tables, synthetic enterprises.
/// Every step may run again, so that a load that was interrupted is finished by the next one.
struct DemonstrationMarket {
    let workplace: Workplace
    private var market: Market { workplace.market }

    struct NotEmpty: Error, CustomStringConvertible {
        let description = "The database holds another market; the demonstration is only loaded into an empty one."
    }

    /// Real catalogues in the order they are imported; a source that appears again is a later state of it.
    private static let catalogues = [
        ("us-dc-20200918.data.json.gz", "US-DC"), ("us-dc-20201022.data.json.gz", "US-DC"),
        ("us-dc-20201118.data.json.gz", "US-DC"), ("us-cdc.data.json.gz", "US-CDC"),
        ("us-baltimore-20200722.data.json", "US-BALTIMORE"), ("ar-energia.data.json.gz", "AR-ENERGIA"),
        ("ar-datosgobar.data.json", "AR-DATOSGOBAR"), ("de-brandenburg.ttl", "DE-BRANDENBURG"),
        ("de-rostock.rdf.gz", "DE-ROSTOCK"), ("be-federal.ttl.gz", "BE-FEDERAL"),
        ("tw-taoyuan.csv.gz", "TW-TAOYUAN"), ("tw-taichung.csv", "TW-TAICHUNG"),
    ]

    func load() async throws {
        try await market.operations.alone { try await loadAlone() }
    }

    private func loadAlone() async throws {
        let now = Date()
        let bodies = try CSVTable(Self.bytes(of: Demonstration.folder.appendingPathComponent("market/bodies.csv")))
        let roles = ["administrator", "operator", "analyst"]
        if try await !market.operations.holdsPanel("leading-2025") {
            guard try await market.operations.isEmpty(besidesParty: Self.administrationCode()) else { throw NotEmpty() }
            complain("Loading the demonstration market …")
            let parties = try await recordParties(bodies, now: now)
            guard let administration = parties["administrator"], let seller = parties["operator"],
                let analyst = parties["analyst"]
            else {
                throw InvalidInput("bodies.csv", "It must name \(roles.joined(separator: ", ")).")
            }
            try await market.drafts.stateCompetentBody(
                administration, of: "OWN", title: "本级目录 Own directory", basis: "Synthetic mandate of the demonstration",
                now: now)
            try await importCatalogues(by: administration)
            for entry in try Self.entries() {
                try await entry.release(by: administration, in: market, now: Date())
            }
            try await listProducts(operator: seller, administration: administration, now: Date())
            _ = try await Publish.publish(
                Publish.files(at: ScenarioFiles.folder.path), by: administration, market: market
            ) { complain("scenarios: \($0)") }
            try await market.synonyms.put(Self.synonyms(), by: administration, now: now)
            try await stateNewCompanies(by: analyst)
            _ = try await market.panels.record(
                PanelImport(
                    code: "leading-2025", titleZh: "合成样本：2025年行业龙头企业",
                    titleEn: "Synthetic panel: leading enterprises 2025", datedOn: "2025-12-31",
                    file: Self.bytes(of: Demonstration.folder.appendingPathComponent("market/panel-leading-2025.csv")),
                    allOrNothing: true), now: now)
        }
        try await market.searchIndex.refresh(now: { Date() })
        try await DemonstrationAccess(workplace: workplace).write(bodies, now: now)
    }

    private func stateNewCompanies(by analyst: UUID) async throws {
        let file = Demonstration.folder.appendingPathComponent("market/new-companies.csv")
        let stated = try await market.newCompanies.state(
            NewCompanyFile(Self.bytes(of: file), now: Date()), by: analyst, now: { Date() })
        if let line = stated.refused.first {
            throw InvalidInput("new-companies.csv", "line \(line.line): \(line.field): \(line.reason)")
        }
    }

    private static func synonyms() throws -> [(word: String, synonyms: [String])] {
        let table = try CSVTable(bytes(of: Demonstration.folder.appendingPathComponent("market/synonyms.csv")))
        return table.records.compactMap { record in
            guard let word = table.cell("word", of: record), let others = table.cell("synonyms", of: record) else {
                return nil
            }
            return (word, others.split(separator: "|").map(String.init))
        }
    }

    /// The code of the body that administers the demonstration.
    static func administrationCode() throws -> String {
        let bodies = try CSVTable(bytes(of: Demonstration.folder.appendingPathComponent("market/bodies.csv")))
        guard let code = body("administrator", in: bodies) else {
            throw InvalidInput("bodies.csv", "No administrator.")
        }
        return code
    }

    static func body(_ role: String, in bodies: CSVTable) -> String? {
        bodies.records.first { bodies.cell("role", of: $0) == role }.flatMap { bodies.cell("code", of: $0) }
    }

    private func recordParties(_ bodies: CSVTable, now: Date) async throws -> [String: UUID] {
        var ids: [String: UUID] = [:]
        for record in bodies.records {
            let id = try await market.parties.record(Self.party(record, of: bodies), now: now)
            if let role = bodies.cell("role", of: record) { ids[role] = id }
        }
        let enterprises = try CSVTable(
            Self.bytes(of: Demonstration.folder.appendingPathComponent("market/enterprises.csv")))
        for record in enterprises.records {
            try await market.parties.record(Self.party(record, of: enterprises), now: now)
        }
        return ids
    }

    private static func party(_ record: CSVTable.Record, of table: CSVTable) throws -> Parties.Statement {
        let cell = { (name: String) throws -> String in
            guard let value = table.cell(name, of: record) else {
                throw InvalidInput("line \(record.line): \(name)", "This cell is empty.")
            }
            return value
        }
        return Parties.Statement(
            code: try CreditCode(cell("code"), field: "line \(record.line): code"), nameZh: try cell("name_zh"),
            nameEn: try cell("name_en"), kind: table.cell("kind", of: record) ?? "enterprise",
            enterpriseKind: table.cell("enterprise_kind", of: record),
            industrySection: table.cell("industry_section", of: record), province: table.cell("province", of: record),
            synthetic: true)
    }

    private func importCatalogues(by administration: UUID) async throws {
        let shared = Self.sharedFolder("catalogs")
        let excerpts = Demonstration.folder.appendingPathComponent("catalogue")
        let files: [(URL, String)] =
            try shared.map { folder in Self.catalogues.map { (folder.appendingPathComponent($0.0), $0.1) } }
            ?? FileManager.default.contentsOfDirectory(at: excerpts, includingPropertiesForKeys: nil)
            .filter { ["json", "ttl", "csv"].contains($0.pathExtension) }
            .sorted { $0.path < $1.path }
            .map { ($0, $0.lastPathComponent.split(separator: "-").prefix(2).joined(separator: "-").uppercased()) }
        for (file, source) in files where FileManager.default.fileExists(atPath: file.path) {
            // What an interrupted load imported must not be imported again over a later state of its source.
            if try await market.operations.holdsImport(of: file.lastPathComponent, source: source) { continue }
            let report = try await market.directory.importCatalogue(
                ImportRequest(fileName: file.lastPathComponent, content: .file(file), source: source),
                by: administration, now: Date())
            complain(
                "directory: \(file.lastPathComponent): added \(report.added), changed \(report.changed), "
                    + "withdrawn \(report.withdrawn), refused \(report.refused)")
        }
    }

    private func listProducts(operator party: UUID, administration: UUID, now: Date) async throws {
        let file = Demonstration.folder.appendingPathComponent("market/products.yaml")
        let listings = try YAMLDecoder().decode(
            [ProductListing].self, from: String(decoding: Self.bytes(of: file), as: UTF8.self))
        let issuer = try Self.administrationCode()
        let states = try YAMLDecoder().decode(
            [OfferStates].self, from: String(decoding: Self.bytes(of: file), as: UTF8.self))
        for (var listing, state) in zip(listings, states) {
            listing.credentials = Self.credentials(of: listing, issuer: issuer)
            let real = Self.sharedFolder("products")?.appendingPathComponent(listing.table)
            let excerpt = Demonstration.folder.appendingPathComponent("tables/\(listing.table)")
            let table = real.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil } ?? excerpt
            try await market.catalog.list(
                listing, content: Self.bytes(of: table), mediaType: "text/csv; charset=utf-8", operator: party,
                officer: administration, credentials: CredentialPeriod(from: now, days: 1_000),
                ceilings: state.ceilings(
                    of: listing, authority: issuer, period: CredentialPeriod(from: now, days: 1_000)),
                now: now)
            for offer in state.offers where offer.withdrawn == true {
                // A load that is taken up again finds it withdrawn.
                do { try await market.catalog.withdrawOffer(offer.code, by: party, now: now) } catch CatalogError
                    .unknownOffer
                {}
            }
        }
        complain("products: \(listings.count) listed")
    }

    /// Which offers of a product the demonstration shows as withdrawn, and what the product may cost at most.
    private struct OfferStates: Decodable {
        struct Offer: Decodable {
            let code: String
            let withdrawn: Bool?
        }
        struct Ceiling: Decodable {
            let unit: String
            let ceilingMinor: Decimal
            let isTrial: Bool?

            enum CodingKeys: String, CodingKey {
                case unit
                case ceilingMinor = "ceiling_minor"
                case isTrial = "is_trial"
            }
        }
        let offers: [Offer]
        let ceilings: [Ceiling]?

        enum CodingKeys: String, CodingKey {
            case offers
            case ceilings = "price_ceilings"
        }

        /// Synthetic and marked so by the number of the approval.
        func ceilings(of listing: ProductListing, authority: String, period: CredentialPeriod) -> [PriceCeiling] {
            (ceilings ?? []).map {
                PriceCeiling(
                    unit: $0.unit, ceilingMinor: $0.ceilingMinor, currency: "CNY",
                    approval: "SYN-PRICE-\(listing.code)",
                    authority: authority, since: period.since, until: period.until, isTrial: $0.isTrial)
            }
        }
    }

    /// What each product of the demonstration needs, synthetic and marked so by its number.
    private static func credentials(of listing: ProductListing, issuer: String) -> [ProductListing.Credential] {
        let priced = listing.offers.contains { $0.kind != "free" } ? ["price_approval"] : []
        return (["resource_registration", "product_registration", "authorisation"] + priced).map {
            ProductListing.Credential(kind: $0, issuer: issuer)
        }
    }

    /// Folders of real input lie beside the project.
    private static func sharedFolder(_ name: String) -> URL? {
        let folder = URL(fileURLWithPath: "../shared/data/\(name)", isDirectory: true).standardizedFileURL
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }

    private static func entries() throws -> [DemonstrationEntry] {
        let file = Demonstration.folder.appendingPathComponent("market/entries.yaml")
        return try YAMLDecoder().decode(
            [DemonstrationEntry].self, from: String(decoding: bytes(of: file), as: UTF8.self))
    }

    static func bytes(of file: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: file)) }
}
