import Foundation
import Postgres

/// Conditions of offers against those of the directory, and the flags of the ones that were added.
extension Catalog {
    public enum FlagState: String, Sendable, CaseIterable { case open, accepted, refused }

    /// What comes from the directory, what was added and what was loosened, by offer and directory entry version.
    /// - Parameters:
    ///   - reader: a party sees its own drafts and the offers reserved for it.
    ///   - seesAll: the administration sees every draft and offer.
    public func conditions(of code: String, reader: UUID?, seesAll: Bool) async throws -> JSONDocument {
        let document = try await store.document("conditions/find_product_conditions", code, reader, seesAll)
        guard let document else { throw CatalogError.unknownProduct(code) }
        return document
    }

    public func flags(_ state: FlagState?, cursor: String?, limit: Int?) async throws -> JSONDocument {
        let request = try PageRequest(
            query: "flags?state=\(state?.rawValue ?? "")", key: [.id], cursor: cursor, limit: limit)
        return try await store.page(
            "conditions/list_flags", state?.rawValue, request.cursor?.key, request: request
        ).json()
    }

    /// Accepts or refuses the basis of an added condition, once.
    /// - Parameter reason: the basis that is accepted, or why it is refused.
    public func decide(_ flag: UUID, _ decision: FlagState, reason: String, by officer: UUID, now: Date) async throws {
        let decided = try await store.database.first(
            store.statements["conditions/decide_flag"], flag, decision.rawValue, reason, officer, now
        ) { try $0.next(UUID.self) }
        if decided != nil { return }
        let earlier = try await store.database.first(store.statements["conditions/find_flag"], flag) {
            (decision: try $0.next(String?.self), ())
        }
        guard let earlier else { throw CatalogError.unknownFlag }
        throw CatalogError.flagDecided(earlier.decision ?? "")
    }
}
