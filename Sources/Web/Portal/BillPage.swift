import Foundation
import Hummingbird
import Marketplace

/// One invoice, to be read and to be printed.
extension PortalRoutes {
    func bill(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.enterprise, .operator, .administrator)
        let id = try context.id(orElse: BillingError.unknownInvoice)
        return billPage(try JSONNode(await market.billing.invoice(id, seenBy: account)), account, text)
    }

    private func billPage(_ bill: JSONNode, _ account: Account, _ text: Language) -> PortalPage {
        let number = bill["number"].isNull ? text("草稿", "draft") : bill["number"].string
        let address = "/v1/invoices/\(bill["id"].string)"
        var page = PortalPage(title: text("账单 ", "Invoice ") + number)
        page.facts = [
            .init(name: text("状态", "State"), value: billState(bill, text)),
            .init(name: text("卖方", "Seller"), value: bill["seller"].partyName(text)),
            .init(name: text("卖方代码", "Seller's code"), value: bill["seller"]["identifier"].string),
            .init(name: text("买方", "Buyer"), value: bill["buyer"].partyName(text)),
            .init(name: text("买方代码", "Buyer's code"), value: bill["buyer"]["identifier"].string),
            .init(name: text("产品", "Product"), value: bill["product"].title(text)),
            .init(name: text("计费期", "Period"), value: bill["days"].billingDays),
            .init(name: text("开具", "Issued"), value: bill["issued_at"].time),
            .init(name: text("应付日", "Due"), value: bill["due_on"].string),
            .init(name: text("不含税", "Net"), value: bill.amount("net_minor")),
            .init(name: text("增值税", "VAT"), value: bill.amount("vat_minor")),
            .init(name: text("价税合计", "Total"), value: bill.amount("gross_minor")),
            .init(name: text("贷项", "Given back"), value: bill.amount("credited_minor")),
            .init(name: text("已付", "Paid"), value: bill.amount("paid_minor")),
            .init(name: text("未付", "Open"), value: bill.amount("open_minor")),
            .init(name: text("作废缘由", "Void because"), value: bill["void_reason"].string),
            .init(
                name: text("用量明细", "The uses behind it"), value: text("下载 CSV", "CSV"), address: "\(address)/usage"),
            .init(name: text("会计用", "For accounting"), value: "UBL 2.1", address: "\(address)?format=xml"),
        ]
        page.tables = [lineTable(bill, text), usageTable(bill, text)]
        if !bill["credit_notes"].list.isEmpty { page.tables.append(creditTable(bill, text)) }
        if !bill["payments"].list.isEmpty { page.tables.append(paymentTable(bill, text)) }
        if account.role == .operator { page.forms = billForms(bill, text) }
        return page
    }

    private func lineTable(_ bill: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("明细", "Lines"),
            headers: [
                "№", text("项目", "Item"), text("数量", "Quantity"), text("单价（分）", "Unit price (1/100)"),
                text("不含税", "Net"),
                text("税率", "VAT rate"), text("税额", "VAT"), text("合计", "Gross"), text("责任链", "Chain"),
            ],
            rows: bill["lines"].list.map { line in
                .init(cells: [
                    .init(text: line["number"].string), .init(text: line.title(text)),
                    .init(text: line["quantity"].shortened),
                    .init(text: line["unit_price_minor"].shortened),
                    .init(text: line.amount("net_minor", in: bill["currency"])),
                    .init(
                        text: line["vat_rate"].number.map {
                            $0.formatted(.percent.locale(Locale(identifier: "en")))
                        } ?? ""),
                    .init(text: line.amount("vat_minor", in: bill["currency"])),
                    .init(text: line.amount("gross_minor", in: bill["currency"])),
                    .init(
                        text: text("查看", "Show"),
                        address: "/v1/invoices/\(bill["id"].string)/lines/\(line["number"].string)/responsibility"),
                ])
            })
    }

    private func usageTable(_ bill: JSONNode, _ text: Language) -> PortalPage.Table {
        var seen: Set<String> = []
        let sets = bill["lines"].list.flatMap { $0["usage"].list }.filter {
            seen.insert("\($0["period"].string) \($0["meter"].string)").inserted
        }
        return .init(
            caption: text("所计用量", "The usage counted"),
            headers: [
                text("计费期", "Period"), text("计量", "Meter"), text("次数", "Events"), text("数量", "Quantity"),
                text("首次", "First"),
                text("末次", "Last"), "SHA-256",
            ],
            rows: sets.map { usage in
                .init(cells: [
                    .init(text: usage["period"].string), .init(text: usage["meter"].string),
                    .init(text: usage["events"].string), .init(text: usage["quantity"].shortened),
                    .init(text: usage["first"]["occurred_at"].time), .init(text: usage["last"]["occurred_at"].time),
                    .init(text: usage["sha256"].string),
                ])
            }, empty: text("此账单不计用量。", "This invoice counts no usage."))
    }

    private func creditTable(_ bill: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("贷项", "Credit notes"),
            headers: [
                text("编号", "Number"), text("行", "Line"), text("金额", "Amount"), text("应退", "To be refunded"),
                text("缘由", "Reason"),
                text("开具", "Issued"),
            ],
            rows: bill["credit_notes"].list.map { note in
                .init(cells: [
                    .init(text: note["number"].string), .init(text: note["line"].string),
                    .init(text: note.amount("gross_minor", in: bill["currency"])),
                    .init(text: note.amount("refund_minor", in: bill["currency"])),
                    .init(text: note["reason"].string), .init(text: note["issued_at"].time),
                ])
            })
    }

    private func paymentTable(_ bill: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("付款", "Payments"),
            headers: [text("日期", "Day"), text("金额", "Amount"), text("付款人", "Payer"), text("附言", "Reference")],
            rows: bill["payments"].list.map { payment in
                .init(cells: [
                    .init(text: payment["booked_on"].string),
                    .init(text: payment.amount("amount_minor", in: bill["currency"])),
                    .init(text: payment["payer"].string), .init(text: payment["reference"].string),
                ])
            })
    }

    private func billForms(_ bill: JSONNode, _ text: Language) -> [PortalPage.Form] {
        let address = "/bills/\(bill["id"].string)"
        switch bill["state"].string {
        case "draft":
            return [
                .init(title: text("开具", "Issue"), action: "\(address)/issue", button: text("开具账单", "Issue the invoice"))
            ]
        case "issued", "paid":
            return [
                .init(
                    title: text("开具贷项", "Give back"), action: "\(address)/credit-notes",
                    button: text("开具", "Issue a credit note"),
                    about: text(
                        "金额含税；留空为全部余额。已付部分将退款。",
                        "Amount with tax; all that is left when empty. What was paid is refunded."),
                    hidden: [.init(name: "key", value: UUID().uuidString)],
                    fields: [
                        .init(
                            id: "amount", name: "amount_minor", label: text("金额（分）", "Amount in 1/100"), type: "number"),
                        .init(id: "reason", name: "reason", label: text("缘由", "Reason")),
                    ])
            ]
        default: return []
        }
    }

    func creditBill(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let id = try context.id(orElse: BillingError.unknownInvoice)
        let form = try await FormFields(request)
        do {
            let amount = try form.filled("amount_minor").map { written in
                guard let amount = Int64(written) else {
                    throw InvalidInput("amount_minor", "'\(written)' is no whole number.")
                }
                return amount
            }
            let wanted = try CreditRequest(line: nil, amount: amount, reason: form.required("reason"))
            _ = try await market.billing.credit(
                id, wanted, by: account, key: IdempotencyKey(form["key"]),
                body: Array("\(amount ?? 0)\n\(wanted.reason)".utf8), now: now())
            return redirect(to: "/bills/\(id.uuidString.lowercased())")
        } catch let refusal as any MarketplaceError {
            var page = try await bill(request, context)
            page.address = "/bills/\(id.uuidString.lowercased())"
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }
}

extension JSONNode {
    /// A number with at most six places after the point.
    fileprivate var shortened: String {
        number.map { $0.formatted(.number.precision(.fractionLength(0...6)).locale(Locale(identifier: "en"))) } ?? ""
    }
}
