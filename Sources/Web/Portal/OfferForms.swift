import Foundation
import Hummingbird
import Marketplace

/// Where an operator makes and withdraws the offers of a product.
extension PortalRoutes {
    private static let purposes = [
        "research", "public_service", "product_development", "risk_assessment", "operations", "model_training",
    ]

    func ownOffers(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.operator)
        let product = try JSONNode(await market.catalog.ownOffers(of: context.code(), party: account.partyID))
        let code = product["code"].string
        var page = PortalPage(title: text("挂牌：", "Offers of ") + product.title(text))
        page.facts = [
            .init(
                name: text("产品", "Product"), value: code,
                address: product["is_listed"].isTrue ? "/products/\(code)" : nil),
            .init(name: text("全部", "All"), value: text("我的产品", "My products"), address: "/operator"),
        ]
        page.tables = [ownOfferTable(product, text)]
        let next = try await market.uploads.next(of: code, by: account.partyID)
        page.forms = [
            revisionForm(product, next: next, text),
            offerForm(code, product["offers"].list.map { $0["code"].string }, text),
        ]
        return page
    }

    private func ownOfferTable(_ product: JSONNode, _ text: Language) -> PortalPage.Table {
        let code = product["code"].string
        return .init(
            caption: text("现有挂牌", "Offers that stand"),
            headers: [
                text("挂牌", "Offer"), text("价格（不含税）", "Price without tax"), text("允许的目的", "Purposes allowed"),
                text("待审核的条件", "Conditions to be decided"), text("操作", "Action"),
            ],
            rows: product["offers"].list.map { offer in
                let purposes = offer["purposes"].list.map { purpose($0.string, text) }
                return .init(cells: [
                    .init(text: "\(offer.title(text)) (\(offer["code"].string))"), .init(text: planPrice(offer, text)),
                    .init(text: purposes.joined(separator: text("、", ", "))),
                    .init(text: offer["open_flags"].string),
                    .button(
                        text("撤回", "Withdraw"),
                        to: "/operator/products/\(code)/offers/\(offer["code"].string)/withdrawal"),
                ])
            }, empty: text("还没有挂牌：请在下面填写。", "No offer yet: fill in the form below."))
    }

    private func offerForm(_ product: String, _ standing: [String], _ text: Language) -> PortalPage.Form {
        let field = { (name: String, label: String, type: String, also: [String]) in
            PortalPage.Field(id: name, name: name, label: label, type: type, also: also)
        }
        return .init(
            title: text("新的挂牌", "A new offer"), action: "/operator/products/\(product)/offers",
            button: text("挂出", "Offer it"),
            about: text(
                "免费、一次付清、订阅、按下载次数，或订阅加按次。分档、配额和更多条件用 POST /v1/products/…/offers。挂出后不能修改，只能由新的替换。",
                "Free, paid once, a subscription, by download, or both of these. Tiers, quotas and further conditions: "
                    + "POST /v1/products/…/offers. An offer is never edited, only replaced by a new one."),
            fields: [
                field("code", text("挂牌代码", "Code of the offer"), "text", []),
                field("title_zh", text("中文名称", "Title in Chinese"), "text", ["title.zh"]),
                field("title_en", text("英文名称", "Title in English"), "text", ["title.en"]),
                field(
                    "price", text("价格（元，不含税；0 为免费）", "Price in yuan without tax; 0 is free"), "text",
                    ["price_minor", "kind"]),
                .init(
                    id: "billing_period", name: "billing_period", label: text("付费方式", "Paid"),
                    choices: [
                        .init(value: "", text: text("一次付清", "once")),
                        .init(value: "month", text: text("每月", "each month")),
                        .init(value: "quarter", text: text("每季度", "each quarter")),
                        .init(value: "year", text: text("每年", "each year")),
                    ]),
                field(
                    "download_price",
                    text("每次下载的价格（元，不含税；可空）", "Price of a download in yuan without tax; may be empty"),
                    "text", ["usage"]),
                field("trial_days", text("试用天数（可空）", "Days of trial; may be empty"), "number", []),
                field("places", text("可售份数（可空）", "How many can be bought; may be empty"), "number", []),
                field("term_days", text("使用权天数", "Days of use"), "number", []),
                .init(
                    id: "approval", name: "approval", label: text("审批", "Who decides on purchases"),
                    choices: [
                        .init(value: "automatic", text: text("自动成立", "nobody: they stand at once")),
                        .init(value: "operator", text: text("由我审批", "I do")),
                        .init(
                            value: "operator_and_provider", text: text("由我和数据提供部门审批", "I and the providers of the data")
                        ),
                    ]),
                .init(
                    id: "replaces", name: "replaces", label: text("替换", "In place of"),
                    choices: [.init(value: "", text: text("不替换", "none"))] + standing.map { .init(value: $0, text: $0) }
                ),
            ]
                + Self.purposes.map { value in
                    .init(
                        id: "purpose-\(value)", name: value, label: text("允许：", "Allow ") + purpose(value, text),
                        type: "checkbox", value: "yes")
                })
    }

    func makeOffer(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let code = try context.code()
        let form = try await FormFields(request)
        do {
            try await market.catalog.offer(Self.offer(in: form), of: code, by: account.partyID, now: now())
            return redirect(to: "/operator/products/\(code.escapedForURL)")
        } catch let refusal as any MarketplaceError {
            var page = try await ownOffers(request, context)
            page.address = "/operator/products/\(code.escapedForURL)"
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }

    /// - Throws: `InvalidInput` that names the field; what only the market knows is checked there.
    private static func offer(in form: FormFields) throws -> ProductListing.Offer {
        let price = try minorUnits(form.required("price"), "price")
        let download = try form.filled("download_price").map { try minorUnits($0, "download_price") }.flatMap {
            $0 == 0 ? nil : $0
        }
        // What costs nothing has no period to be billed by.
        let period = price == 0 && download == nil ? nil : form.filled("billing_period")
        let stated: [String: Any?] = [
            "code": try form.required("code"), "kind": kind(price: price, isPeriodic: period != nil, download),
            "price_minor": price, "billing_period": period,
            "usage": download.map { price in
                [
                    ["meter": "download", "mode": "per_unit", "tiers": [["above": 0, "unit_price": price]]]
                        as [String: Any]
                ]
            },
            "currency": "CNY", "title": ["zh": try form.required("title_zh"), "en": try form.required("title_en")],
            "purposes": purposes.filter { form[$0] == "yes" },
            "term_days": try form.wholeNumber("term_days", isNeeded: true),
            "trial_days": try form.wholeNumber("trial_days"), "places": try form.wholeNumber("places"),
            "approval": form.filled("approval"), "replaces": form.filled("replaces"),
        ]
        let data = try JSONSerialization.data(withJSONObject: stated.compactMapValues { $0 })
        return try JSONDecoder().decode(ProductListing.Offer.self, from: data)
    }

    private static func kind(price: Int64, isPeriodic: Bool, _ download: Int64?) -> String {
        switch (price, download) {
        case (0, nil): "free"
        case (0, _?): "metered"
        case (_, _?): "combined"
        case (_, nil): isPeriodic ? "subscription" : "one_off"
        }
    }

    /// Fen of an amount in yuan such as `12800` or `0.50`.
    static func minorUnits(_ text: String, _ field: String) throws -> Int64 {
        guard let parts = text.trimmingCharacters(in: .whitespaces).wholeMatch(of: /(\d{1,12})(?:\.(\d{1,2}))?/),
            let yuan = Int64(parts.1), let fen = Int64(((parts.2.map(String.init) ?? "") + "00").prefix(2))
        else { throw InvalidInput(field, "This is not an amount such as 12800 or 0.50.") }
        return yuan * 100 + fen
    }

    func withdrawOffer(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        try await market.catalog.withdrawOffer(context.code("offer"), by: account.partyID, now: now())
        return redirect(to: "/operator/products/\(try context.code().escapedForURL)")
    }
}
