import Foundation
import Hummingbird
import Marketplace

extension PortalRoutes {
    func signIn(_ text: Language) -> PortalPage {
        var page = PortalPage(title: text("登录", "Sign in"))
        page.lead = text(
            "请输入访问令牌。演示令牌在 .datamarket/tokens.json。",
            "Enter an access token. Those of the demonstration are in .datamarket/tokens.json.")
        page.forms = [
            .init(
                title: text("访问令牌", "Access token"), action: "/sign-in", button: text("登录", "Sign in"),
                fields: [.init(id: "token", name: "token", label: text("令牌", "Token"), type: "password")])
        ]
        return page
    }

    func purchases(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.enterprise)
        let found = try JSONNode(
            await market.purchases.purchases(of: account.partyID, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("我的采购", "My purchases"))
        page.tables = [
            .init(
                caption: account.name(text),
                headers: [
                    text("产品", "Product"), text("目的", "Purpose"), text("价格", "Price"), text("接受", "Accepted"),
                    text("至", "Until"),
                ],
                rows: found["items"].list.map { item in
                    .init(cells: [
                        .init(text: item.title(text), address: "/purchases/\(item["id"].string)"),
                        .init(text: purpose(item["purpose"].string, text)), .init(text: item["price"].money),
                        .init(text: item["accepted_at"].time), .init(text: item["entitlement"]["until"].time),
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
        let entitlement = purchase["entitlement"]["id"].string
        guard let entitlementID = UUID(uuidString: entitlement) else { throw PurchaseError.unknownPurchase }
        let usage = try JSONNode(
            await market.metering.usage(of: entitlementID, enterprise: account.partyID, cursor: nil, limit: 20))
        var page = PortalPage(title: text("采购", "Purchase"))
        page.facts = [
            .init(
                name: text("产品", "Product"), value: purchase["product"].string,
                address: "/products/\(purchase["product"].string)"),
            .init(name: text("价格", "Price"), value: purchase["price"].money),
            .init(name: text("目的", "Purpose"), value: purpose(purchase["purpose"].string, text)),
            .init(name: text("接受于", "Accepted"), value: purchase["accepted_at"].time),
            .init(name: text("使用权至", "Entitled until"), value: purchase["entitlement"]["until"].time),
            .init(
                name: text("内容", "Content"), value: text("下载（计一次使用）", "Download (counts as one use)"),
                address: "/v1/entitlements/\(entitlement)/content"),
            .init(
                name: text("凭证", "Receipt"), value: text("采购凭证（可打印）", "Receipt of the purchase, to print"),
                address: "/purchases/\(id.uuidString.lowercased())/receipt"),
        ]
        page.picture = chainPicture(chain, text)
        page.tables = [
            chainTable(chain, text),
            .init(
                caption: text("用量", "Usage"),
                headers: [text("时间", "When"), text("计量", "Meter"), text("数量", "Quantity"), text("字节", "Bytes")],
                rows: usage["items"].list.map { event in
                    .init(cells: [
                        .init(text: event["occurred_at"].time),
                        .init(
                            text: event["meter"].string == "download"
                                ? text("下载", "download") : event["meter"].string),
                        .init(text: event["quantity"].string), .init(text: event["bytes"].string),
                    ])
                }, empty: text("尚未使用。", "Not used yet.")),
        ]
        page.forms = [
            .init(
                title: text("在另一时点谁负责？", "Who answered at another time?"),
                action: "/purchases/\(id.uuidString.lowercased())",
                button: text("查看", "Show"), method: "get",
                fields: [.init(id: "as_of", name: "as_of", label: text("日期", "Date"), type: "date")]),
            correctionForm(id, text),
        ]
        return page
    }

    func adoption(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.analyst, .administrator)
        let panels = try JSONNode(await market.adoption.panels(cursor: nil, limit: nil))["items"].list
        let dimension = try request.query("by") ?? "section"
        let now = now()
        var page = PortalPage(title: text("样本采购率", "Adoption rate of a panel"))
        guard let panel = try request.query("panel") ?? panels.first?["code"].string else {
            page.notice = text("还没有样本名录。", "There is no panel yet.")
            return page
        }
        let (_, document) = try await market.adoption.figure(
            "adoption-rate", panel: panel, by: dimension, asOf: request.time("as_of") ?? now,
            recordedBy: request.time("recorded_by") ?? now)
        let figure = try JSONNode(document)
        let definition = try JSONNode(market.adoption.definitions())["items"].list.first?["definition"]
        page.lead = definition.map { text($0["zh"].string, $0["en"].string) }
        page.facts = [
            .init(name: text("采购率", "Rate"), value: percent(figure["rate"])),
            .init(name: text("分子", "Numerator"), value: figure["numerator"].string),
            .init(name: text("分母", "Denominator"), value: figure["denominator"].string),
            .init(
                name: text("样本", "Panel"),
                value:
                    "\(figure["panel"].title(text)) · n = \(figure["panel"]["n"].string) · \(figure["panel"]["dated_on"].string)"
            ),
            .init(name: text("截至", "As of"), value: figure["as_of"].time),
        ]
        page.tables = [
            .init(
                caption: text("按\(dimensionWord(dimension, text))", "By \(dimensionWord(dimension, text))"),
                headers: [
                    text("类别", "Class"), text("分子", "Numerator"), text("分母", "Denominator"), text("采购率", "Rate"), "",
                ],
                rows: figure["breakdown"].list.map { row in
                    .init(cells: [
                        .init(text: classWord(row["class"].string, of: dimension, text)),
                        .init(text: row["numerator"].string),
                        .init(text: row["denominator"].string), .init(text: percent(row["rate"])),
                        .init(share: row["rate"].string),
                    ])
                })
        ]
        page.forms = [
            .init(
                title: text("查询", "Ask"), action: "/adoption", button: text("计算", "Compute"), method: "get",
                fields: [
                    .init(
                        id: "panel", name: "panel", label: text("样本", "Panel"),
                        choices: panels.map {
                            .init(value: $0["code"].string, text: $0.title(text), isChosen: $0["code"].string == panel)
                        }),
                    .init(
                        id: "by", name: "by", label: text("维度", "Dimension"),
                        choices: ["section", "province", "enterprise_kind"].map {
                            .init(value: $0, text: dimensionWord($0, text), isChosen: $0 == dimension)
                        }),
                    .init(id: "as_of", name: "as_of", label: text("截至日期", "As of"), type: "date"),
                ])
        ]
        return page
    }

    private func dimensionWord(_ dimension: String, _ text: Language) -> String {
        switch dimension {
        case "section": text("行业门类", "industry section")
        case "province": text("省份", "province")
        default: text("企业类型", "kind of enterprise")
        }
    }

    private func classWord(_ value: String, of dimension: String, _ text: Language) -> String {
        if dimension == "section" { return industrySection(value, text) }
        let kinds = [
            "central_soe": "中央企业", "local_soe": "地方国有企业", "private": "民营企业", "foreign": "外资企业", "other": "其他",
        ]
        return text(kinds[value] ?? value, value.replacingOccurrences(of: "_soe", with: " state-owned"))
    }

    private func percent(_ rate: JSONNode) -> String {
        rate.number.map { $0.formatted(.percent.precision(.fractionLength(0...2)).locale(Locale(identifier: "en"))) }
            ?? "–"
    }
}
