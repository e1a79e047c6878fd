import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// What an enterprise receives of what it bought.
struct DeliveryRoutes: Sendable {
    let market: Market
    let publicURL: String?
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/entitlements/:id/deliveries") { request, context in
            let account = try context.requireAccount(.enterprise)
            let id = try context.id(orElse: DeliveryError.unknownEntitlement)
            return jsonResponse(
                try await market.delivery.deliveries(
                    of: id, enterprise: account.partyID, cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.get("/v1/entitlements/:id/content") { try await download($0, $1) }
        router.head("/v1/entitlements/:id/content") { try await download($0, $1) }
        router.get("/v1/products/:code/rows") { try await rows($0, $1) }
        router.get("/v1/products/:code/sample") { try await sample($0, $1) }
        router.post("/v1/entitlements/:id/credentials") { try await makeCredential($0, $1) }
        router.get("/v1/entitlements/:id/credentials") { _, context in
            let account = try context.requireAccount(.enterprise)
            let id = try context.id(orElse: DeliveryError.unknownEntitlement)
            let items = try await market.sharing.credentials(of: id, enterprise: account.partyID)
            return jsonResponse(JSONDocument(text: "{\"items\":\(items.text),\"next\":null}"))
        }
        router.delete("/v1/entitlements/:id/credentials/:credential") { _, context in
            let account = try context.requireAccount(.enterprise)
            let id = try context.id(orElse: DeliveryError.unknownEntitlement)
            guard let credential = context.parameters.get("credential").flatMap(UUID.init(uuidString:)) else {
                throw DeliveryError.unknownCredential
            }
            try await market.sharing.revokeCredential(credential, of: id, enterprise: account.partyID, now: now())
            return Response(status: .noContent)
        }
    }

    /// The use is counted before the first byte is sent; what only asks, or has it already, is not counted.
    private func download(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let id = try context.id(orElse: DeliveryError.unknownEntitlement)
        let format = try request.query("format").map { name in
            guard let format = Delivery.Format(rawValue: name) else {
                let known = Delivery.Format.allCases.map(\.rawValue).joined(separator: ", ")
                throw InvalidInput("format", "'\(name)' is not one of \(known).")
            }
            return format
        }
        let found = try await market.delivery.find(
            id, of: account.partyID, revision: request.wholeNumber("revision"), format: format,
            file: request.query("file"), now: now())
        let file = FileResponse(
            url: market.delivery.url(of: found.sha256), name: found.sha256.hexadecimal, bytes: found.bytes,
            headers: [
                .contentType: found.mediaType, .contentDisposition: attachment(found.fileName),
                .init("Repr-Digest")!: "sha-256=:\(Data(found.sha256).base64EncodedString()):",
                .init("Data-Revision")!: "\(found.revision)", .cacheControl: "private, no-cache",
            ])
        let part = file.part(of: request)
        switch part {
        case .whole, .range:
            if request.method == .get {
                try await market.delivery.count(found, of: account.partyID, goesOn: part.goesOn, now: now())
            }
        case .nothingNew, .notThere: break
        }
        return try file.response(part, to: request, context)
    }

    /// RFC 6266: a name that is not plain ASCII stands beside one that is.
    private func attachment(_ name: String) -> String {
        let plain = String(name.unicodeScalars.map { $0.isASCII && $0 != "\"" && $0 != "\\" ? Character($0) : "_" })
        guard plain != name else { return "attachment; filename=\"\(name)\"" }
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~")
        let encoded = name.addingPercentEncoding(withAllowedCharacters: unreserved) ?? plain
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)"
    }

    private func rows(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        func names(_ parameter: String) throws -> [String]? {
            try request.formQuery(parameter, longest: 4_000).map { text in
                text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            }
        }
        let entitlement = try request.query("entitlement").map { text in
            guard let id = UUID(uuidString: text) else { throw DeliveryError.unknownEntitlement }
            return id
        }
        let query = Delivery.RowQuery(
            revision: try request.wholeNumber("revision"), select: try names("select"),
            condition: try request.formQuery("where", longest: 4_000), order: try names("order"),
            limit: try request.wholeNumber("limit") ?? 100, offset: try request.wholeNumber("offset") ?? 0)
        return jsonResponse(
            try await market.delivery.rows(
                of: context.code(), query, by: account.partyID, entitlement: entitlement, now: now()))
    }

    /// Some rows for anyone, without what is personal.
    private func sample(_ request: Request, _ context: MarketContext) async throws -> Response {
        let code = try context.code()
        guard let sample = try await market.catalog.sample(of: code, revision: request.wholeNumber("revision")) else {
            throw CatalogError.noTable(code)
        }
        struct Answer: Encodable {
            let product: String
            let revision: Int
            let columns: [String]
            let rows: [[String]]
            let withheld: [String]
        }
        let answer = Answer(
            product: code, revision: sample.revision, columns: sample.header, rows: sample.rows,
            withheld: sample.withheld.sorted())
        return cacheableResponse(
            JSONDocument(text: String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)), to: request)
    }

    /// A profile file of Delta Sharing. The token in it is shown this once.
    private func makeCredential(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let id = try context.id(orElse: DeliveryError.unknownEntitlement)
        let (_, object) = try await request.jsonObject(allowing: ["days"], limit: context.maxUploadSize)
        var days = 90
        if let stated = object["days"] {
            guard let number = wholeNumber(stated) else {
                throw InvalidInput("days", "This is a whole number of days.")
            }
            days = number
        }
        let base = try request.base(publicURL: publicURL)
        let made = try await market.sharing.makeCredential(for: id, of: account.partyID, days: days, now: now())
        struct Profile: Encodable {
            let shareCredentialsVersion = 1
            let endpoint, bearerToken: String
            let expirationTime: Date
            let id: String
        }
        var response = try jsonResponse(
            encoding: Profile(
                endpoint: "\(base)/delta-sharing/", bearerToken: made.token, expirationTime: made.expiresAt,
                id: made.id.uuidString.lowercased()),
            status: .created)
        response.headers[.cacheControl] = "no-store"
        return response
    }
}
