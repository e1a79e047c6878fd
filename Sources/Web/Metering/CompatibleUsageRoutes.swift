import Foundation
import Hummingbird
import Marketplace

/// The calls of OpenMeter's API that report and query usage, for what was written against its SDKs. A meter's id and slug are
/// its code, a subject is the id of an entitlement.
struct CompatibleUsageRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.post("/api/v1/events") { request, context in
            let account = try context.requireAccount(.operator)
            let body = try await request.cloudEvents(acceptingJSON: true)
            try Self.check(try await market.metering.report(body.bytes, by: account.partyID, now: now()))
            return Response(status: .noContent)
        }
        router.get("/api/v1/events") { request, context in
            let account = try context.requireAccount(.enterprise, .operator)
            let filter = try EventFilter(
                from: request.time("from"), until: request.time("to"), recordedFrom: request.time("ingestedAtFrom"),
                recordedUntil: request.time("ingestedAtTo"), subject: request.query("subject"), id: request.query("id"),
                limit: request.wholeNumber("limit"))
            let events = try await market.metering.events(filter, seenBy: account, now: now())
            return jsonResponse(JSONDocument(text: "[\(events.joined(separator: ","))]"))
        }
        router.get("/api/v1/meters") { request, _ in
            let (number, size) = try (request.wholeNumber("page") ?? 1, request.wholeNumber("pageSize") ?? 100)
            guard (1...1000).contains(number), (1...1000).contains(size) else {
                throw InvalidInput("page", "Pages are numbered from 1, and hold 1 to 1000 meters.")
            }
            return try jsonResponse(encoding: Array(try await allMeters().dropFirst((number - 1) * size).prefix(size)))
        }
        router.get("/api/v1/meters/:code") { _, context in
            try jsonResponse(
                encoding: CompatibleMeter(JSONNode(await market.metering.meter(context.code()))))
        }
        router.get("/api/v1/meters/:code/query") { request, context in
            let account = try context.requireAccount(.enterprise, .operator)
            return jsonResponse(
                try await market.metering.query(
                    context.code(), MeterQuery(request, now: now()), seenBy: account, now: now()))
        }
    }

    /// - Throws: when an event of the request was refused. The others were counted: sent again, they are repeated.
    private static func check(_ events: [ReportedEvent]) throws {
        let refused = events.enumerated().compactMap { place, event -> (Int, UsageRefusal)? in
            if case .refused(let refusal) = event.outcome { (place, refusal) } else { nil }
        }
        guard let first = refused.first else { return }
        guard events.count > 1 else { throw first.1 }
        throw InvalidFields(
            refused.prefix(100).map { place, refusal in
                FieldProblem("[\(place)]\(refusal.field.map { ".\($0)" } ?? "")", refusal.message)
            })
    }

    private func allMeters() async throws -> [CompatibleMeter] {
        var (meters, cursor) = ([CompatibleMeter](), String?.none)
        repeat {
            let page = try await market.metering.meters(cursor: cursor, limit: 200)
            meters += try page.items.map { CompatibleMeter(try JSONNode(JSONDocument(text: $0))) }
            cursor = page.next
        } while cursor != nil && meters.count < 100_000
        return meters
    }
}

/// A meter as OpenMeter shows it.
private struct CompatibleMeter: Encodable {
    let id, slug, name, aggregation, eventType: String
    let description: String
    let valueProperty: String?
    let groupBy: [String: String]
    let createdAt, updatedAt: String

    init(_ meter: JSONNode) {
        (id, slug, name) = (meter["code"].string, meter["code"].string, meter["title_en"].string)
        description = meter["title_zh"].string
        let names = ["average": "AVG", "minimum": "MIN", "maximum": "MAX"]
        aggregation = names[meter["aggregation"].string] ?? meter["aggregation"].string.uppercased()
        eventType = meter["event_type"].isNull ? meter["code"].string : meter["event_type"].string
        valueProperty = meter["value"].isNull ? nil : "$.\(meter["value"].string)"
        groupBy = Dictionary(
            meter["dimensions"].list.map { ($0.string, "$.\($0.string)") }, uniquingKeysWith: { first, _ in first })
        (createdAt, updatedAt) = (meter["made_at"].string, meter["made_at"].string)
    }
}
