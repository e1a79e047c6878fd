import Foundation
import Hummingbird
import Marketplace

/// Credentials of products, and consents of departments.
struct CredentialRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/products/:code/credentials") { _, context in
            try await credentials(of: context.code(), context)
        }
        router.post("/v1/products/:code/credentials") { request, context in
            let account = try context.requireAccount(.operator)
            let code = try context.code()
            let wanted = try await request.decoded(as: ProductListing.Credential.self, limit: context.maxUploadSize)
            try await market.catalog.apply(for: wanted, of: code, by: account.partyID, now: now())
            return try await credentials(of: code, context, status: .created)
        }
        router.post("/v1/credentials/:id/steps") { request, context in
            let account = try context.requireAccount(.operator, .administrator)
            let id = try context.id(orElse: CatalogError.unknownCredential)
            let step = try await request.decoded(as: CredentialStep.self, limit: context.maxUploadSize)
            try await market.catalog.take(
                step, of: id, by: account.partyID, actsForIssuers: account.role == .administrator, now: now())
            return Response(status: .noContent)
        }
        router.get("/v1/consents") { request, context in
            let account = try context.requireAccount(.operator, .administrator)
            return jsonResponse(
                try await market.catalog.consents(
                    askedBy: account.role == .operator ? account.partyID : nil, cursor: request.query("cursor"),
                    limit: request.wholeNumber("limit")))
        }
        router.post("/v1/consents") { request, context in
            let account = try context.requireAccount(.operator)
            let (_, object) = try await request.jsonObject(
                allowing: ["entry", "product"], limit: context.maxUploadSize)
            let product =
                object["product"] is NSNull || object["product"] == nil
                ? nil : try requiredText("product", in: object)
            let consent = try await market.catalog.askConsent(
                entry: requiredText("entry", in: object), product: product, by: account.partyID, now: now())
            return jsonResponse(consent, status: .created)
        }
        router.post("/v1/consents/:id/answer") { request, context in
            let account = try context.requireAccount(.administrator)
            let id = try context.id(orElse: CatalogError.unknownConsent)
            let answer = try await request.decoded(as: ConsentAnswer.self, limit: context.maxUploadSize)
            return jsonResponse(
                try await market.catalog.answerConsent(id, answer, by: account.partyID, now: now()))
        }
        router.post("/v1/consents/:id/withdrawal") { request, context in
            let account = try context.requireAccount(.administrator)
            let id = try context.id(orElse: CatalogError.unknownConsent)
            let (_, object) = try await request.jsonObject(allowing: ["reason"], limit: context.maxUploadSize)
            return jsonResponse(
                try await market.catalog.withdrawConsent(
                    id, reason: requiredText("reason", in: object), by: account.partyID, now: now()))
        }
    }

    private func credentials(of code: String, _ context: MarketContext, status: HTTPResponse.Status = .ok) async throws
        -> Response
    {
        let (reader, seesAll) = reader(context)
        return jsonResponse(
            try await market.catalog.credentials(of: code, reader: reader, seesAll: seesAll, now: now()), status: status
        )
    }
}
