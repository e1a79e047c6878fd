import Foundation
import Hummingbird
import Marketplace

/// Receipts as pages to print: what was agreed, who answered for it, and the hashes and signatures that prove it.
extension PortalRoutes {
    func addReceiptPages(to router: Router<MarketContext>) {
        page(router, "/purchases/:id/receipt") { request, context in
            let account = try context.requireAccount(.enterprise, .operator)
            let id = try context.id(orElse: ReceiptError.unknownPurchase)
            let receipt = try JSONNode(
                await market.receipts.receipt(ofPurchase: id, for: account.partyID, now: now()))
            let all = try JSONNode(
                await market.receipts.receipts(
                    of: id, for: account.partyID, cursor: request.query("cursor"), limit: nil, now: now()))
            var page = try await receiptPage(receipt, of: account, Language(request))
            page.tables.append(receiptTable(all, Language(request)))
            page.next = next(all, "/purchases/\(id.uuidString.lowercased())/receipt", nil, Language(request))
            return page
        }
        page(router, "/receipts/:id") { request, context in
            let account = try context.requireAccount(.enterprise, .operator)
            let receipt = try JSONNode(
                await market.receipts.receipt(context.code("id"), for: account.partyID, now: now()))
            return try await receiptPage(receipt, of: account, Language(request))
        }
    }

    /// What leads from a purchase to its receipt; empty while there is no agreement.
    func receiptFact(_ purchase: JSONNode, _ text: Language) -> PortalPage.Fact {
        .init(
            name: text("凭证", "Receipt"),
            value: purchase["accepted_at"].isNull ? "" : text("采购凭证（可打印）", "Receipt of the purchase, to print"),
            address: "/purchases/\(purchase["id"].string)/receipt")
    }

    private func receiptPage(_ receipt: JSONNode, of account: Account, _ text: Language) async throws -> PortalPage {
        let record = receipt["record"]
        let title = text("凭证", "Receipt")
        var page = PortalPage(title: "\(title) · \(eventWord(record["type"].string, text))")
        page.lead = text(
            "本凭证由市场签名并载入只增不改的日志，可离线验证：datamarket verify receipt，或 script/verify_receipt.py。",
            "Signed by the market and part of its append-only log. It verifies offline: datamarket verify receipt, "
                + "or script/verify_receipt.py.")
        var agreement = JSONNode.absent
        if let id = UUID(uuidString: record["purchase"].string), !record["agreement"].isNull {
            agreement = try JSONNode(await market.receipts.agreement(of: id, for: account.partyID, now: now()))
        }
        page.facts = facts(of: record, agreement, text)
        page.tables = agreementTables(agreement, record, text) + [proofTable(receipt, text)]
        return page
    }

    private func facts(of record: JSONNode, _ agreement: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        let (listing, terms) = (agreement["listing"], agreement["terms"])
        let id = record["purchase"].string
        let name = { (party: JSONNode) in party.isNull ? "" : party.party(text).text }
        return [
            .init(name: text("采购方", "Buyer"), value: name(agreement["buyer"])),
            .init(name: text("销售方", "Seller"), value: name(agreement["seller"])),
            .init(
                name: text("产品", "Product"),
                value: listing.isNull ? "" : "\(listing.title(text)) (\(listing["code"].string))"),
            .init(name: text("价格（不含税）", "Price without tax"), value: terms.isNull ? "" : agreedPrice(terms, text)),
            .init(name: text("价格（含税）", "Price with tax"), value: agreedPrice(terms, withTax: true, text)),
            .init(name: text("目的", "Purpose"), value: terms.isNull ? "" : purpose(terms["purpose"].string, text)),
            .init(
                name: text("使用期限", "Term"),
                value: terms.isNull ? "" : "\(terms["since"].time) – \(terms["until"].time)"),
            .init(name: text("发生于", "Occurred"), value: record["occurred_at"].time),
        ] + facts(of: record["data"], text) + [
            .init(name: text("采购编号", "Purchase"), value: id),
            .init(
                name: text("凭证文件", "Receipt as a file"), value: "JSON",
                address: "/v1/receipts/\(record["event"].string)"),
            .init(
                name: text("协议文件", "Agreement as a file"), value: agreement.isNull ? "" : "JSON",
                address: "/v1/purchases/\(id)/agreement"),
        ]
    }

    /// What an event says of itself: the content that was delivered, the invoice that was issued.
    private func facts(of data: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        let known = [
            ("number", text("编号", "Number")), ("revision", text("产品版本", "Revision")), ("bytes", text("字节", "Bytes")),
            ("sha256", text("内容 SHA-256", "SHA-256 of the content")), ("due_on", text("应付日", "Due")),
            ("reason", text("原因", "Reason")),
        ]
        let amounts = [("net_minor", text("净额", "Net")), ("vat_minor", text("增值税", "VAT"))].filter {
            !data[$0.0].isNull
        }
        return known.map {
            .init(name: $0.1, value: $0.0 == "reason" ? said(data["reason"].string, text) : data[$0.0].string)
        }
            + amounts.map { name, word in
                .init(name: word, value: data.amount(name))
            }
    }

    /// The fixed part that was agreed; with its tax by the agreed rate, rounded as invoices round. Empty for tax on nothing.
    private func agreedPrice(_ terms: JSONNode, withTax: Bool = false, _ text: Language) -> String {
        let (offer, price) = (terms["offer"], terms["price"])
        let rate = withTax ? Decimal(string: price["vat_rate"].string) : 0
        guard let rate, !withTax || price["minor_units"].integer > 0 else { return "" }
        var (exact, tax) = (Decimal(price["minor_units"].integer) * rate, Decimal())
        NSDecimalRound(&tax, &exact, 0, .plain)
        let units = price["minor_units"].integer + NSDecimalNumber(decimal: tax).intValue
        let money = JSONNode.money(units, price["currency"].string)
        return fixedPrice(offer, money, text, limits: false)
    }

    private func agreementTables(_ agreement: JSONNode, _ record: JSONNode, _ text: Language) -> [PortalPage.Table] {
        guard !agreement.isNull else { return [] }
        return [
            .init(
                caption: text("约定的使用条件", "Conditions that were agreed"),
                headers: [text("条件", "Condition"), text("内容", "Value"), text("依据", "Basis")],
                rows: agreement["terms"]["conditions"].list.map { condition in
                    .init(cells: [
                        .init(text: conditionKind(condition["kind"].string, text)),
                        .init(text: conditionValue(condition, "value", text)), .init(text: condition["basis"].string),
                    ])
                }),
            .init(
                caption: text("目录条目版本", "Directory entry versions"),
                headers: [text("条目", "Entry"), text("版本", "Version"), "SHA-256"],
                rows: agreement["directory_entries"].list.map { entry in
                    .init(cells: [
                        .init(text: entry["title"].string, address: "/directory/\(entry["code"].string)"),
                        .init(text: entry["version"].string), .init(text: entry["sha256"].string),
                    ])
                }),
            chainTable(agreement["responsibility"].list, asOf: agreement["accepted_at"], text),
            hashTable(record["agreement"], text),
        ]
    }

    private func hashTable(_ hashes: JSONNode, _ text: Language) -> PortalPage.Table {
        let parts = [
            ("sha256", text("协议", "Agreement")), ("listing", text("挂牌内容", "Listing")), ("terms", text("条款", "Terms")),
            ("responsibility", text("责任主体", "Responsible parties")),
        ]
        return .init(
            caption: text("摘要", "Hashes"), headers: [text("内容", "Of"), "SHA-256"],
            rows: parts.map { .init(cells: [.init(text: $0.1), .init(text: hashes[$0.0].string)]) })
    }

    private func proofTable(_ receipt: JSONNode, _ text: Language) -> PortalPage.Table {
        let (head, inclusion) = (receipt["head"], receipt["inclusion"])
        let rows = [
            (text("日志位置", "Leaf of the log"), inclusion["position"].string),
            (text("日志规模", "Leaves"), head["size"].string), (text("树根", "Root"), head["root"].string),
            (text("前一签名头", "Head before"), head["previous"].string), (text("签名时间", "Signed"), head["time"].time),
        ]
        let signatures = head["signatures"].list.map { signature in
            (
                text("签名 ", "Signature ") + signature["algorithm"].string,
                "\(signature["value"].string) · \(text("密钥 ", "key "))\(signature["key"].string.prefix(16))…"
            )
        }
        return .init(
            caption: text("证明", "Proof"), headers: [text("项目", "What"), text("值", "Value")],
            rows: (rows + signatures).filter { !$0.1.isEmpty }.map { row in
                .init(cells: [.init(text: row.0), .init(text: row.1)])
            })
    }

    private func receiptTable(_ receipts: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("本采购的全部凭证", "All receipts of this purchase"),
            headers: [text("发生于", "Occurred"), text("事项", "What"), text("日志位置", "Leaf of the log")],
            rows: receipts["items"].list.map { item in
                .init(cells: [
                    .init(text: item["occurred_at"].time),
                    .init(text: eventWord(item["type"].string, text), address: "/receipts/\(item["id"].string)"),
                    .init(text: item["position"].string),
                ])
            })
    }

    private func eventWord(_ type: String, _ text: Language) -> String {
        switch type {
        case "purchase.requested": text("采购申请", "purchase requested")
        case "purchase.approved": text("采购批准", "purchase approved")
        case "purchase.agreed": text("协议达成", "purchase agreed")
        case "purchase.active": text("采购生效", "purchase in force")
        case "purchase.ended": text("采购终止", "purchase ended")
        case "delivery.completed": text("交付完成", "delivery completed")
        case "invoice.issued": text("账单开具", "invoice issued")
        case "invoice.paid": text("账单付清", "invoice paid")
        case "creditnote.issued": text("贷项开具", "credit note issued")
        default: type
        }
    }
}
