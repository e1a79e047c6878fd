import Foundation
import Hummingbird
import Marketplace

/// Payments, the ledger, and how income is shared.
struct PaymentRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    /// Of a bank statement, in bytes.
    private static let largestStatement = 4 << 20

    func add(to router: Router<MarketContext>) {
        router.post("/v1/payments/statements") { request, context in
            let account = try context.requireAccount(.operator)
            let body = try await request.body.collect(upTo: Self.largestStatement)
            let statement = try BankStatement(CSVTable(Array(body.readableBytesView)), now: now())
            return try jsonResponse(
                encoding: try await market.billing.record(statement, of: account.partyID, now: now()), status: .created)
        }
        router.get("/v1/payments") { request, context in
            let account = try context.requireAccount(.operator, .administrator)
            return jsonResponse(
                try await market.billing.payments(
                    seenBy: account, state: request.query("state"), cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.post("/v1/payments/:id/match") { request, context in
            let account = try context.requireAccount(.operator, .administrator)
            let id = try context.id(orElse: BillingError.unknownPayment)
            let (_, object) = try await request.jsonObject(allowing: ["number"], limit: context.maxUploadSize)
            try await market.billing.match(
                id, with: JSONMembers(object: object).text("number"), by: account, now: now())
            return jsonResponse(JSONDocument(text: #"{"id":"\#(id.uuidString.lowercased())","matched":true}"#))
        }
        router.get("/v1/ledger") { request, context in
            _ = try context.requireAccount(.administrator)
            let enterprise: UUID? =
                if let code = try request.query("party") { try await market.parties.id(of: code) } else { nil }
            return jsonResponse(
                try await market.billing.ledger(
                    of: enterprise, cursor: request.query("cursor"), limit: request.wholeNumber("limit")))
        }
        router.get("/v1/products/:code/revenue-shares") { _, context in
            _ = try context.requireAccount(.operator, .administrator)
            return jsonResponse(try await market.billing.shares(of: context.code()))
        }
        router.post("/v1/products/:code/revenue-shares") { request, context in
            _ = try context.requireAccount(.administrator)
            let product = try context.code()
            let wanted = try await request.decoded(as: SharesBody.self, limit: context.maxUploadSize)
            try await market.billing.share(
                product, from: wanted.since, wanted.shares, basis: wanted.checkedBasis(), now: now())
            return jsonResponse(try await market.billing.shares(of: product), status: .created)
        }
    }

    private struct SharesBody: Codable {
        let since: String
        let basis: String
        let shares: [RevenueShare]

        func checkedBasis() throws -> String {
            guard !basis.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty, basis.utf8.count <= 1000,
                !basis.contains("\0")
            else { throw InvalidInput("basis", "Say on what basis, in at most 1000 bytes.") }
            return basis
        }
    }
}
