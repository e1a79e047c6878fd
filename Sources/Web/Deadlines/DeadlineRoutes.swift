import Foundation
import Hummingbird
import Marketplace

struct DeadlineRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/deadlines") { request, context in
            if request.headers[.accept]?.contains("text/calendar") ?? false {
                return try await calendar(request, context)
            }
            let (party, filter) = try await asked(request, context)
            return jsonResponse(
                try await market.deadlines.deadlines(
                    of: party, filter, cursor: request.query("cursor"), limit: request.wholeNumber("limit"), now: now())
            )
        }
        router.get("/v1/deadlines.ics") { request, context in try await calendar(request, context) }
        router.get("/v1/policies") { request, _ in
            cacheableResponse(
                try await market.deadlines.policies(
                    cursor: request.query("cursor"), limit: request.wholeNumber("limit")), to: request)
        }
        router.post("/v1/policies") { request, context in try await correctPolicy(request, context) }
        router.get("/v1/calendar") { request, _ in
            guard let year = try request.wholeNumber("year") else { throw InvalidInput("year", "Say the year.") }
            return cacheableResponse(
                try await market.deadlines.calendar(
                    year: year, cursor: request.query("cursor"), limit: request.wholeNumber("limit")), to: request)
        }
        router.post("/v1/calendar") { request, context in try await loadCalendar(request, context) }
    }

    /// An administrator sees every party's deadlines, or those of the party asked for; others see their own.
    private func asked(_ request: Request, _ context: MarketContext) async throws -> (UUID?, DeadlineFilter) {
        let account = try context.requireAccount(.administrator, .operator, .enterprise, .analyst)
        let filter = try DeadlineFilter(
            rule: request.query("rule"), state: request.query("state"), band: request.query("band"))
        guard account.role == .administrator else { return (account.partyID, filter) }
        guard let code = try request.query("party") else { return (nil, filter) }
        return (try await market.parties.id(of: code), filter)
    }

    /// Page after page, so that any number of deadlines is sent from little memory.
    private func calendar(_ request: Request, _ context: MarketContext) async throws -> Response {
        let (party, filter) = try await asked(request, context)
        let now = now()
        let first = try await market.deadlines.events(of: party, filter, cursor: nil, now: now)
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: CalendarEvent.head + first.text))
            var next = first.next
            while let cursor = next {
                let page = try await market.deadlines.events(of: party, filter, cursor: cursor, now: now)
                try await writer.write(ByteBuffer(string: page.text))
                next = page.next
            }
            try await writer.write(ByteBuffer(string: CalendarEvent.tail))
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/calendar; charset=utf-8", .cacheControl: "private, no-store"], body: body)
    }

    private func correctPolicy(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let (_, object) = try await request.jsonObject(
            allowing: [
                "rule", "since", "days", "value", "unit", "extension_days", "title_zh", "title_en", "article", "source",
                "verified",
            ], limit: context.maxUploadSize)
        let members = JSONMembers(object: object)
        var policy = try PolicyStatement(
            rule: members.text("rule"), since: members.text("since"),
            days: members.optionalWholeNumber("days"), value: members.optionalDecimal("value"),
            source: members.text("source", limit: 1000), verified: members.truth("verified"))
        (policy.titleZh, policy.titleEn) = (try members.optionalText("title_zh"), try members.optionalText("title_en"))
        policy.article = try members.optionalText("article")
        policy.unit = try members.optionalText("unit")
        guard policy.unit.map(["working_day", "day", "month", "rate"].contains) ?? true else {
            throw InvalidInput("unit", "A unit is working_day, day, month or rate.")
        }
        policy.extensionDays = try members.optionalWholeNumber("extension_days")
        guard policy.extensionDays.map((1...3660).contains) ?? true else {
            throw InvalidInput("extension_days", "An extension has 1 to 3660 days.")
        }
        let moved = try await market.deadlines.correct(policy, by: account.partyID, now: now())
        return jsonResponse(
            JSONDocument(text: #"{"rule":"\#(policy.rule)","since":"\#(policy.since)","moved_deadlines":\#(moved)}"#),
            status: .created)
    }

    /// The body is a CSV of one year's days.
    private func loadCalendar(_ request: Request, _ context: MarketContext) async throws -> Response {
        _ = try context.requireAccount(.administrator)
        guard let source = try request.query("source") else {
            throw InvalidInput("source", "Say where the calendar is from.")
        }
        let verified = try request.truth("verified")
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        let file = try CalendarFile(CSVTable(Array(body.readableBytesView)))
        let (days, moved) = try await market.deadlines.load(file, source: source, verified: verified)
        return jsonResponse(
            JSONDocument(text: #"{"year":\#(file.year),"days":\#(days),"moved_deadlines":\#(moved)}"#), status: .created
        )
    }
}
