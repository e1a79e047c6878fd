import Foundation
import Marketplace

/// What offers cost, as tables: prices without and with tax, tiers, quotas, trial, validity, places, ceilings and quotes.
extension PortalRoutes {
    func offerTable(_ offers: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("挂牌", "Offers"),
            headers: [
                text("挂牌", "Offer"), text("价格（不含税）", "Price without tax"), text("含税", "With tax"),
                text("用量价格（不含税）", "Price of use, without tax"), text("配额与试用", "Quotas and trial"),
                text("期限与余量", "Term and places"), text("允许的目的", "Purposes allowed"),
            ],
            rows: offers.list.map { offer in
                .init(cells: [
                    .init(text: "\(offer.title(text)) (\(offer["code"].string))"),
                    .init(text: planPrice(offer, text)),
                    .init(text: priceWithTax(offer, text)),
                    .init(text: offer["usage"].list.map { usagePrice($0, of: offer, text) }.joined(separator: " ")),
                    .init(text: quotas(of: offer, text)), .init(text: validity(of: offer, text)),
                    .init(
                        text: offer["purposes"].list.map { purpose($0.string, text) }.joined(separator: text("、", ", "))
                    ),
                ])
            }, empty: text("目前没有挂牌。", "Nothing is on offer now."))
    }

    /// What an offer costs besides its use; one that costs by use alone says so, instead of a price of 0.
    func planPrice(_ offer: JSONNode, _ text: Language) -> String { fixedPrice(offer, offer["price"].money, text) }

    /// The fixed part with its tax, of an offer or of a purchase.
    func priceWithTax(_ offer: JSONNode, _ text: Language) -> String {
        fixedPrice(offer, offer["price_with_tax"].money, text, limits: false)
    }

    /// What the buyer pays besides use: with tax, and in brackets without it.
    func priceToPay(_ offer: JSONNode, _ text: Language) -> String {
        guard !["metered", "free"].contains(offer["kind"].string) else { return planPrice(offer, text) }
        let whole = priceWithTax(offer, text)
        return text(
            "\(whole)（不含税 \(offer["price"].money)）", "\(whole) with tax (\(offer["price"].money) without)")
    }

    /// - Parameter offer: of it kind, billing period and limits count.
    func fixedPrice(_ offer: JSONNode, _ price: String, _ text: Language, limits: Bool = true) -> String {
        let period = periodWord(offer["billing_period"].string, text)
        if offer["kind"].string == "free" { return text("免费", "free") }
        var parts = [
            offer["kind"].string == "metered"
                ? text("按用量", "by use") : period.isEmpty ? price : text("\(period) \(price)", "\(price) a \(period)")
        ]
        if limits, !offer["minimum"].isNull {
            parts.append(text("每期最低 ", "at least ") + offer["minimum"].money)
        }
        if limits, !offer["maximum"].isNull {
            parts.append(text("每期最高 ", "at most ") + offer["maximum"].money)
        }
        return parts.joined(separator: text("；", "; "))
    }

    private func usagePrice(_ usage: JSONNode, of offer: JSONNode, _ text: Language) -> String {
        let modes = [
            "per_unit": ("按单位", "per unit"), "graduated": ("分档累进", "graduated"), "volume": ("按总量定档", "by volume"),
            "package": ("按包", "by package"),
        ]
        let mode = modes[usage["mode"].string] ?? ("", usage["mode"].string)
        let size = usage["package_size"]
        let unit = size.isNull ? "" : text("每 \(size.string) ", "for \(size.string) ")
        let currency = offer["price"]["currency"].string
        let tiers = usage["tiers"].list.map { tier in
            let from =
                tier["above"].integer == 0 ? "" : text("超过 \(tier["above"].string)：", "above \(tier["above"].string): ")
            let entry = tier["flat_minor"].integer
            return from + unit + unitPrice(tier["unit_price"], currency)
                + (entry == 0 ? "" : text("，另加 ", " and once ") + JSONNode.money(entry, currency))
        }
        return text("\(usage.title(text))（\(mode.0)）：", "\(usage.title(text)) (\(mode.1)): ")
            + tiers.joined(separator: text("；", "; ")) + text("。", ".")
    }

    private func quotas(of offer: JSONNode, _ text: Language) -> String {
        var parts: [String] = []
        if offer["trial_days"].integer > 0 {
            parts.append(text("试用 \(offer["trial_days"].string) 天", "\(offer["trial_days"].string) days of trial"))
        }
        parts += offer["quotas"].list.map { quota in
            let period = periodWord(quota["period"].string, text)
            let isTrial = quota["trial"].isTrue
            let isHard = quota["hard"].truth ?? true
            let over = quota["carry_over"].string
            return (isTrial ? text("试用期 ", "in the trial ") : "") + "\(quota.title(text)) \(quota["quantity"].string)"
                + (period.isEmpty ? "" : text("（\(period)）", " a \(period)"))
                + (isHard ? "" : text("，超出只提示", ", more is let through"))
                + (over.isEmpty || over == "0" ? "" : text("，结转至多 \(over)", ", up to \(over) carried over"))
        }
        return parts.joined(separator: text("；", "; "))
    }

    private func validity(of offer: JSONNode, _ text: Language) -> String {
        var parts = [text("\(offer["term_days"].string) 天", "\(offer["term_days"].string) days")]
        if !offer["offered_until"].isNull {
            parts.append(
                text("\(offer["offered_until"].time) 前可接受", "to be accepted before \(offer["offered_until"].time)"))
        }
        if !offer["places"].isNull {
            let places = offer["places"]
            parts.append(
                text(
                    "余 \(places["left"].string) / \(places["all"].string)",
                    "\(places["left"].string) of \(places["all"].string) places left"))
        }
        return parts.joined(separator: text("；", "; "))
    }

    func ceilingTable(_ ceilings: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("政府指导价最高限价", "Ceilings of guided prices"),
            headers: [
                text("单位", "For"), text("限价（不含税）", "Ceiling without tax"), text("批准文号", "Approval"),
                text("定价机关", "Authority"), text("有效期", "Valid"),
            ],
            rows: ceilings["items"].list.map { ceiling in
                let isTrial = ceiling["is_trial"].isTrue
                return .init(cells: [
                    .init(text: text(ceiling["unit_zh"].string, ceiling["unit_en"].string)),
                    .init(
                        text: unitPrice(ceiling["ceiling_minor"], ceiling["currency"].string)
                            + (isTrial ? text("（试行价）", " (trial price)") : "")),
                    .init(text: ceiling["approval"].string),
                    .init(
                        text: text(ceiling["authority_zh"].string, ceiling["authority_en"].string),
                        address: "/parties/\(ceiling["authority"].string)"),
                    .init(text: "\(ceiling["since"].string) – \(ceiling["until"].string)"),
                ])
            }, empty: text("没有记录最高限价。", "No ceiling is recorded."), isFolded: true)
    }

    func quoteTable(_ quote: JSONNode, _ text: Language) -> PortalPage.Table {
        let currency = quote["currency"].string
        let row = { (name: String, of: JSONNode, quantity: String, price: String) in
            PortalPage.Table.Row(
                cells: [name, quantity, price].map { .init(text: $0) }
                    + ["net_minor", "vat_minor", "gross_minor"].map {
                        .init(text: JSONNode.money(of[$0].integer, currency))
                    })
        }
        let lines = quote["periods"].list.flatMap { period in
            period["lines"].list.map { line in
                row(
                    text("第 \(period["number"].string) 期 · ", "\(period["number"].string) · ") + line.title(text), line,
                    line["quantity"].string, unitPrice(line["unit_price"], currency))
            }
        }
        return .init(
            caption: text("费用测算：", "Quote: ") + quote["offer"].string,
            headers: [
                text("项目", "Item"), text("数量", "Quantity"), text("单价", "Unit price"), text("不含税", "Without tax"),
                text("增值税", "VAT"), text("含税", "With tax"),
            ], rows: lines + [row(text("合计", "Total"), quote, "", "")])
    }

    /// A price in minor units with fractions, such as ¥33.33333333.
    private func unitPrice(_ minor: JSONNode, _ currency: String) -> String {
        guard let units = Decimal(string: minor.string) else { return "" }
        if let whole = Int("\(units)") { return JSONNode.money(whole, currency) }
        return "\(units < 0 ? "−" : "")\(currency == "CNY" ? "¥" : currency + " ")\(abs(units) / 100)"
    }

    private func periodWord(_ period: String, _ text: Language) -> String {
        switch period {
        case "day": text("每日", "day")
        case "month": text("每月", "month")
        case "quarter": text("每季度", "quarter")
        case "year": text("每年", "year")
        default: ""
        }
    }
}
