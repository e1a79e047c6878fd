import Foundation
import HTTPTypes
import Hummingbird
import Marketplace

/// How an operator brings a revision of a product to the market.
struct ContentRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    private static let base = "/v1/products/:code/revisions/:number"
    /// What a file and its check may take.
    static let timeLimits: [String: Duration] = {
        let base = "/v1/products/{code}/revisions/{number}"
        let long = Duration.seconds(12 * 3600)
        return ["\(base)/content": long, "\(base)/content/{name}": long, "\(base)/publication": .seconds(60)]
    }()
    private static let offsetName = HTTPField.Name("Upload-Offset")!
    /// A check that takes longer is answered before it ends.
    private static let patience = Duration.seconds(30)

    func add(to router: Router<MarketContext>) {
        router.put("\(Self.base)") { request, context in
            let account = try context.requireAccount(.operator)
            let contract = try await request.decoded(as: RevisionContract.self, limit: 4 << 20)
            let (code, number) = try revision(context)
            try await market.uploads.open(number, of: code, contract: contract, by: account.partyID, now: now())
            return try await state(of: number, code, account)
        }
        router.get("\(Self.base)") { request, context in
            let (code, number) = try revision(context)
            if let account = context.account, account.role == .operator,
                let upload = try? await market.uploads.upload(number, of: code, by: account.partyID),
                upload.state != "published"
            {
                return jsonResponse(upload.document)
            }
            return cacheableResponse(try await market.catalog.revision(number, of: code), to: request)
        }
        router.get("/v1/products/:code/revisions") { request, context in
            cacheableResponse(
                try await market.catalog.revisions(
                    of: context.code(), cursor: request.query("cursor"), limit: request.wholeNumber("limit")),
                to: request)
        }
        router.get("/v1/products/:code/contract") { request, context in
            let contract = try await market.catalog.openDataContract(
                of: context.code(), revision: request.wholeNumber("revision"))
            return cacheableResponse(Array(contract.utf8), type: "application/yaml; charset=utf-8", to: request)
        }
        router.put("\(Self.base)/content") { try await receive($0, $1) }
        router.head("\(Self.base)/content") { try await offset($0, $1) }
        router.put("\(Self.base)/content/:name") { try await receive($0, $1) }
        router.head("\(Self.base)/content/:name") { try await offset($0, $1) }
        router.delete("\(Self.base)/content/:name") { _, context in
            let account = try context.requireAccount(.operator)
            let (code, number) = try revision(context)
            try await market.uploads.remove(try name(context) ?? "", revision: number, of: code, by: account.partyID)
            return Response(status: .noContent)
        }
        router.post("\(Self.base)/publication") { _, context in
            let account = try context.requireAccount(.operator)
            let (code, number) = try revision(context)
            try await market.uploads.submit(number, of: code, by: account.partyID, now: now())
            return try await outcome(of: number, code, account)
        }
    }

    private func revision(_ context: MarketContext) throws -> (code: String, number: Int) {
        let code = try context.code()
        guard let number = context.parameters.get("number").flatMap({ Int32($0) }), number > 0 else {
            throw InvalidInput("number", "A revision is a whole number from 1.")
        }
        return (code, Int(number))
    }

    private func name(_ context: MarketContext) throws -> String? {
        guard let name = context.parameters.get("name") else { return nil }
        guard let decoded = name.removingPercentEncoding else { throw InvalidInput("name", "The name is not UTF-8.") }
        return decoded
    }

    /// The name of a file that stands alone.
    private func ownName(_ code: String, _ number: Int, _ mediaType: String) -> String {
        let ending = ["text/csv": "csv", "application/vnd.apache.parquet": "parquet"][mediaType] ?? "jsonl"
        return "\(code)-r\(number).\(ending)"
    }

    /// Bytes of a file. A file that stands alone is published when it is whole, unless the request says otherwise.
    private func receive(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let (code, number) = try revision(context)
        let stated = try name(context)
        let type = try contentType(request)
        let digests = try digests(request)
        let compression = request.headers[.contentEncoding]?.lowercased()
        guard compression == nil || compression == "gzip" || compression == "identity" else {
            throw InvalidInput("Content-Encoding", "Files are taken plain or with gzip.")
        }
        let file = RevisionUploads.File(
            name: try stated ?? request.query("name") ?? ownName(code, number, type.mediaType),
            mediaType: type.mediaType, charset: type.charset, compression: compression == "gzip" ? "gzip" : nil,
            sha256: digests["sha-256"], sm3: digests["sm3"])
        let range = try range(request)
        let publishes = try request.query("publish") == nil || request.truth("publish")
        let received = try await onDisk {
            try await market.uploads.receive(
                file, range, isOnly: stated == nil, revision: number, of: code, by: account.partyID, now: now()
            ) { upload in
                for try await piece in request.body {
                    try piece.withUnsafeReadableBytes { try upload.write($0) }
                }
            }
        }
        guard received.identity != nil else {
            return Response(status: .accepted, headers: [Self.offsetName: "\(received.bytes)"])
        }
        guard stated == nil, publishes else {
            return try await state(of: number, code, account, status: .created)
        }
        try await market.uploads.submit(number, of: code, by: account.partyID, now: now())
        return try await outcome(of: number, code, account)
    }

    /// How much of a file has arrived.
    private func offset(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let (code, number) = try revision(context)
        let type = (try? contentType(request).mediaType) ?? "text/csv"
        let name = try name(context) ?? request.query("name") ?? ownName(code, number, type)
        let bytes = try await market.uploads.received(name, revision: number, of: code, by: account.partyID)
        return Response(status: .noContent, headers: [Self.offsetName: "\(bytes ?? 0)", .cacheControl: "no-store"])
    }

    /// The end of a check, or that it is going on.
    private func outcome(of number: Int, _ code: String, _ account: Account) async throws -> Response {
        let end = ContinuousClock.now + Self.patience
        while true {
            let upload = try await market.uploads.upload(number, of: code, by: account.partyID)
            switch upload.state {
            case "published": return jsonResponse(upload.document, status: .created)
            case "refused": return jsonResponse(upload.document, status: .unprocessableContent)
            default: break
            }
            guard ContinuousClock.now < end else { return jsonResponse(upload.document, status: .accepted) }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func state(
        of number: Int, _ code: String, _ account: Account, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        jsonResponse(try await market.uploads.upload(number, of: code, by: account.partyID).document, status: status)
    }

    private func contentType(_ request: Request) throws -> (mediaType: String, charset: String?) {
        let parts = (request.headers[.contentType] ?? "text/csv").split(separator: ";").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let charset = parts.dropFirst().first { $0.lowercased().hasPrefix("charset=") }?.dropFirst(8)
            .filter { $0 != "\"" }.lowercased()
        guard charset?.wholeMatch(of: /[a-z0-9_\-.:]{1,40}/) != nil || charset == nil else {
            throw InvalidInput("Content-Type", "This is no name of a charset.")
        }
        // What curl says when it is told nothing.
        let type = parts.first?.lowercased() ?? "text/csv"
        return (type == "application/x-www-form-urlencoded" ? "text/csv" : type, charset)
    }

    /// RFC 9530, with SM3 besides.
    private func digests(_ request: Request) throws -> [String: [UInt8]] {
        var digests: [String: [UInt8]] = [:]
        for part in (request.headers[.init("Repr-Digest")!] ?? "").split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard sides.count == 2, sides[1].hasPrefix(":"), sides[1].hasSuffix(":"), sides[1].count > 2,
                let data = Data(base64Encoded: String(sides[1].dropFirst().dropLast()))
            else { throw InvalidInput("Repr-Digest", "A digest is written sha-256=:…: or sm3=:…:, in base64.") }
            digests[sides[0].lowercased()] = Array(data)
        }
        return digests
    }

    /// RFC 9110, section 14.5: which part of the file the body is.
    private func range(_ request: Request) throws -> RevisionUploads.Range {
        guard let header = request.headers[.contentRange] else { return .whole }
        guard let match = header.wholeMatch(of: /bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)/),
            let first = Int(match.1), let last = Int(match.2), first <= last
        else { throw InvalidInput("Content-Range", "This is written 'bytes FIRST-LAST/ALL', as in 'bytes 0-99/200'.") }
        let total = Int(match.3)
        if let total, last >= total {
            throw InvalidInput("Content-Range", "The last byte lies behind the end of the file.")
        }
        return RevisionUploads.Range(offset: first, end: last + 1, total: total ?? Int.max)
    }
}
