import Foundation
import Hummingbird
import Marketplace

/// Bills of a buyer, income of an operator, and the ledger of the administration.
extension PortalRoutes {
    func addBillingPages(to router: Router<MarketContext>) {
        page(router, "/bills") { try await bills($0, $1) }
        page(router, "/bills/:id") { try await bill($0, $1) }
        page(router, "/income") { try await income($0, $1) }
        page(router, "/ledger") { try await ledger($0, $1) }
        router.post("/bills/:id/credit-notes") { try await creditBill($0, $1) }
        router.post("/bills/:id/issue") { request, context in
            let account = try context.requireAccount(.operator)
            let id = try context.id(orElse: BillingError.unknownInvoice)
            _ = try await market.billing.issue(id, by: account, now: now())
            return redirect(to: "/bills/\(id.uuidString.lowercased())")
        }
        router.post("/income/statements") { try await recordStatement($0, $1) }
        router.post("/income/payments/:id/match") { try await matchPayment($0, $1) }
    }

    private func bills(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.enterprise)
        let found = try JSONNode(
            await market.billing.invoices(
                seenBy: account, state: nil, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("账单", "Bills"))
        page.lead = text(
            "每个计费期结束后开具；明细可追溯到每一次使用。",
            "Made when a billing period has passed; each line leads to the uses behind it.")
        page.tables = [billTable(found, caption: account.name(text), isBuyer: true, text)]
        page.next = next(found, "/bills", nil, text)
        return page
    }

    /// - Parameter isBuyer: whether the other side is the seller.
    func billTable(_ found: JSONNode, caption: String, isBuyer: Bool, _ text: Language) -> PortalPage.Table {
        .init(
            caption: caption,
            headers: [
                text("编号", "Number"), text("产品", "Product"), isBuyer ? text("卖方", "Seller") : text("买方", "Buyer"),
                text("计费期", "Period"), text("价税合计", "Total"), text("未付", "Open"), text("应付日", "Due"),
                text("状态", "State"),
            ],
            rows: found["items"].list.map { item in
                .init(cells: [
                    .init(
                        text: item["number"].isNull ? text("草稿", "draft") : item["number"].string,
                        address: "/bills/\(item["id"].string)"),
                    .init(text: item["product"].title(text)),
                    .init(text: item[isBuyer ? "seller" : "buyer"].partyName(text)),
                    .init(text: item["days"].billingDays), .init(text: item.amount("gross_minor")),
                    .init(text: item.amount("open_minor")), .init(text: item["due_on"].string),
                    .init(text: billState(item, text)),
                ])
            }, empty: text("还没有账单。", "No bills yet."))
    }

    func billState(_ bill: JSONNode, _ text: Language) -> String {
        switch bill["state"].string {
        case "draft": return text("草稿", "draft")
        case "paid": return text("已付清", "paid")
        case "void": return text("已作废", "void")
        default:
            let isPartly = bill["paid_minor"].integer > 0
            let isOverdue = bill["due_on"].string < Billing.legalDay(now())
            return (isPartly ? text("部分已付", "partly paid") : text("待付", "to be paid"))
                + (isOverdue ? text("，⚠ 已逾期", ", ⚠ overdue") : "")
        }
    }

    private func ledger(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.administrator)
        let code = try request.query("party")
        let party: UUID? = if let code { try await market.parties.id(of: code) } else { nil }
        let found = try JSONNode(await market.billing.ledger(of: party, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("总账余额", "Balances of the ledger"))
        page.lead = text(
            "借方减贷方；每笔分录自身平衡，各币种合计为零。分录不能修改或删除。",
            "Debits less credits. Each posting balances by itself, so each currency sums to zero; none can be changed or deleted."
        )
        page.facts = found["sums"].list.map {
            .init(name: text("合计 ", "Sum ") + $0["currency"].string, value: $0.amount("sum_minor"))
        }
        page.tables = [
            .init(
                caption: code ?? text("全部账本", "All ledgers"),
                headers: [text("科目", "Account"), text("主体", "Party"), text("币种", "Currency"), text("余额", "Balance")],
                rows: found["accounts"].list.map { item in
                    .init(cells: [
                        .init(text: item.title(text)),
                        .init(
                            text: item["party_name"].string,
                            address: item["party"].isNull ? nil : "/parties/\(item["party"].string)"),
                        .init(text: item["currency"].string), .init(text: item.amount("balance_minor")),
                    ])
                }, empty: text("账本为空。", "The ledger is empty."))
        ]
        if code != nil { page.tables.append(postingTable(found, text)) }
        page.next = next(found, "/ledger", nil, text)
        page.forms = [
            .init(
                title: text("查看一个主体的账本", "One party's ledger"), action: "/ledger", button: text("查看", "Show"),
                method: "get",
                fields: [.init(id: "party", name: "party", label: text("主体代码", "Party code"), value: code ?? "")])
        ]
        return page
    }

    private func postingTable(_ found: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("分录", "Postings"),
            headers: [
                "№", text("借", "Debit"), text("贷", "Credit"), text("金额", "Amount"), text("缘由", "Cause"),
                text("时间", "Time"),
            ],
            rows: found["items"].list.map { item in
                .init(cells: [
                    .init(text: item["number"].string), .init(text: item["debit"].string),
                    .init(text: item["credit"].string), .init(text: item.amount("amount_minor")),
                    .init(text: item["cause"].string), .init(text: item["posted_at"].time),
                ])
            })
    }
}

extension JSONNode {
    /// `¥127.20` of a member that holds minor units of this document's currency, with its sign.
    func amount(_ member: String) -> String { amount(member, in: self["currency"]) }

    /// The same of a part of a document, which does not say the currency itself.
    func amount(_ member: String, in currency: JSONNode) -> String {
        Self.money(self[member].integer, currency.string)
    }

    /// `2026-01-10 – 2026-02-09` of a period's days.
    var billingDays: String {
        "\(self["since"].string) – \(Billing.day(before: self["before"].string))"
    }

    /// A party's name in the reader's language, with its mark when it is synthetic.
    func partyName(_ text: Language) -> String { party(text).text }
}
