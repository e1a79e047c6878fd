import Foundation
import Postgres

/// What a draft is made of, statement by statement.
extension Catalog {
    func insertRevision(
        _ listing: ProductListing, profile: Profile, content: [UInt8], mediaType: String, of product: UUID,
        in transaction: Transaction, now: Date
    ) async throws {
        let encoder = JSONEncoder()
        let columns = String(decoding: try encoder.encode(listing.columns), as: UTF8.self)
        let source = String(decoding: try encoder.encode(listing.source), as: UTF8.self)
        let identity = try files.keep(content)
        try await transaction.execute(
            store.statements["catalog/insert_content"], identity.sha256, identity.sm3, identity.bytes, now)
        let revision = try await transaction.first(
            store.statements["catalog/insert_revision"], product, listing.table, mediaType, identity.sha256,
            profile.rows, columns, source, now, listing.keys ?? []
        ) { try $0.next(Int.self) }
        guard let revision else { return }
        try await transaction.execute(
            store.statements["catalog/insert_profile"], product, revision, Profile.rules, try profile.json(), now)
        let basis = listing.entryBasis ?? "stated by the operator in the listing of \(listing.code)"
        let titled = try await transaction.execute(
            store.statements["catalog/insert_revision_sources"], product, revision, listing.entryTitles ?? [], basis)
        let entries = listing.entries ?? []
        try await tie(product, revision, to: entries, basis: basis, in: transaction)
        guard titled + entries.count > 0 else { throw CatalogError.noDirectoryEntry(product: listing.code) }
        try await Impact(store: store).liftStanding(of: product, in: transaction, now: now)
    }

    /// Ties a revision to the entries that it is made of.
    func tie(
        _ product: UUID, _ revision: Int, to entries: [ProductListing.Entry], basis: String, in transaction: Transaction
    ) async throws {
        for (index, entry) in entries.enumerated() {
            let tied = try await transaction.execute(
                store.statements["catalog/insert_revision_entries"], product, revision, [entry.code],
                [entry.version.map(String.init)], basis)
            guard tied == 1 else { throw CatalogError.unknownEntry(entry.code, field: "entries[\(index)]") }
        }
    }

    /// An offer of a listing that is stated again. - Throws: `CatalogError.codeTaken` when another product has its code.
    func insertUnlessThere(
        _ offer: ProductListing.Offer, of product: UUID, field: String, in transaction: Transaction, now: Date
    ) async throws {
        if try await insert(offer, of: product, field: field, in: transaction, now: now) { return }
        let isOwn = try await transaction.first(store.statements["catalog/find_offer_of"], offer.code, product) {
            try $0.next(Bool.self)
        }
        guard isOwn == true else { throw CatalogError.codeTaken(offer.code) }
    }

    /// - Returns: false when an offer with the code exists already; nothing is written then.
    func insert(
        _ offer: ProductListing.Offer, of product: UUID, field: String, in transaction: Transaction, now: Date
    ) async throws -> Bool {
        var enterprise: UUID?
        if let code = offer.reservedFor {
            enterprise = try await transaction.first(store.statements["parties/find_party_id"], code) {
                try $0.next(UUID.self)
            }
            guard enterprise != nil else {
                throw InvalidInput("\(field)reserved_for", "No party has the code \(code).")
            }
        }
        let plan = try await checkedPlan(of: offer, field: field, in: transaction, now: now)
        let id = UUID()
        let inserted = try await transaction.first(
            store.statements["catalog/insert_offer"], id, offer.code, product, offer.title.zh, offer.title.en,
            offer.kind, offer.priceMinor, offer.currency, offer.purposes, offer.termDays, enterprise, now, plan,
            offer.replaces
        ) { try $0.next(UUID.self) }
        guard inserted != nil else { return false }
        if let replaced = offer.replaces {
            guard try await transaction.execute(store.statements["catalog/withdraw_replaced"], id, now) == 1 else {
                throw InvalidInput("\(field)replaces", "No offer \(replaced) of this product stands.")
            }
        }
        let conditions = String(decoding: try JSONEncoder().encode(offer.conditions ?? []), as: UTF8.self)
        try await transaction.execute(store.statements["catalog/insert_offer_conditions"], offer.code, conditions)
        return true
    }

    /// The price plan as `insert_offer` takes it. - Throws: `InvalidInput` for what only the market knows.
    private func checkedPlan(
        of offer: ProductListing.Offer, field: String, in transaction: Transaction, now: Date
    ) async throws -> String {
        var offer = offer
        if let stated = offer.offeredUntil {
            let until = try parsedTime(stated, field: "\(field)offered_until")
            guard until > now else { throw InvalidInput("\(field)offered_until", "This time is past.") }
            offer.offeredUntil = until.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        let meters = (offer.usage ?? []).map(\.meter) + (offer.quotas ?? []).map(\.meter)
        let unknown = try await transaction.first(store.statements["catalog/list_unknown_meters"], meters) {
            try $0.next(String.self)
        }
        if let unknown {
            let member =
                offer.usage?.firstIndex { $0.meter == unknown }.map { "usage[\($0)].meter" }
                ?? offer.quotas?.firstIndex { $0.meter == unknown }.map { "quotas[\($0)].meter" }
            throw InvalidInput("\(field)\(member ?? "usage")", "No meter has the code '\(unknown.prefix(100))'.")
        }
        return String(decoding: try JSONEncoder().encode(offer), as: UTF8.self)
    }

    /// The table of a listing, after a check of every row against the declared columns.
    func table(of listing: ProductListing, in content: [UInt8]) throws -> CSVTable {
        let table = try CSVTable(content)
        guard table.header == listing.columns.map(\.name) else {
            throw CatalogError.malformedTable(
                product: listing.code, line: 1, reason: "the header is not the declared columns")
        }
        if let ragged = table.records.first(where: { $0.cells.count != table.header.count }) {
            throw CatalogError.malformedTable(
                product: listing.code, line: ragged.line,
                reason: "\(ragged.cells.count) cells where \(table.header.count) are declared")
        }
        return table
    }
}
