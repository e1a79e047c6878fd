import Foundation
import Hummingbird
import Marketplace

/// What an operator invoiced and received.
extension PortalRoutes {
    func income(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.operator)
        let found = try JSONNode(
            await market.billing.invoices(
                seenBy: account, state: nil, cursor: request.query("cursor"), limit: nil))
        let sums = try JSONNode(await market.billing.income(of: account.partyID, now: now()))
        var page = PortalPage(title: text("收入", "Income"))
        page.facts = sums["currencies"].list.flatMap { sum -> [PortalPage.Fact] in
            [
                .init(name: text("账单", "Invoices"), value: sum["invoices"].string),
                .init(name: text("不含税", "Net"), value: sum.amount("net_minor")),
                .init(name: text("增值税", "VAT"), value: sum.amount("vat_minor")),
                .init(name: text("贷项", "Given back"), value: sum.amount("credited_minor")),
                .init(name: text("已收", "Received"), value: sum.amount("paid_minor")),
                .init(name: text("未收", "Open"), value: sum.amount("open_minor")),
                .init(name: text("其中逾期", "Of it overdue"), value: sum.amount("overdue_minor")),
            ]
        }
        page.tables = [billTable(found, caption: text("开出的账单", "Invoices"), isBuyer: false, text)]
        page.next = next(found, "/income", nil, text)
        let open = try await openPayments(of: account)
        page.tables.append(openTable(open, text))
        page.forms =
            open.map { matchForm($0, text) } + [
                .init(
                    title: text("导入银行对账单", "Record a bank statement"), action: "/income/statements",
                    button: text("导入", "Record"),
                    about: text(
                        "CSV，列为 date, amount, currency, payer, reference；附言含 INV-编号的自动核销，重复导入不会重复入账。",
                        "CSV with the columns date, amount, currency, payer, reference. What names INV-… is matched; the same file again changes nothing."
                    ), fields: [.init(id: "file", name: "file", label: text("文件", "File"), type: "file")],
                    isUpload: true)
            ]
        return page
    }

    /// Money that is not wholly used yet, the newest twenty of each kind.
    private func openPayments(of account: Account) async throws -> [JSONNode] {
        let unmatched = try JSONNode(
            await market.billing.payments(seenBy: account, state: "unmatched", cursor: nil, limit: 20))
        let over = try JSONNode(await market.billing.payments(seenBy: account, state: "over", cursor: nil, limit: 20))
        return unmatched["items"].list + over["items"].list
    }

    private func openTable(_ payments: [JSONNode], _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("待认领的款项", "Money that belongs to no invoice yet"),
            headers: [
                text("日期", "Day"), text("金额", "Amount"), text("未核销", "Not matched"), text("付款人", "Payer"),
                text("附言", "Reference"),
            ],
            rows: payments.map { payment in
                .init(cells: [
                    .init(text: payment["booked_on"].string), .init(text: payment.amount("amount_minor")),
                    .init(text: payment.amount("open_minor")), .init(text: payment["payer"].string),
                    .init(text: payment["reference"].string),
                ])
            }, empty: text("没有。", "None."))
    }

    private func matchForm(_ payment: JSONNode, _ text: Language) -> PortalPage.Form {
        let id = payment["id"].string
        return .init(
            title: text("核销 ", "Match ") + payment.amount("open_minor") + " · " + payment["payer"].string,
            action: "/income/payments/\(id)/match", button: text("核销", "Match"),
            fields: [.init(id: "number-\(id)", name: "number", label: text("账单或贷项编号", "Invoice or credit note"))])
    }

    func recordStatement(_ request: Request, _ context: MarketContext) async throws -> Response {
        let text = Language(request)
        let account = try context.requireAccount(.operator)
        let form = try await UploadForm(request, limit: 4 << 20)
        do {
            let report = try await market.billing.record(
                BankStatement(CSVTable(form.bytes), now: now()), of: account.partyID, now: now())
            var page = try await income(request, context)
            page.address = "/income"
            page.notice =
                ([
                    text(
                        "新入账 \(report.recorded) 笔，已有 \(report.known) 笔，核销 \(report.matched) 笔。",
                        "Recorded \(report.recorded), known before \(report.known), matched \(report.matched).")
                ] + report.problems.map { "\($0.field): \($0.reason)" }).joined(separator: "\n")
            return renderer.response(page, request, context)
        } catch let refusal as any MarketplaceError {
            var page = try await income(request, context)
            page.address = "/income"
            return try await refused(page, refusal, sent: [:], request, context)
        }
    }

    func matchPayment(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let id = try context.id(orElse: BillingError.unknownPayment)
        let form = try await FormFields(request)
        do {
            try await market.billing.match(id, with: form.required("number"), by: account, now: now())
            return redirect(to: "/income")
        } catch let refusal as any MarketplaceError {
            var page = try await income(request, context)
            page.address = "/income"
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }
}
