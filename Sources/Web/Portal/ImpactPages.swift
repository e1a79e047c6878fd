import Foundation
import Hummingbird
import Marketplace

/// What a change of a directory entry touches, for the administration.
extension PortalRoutes {
    func impact(_ code: String, _ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.administrator)
        let found = try JSONNode(
            await market.impact.impact(of: code, cursor: request.query("cursor"), limit: nil, now: now()))
        var page = PortalPage(title: text("变更影响", "Impact of a change"))
        page.facts = [
            .init(name: text("目录条目", "Directory entry"), value: code, address: "/directory/\(code)"),
            .init(
                name: text("现行版本", "Version in force"),
                value: found["version_in_force"].isNull
                    ? text("已撤回", "withdrawn") : found["version_in_force"].string),
            .init(name: text("产品", "Products"), value: found["products"].string),
            .init(name: text("挂牌", "Offers"), value: found["offers"].string),
            .init(name: text("采购", "Purchases"), value: found["purchases"].string),
            .init(name: text("有效使用权", "Entitlements in force"), value: found["entitlements_in_force"].string),
            .init(name: text("未付账单", "Unpaid invoices"), value: found["unpaid_invoices"].string),
        ]
        page.tables = [impactTable(found, text)]
        page.next = next(found, "/directory/\(code)/impact", nil, text)
        page.forms = found["items"].list.flatMap { item in
            item["suspensions"].list.map { liftForm($0, product: item["code"].string, entry: code, text) }
        }
        return page
    }

    private func impactTable(_ found: JSONNode, _ text: Language) -> PortalPage.Table {
        let kinds: KeyValuePairs = [
            "product": text("产品", "product"), "offer": text("挂牌", "offer"), "purchase": text("采购", "purchase"),
        ]
        return .init(
            caption: text("由此条目制成的一切", "Everything made of this entry"),
            headers: [
                text("类别", "Kind"), text("对象", "Subject"), text("条目版本", "Entry version"), text("状况", "Standing"),
            ],
            rows: found["items"].list.map { item in
                let isPurchase = item["kind"].string == "purchase"
                let suspended = item["suspensions"].list.map {
                    text("⚠ 已暂停：\($0["reason_zh"].string)", "⚠ suspended: \($0["reason_en"].string)")
                }.joined(separator: " ")
                let entitled =
                    item["entitlement"]["in_force"].isTrue
                    ? text("有效至 ", "in force until ") + item["entitlement"]["until"].time
                    : isPurchase && item["entitlement"].isNull ? text("申请中", "asked for") : ""
                let unpaid = item["unpaid_invoices"].list.map {
                    text("；未付 ", "; unpaid ") + "\($0["number"].string) \($0.amount("open_minor"))"
                }.joined()
                let subject: PortalPage.Cell =
                    isPurchase
                    ? .init(
                        text: "\(item["enterprise"].string) · \(item["product"].string)",
                        address: "/parties/\(item["enterprise"].string)")
                    : .init(
                        text: "\(item.title(text)) (\(item["code"].string))",
                        address:
                            "/products/\(item["product"].string.isEmpty ? item["code"].string : item["product"].string)"
                    )
                return .init(cells: [
                    .init(text: kinds[item["kind"].string] ?? ""), subject, .init(text: item["entry_version"].string),
                    .init(text: suspended + entitled + unpaid),
                ])
            }, empty: text("没有产品由此条目制成。", "No product is made of this entry."))
    }

    private func liftForm(_ suspension: JSONNode, product: String, entry: String, _ text: Language) -> PortalPage.Form {
        let id = suspension["id"].string
        return .init(
            title: text("恢复挂牌 \(product)", "Lift the suspension of \(product)"),
            action: "/products/\(product)/suspensions/\(id)/lifting", button: text("恢复", "Lift"),
            hidden: [.init(name: "entry", value: entry)],
            fields: [.init(id: "reason-\(id)", name: "reason", label: text("理由", "Reason"))])
    }

    // MARK: Commands

    func lift(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let form = try await FormFields(request)
        try await market.impact.lift(
            context.id(orElse: ImpactError.unknownSuspension), of: context.code(), by: account.partyID, isOfficer: true,
            reason: form.required("reason"), now: now())
        return Response(
            status: .seeOther, headers: [.location: "/directory/\(try form.required("entry").escapedForURL)/impact"])
    }
}
