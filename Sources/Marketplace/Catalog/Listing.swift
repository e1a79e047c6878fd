import Foundation
import Postgres

/// The way of a product from a draft through the gate to the market.
extension Catalog {
    /// One thing that keeps a product from being listed.
    public struct Blocker: Sendable, Hashable {
        public let kind: String
        public let subject: String?
        public let zh: String
        public let en: String
    }

    /// Drafts a product with its content, offers and applications for credentials in one transaction, and flags the
    /// conditions that go beyond the directory. The same listing again changes nothing.
    /// - Parameters:
    ///   - content: the table, CSV with a header.
    ///   - party: the operator that processes, sells and delivers it.
    public func draft(
        _ listing: ProductListing, content: [UInt8], mediaType: String, operator party: UUID, now: Date
    ) async throws {
        try listing.check()
        let profile = try Profile(of: table(of: listing, in: content), declared: listing.columns)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let basis = SHA256.digest(try encoder.encode(listing))
        try await store.database.withTransaction { transaction in
            let product = try await transaction.first(
                store.statements["catalog/upsert_product"], UUID(), listing.code, listing.title.zh, listing.title.en,
                listing.description.zh, listing.description.en, listing.kind, listing.useClass, listing.assessment,
                party
            ) { try $0.next(UUID.self) }
            guard let product else { throw CatalogError.codeTaken(listing.code) }
            for role in ["operator", "seller"] {
                try await transaction.execute(
                    store.statements["catalog/insert_responsibility"], UUID(), party, role, product, now,
                    "listing of \(listing.code)", basis)
            }
            if let watermark = listing.watermark {
                try await transaction.execute(store.statements["catalog/set_watermark"], product, watermark)
            }
            try await insertRevision(
                listing, profile: profile, content: content, mediaType: mediaType, of: product, in: transaction,
                now: now)
            for (index, offer) in listing.offers.enumerated() {
                try await insertUnlessThere(
                    offer, of: product, field: "offers[\(index)].", in: transaction, now: now)
            }
            for (index, credential) in (listing.credentials ?? []).enumerated() {
                try await apply(
                    for: credential, field: "credentials[\(index)].", product: product, holder: party,
                    in: transaction, now: now)
            }
            try await transaction.execute(store.statements["conditions/raise_flags"], product, now)
            try await transaction.execute(store.statements["search/note_changes"], "subject", [product])
            // What is sold already must not become something that could not be listed.
            guard try await lockedProduct(listing.code, of: party, in: transaction).isListed else { return }
            let blockers = try await self.blockers(of: product, in: transaction, now: now)
            guard blockers.isEmpty else { throw CatalogError.notListable(listing.code, blockers) }
        }
    }

    /// Lists a product that a party operates, if nothing blocks it.
    /// - Throws: `CatalogError.notListable` with every blocker.
    public func list(_ code: String, by party: UUID, now: Date) async throws {
        let blockers = try await store.database.withTransaction { transaction -> [Blocker] in
            let product = try await lockedProduct(code, of: party, in: transaction)
            try await transaction.execute(store.statements["conditions/raise_flags"], product.id, now)
            try await transaction.execute(store.statements["search/note_changes"], "subject", [product.id])
            let listed = try await transaction.execute(store.statements["catalog/list_product"], product.id, now)
            return listed == 1 || product.isListed
                ? [] : try await self.blockers(of: product.id, in: transaction, now: now)
        }
        guard blockers.isEmpty else { throw CatalogError.notListable(code, blockers) }
    }

    /// Lists a product whose papers an officer holds: the officer records its credentials as issued and its price ceilings,
    /// and accepts the basis that each added condition names, and the product goes through the gate. For the demonstration
    /// and for tests.
    public func list(
        _ listing: ProductListing, content: [UInt8], mediaType: String, operator party: UUID, officer: UUID,
        credentials: CredentialPeriod, ceilings: [PriceCeiling] = [], now: Date
    ) async throws {
        try await draft(listing, content: content, mediaType: mediaType, operator: party, now: now)
        let product = try await ownProduct(listing.code, of: party)
        try await recordCredentials(of: product.id, code: listing.code, credentials, by: officer, now: now)
        for ceiling in ceilings {
            // A load that is taken up again finds it recorded.
            do {
                _ = try await Prices(store: store).record(ceiling, of: listing.code, by: officer, now: now)
            } catch PriceError.ceilingOverlaps {}
        }
        let flags = try await store.database.all(store.statements["conditions/list_open_flags"], product.id) {
            try $0.next(UUID.self)
        }
        for flag in flags {
            try await decide(
                flag, .accepted, reason: "synthetic: the basis that the operator names", by: officer, now: now)
        }
        try await list(listing.code, by: party, now: now)
    }

    /// The products that a party operates, with state, blockers and suspensions.
    public func ownProducts(of party: UUID, cursor: String?, limit: Int?, now: Date) async throws -> JSONDocument {
        let request = try PageRequest(query: "products of \(party)", key: [.code], cursor: cursor, limit: limit)
        return try await store.page(
            "catalog/list_own_products", party, now, request.cursor?.key, request: request
        ).json()
    }

    /// A new offer of a product that a party operates. On a listed product it must not loosen the directory's conditions;
    /// one that adds to them waits until an officer accepts the basis. No price may lie above a ceiling in force.
    public func offer(_ offer: ProductListing.Offer, of code: String, by party: UUID, now: Date) async throws {
        try await store.database.withTransaction { transaction in
            let product = try await lockedProduct(code, of: party, in: transaction)
            try offer.check(useClass: product.useClass)
            guard try await insert(offer, of: product.id, field: "", in: transaction, now: now) else {
                throw CatalogError.codeTaken(offer.code)
            }
            let loosened = try await transaction.all(store.statements["conditions/list_loosened"], offer.code) {
                try $0.next(String.self)
            }
            guard loosened.isEmpty || !product.isListed else { throw CatalogError.offerLoosens(offer.code, loosened) }
            try await transaction.execute(store.statements["conditions/raise_flags"], product.id, now)
            try await transaction.execute(store.statements["search/note_changes"], "subject", [product.id])
            let excess = try await transaction.all(store.statements["prices/list_excess"], offer.code, now) {
                FieldProblem(try $0.next(String.self), try $0.next(String.self))
            }
            guard excess.isEmpty else { throw PriceError.aboveCeiling(offer.code, excess) }
        }
    }

    /// A product that a party operates, with the offers of it that stand.
    /// - Throws: `CatalogError.notYours` when the party does not operate such a product.
    public func ownOffers(of code: String, party: UUID) async throws -> JSONDocument {
        guard let document = try await store.document("catalog/find_own_offers", code, party) else {
            throw CatalogError.notYours(code)
        }
        return document
    }

    /// Withdraws an offer of a product that a party operates.
    public func withdrawOffer(_ code: String, by party: UUID, now: Date) async throws {
        guard
            try await store.database.execute(store.statements["catalog/withdraw_own_offer"], code, party, now) == 1
        else { throw CatalogError.unknownOffer(code) }
    }

    /// - Throws: `CatalogError.notYours` when the party does not operate such a product.
    func ownProduct(_ code: String, of party: UUID) async throws -> (id: UUID, isListed: Bool) {
        let product = try await store.database.first(store.statements["catalog/find_own_product"], code, party) {
            (id: try $0.next(UUID.self), isListed: try $0.next(Bool.self))
        }
        guard let product else { throw CatalogError.notYours(code) }
        return product
    }

    func lockedProduct(
        _ code: String, of party: UUID, in transaction: Transaction
    ) async throws -> (id: UUID, isListed: Bool, useClass: String) {
        let product = try await transaction.first(store.statements["catalog/lock_own_product"], code, party) {
            (id: try $0.next(UUID.self), isListed: try $0.next(Bool.self), useClass: try $0.next(String.self))
        }
        guard let product else { throw CatalogError.notYours(code) }
        return product
    }

    /// What a published revision brings with it: what waited for it goes on, the search learns of it, and those who may read it
    /// are told. What is sold already must not become something that could not be listed.
    func followRevision(
        of product: UUID, code: String, _ number: Int, in transaction: Transaction, now: Date
    ) async throws {
        try await Impact(store: store).liftStanding(of: product, in: transaction, now: now)
        try await transaction.execute(store.statements["conditions/raise_flags"], product, now)
        try await transaction.execute(store.statements["search/note_changes"], "subject", [product])
        let blockers = try await self.blockers(of: product, in: transaction, now: now)
        let isListed = try await transaction.execute(
            store.statements["catalog/tell_subscribers"], product, number, now)
        guard blockers.isEmpty || isListed == 0 else { throw CatalogError.notListable(code, blockers) }
    }

    private func blockers(of product: UUID, in transaction: Transaction, now: Date) async throws -> [Blocker] {
        try await transaction.all(store.statements["catalog/list_blockers"], product, now) { row in
            let (kind, subject) = (try row.next(String.self), try row.next(String?.self))
            return Blocker(kind: kind, subject: subject, zh: try row.next(String.self), en: try row.next(String.self))
        }
    }
}
