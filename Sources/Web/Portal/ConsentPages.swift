import Foundation
import Hummingbird
import Marketplace

/// Consents of departments whose data was received by sharing: the list and one of them.
extension PortalRoutes {
    func addConsentPages(to router: Router<MarketContext>) {
        page(router, "/consents") { try await consents($0, $1) }
        page(router, "/consents/:id") { try await consent($0, $1) }
        router.post("/consents") { try await askConsent($0, $1) }
        router.post("/consents/:id/answer") { try await answerConsent($0, $1) }
        router.post("/consents/:id/withdrawal") { try await withdrawConsent($0, $1) }
    }

    func consents(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.operator, .administrator)
        let isOperator = account.role == .operator
        let found = try JSONNode(
            await market.catalog.consents(
                askedBy: isOperator ? account.partyID : nil, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("共享数据的授权运营同意", "Consents to the use of shared data"))
        page.lead = text(
            "产品所用数据系共享所得的，须经提供数据的部门同意，方可挂牌（发改数据〔2025〕27号）。",
            "A product made of data that a department received by sharing can only be listed with the consent of the "
                + "department that provided it (NDRC Data 2025 No. 27).")
        page.tables = [consentTable(found, account, text)]
        page.next = next(found, "/consents", nil, text)
        if isOperator { page.forms = [try await askingForm(account, text)] }
        return page
    }

    private func consentTable(_ found: JSONNode, _ account: Account, _ text: Language) -> PortalPage.Table {
        .init(
            caption: account.role == .operator
                ? account.name(text) : text("全部运营机构的请求", "What every operator asked for"),
            headers: [
                text("目录条目", "Directory entry"), text("用于", "For"), text("提供部门", "Department"),
                text("运营机构", "Operator"), text("状态", "State"), text("自", "Since"), text("至", "Until"),
                text("依据", "Basis"), text("答复期限", "Answer due"),
            ],
            rows: found["items"].list.map { item in
                .init(cells: [
                    .init(text: item["entry_title"].string, address: "/consents/\(item["id"].string)"),
                    .init(text: consentedUse(item, text)), item["provider"].party(text), item["operator"].party(text),
                    .init(text: consentState(item["state"].string, text)), .init(text: item["since"].string),
                    .init(text: item["until"].string), .init(text: item["document"].string),
                    .init(text: item["state"].string == "asked" ? item["due_on"].string : ""),
                ])
            },
            empty: text(
                "还没有请求过同意。条目写明“共享来自”某部门的，才需要同意。",
                "No consent was asked for yet. One is needed where an entry says that its data was received by sharing."
            ))
    }

    func consent(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.operator, .administrator)
        let id = try context.id(orElse: CatalogError.unknownConsent)
        let found = try JSONNode(
            await market.catalog.consent(id, askedBy: account.role == .operator ? account.partyID : nil))
        var page = PortalPage(title: text("同意：", "Consent: ") + found["entry_title"].string)
        page.address = "/consents/\(found["id"].string)"
        page.facts = consentFacts(found, text)
        if account.role == .administrator {
            switch found["state"].string {
            case "asked": page.forms = [answerForm(found, text)]
            case "given": page.forms = [withdrawalForm(found, text)]
            default: break
            }
        }
        return page
    }

    private func consentFacts(_ found: JSONNode, _ text: Language) -> [PortalPage.Fact] {
        let entry = found["entry"].string
        return [
            .init(name: text("状态", "State"), value: consentState(found["state"].string, text)),
            .init(name: text("目录条目", "Directory entry"), value: entry, address: "/directory/\(entry)"),
            .init(name: text("用于", "For"), value: consentedUse(found, text)),
            found["provider"].fact(text("提供部门", "Department that provided the data"), text),
            found["operator"].fact(text("运营机构", "Operator"), text),
            .init(name: text("有效自", "In force since"), value: found["since"].string),
            .init(name: text("有效至", "In force until"), value: found["until"].string),
            .init(name: text("依据文件", "Document"), value: found["document"].string),
            .init(name: text("文件 SHA-256", "SHA-256 of the document"), value: found["document_sha256"].string),
            .init(name: text("请求于", "Asked"), value: found["asked_at"].time),
            .init(
                name: text("答复期限", "Answer due"),
                value: found["state"].string == "asked" ? found["due_on"].string : ""),
            .init(name: text("答复于", "Answered"), value: found["answered_at"].time),
            found["answered_by"].fact(text("答复登记", "Answer recorded by"), text),
            .init(name: text("理由", "Reason"), value: found["reason"].string),
            .init(name: text("撤回于", "Withdrawn"), value: found["withdrawn_at"].time),
            found["withdrawn_by"].fact(text("撤回登记", "Withdrawal recorded by"), text),
            .init(name: text("撤回理由", "Reason of the withdrawal"), value: found["withdrawal_reason"].string),
        ]
    }

    // MARK: Words

    private func consentedUse(_ item: JSONNode, _ text: Language) -> String {
        guard !item["product"].isNull else { return text("该运营机构的全部产品", "every product of the operator") }
        return "\(text(item["product_title_zh"].string, item["product_title_en"].string)) (\(item["product"].string))"
    }

    private func consentState(_ value: String, _ text: Language) -> String {
        switch value {
        case "asked": text("待答复", "to be answered")
        case "given": text("已同意", "given")
        case "refused": text("未同意", "refused")
        default: text("已撤回", "withdrawn")
        }
    }
}

extension JSONNode {
    /// A party as a fact; empty, and so not shown, when there is none.
    fileprivate func fact(_ name: String, _ text: Language) -> PortalPage.Fact {
        if isNull { return .init(name: name, value: "") }
        let cell = party(text)
        return .init(name: name, value: cell.text, address: cell.address)
    }
}
