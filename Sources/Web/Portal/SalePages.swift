import Foundation
import Hummingbird
import Marketplace

/// What a party sells and decides on.
extension PortalRoutes {
    func sales(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.operator, .administrator)
        let found = try JSONNode(
            await market.purchases.sales(of: account.partyID, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("销售", "Sales"))
        page.tables = [
            .init(
                caption: text("待您审批的在前", "What waits for you comes first"),
                headers: [
                    text("产品", "Product"), text("买方", "Buyer"), text("状态", "State"), text("目的", "Purpose"),
                    text("价格（含税）", "Price with tax"), text("申请", "Requested"), text("审批期限", "Decide by"),
                ],
                rows: found["items"].list.map { item in
                    let waits = item["awaits_you"].isTrue
                    return .init(cells: [
                        .init(text: item.title(text), address: "/sales/\(item["id"].string)"),
                        item["buyer"].party(text),
                        .init(text: waits ? text("待您审批", "waits for you") : purchaseState(item, text)),
                        .init(text: purpose(item["purpose"].string, text)),
                        .init(text: priceWithTax(item, text)),
                        .init(text: item["requested_at"].time), .init(text: item["due_on"].string),
                    ])
                }, empty: text("还没有销售。", "Nothing sold yet."))
        ]
        page.next = next(found, "/sales", nil, text)
        return page
    }

    func sale(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.operator, .administrator)
        let id = try context.id(orElse: PurchaseError.unknownPurchase)
        let sale = try JSONNode(await market.purchases.sale(id, seenBy: account))
        let transitions = try JSONNode(await market.purchases.transitions(of: id, seenBy: account))
        var page = PortalPage(title: text("销售：", "Sale: ") + sale.title(text))
        let buyer = sale["buyer"].party(text)
        page.facts =
            [.init(name: text("买方", "Buyer"), value: buyer.text, address: buyer.address)] + purchaseFacts(sale, text)
            + (account.role == .operator ? [receiptFact(sale, text)] : [])
        page.tables = transitionTables(transitions, text)
        if !sale["usage"].isNull { page.tables.append(usedTable(sale["usage"], text)) }
        if sale["awaits_you"].isTrue { page.forms.append(decisionForm(id, transitions, text)) }
        if account.role == .operator, ["agreed", "active"].contains(sale["state"].string) {
            page.forms.append(terminationForm(id, text))
        }
        return page
    }

    private func usedTable(_ usage: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("用量合计", "What was used"),
            headers: [
                text("计量", "Meter"), text("次数", "Uses"), text("数量", "Quantity"), text("字节", "Bytes"),
                text("最近一日", "Last day"),
            ],
            rows: usage.list.map { total in
                .init(cells: [
                    .init(text: meterWord(total["meter"].string, text)), .init(text: total["events"].grouped),
                    .init(text: total["quantity"].grouped), .init(text: total["bytes"].grouped),
                    .init(text: total["last_day"].string),
                ])
            }, empty: text("尚未使用。", "Not used yet."))
    }

    private func decisionForm(_ id: UUID, _ transitions: JSONNode, _ text: Language) -> PortalPage.Form {
        let wasReturned = transitions["items"].list.contains { $0["to"].string == "returned" }
        let choices: [PortalPage.Field.Choice] =
            [
                .init(value: "approve", text: text("批准", "Approve")),
                .init(value: "reject", text: text("不批准", "Reject")),
            ] + (wasReturned ? [] : [.init(value: "return", text: text("退回补正（一次）", "Return to be completed (once)"))])
        return .init(
            title: text("审批", "Decide"), action: "/sales/\(id.uuidString.lowercased())/decision",
            button: text("决定", "Decide"), hidden: [.init(name: "key", value: UUID().uuidString)],
            fields: [
                .init(id: "decision", name: "decision", label: text("决定", "Decision"), choices: choices),
                .init(id: "reason", name: "reason", label: text("理由", "Reason"), isArea: true),
            ])
    }

    private func terminationForm(_ id: UUID, _ text: Language) -> PortalPage.Form {
        .init(
            title: text("因违约终止", "Terminate for breach"), action: "/sales/\(id.uuidString.lowercased())/termination",
            button: text("终止", "Terminate"), hidden: [.init(name: "key", value: UUID().uuidString)],
            fields: [
                .init(id: "breach", name: "reason", label: text("违约事实", "The breach"), isArea: true),
                .init(id: "document", name: "document", label: text("依据文件（名称、文号）", "Document (title and number)")),
            ])
    }

    // MARK: Commands

    func decidePurchase(_ request: Request, _ context: MarketContext) async throws -> Response {
        try await saleStep(request, context) { id, form, command in
            guard let kind = RequestDecision.Kind(rawValue: try form.required("decision")) else {
                throw InvalidInput("decision", "This is not a step.")
            }
            _ = try await market.purchases.decide(
                RequestDecision(kind, reason: form.required("reason")), on: id, command)
        }
    }

    func terminatePurchase(_ request: Request, _ context: MarketContext) async throws -> Response {
        try await saleStep(request, context) { id, form, command in
            _ = try await market.purchases.terminate(
                id, reason: form.required("reason"), document: form.required("document"), command)
        }
    }

    private func saleStep(
        _ request: Request, _ context: MarketContext,
        _ work: (UUID, FormFields, PurchaseCommand) async throws -> Void
    ) async throws -> Response {
        let account = try context.requireAccount(.operator, .administrator)
        let id = try context.id(orElse: PurchaseError.unknownPurchase)
        let form = try await FormFields(request)
        let address = "/sales/\(id.uuidString.lowercased())"
        do {
            let key = try IdempotencyKey(form["key"])
            try await work(id, form, PurchaseCommand(by: account, key: key, body: form.bytes, now: now()))
            return redirect(to: address)
        } catch let refusal as any MarketplaceError {
            var page = try await sale(request, context)
            page.address = address
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }
}
