import Foundation
import Marketplace
import Postgres

/// A small market by name: one administration, one operator, three enterprises, one product with three offers.
public struct Fixtures: Sendable {
    public let administration: UUID
    public let seller: UUID
    public let bank: UUID
    public let insurer: UUID
    public let carrier: UUID

    public static let administrationCode = "11100000000000001M"
    public static let sellerCode = "91350000MA0000001J"
    public static let bankCode = "91110000MA00000A1Y"
    public static let insurerCode = "914403001922038216"
    public static let carrierCode = "91330100799655058B"
    /// Of enterprises that are no parties of the market.
    public static let strangerCodes = ["91110000MA00000B23", "91110000MA00000C37", "91350000MA00000E5D"]

    /// Noon of a day when the fixtures are made; later times are counted from it.
    public static let day = Date(timeIntervalSince1970: 1_780_000_000)

    public static func make(in market: Market, now: Date = day) async throws -> Fixtures {
        let party = { (code: String, name: String, kind: String, section: String?) async throws -> UUID in
            try await market.parties.record(
                .init(
                    code: CreditCode(code), nameZh: "合成·\(name)", nameEn: "Synthetic \(name)", kind: kind,
                    enterpriseKind: section == nil ? nil : "private", industrySection: section, province: "350000",
                    synthetic: true), now: now)
        }
        let fixtures = Fixtures(
            administration: try await party(administrationCode, "administration", "department", nil),
            seller: try await party(sellerCode, "operator", "operator", nil),
            bank: try await party(bankCode, "bank", "enterprise", "J"),
            insurer: try await party(insurerCode, "insurer", "enterprise", "J"),
            carrier: try await party(carrierCode, "carrier", "enterprise", "G"))
        return fixtures
    }

    /// Imports `catalogue` and lists a product made of the entry "Flood complaints".
    public func listProduct(in market: Market, now: Date = Fixtures.day) async throws {
        _ = try await market.directory.importCatalogue(
            ImportRequest(fileName: "city.data.json", bytes: Array(Self.catalogue.utf8)), by: administration, now: now)
        var listing = try Self.listing()
        listing.offers = [
            try Self.offer("OF-FLOOD-FREE", kind: "free", price: 0),
            try Self.offer("OF-FLOOD-ONCE", kind: "one_off", price: 1_000_000),
        ]
        try await list(listing, in: market, now: now.addingTimeInterval(1))
    }

    /// Lists a product of the seller through the gate, with synthetic credentials in force for two years and the basis of
    /// every added condition accepted by the administration.
    public func list(_ listing: ProductListing, in market: Market, now: Date = Fixtures.day) async throws {
        var listing = listing
        listing.credentials = try ["resource_registration", "product_registration", "authorisation", "price_approval"]
            .map { try Self.decoded(#"{"kind": "\#($0)", "issuer": "\#(Self.administrationCode)"}"#) }
        try await market.catalog.list(
            listing, content: Self.table, mediaType: "text/csv", operator: seller, officer: administration,
            credentials: CredentialPeriod(from: now, days: 730), now: now)
    }

    /// A further offer of the product, whose added conditions the administration accepts.
    public func offer(
        _ code: String, price: Int64, reservedFor enterprise: String? = nil, in market: Market, now: Date
    ) async throws {
        var offer = try Self.offer(code, kind: price == 0 ? "free" : "one_off", price: price)
        offer.reservedFor = enterprise
        try await self.offer(offer, in: market, now: now)
    }

    /// A further offer of the product as stated, whose added conditions the administration accepts.
    public func offer(_ offer: ProductListing.Offer, in market: Market, now: Date) async throws {
        try await market.catalog.offer(offer, of: "DP-FLOOD-001", by: seller, now: now)
        let flags = try fields(await market.catalog.flags(.open, cursor: nil, limit: nil))["items"] as? [[String: Any]]
        for flag in flags ?? [] where flag["offer"] as? String == offer.code {
            guard let id = UUID(uuidString: flag["id"] as? String ?? "") else { continue }
            try await market.catalog.decide(
                id, .accepted, reason: "the authorisation agreement", by: administration, now: now)
        }
    }

    /// Records the next version of a panel. - Parameter members: CSV with a header.
    @discardableResult
    public static func panel(
        _ code: String = "test-panel", members: String, titleEn: String = "Panel", datedOn: String = "2025-12-31",
        allOrNothing: Bool = false, by party: UUID? = nil, key: String? = nil, in market: Market, now: Date = day
    ) async throws -> (report: PanelReport, repeated: Bool) {
        let wanted = try PanelImport(
            code: code, titleZh: "样本", titleEn: titleEn, datedOn: datedOn, file: Array(members.utf8),
            allOrNothing: allOrNothing)
        return try await market.panels.record(wanted, by: party, key: key.map { try IdempotencyKey($0) }, now: now)
    }

    public static let table = Array("street,complaints\nGulou,3\n\"Long, Road\",4\n".utf8)

    public static func listing() throws -> ProductListing {
        try decoded(
            """
            {"code": "DP-FLOOD-001", "title": {"zh": "积水投诉", "en": "Flood complaints"},
             "description": {"zh": "按街道统计", "en": "Counted by street"}, "kind": "data_set", "use_class": "industry",
             "table": "flood.csv", "source": {"title": "fixture", "url": "https://example.org"},
             "columns": [{"name": "street", "type": "text", "zh": "街道", "en": "street"},
                         {"name": "complaints", "type": "integer", "zh": "件数", "en": "complaints"}],
             "entry_titles": ["Flood complaints"], "offers": []}
            """)
    }

    public static func offer(_ code: String, kind: String, price: Int64) throws -> ProductListing.Offer {
        try decoded(
            """
            {"code": "\(code)", "kind": "\(kind)", "price_minor": \(price), "currency": "CNY",
             "title": {"zh": "\(code)", "en": "\(code)"}, "purposes": ["research", "risk_assessment"], "term_days": 30}
            """)
    }

    /// An offer for a year whose plan is stated in JSON members, such as `"kind": "free", "price_minor": 0`.
    public static func offer(_ code: String, plan: String) throws -> ProductListing.Offer {
        try decoded(
            """
            {"code": "\(code)", "currency": "CNY", "title": {"zh": "\(code)", "en": "\(code)"},
             "purposes": ["research"], "term_days": 365, \(plan)}
            """)
    }

    private static func decoded<T: Decodable>(_ json: String) throws -> T {
        try JSONDecoder().decode(T.self, from: Data(json.utf8))
    }

    public static let catalogue = """
        {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [
          {"identifier": "flood", "title": "Flood complaints", "description": "Complaints by street",
           "publisher": {"name": "District data bureau"}, "modified": "2025-03-01"},
          {"identifier": "bus", "title": "Bus stops", "description": "Stops with position",
           "publisher": {"name": "Transport department"}, "modified": "2025-03-01"}]}
        """
}

/// A JSON document as a dictionary.
public func fields(_ document: JSONDocument) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(document.text.utf8)) as? [String: Any] ?? [:]
}
