import Foundation
import Hummingbird
import Marketplace

/// Invoices: read in several forms, issued, given back.
struct InvoiceRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/invoices") { request, context in
            let account = try context.requireAccount(.enterprise, .operator, .administrator)
            return jsonResponse(
                try await market.billing.invoices(
                    seenBy: account, state: request.query("state"), cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.get("/v1/invoices/:id") { request, context in try await show(request, context) }
        router.get("/v1/invoices/:id/usage") { request, context in try await usage(request, context) }
        router.get("/v1/invoices/:id/lines/:number/responsibility") { request, context in
            try await responsibility(request, context)
        }
        router.post("/v1/invoices/:id/issue") { _, context in
            let account = try context.requireAccount(.operator)
            return jsonResponse(try await market.billing.issue(context.invoice(), by: account, now: now()))
        }
        router.post("/v1/invoices/:id/void") { request, context in
            let account = try context.requireAccount(.operator)
            let members = try await members(request, context, ["reason"])
            return jsonResponse(
                try await market.billing.void(
                    context.invoice(), reason: members.text("reason", limit: 1000), by: account, now: now()))
        }
        router.post("/v1/invoices/:id/credit-notes") { request, context in try await credit(request, context) }
    }

    private func credit(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let key = try IdempotencyKey(request.headers[.init("Idempotency-Key")!])
        let (body, object) = try await request.jsonObject(
            allowing: ["line", "amount_minor", "reason"], limit: context.maxUploadSize)
        let members = JSONMembers(object: object)
        let wanted = try CreditRequest(
            line: members.optionalWholeNumber("line"), amount: members.optionalAmount("amount_minor"),
            reason: members.text("reason", limit: 1000))
        let outcome = try await market.billing.credit(
            context.invoice(), wanted, by: account, key: key, body: body, now: now())
        return jsonResponse(
            outcome.invoice, status: .created,
            headers: outcome.repeated ? [.init("Idempotency-Replayed")!: "true"] : [:])
    }

    private func members(_ request: Request, _ context: MarketContext, _ names: Set<String>) async throws -> JSONMembers
    {
        JSONMembers(object: try await request.jsonObject(allowing: names, limit: context.maxUploadSize).object)
    }

    /// JSON, a table, or the XML of accounting, by `format` or by Accept.
    private func show(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise, .operator, .administrator)
        let invoice = try await market.billing.invoice(context.invoice(), seenBy: account)
        switch try InvoiceForm(request) {
        case .json: return jsonResponse(invoice)
        case .csv: return try InvoiceTable(invoice).response()
        case .xml:
            let xml = try InvoiceXML(invoice).text()
            return Response(
                status: .ok, headers: [.contentType: "application/xml; charset=utf-8", .vary: "Accept"],
                body: .init(byteBuffer: ByteBuffer(bytes: xml)))
        }
    }

    /// The events behind an invoice as CSV, sent piece by piece.
    private func usage(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise, .operator, .administrator)
        let place = try await market.billing.place(of: context.invoice(), seenBy: account)
        let first = try await market.billing.usage(behind: place, after: nil)
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: "occurred_at,id,period,meter,quantity\n"))
            var (lines, next) = first
            while true {
                if !lines.isEmpty { try await writer.write(ByteBuffer(string: lines.joined(separator: "\n") + "\n")) }
                guard let last = next else { break }
                (lines, next) = try await market.billing.usage(behind: place, after: last)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .cacheControl: "private, no-store",
                .contentDisposition: "attachment; filename=\"usage.csv\"",
            ], body: body)
    }

    /// The chain behind a line: entry versions and who answered for each link when the purchase was accepted.
    private func responsibility(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise, .operator, .administrator)
        let id = try context.invoice()
        let place = try await market.billing.place(of: id, seenBy: account)
        guard let number = Int(try context.code("number")), (1...1_000_000).contains(number) else {
            throw InvalidInput("number", "A line's number counts from 1.")
        }
        let lines = try JSONNode(await market.billing.invoice(id, seenBy: account))["lines"].list
        guard lines.contains(where: { $0["number"].integer == number }) else { throw BillingError.unknownLine(number) }
        let chain = try await market.lineage.responsibility(
            for: place.purchase, of: place.enterprise, asOf: request.time("as_of"),
            recordedBy: request.time("recorded_by") ?? now())
        return try chainResponse(chain, to: request)
    }
}

extension MarketContext {
    fileprivate func invoice() throws -> UUID { try id(orElse: BillingError.unknownInvoice) }
}

/// In which form an invoice is asked for.
enum InvoiceForm {
    case json, csv, xml

    /// The parameter `format` decides, for those whose links cannot carry headers; without it, Accept.
    init(_ request: Request) throws {
        switch try request.query("format") {
        case "json": self = .json
        case "csv": self = .csv
        case "xml": self = .xml
        case nil:
            let accepted = request.headers[.accept]?.lowercased() ?? ""
            self =
                accepted.contains("text/csv")
                ? .csv : accepted.contains("application/xml") && !accepted.contains("text/html") ? .xml : .json
        case let other?: throw InvalidInput("format", "'\(other)' is not one of json, csv, xml.")
        }
    }
}
