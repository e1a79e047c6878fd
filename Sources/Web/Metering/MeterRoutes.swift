import Foundation
import Hummingbird
import Marketplace

/// Meters: made by administrators and operators, shown to anyone, and what they counted to whom it concerns.
struct MeterRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/meters") { request, _ in
            jsonResponse(
                try await market.metering.meters(cursor: request.query("cursor"), limit: request.wholeNumber("limit"))
                    .json())
        }
        router.get("/v1/meters/:code") { _, context in
            jsonResponse(try await market.metering.meter(context.code()))
        }
        router.post("/v1/meters") { request, context in
            let account = try context.requireAccount(.administrator, .operator)
            let meter = try await newMeter(request, limit: context.maxUploadSize)
            return jsonResponse(try await market.metering.make(meter, by: account, now: now()), status: .created)
        }
        router.get("/v1/meters/:code/query") { request, context in
            let account = try context.requireAccount(.enterprise, .operator)
            return jsonResponse(
                try await market.metering.query(
                    context.code(), MeterQuery(request, now: now()), seenBy: account, now: now()))
        }
    }

    private func newMeter(_ request: Request, limit: Int) async throws -> NewMeter {
        let members = JSONMembers(
            object: try await request.jsonObject(
                allowing: [
                    "code", "title_zh", "title_en", "unit", "event_type", "aggregation", "value", "scale", "dimensions",
                    "product", "accepted_for_hours",
                ], limit: limit
            ).object)
        return try NewMeter(
            code: members.text("code"), titleZH: members.text("title_zh"), titleEN: members.text("title_en"),
            unit: members.text("unit", limit: 40), eventType: members.text("event_type"),
            aggregation: members.text("aggregation"), value: members.optionalText("value"),
            scale: members.optionalWholeNumber("scale"), dimensions: members.optionalTexts("dimensions"),
            product: members.optionalText("product"), hoursAccepted: members.optionalWholeNumber("accepted_for_hours"))
    }
}

extension MeterQuery {
    private static let mostNames = 100

    /// The parameters of OpenMeter's API.
    init(_ request: Request, now: Date) throws {
        try self.init(
            from: request.time("from"), until: request.time("to"), window: request.query("windowSize"),
            zone: request.query("windowTimeZone"), subjects: request.list("subject", most: Self.mostNames),
            groups: request.list("groupBy", most: Self.mostNames), filter: request.filter("filterGroupBy"), now: now)
    }
}

extension Request {
    /// The values of a parameter that is given several times, or with commas between them.
    fileprivate func list(_ name: String, most: Int) throws -> [String] {
        let values = uri.queryParameters[values: Substring(name)].flatMap { $0.split(separator: ",").map(String.init) }
        guard values.count <= most, values.allSatisfy({ $0.utf8.count <= 400 && !$0.utf8.contains(0) }) else {
            throw InvalidInput(name, "This takes at most \(most) names of at most 400 bytes.")
        }
        return values
    }

    /// `name[member]=value`, several times, or `name={"member": "value"}`.
    fileprivate func filter(_ name: String) throws -> [String: [String]] {
        var filter: [String: [String]] = [:]
        for (key, value) in uri.queryParameters {
            let key = key.removingPercentEncoding ?? String(key)
            guard key.hasPrefix(name + "["), key.hasSuffix("]") else { continue }
            filter[String(key.dropFirst(name.count + 1).dropLast()), default: []].append(String(value))
        }
        guard let text = try query(name, longest: 4000) else { return filter }
        // OpenMeter's SDK for Python writes an object as Python does, with apostrophes.
        let spellings = [text, text.replacingOccurrences(of: "'", with: "\"")]
        let object = spellings.lazy.compactMap {
            try? JSONDecoder().decode([String: String].self, from: Data($0.utf8))
        }.first
        guard let object else { throw InvalidInput(name, "This is an object of names and texts, as JSON.") }
        return filter.merging(object.mapValues { [$0] }) { $0 + $1 }
    }
}
