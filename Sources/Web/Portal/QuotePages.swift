import Foundation
import Hummingbird
import Marketplace

/// What a use of a product would cost, asked on its page; nothing is recorded.
extension PortalRoutes {
    func addQuotePages(to router: Router<MarketContext>) {
        router.post("/products/:code/quote") { try await quote($0, $1) }
    }

    /// A field for each meter that an offer of the product prices.
    func quoteForm(for product: JSONNode, _ text: Language) -> PortalPage.Form? {
        let offers = product["offers"].list.filter { $0["kind"].string != "free" }
        guard !offers.isEmpty else { return nil }
        var meters: [(code: String, title: String)] = []
        for usage in offers.flatMap({ $0["usage"].list })
        where !meters.contains(where: { $0.code == usage["meter"].string }) {
            meters.append((usage["meter"].string, usage.title(text)))
        }
        return .init(
            title: text("费用测算", "What would it cost?"), action: "/products/\(product["code"].string)/quote",
            button: text("测算", "Work it out"),
            about: text("按与账单相同的规则逐项计算，不产生订单。", "Line by line, by the rules of the invoices; nothing is ordered."),
            fields: [
                .init(
                    id: "quote-offer", name: "offer", label: text("挂牌", "Offer"),
                    choices: offers.map {
                        .init(value: $0["code"].string, text: "\($0.title(text)) (\($0["code"].string))")
                    }),
                .init(
                    id: "quote-periods", name: "periods", label: text("计费期数", "Billing periods"), type: "number",
                    value: "1"),
            ]
                + meters.map {
                    .init(
                        id: "quote-\($0.code)", name: "meter-\($0.code)",
                        label: text("每期用量：\($0.title)", "Use in each period: \($0.title)"))
                }, isFolded: true)
    }

    private func quote(_ request: Request, _ context: MarketContext) async throws -> Response {
        let text = Language(request)
        let form = try await FormFields(request)
        var page = try await product(context: context, text)
        page.address = "/products/\(try context.code())"
        do {
            let enterprise = context.account.flatMap { $0.role == .enterprise ? $0.partyID : nil }
            let quote = try await market.catalog.quote(
                form.required("offer"), quoteRequest(form), for: enterprise, now: now())
            page.tables.insert(quoteTable(try JSONNode(quote), text), at: 0)
            (page.notice, page.answered) = (nil, nil)
            return renderer.response(page, request, context)
        } catch let refusal as any MarketplaceError {
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }

    private func quoteRequest(_ form: FormFields) throws -> QuoteRequest {
        var usage: [String: Decimal] = [:]
        for name in form.all.keys where name.hasPrefix("meter-") {
            guard let typed = form.filled(name) else { continue }
            usage[String(name.dropFirst(6))] = try number(typed, name)
        }
        let periods = try form.filled("periods").map { typed in
            guard let periods = Int(typed) else { throw InvalidInput("periods", "This is not a whole number.") }
            return periods
        }
        return QuoteRequest(periods: periods, usage: .each(usage))
    }

    private func number(_ typed: String, _ field: String) throws -> Decimal {
        guard typed.wholeMatch(of: /[0-9]{1,15}(\.[0-9]{1,15})?/) != nil, let number = Decimal(string: typed) else {
            throw InvalidInput(field, "This is not a number such as 12.5, 0 or above.")
        }
        return number
    }
}
