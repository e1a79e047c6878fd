import Foundation
import Hummingbird
import Marketplace

/// Pages of operators, about their own products, and of officers, about flagged conditions.
extension PortalRoutes {
    func addListingPages(to router: Router<MarketContext>) {
        page(router, "/operator") { try await ownProducts($0, $1) }
        page(router, "/operator/products/:code") { try await ownOffers($0, $1) }
        router.post("/operator/products/:code/offers") { try await makeOffer($0, $1) }
        router.post("/operator/products/:code/offers/:offer/withdrawal") { try await withdrawOffer($0, $1) }
        page(router, "/administration/conditions") { try await flags($0, $1) }
        router.post("/operator/listings") { try await list($0, $1) }
        router.post("/administration/conditions/:id") { try await decide($0, $1) }
    }

    private func ownProducts(_ request: Request, _ context: MarketContext, notice: String? = nil) async throws
        -> PortalPage
    {
        let text = Language(request)
        let account = try context.requireAccount(.operator)
        let found = try JSONNode(
            await market.catalog.ownProducts(
                of: account.partyID, cursor: request.query("cursor"), limit: nil, now: now()))
        var page = PortalPage(title: text("我的产品", "My products"))
        page.notice = notice
        page.tables = [
            .init(
                caption: account.name(text),
                headers: [
                    text("产品", "Product"), text("状态", "State"), text("阻碍挂牌", "What blocks it"),
                    text("暂停", "Suspensions"), text("挂牌", "Offers"),
                ],
                rows: found["items"].list.map { item in
                    let isListed = !["draft", "delisted"].contains(item["state"].string)
                    let name = "\(item.title(text)) (\(item["code"].string))"
                    return .init(cells: [
                        .init(text: name, address: isListed ? "/products/\(item["code"].string)" : nil),
                        .init(text: productState(item["state"].string, text)),
                        .init(text: sentences(item["blockers"], "message", text)),
                        .init(text: sentences(item["suspensions"], "reason", text)),
                        .init(text: text("管理挂牌", "Manage"), address: "/operator/products/\(item["code"].string)"),
                    ])
                }, empty: text("还没有产品：用 POST /v1/products 草拟。", "No product yet: draft one with POST /v1/products."))
        ]
        page.next = next(found, "/operator", nil, text)
        let drafts = found["items"].list.filter { ["draft", "delisted"].contains($0["state"].string) }
        if !drafts.isEmpty { page.forms = [listingForm(drafts, text)] }
        return page
    }

    private func listingForm(_ drafts: [JSONNode], _ text: Language) -> PortalPage.Form {
        .init(
            title: text("挂牌", "List a product"), action: "/operator/listings", button: text("挂牌", "List it"),
            fields: [
                .init(
                    id: "product", name: "product", label: text("产品", "Product"),
                    choices: drafts.map {
                        .init(value: $0["code"].string, text: "\($0.title(text)) (\($0["code"].string))")
                    })
            ])
    }

    private func list(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let code = try await FormFields(request).required("product")
        do {
            try await market.catalog.list(code, by: account.partyID, now: now())
            return redirect(to: "/products/\(code.escapedForURL)")
        } catch CatalogError.notListable(_, let blockers) {
            let text = Language(request)
            let reasons = blockers.map { text($0.zh, $0.en) }.joined(separator: " ")
            return renderer.response(
                try await ownProducts(request, context, notice: "\(code): \(reasons)"), request, context,
                status: .conflict)
        }
    }

    private func flags(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        _ = try context.requireAccount(.administrator)
        let open = try JSONNode(
            await market.catalog.flags(.open, cursor: request.query("cursor"), limit: 20))
        var page = PortalPage(title: text("目录之外的使用条件", "Conditions beyond the directory"))
        page.lead = text(
            "挂牌增加了目录没有规定的条件。依据被接受之前，产品不能挂牌，挂牌不能被采购。",
            "Offers added conditions that the directory does not state. Until their basis is accepted, the product cannot "
                + "be listed and the offer cannot be bought.")
        if open["items"].list.isEmpty { page.notice = text("没有待审核的条件。", "Nothing waits for a decision.") }
        page.next = next(open, "/administration/conditions", nil, text)
        page.forms = open["items"].list.map { decisionForm($0, text) }
        return page
    }

    private func decisionForm(_ flag: JSONNode, _ text: Language) -> PortalPage.Form {
        let id = flag["id"].string
        let kind = conditionKind(flag["kind"].string, text)
        let change = "\(conditionValue(flag, "directory_value", text)) → \(conditionValue(flag, "offered_value", text))"
        return .init(
            title: "\(flag.title(text)) · \(flag["offer"].string) · \(kind): \(change)",
            action: "/administration/conditions/\(id)", button: text("决定", "Decide"),
            fields: [
                .init(
                    id: "decision-\(id)", name: "decision", label: text("决定", "Decision"),
                    choices: [
                        .init(value: "accepted", text: text("接受依据", "Accept the basis")),
                        .init(value: "refused", text: text("不接受", "Refuse")),
                    ]),
                .init(
                    id: "reason-\(id)", name: "reason", label: text("依据或理由", "Basis or reason"),
                    value: flag["basis"].string),
            ])
    }

    private func decide(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let id = try context.id(orElse: CatalogError.unknownFlag)
        let form = try await FormFields(request)
        do {
            guard let decision = Catalog.FlagState(rawValue: try form.required("decision")), decision != .open else {
                throw InvalidInput("decision", "This is neither accepted nor refused.")
            }
            let reason = try form.required("reason")
            guard reason.utf8.count <= 2_000 else { throw InvalidInput("reason", "This is longer than 2000 bytes.") }
            try await market.catalog.decide(id, decision, reason: reason, by: account.partyID, now: now())
            return redirect(to: "/administration/conditions")
        } catch let refusal as any MarketplaceError {
            var page = try await flags(request, context)
            page.address = "/administration/conditions"
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }

    private func sentences(_ list: JSONNode, _ member: String, _ text: Language) -> String {
        list.list.map { naming(text($0["\(member)_zh"].string, $0["\(member)_en"].string), text) }.joined(
            separator: " ")
    }

    /// A sentence of the market with the conditions in it by name: it has them by their codes.
    func naming(_ sentence: String, _ text: Language) -> String {
        let kinds = ["purpose", "region", "sector", "redistribution", "retention", "fee", "qualification"]
        return kinds.reduce(sentence) { sentence, kind in
            sentence.replacing("使用条件 \(kind)", with: "使用条件“\(conditionKind(kind, text))”")
        }
    }

    private func productState(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = ["draft": "草拟", "listed": "在售", "suspended": "暂停", "delisted": "已下架"]
        return text(names[value] ?? value, value)
    }
}
