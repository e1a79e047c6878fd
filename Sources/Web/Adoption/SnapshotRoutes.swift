import Foundation
import Hummingbird
import Marketplace

/// Figures of adoption that are kept.
struct SnapshotRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.post("/v1/adoption/snapshots") { try await keep($0, $1) }
        router.get("/v1/adoption/snapshots") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            return jsonResponse(
                try await market.snapshots.snapshots(
                    cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.get("/v1/adoption/snapshots/:id") { request, context in
            _ = try context.requireAccount(.analyst, .administrator)
            let id = try context.id(orElse: AdoptionError.unknownSnapshot)
            return cacheableResponse(try await market.snapshots.snapshot(id), to: request)
        }
    }

    private func keep(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.analyst, .administrator)
        let key = try IdempotencyKey(request.headers[.init("Idempotency-Key")!])
        let (body, object) = try await request.jsonObject(
            allowing: Self.tableMembers.union(["tables", "as_of", "recorded_by"]), limit: context.maxUploadSize)
        let wanted = try Self.snapshotRequest(JSONMembers(object: object))
        let outcome = try await market.snapshots.keep(wanted, by: account, key: key, body: body, now: now())
        return commandResponse(outcome.snapshot, status: .created, repeated: outcome.repeated)
    }

    private static let tableMembers: Set = ["metric", "version", "by", "from", "to", "panel", "count", "standing"]

    /// One table as members of the body, or several as its `tables`.
    private static func snapshotRequest(_ members: JSONMembers) throws -> SnapshotRequest {
        let (asOf, recordedBy) = (try members.optionalTime("as_of"), try members.optionalTime("recorded_by"))
        guard members.object["tables"] != nil else {
            return SnapshotRequest(try table(members), asOf: asOf, recordedBy: recordedBy)
        }
        if let beside = tableMembers.sorted().first(where: { members.object[$0] != nil }) {
            throw InvalidInput(beside, "With `tables`, each table states this for itself.")
        }
        let tables = try members.objects("tables", atMost: 20, allowing: tableMembers).enumerated().map { place, each in
            do {
                return try table(each)
            } catch let wrong as InvalidInput {
                throw InvalidInput(wrong.field.map { "tables[\(place)].\($0)" }, wrong.message)
            }
        }
        return SnapshotRequest(tables: tables, asOf: asOf, recordedBy: recordedBy)
    }

    private static func table(_ members: JSONMembers) throws -> TableRequest {
        try TableRequest(
            metric: members.text("metric"), version: members.optionalWholeNumber("version"),
            by: members.optionalText("by"),
            period: Period(from: members.optionalText("from"), to: members.optionalText("to")),
            panel: members.optionalText("panel"),
            count: members.optionalText("count").map { try CountingRule(named: $0) },
            standing: members.optionalText("standing"))
    }
}
