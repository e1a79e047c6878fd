import Foundation
import Hummingbird
import Marketplace

/// Agreements and receipts for buyer and seller; keys and the log's heads and proofs for anyone.
struct ReceiptRoutes: Sendable {
    let market: Market
    let now: @Sendable () -> Date

    func add(to router: Router<MarketContext>) {
        router.get("/v1/purchases/:id/agreement") { _, context in
            let account = try context.requireAccount(.enterprise, .operator)
            let id = try context.id(orElse: ReceiptError.unknownPurchase)
            return jsonResponse(try await market.receipts.agreement(of: id, for: account.partyID, now: now()))
        }
        router.get("/v1/purchases/:id/receipt") { _, context in
            let account = try context.requireAccount(.enterprise, .operator)
            let id = try context.id(orElse: ReceiptError.unknownPurchase)
            return jsonResponse(try await market.receipts.receipt(ofPurchase: id, for: account.partyID, now: now()))
        }
        router.get("/v1/purchases/:id/receipts") { request, context in
            let account = try context.requireAccount(.enterprise, .operator)
            let id = try context.id(orElse: ReceiptError.unknownPurchase)
            return jsonResponse(
                try await market.receipts.receipts(
                    of: id, for: account.partyID, cursor: request.query("cursor"), limit: request.wholeNumber("limit"),
                    now: now()))
        }
        router.get("/v1/receipts/:id") { _, context in
            let account = try context.requireAccount(.enterprise, .operator)
            return jsonResponse(try await market.receipts.receipt(context.code("id"), for: account.partyID, now: now()))
        }
        router.get("/v1/keys") { request, _ in cacheableResponse(try await market.keys.document(), to: request) }
        addLog(to: router)
    }

    private func addLog(to router: Router<MarketContext>) {
        router.get("/v1/log/heads/latest") { request, _ in cacheableResponse(try await market.log.head(), to: request) }
        router.get("/v1/log/heads/:size") { request, context in
            guard let size = Int(try context.code("size")) else { throw ReceiptError.unknownHead(nil) }
            return cacheableResponse(try await market.log.head(size: size), to: request)
        }
        router.get("/v1/log/proofs/inclusion") { request, _ in
            jsonResponse(
                try await market.log.inclusion(of: request.required("position"), size: request.required("size")))
        }
        router.get("/v1/log/proofs/consistency") { request, _ in
            jsonResponse(try await market.log.consistency(from: request.required("from"), to: request.required("to")))
        }
    }
}

extension Request {
    fileprivate func required(_ name: String) throws -> Int {
        guard let number = try wholeNumber(name) else { throw InvalidInput(name, "This parameter is missing.") }
        return number
    }
}
