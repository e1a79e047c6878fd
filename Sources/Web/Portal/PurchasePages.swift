import Foundation
import Hummingbird
import Marketplace

/// What an enterprise bought or asked for.
extension PortalRoutes {
    func addPurchasePages(to router: Router<MarketContext>) {
        page(router, "/purchases") { try await purchases($0, $1) }
        page(router, "/purchases/:id") { try await purchase($0, $1) }
        page(router, "/sales") { try await sales($0, $1) }
        page(router, "/sales/:id") { try await sale($0, $1) }
        router.post("/products/:code/purchases") { try await buy($0, $1) }
        router.post("/purchases/:id/completion") { try await completePurchase($0, $1) }
        router.post("/purchases/:id/cancellation") { try await cancelPurchase($0, $1) }
        router.post("/sales/:id/decision") { try await decidePurchase($0, $1) }
        router.post("/sales/:id/termination") { try await terminatePurchase($0, $1) }
        addDeliveryPages(to: router)
        addRevisionPages(to: router)
    }

    private func purchases(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.enterprise)
        let found = try JSONNode(
            await market.purchases.purchases(of: account.partyID, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("我的采购", "My purchases"))
        page.tables = [
            .init(
                caption: account.name(text),
                headers: [
                    text("产品", "Product"), text("状态", "State"), text("目的", "Purpose"), text("价格（含税）", "Price with tax"),
                    text("申请", "Requested"), text("至", "Until"),
                ],
                rows: found["items"].list.map { item in
                    .init(cells: [
                        .init(text: item.title(text), address: "/purchases/\(item["id"].string)"),
                        .init(text: purchaseState(item, text)), .init(text: purpose(item["purpose"].string, text)),
                        .init(text: priceWithTax(item, text)), .init(text: item["requested_at"].time),
                        .init(text: item["entitlement"]["until"].time),
                    ])
                }, empty: text("还没有采购：请从数据产品开始。", "Nothing bought yet: start from the products."))
        ]
        page.next = next(found, "/purchases", nil, text)
        return page
    }

    func purchase(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.enterprise)
        let id = try context.id(orElse: PurchaseError.unknownPurchase)
        let purchase = try JSONNode(await market.purchases.purchase(id, of: account.partyID))
        let chain = try JSONNode(
            await market.lineage.responsibility(
                for: id, of: account.partyID, asOf: request.time("as_of"),
                recordedBy: request.time("recorded_by") ?? now()))
        let transitions = try JSONNode(await market.purchases.transitions(of: id, seenBy: account))
        var page = PortalPage(title: text("采购：", "Purchase: ") + purchase.title(text))
        page.facts = purchaseFacts(purchase, text) + [receiptFact(purchase, text)]
        page.tables = transitionTables(transitions, text)
        if let entitlement = UUID(uuidString: purchase["entitlement"]["id"].string) {
            let right = try JSONNode(
                await market.purchases.entitlement(entitlement, of: account.partyID, use: IntendedUse(), now: now()))
            let usage = try JSONNode(
                await market.metering.usage(of: entitlement, enterprise: account.partyID, cursor: nil, limit: 20))
            page.facts += entitlementFacts(right, text)
            page.tables =
                try await receiptTables(right, purchase: id.uuidString.lowercased(), account, text) + page.tables
            page.tables += [grantTable(right, text), usageTable(usage, text)]
            if right["in_force"].isTrue { page.forms = [credentialForm(id.uuidString.lowercased(), text)] }
        }
        page.tables.append(chainTable(chain, text))
        page.forms += purchaseForms(purchase, text)
        return page
    }

    func purchaseFacts(_ purchase: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        let period = purchase["from"].isNull ? "" : "\(purchase["from"].time) – \(purchase["until"].time)"
        return [
            .init(name: text("状态", "State"), value: purchaseState(purchase, text)),
            .init(name: text("理由", "Reason"), value: said(purchase["reason"].string, text)),
            .init(
                name: text("产品", "Product"), value: "\(purchase.title(text)) (\(purchase["product"].string))",
                address: "/products/\(purchase["product"].string)"),
            .init(name: text("价格（含税）", "Price with tax"), value: priceWithTax(purchase, text)),
            .init(
                name: text("不含税", "Without tax"),
                value: purchase["price"]["minor_units"].integer == 0 ? "" : purchase["price"].money),
            .init(name: text("目的", "Purpose"), value: purpose(purchase["purpose"].string, text)),
            .init(name: text("用途说明", "Used for"), value: purchase["scope"].string),
            .init(name: text("使用地", "Place of use"), value: purchase["place"].string),
            .init(name: text("使用期间", "Period of use"), value: period),
            .init(name: text("保存天数", "Kept for days"), value: purchase["retention_days"].string),
            .init(
                name: text("资质", "Qualifications"),
                value: purchase["qualifications"].list.map(\.string).joined(separator: text("、", ", "))),
            .init(name: text("申请于", "Requested"), value: purchase["requested_at"].time),
            .init(name: text("接受于", "Accepted"), value: purchase["accepted_at"].time),
            .init(name: text("取消于", "Cancelled"), value: purchase["cancelled_at"].time),
            .init(name: text("使用权至", "Entitled until"), value: purchase["entitlement"]["until"].time),
        ]
    }

    private func entitlementFacts(_ right: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        let isInForce = right["in_force"].isTrue
        return [
            .init(name: text("现在可用", "Usable now"), value: isInForce ? text("是", "yes") : text("否", "no")),
            .init(name: text("暂停理由", "Suspended for"), value: right["suspension_reason"].string),
        ]
    }

    func transitionTables(_ transitions: JSONNode, _ text: Language) -> [PortalPage.Table] {
        var tables = [
            PortalPage.Table(
                caption: text("状态变化", "What happened"),
                headers: [text("时间", "When"), text("状态", "State"), text("由", "By"), text("理由", "Reason")],
                rows: transitions["items"].list.map { item in
                    let document = item["document"].isNull ? "" : " · \(item["document"].string)"
                    return .init(cells: [
                        .init(text: item["moved_at"].time), .init(text: purchaseState(item["to"].string, nil, text)),
                        item["by"].isNull ? .init(text: text("市场，按规则", "the market, by rule")) : item["by"].party(text),
                        .init(text: said(item["reason"].string, text) + document),
                    ])
                })
        ]
        guard !transitions["decisions"].list.isEmpty else { return tables }
        tables.append(
            .init(
                caption: text("审批", "Decisions"),
                headers: [text("审批方", "Who decides"), text("决定", "Decision"), text("理由", "Reason"), text("期限", "Due")],
                rows: transitions["decisions"].list.map { item in
                    .init(cells: [
                        item["party"].party(text), .init(text: decisionWord(item, text)),
                        .init(text: item["reason"].string), .init(text: item["due_on"].string),
                    ])
                }))
        return tables
    }

    private func grantTable(_ right: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("额度", "What is left"),
            headers: [
                text("计量", "Meter"), text("额度", "Quota"), text("剩余", "Left"), text("本期至", "Until"), text("种类", "Kind"),
            ],
            rows: right["grants"].list.map { grant in
                let hard = grant["hard"].truth ?? true
                let topUp = grant["top_up"].isTrue
                return .init(cells: [
                    .init(text: meterWord(grant["meter"].string, text)), .init(text: grant["quantity"].string),
                    .init(text: grant["left"].string), .init(text: grant["until"].time),
                    .init(
                        text: (topUp ? text("追加", "top-up") : text("挂牌额度", "of the offer"))
                            + (hard ? text("，硬额度", ", hard") : text("，软额度", ", soft"))),
                ])
            }, empty: text("不限量。", "Not limited."))
    }

    private func usageTable(_ usage: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("用量", "Usage"),
            headers: [text("时间", "When"), text("计量", "Meter"), text("数量", "Quantity"), text("字节", "Bytes")],
            rows: usage["items"].list.map { event in
                .init(cells: [
                    .init(text: event["occurred_at"].time), .init(text: meterWord(event["meter"].string, text)),
                    .init(text: event["quantity"].string), .init(text: event["bytes"].string),
                ])
            }, empty: text("尚未使用。", "Not used yet."))
    }

    // MARK: Words

    func purchaseState(_ purchase: JSONNode, _ text: Language) -> String {
        purchaseState(purchase["state"].string, purchase["ended_as"].string, text)
    }

    private func purchaseState(_ state: String, _ end: String?, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "requested": "已申请", "returned": "退回补正", "approved": "已批准", "rejected": "未批准", "agreed": "已签约",
            "active": "有效", "ended": "已结束",
        ]
        let ends = ["expired": "到期", "cancelled": "取消", "terminated": "违约终止", "refunded": "退款"]
        guard let end, !end.isEmpty else { return text(names[state] ?? state, state) }
        return text("\(names[state] ?? state)（\(ends[end] ?? end)）", "\(state) (\(end))")
    }

    private func decisionWord(_ decision: JSONNode, _ text: Language) -> String {
        switch decision["decision"].string {
        case "approve": text("批准", "approved")
        case "reject": text("不批准", "rejected")
        case "return": text("退回补正", "returned")
        default: decision["open"].isTrue ? text("待定", "open") : "–"
        }
    }

    func meterWord(_ meter: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "download": ("下载", "download"), "call": ("调用", "call"), "row": ("行", "row"), "byte": ("字节", "byte"),
        ]
        return names[meter].map { text($0.0, $0.1) } ?? meter
    }

    /// Reasons that the market itself gives.
    func said(_ reason: String, _ text: Language) -> String {
        let known: KeyValuePairs = [
            "The offer was accepted.": "挂牌已被接受。", "Everyone who decides has approved.": "各审批方均已批准。",
            "The period of use has begun.": "使用期间已开始。", "The period of use has ended.": "使用期间已结束。",
            "No agreement was concluded before the period of use ended.": "使用期间结束前未成立协议。",
        ]
        return text(known[reason] ?? reason, reason)
    }
}
