import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// The Delta Sharing protocol: outside clients read by a token of its own what one entitlement allows.
struct SharingRoutes: Sendable {
    let market: Market
    let publicURL: String?
    let now: @Sendable () -> Date

    private static let capabilities = HTTPField.Name("delta-sharing-capabilities")!
    private static let tableVersion = HTTPField.Name("delta-table-version")!

    func add(to router: Router<MarketContext>) {
        let sharing = router.group("/delta-sharing").add(middleware: SharingErrorMiddleware())
        sharing.get("files/:name") { try await file($0, $1) }
        sharing.head("files/:name") { try await file($0, $1) }
        let share = JSONDocument(text: #"{"name":"\#(Sharing.share)","id":"\#(Sharing.share)"}"#)
        let schema = #"{"name":"\#(Sharing.schema)","share":"\#(Sharing.share)"}"#
        sharing.get("shares") { request, _ in
            _ = try await reader(request)
            return list(share.text)
        }
        sharing.get("shares/:share") { request, context in
            _ = try await reader(request, context)
            return jsonResponse(JSONDocument(text: #"{"share":\#(share.text)}"#))
        }
        sharing.get("shares/:share/schemas") { request, context in
            _ = try await reader(request, context)
            return list(schema)
        }
        for path in ["shares/:share/all-tables", "shares/:share/schemas/:schema/tables"] {
            sharing.get(RouterPath(path)) { request, context in list(table(try await reader(request, context))) }
        }
        let tablePath = "shares/:share/schemas/:schema/tables/:table"
        sharing.get("\(tablePath)/version") { try await version($0, $1) }
        // The first clients asked so.
        sharing.head("\(tablePath)") { try await version($0, $1) }
        sharing.get("\(tablePath)/metadata") { request, context in
            let format = format(request)
            let answer = try await market.sharing.metadata(
                for: reader(request, context), state(request, "version", "timestamp"), format)
            return respond(answer, format)
        }
        sharing.post("\(tablePath)/query") { try await query($0, $1) }
        sharing.get("\(tablePath)/changes") { try await changes($0, $1) }
    }

    /// Names are compared without regard to case, as the protocol asks.
    private func reader(_ request: Request, _ context: MarketContext? = nil) async throws -> Sharing.Reader {
        let parts = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            let reader = try await market.sharing.reader(token: String(parts[1]), now: now())
        else { throw AccessError.badToken }
        for (parameter, name) in [
            ("share", Sharing.share), ("schema", Sharing.schema), ("table", reader.product),
        ] {
            guard let asked = context?.parameters.get(parameter) else { continue }
            guard asked.lowercased() == name.lowercased() else { throw SharedNameError(kind: parameter, name: asked) }
        }
        return reader
    }

    private func list(_ item: String) -> Response {
        jsonResponse(JSONDocument(text: #"{"items":[\#(item)]}"#))
    }

    private func table(_ reader: Sharing.Reader) -> String {
        #"{"name":"\#(reader.product)","schema":"\#(Sharing.schema)","share":"\#(Sharing.share)","#
            + #""shareId":"\#(Sharing.share)","id":"\#(reader.product)"}"#
    }

    private func version(_ request: Request, _ context: MarketContext) async throws -> Response {
        let version = try await market.sharing.version(
            for: reader(request, context), startingAt: request.time("startingTimestamp"))
        return Response(status: .ok, headers: [Self.tableVersion: "\(version)"])
    }

    private func query(_ request: Request, _ context: MarketContext) async throws -> Response {
        let reader = try await reader(request, context)
        let (_, value) = try await request.json(limit: 256 << 10)
        guard let object = value as? [String: Any] else { throw InvalidInput("body", "The body is a JSON object.") }
        func number(_ name: String, from least: Int = 0) throws -> Int? {
            guard let stated = object[name], !(stated is NSNull) else { return nil }
            guard let number = wholeNumber(stated) ?? (stated as? String).flatMap(Int.init), number >= least else {
                throw InvalidInput(name, "This is a whole number from \(least).")
            }
            return number
        }
        func text(_ name: String) throws -> String? {
            guard let stated = object[name], !(stated is NSNull) else { return nil }
            guard let text = stated as? String else { throw InvalidInput(name, "This is a text.") }
            return text.isEmpty ? nil : text
        }
        var query = Sharing.Query()
        (query.limit, query.mostFiles) = (try number("limitHint"), try number("maxFiles", from: 1))
        query.pageToken = try text("pageToken")
        query.predicate = try text("jsonPredicateHints").map { try JSONPredicate($0) }
        switch (try number("version"), try text("timestamp")) {
        case (_?, _?): throw InvalidInput("timestamp", "A query names a version or a time, not both.")
        case (let version?, nil): query.state = .number(version)
        case (nil, let time?): query.state = .time(try parsedTime(time, field: "timestamp"))
        case (nil, nil): break
        }
        let format = format(request)
        let answer = try await market.sharing.query(
            for: reader, query, format, base: request.base(publicURL: publicURL), now: now())
        return respond(answer, format)
    }

    private func changes(_ request: Request, _ context: MarketContext) async throws -> Response {
        let format = format(request)
        let answer = try await market.sharing.changes(
            for: reader(request, context), from: state(request, "startingVersion", "startingTimestamp"),
            to: state(request, "endingVersion", "endingTimestamp"),
            historicalMetadata: request.query("includeHistoricalMetadata")?.lowercased() == "true", format,
            base: request.base(publicURL: publicURL), now: now())
        return respond(answer, format)
    }

    private func state(_ request: Request, _ version: String, _ time: String) throws -> Sharing.State {
        if let number = try request.wholeNumber(version) {
            guard try request.query(time) == nil else {
                throw InvalidInput(time, "A request names a version or a time, not both.")
            }
            return .number(number)
        }
        return try request.time(time).map(Sharing.State.time) ?? .newest
    }

    /// Of the forms that a client reads, the one that all clients read; Delta Lake's own for those that read nothing else.
    private func format(_ request: Request) -> SharedFormat {
        let stated = (request.headers[Self.capabilities] ?? "").lowercased().split(separator: ";")
            .first { $0.trimmingCharacters(in: .whitespaces).hasPrefix("responseformat=") }
        let forms =
            stated?.split(separator: "=").last?.split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) } ?? []
        return forms.contains("delta") && !forms.contains("parquet") ? .delta : .parquet
    }

    private func respond(_ answer: Sharing.Answer, _ format: SharedFormat) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "application/x-ndjson; charset=utf-8", Self.tableVersion: "\(answer.version)",
                Self.capabilities: "responseformat=\(format.rawValue)", .cacheControl: "no-store",
            ], body: .init(byteBuffer: ByteBuffer(string: answer.lines.joined(separator: "\n") + "\n")))
    }

    /// A part of a table, by a link that a query gave. It was counted with the query.
    private func file(_ request: Request, _ context: MarketContext) async throws -> Response {
        let parameters = request.uri.queryParameters
        guard
            let link = SharedLink(
                sha256: context.parameters.get("name") ?? "",
                parameter: { parameters.get($0) })
        else { throw DeliveryError.linkExpired }
        let url = try await market.sharing.file(of: link, now: now())
        let file = FileResponse(
            url: url, name: link.sha256.hexadecimal, bytes: link.bytes,
            headers: [.contentType: "application/vnd.apache.parquet", .cacheControl: "private, no-store"])
        return try file.response(file.part(of: request), to: request, context)
    }
}

/// A share, schema or table that the token does not reach.
private struct SharedNameError: MarketplaceError {
    let kind, name: String
    let code = RefusalCode.notFound
    var message: String { "This token reaches no \(kind) '\(name.prefix(100))'." }
}

/// Refusals as the protocol writes them. A client tries 429 and 503 again for minutes: a quota that is used up is none of these.
private struct SharingErrorMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: MarketContext, next: (Request, MarketContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem(error, path: request.uri.path)
            guard problem.status.code < 500 || problem.status == .serviceUnavailable else { throw error }
            let isUsedUp = problem.status == .tooManyRequests
            struct Refusal: Encodable { let errorCode, message: String }
            var response = try jsonResponse(
                encoding: Refusal(
                    errorCode: isUsedUp ? "QUOTA_EXCEEDED" : Self.codes[problem.status] ?? "INVALID_PARAMETER_VALUE",
                    message: problem.detail),
                status: isUsedUp ? .forbidden : problem.status)
            if problem.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer realm=\"datamarket\"" }
            response.headers[.cacheControl] = "no-store"
            if request.method == .head { response.body = ResponseBody() }
            return response
        }
    }

    private static let codes: [HTTPResponse.Status: String] = [
        .notFound: "RESOURCE_DOES_NOT_EXIST", .forbidden: "PERMISSION_DENIED", .unauthorized: "UNAUTHENTICATED",
        .serviceUnavailable: "TEMPORARILY_UNAVAILABLE",
    ]
}
