import Foundation
import Marketplace

/// The entry of the demonstration whose conditions come from the directory itself. It goes the way of every own entry:
/// compiled, assessed, submitted, approved and released, each by the synthetic administration.
struct DemonstrationEntry: Decodable {
    let code: String
    /// The draft as `POST /v1/directory/drafts` takes it.
    let draft: String
    let assessment: String
    let reason: String

    /// Takes the steps that are still to be taken, so that a load that was interrupted is finished by the next one.
    func release(by administration: UUID, in market: Market, now: Date) async throws {
        let compiled = try await market.drafts.compile(
            DraftRequest(Self.object(draft)), by: administration, key: IdempotencyKey("demonstration \(code)"),
            body: Array(draft.utf8), now: now)
        var state = try Self.state(of: compiled.draft)
        guard let id = UUID(uuidString: state.id) else { throw InvalidInput(code, "The draft has no id.") }
        if state.name == "draft" {
            state = try Self.state(
                of: await market.drafts.assess(id, Assessment(Self.object(assessment)), by: administration, now: now))
        }
        if state.name == "assessed" {
            state = try Self.state(of: await market.drafts.submit(id, reason: reason, by: administration, now: now))
        }
        if state.name == "submitted" {
            let decision = try Decision(["outcome": "approved", "reason": reason])
            state = try Self.state(of: await market.drafts.decide(id, decision, by: administration, now: now))
        }
        if state.name == "approved" {
            _ = try await market.drafts.release(id, reason: reason, by: administration, now: now)
        }
    }

    private static func object(_ json: String) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] else {
            throw InvalidInput("entries.yaml", "This is not a JSON object.")
        }
        return object
    }

    private static func state(of draft: JSONDocument) throws -> (id: String, name: String) {
        let fields = try object(draft.text)
        return (fields["id"] as? String ?? "", fields["state"] as? String ?? "")
    }
}
