import Foundation
import Postgres

/// Demonstration scenarios that the administration publishes.
public struct Scenarios: Sendable {
    let store: Store

    public enum Outcome: String, Sendable { case published, unchanged }

    /// Publishes a document; the one before is kept as a revision.
    /// - Throws: `InvalidInput` when it links to a product or entry that does not exist; nothing is written then.
    public func publish(_ scenario: ScenarioDocument, by publisher: UUID, now: Date) async throws -> Outcome {
        try await publish([scenario], by: publisher, now: now)[0]
    }

    /// Publishes a batch, all of it or nothing.
    /// - Returns: what became of each, in their order.
    /// - Throws: as for one; the message names the scenario.
    public func publish(_ batch: [ScenarioDocument], by publisher: UUID, now: Date) async throws -> [Outcome] {
        try await store.database.withTransaction { transaction in
            var outcomes: [Outcome] = []
            for scenario in batch {
                outcomes.append(try await publish(scenario, by: publisher, in: transaction, now: now))
            }
            return outcomes
        }
    }

    /// What publishing would do, without doing it. - Throws: as publishing would.
    public func preview(_ batch: [ScenarioDocument]) async throws -> [Change] {
        try await store.database.withTransaction { transaction in
            var changes: [Change] = []
            for scenario in batch {
                try await checkLinks(of: scenario, in: transaction)
                let isSame = try await transaction.first(
                    store.statements["scenarios/compare_document"], scenario.code, scenario.json
                ) { try $0.next(Bool.self) }
                changes.append(isSame.map { $0 ? .unchanged : .replaced } ?? .new)
            }
            return changes
        }
    }

    public enum Change: String, Sendable { case new, replaced, unchanged }

    private func publish(
        _ scenario: ScenarioDocument, by publisher: UUID, in transaction: Transaction, now: Date
    ) async throws -> Outcome {
        try await checkLinks(of: scenario, in: transaction)
        let id = try await transaction.first(
            store.statements["scenarios/upsert_scenario"], UUID(), scenario.code, scenario.batch, scenario.titleZh,
            scenario.titleEn, scenario.domain, scenario.publishedOn, scenario.json, publisher, now
        ) { try $0.next(UUID.self) }
        guard let id else { return .unchanged }
        _ = try await transaction.pipeline([
            (store.statements["search/note_changes"], ["subject", [id]]),
            // Those that it names no more.
            (store.statements["search/note_dependents"], [[id]]),
            (store.statements["scenarios/replace_links"], [id, now]),
            (store.statements["scenarios/replace_entry_links"], [id]),
            (
                store.statements["scenarios/insert_product_links"],
                [id, scenario.products.map(\.code), scenario.products.map(\.note), now]
            ),
            (store.statements["scenarios/insert_entry_links"], [id, scenario.entryCodes]),
        ])
        return .published
    }

    private func checkLinks(of scenario: ScenarioDocument, in transaction: Transaction) async throws {
        let unknown = try await transaction.first(
            store.statements["scenarios/find_unknown_links"], scenario.products.map(\.code), scenario.entryCodes
        ) { (field: try $0.next(String.self), code: try $0.next(String.self)) }
        if let unknown { throw InvalidInput(unknown.field, "Nothing has the code \(unknown.code).") }
    }

    public func scenario(_ code: String) async throws -> JSONDocument {
        guard let document = try await store.document("scenarios/find_scenario", code) else {
            throw ScenarioError.unknown(code)
        }
        return document
    }

    /// The newest scenarios of each domain, with how many there are, as a JSON array.
    public func byDomain(limit: Int) async throws -> JSONDocument {
        try await store.document("scenarios/list_by_domain", limit) ?? JSONDocument(text: "[]")
    }

    public func scenarios(
        domain: String?, batch: Int?, text: String?, cursor: String?, limit: Int?
    ) async throws -> JSONDocument {
        if let domain, !ScenarioDocument.domains.contains(domain) {
            throw InvalidInput(
                "domain", "'\(domain)' is not one of \(ScenarioDocument.domains.joined(separator: ", ")).")
        }
        let query = "scenarios?domain=\(domain ?? "")&batch=\(batch.map(String.init) ?? "")&q=\(text ?? "")"
        let request = try PageRequest(query: query, key: [.code], cursor: cursor, limit: limit)
        return try await store.page(
            "scenarios/list_scenarios", domain, batch, text.map(escapedForLike), request.cursor?.key, request: request
        ).json()
    }
}

public enum ScenarioError: MarketplaceError {
    case unknown(String)

    public var code: RefusalCode { .notFound }
    public var message: String {
        switch self {
        case .unknown(let code): "No published scenario has the code \(code)."
        }
    }
}
