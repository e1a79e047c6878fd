import Foundation
import Hummingbird
import Marketplace

/// Asking for a consent, answering and withdrawing it.
extension PortalRoutes {
    func askingForm(_ account: Account, _ text: Language) async throws -> PortalPage.Form {
        let own = try JSONNode(
            await market.catalog.ownProducts(of: account.partyID, cursor: nil, limit: nil, now: now()))
        let products = own["items"].list.map {
            PortalPage.Field.Choice(value: $0["code"].string, text: "\($0.title(text)) (\($0["code"].string))")
        }
        return .init(
            title: text("请求同意", "Ask for a consent"), action: "/consents", button: text("请求", "Ask"),
            about: text("部门须在期限内答复。", "The department has to answer in due time."),
            fields: [
                .init(id: "entry", name: "entry", label: text("目录条目代码", "Code of the directory entry")),
                .init(
                    id: "product", name: "product", label: text("用于", "For"),
                    choices: [.init(value: "", text: text("我的全部产品", "all my products"))] + products),
            ])
    }

    func answerForm(_ found: JSONNode, _ text: Language) -> PortalPage.Form {
        .init(
            title: text("答复", "Answer"), action: "/consents/\(found["id"].string)/answer",
            button: text("登记答复", "Record the answer"),
            about: text("同意须填期限和文件；不同意须填理由。", "A consent has a period and a document; a refusal has a reason."),
            fields: [
                .init(
                    id: "answer", name: "answer", label: text("答复", "Answer"),
                    choices: [
                        .init(value: "given", text: text("同意", "Give the consent")),
                        .init(value: "refused", text: text("不同意", "Refuse")),
                    ]),
                .init(id: "since", name: "since", label: text("有效自", "First day"), type: "date"),
                .init(id: "until", name: "until", label: text("有效至", "Last day"), type: "date"),
                .init(id: "document", name: "document", label: text("依据文件（名称、文号）", "Document (title and number)")),
                .init(
                    id: "document_sha256", name: "document_sha256",
                    label: text("文件的 SHA-256", "SHA-256 of the document")),
                .init(id: "reason", name: "reason", label: text("理由", "Reason"), isArea: true),
            ])
    }

    func withdrawalForm(_ found: JSONNode, _ text: Language) -> PortalPage.Form {
        .init(
            title: text("撤回同意", "Withdraw the consent"), action: "/consents/\(found["id"].string)/withdrawal",
            button: text("撤回", "Withdraw"),
            about: text(
                "依此同意挂牌的产品将同时暂停；已有的采购不受影响。",
                "Products that are listed on this consent are suspended with it; what was bought is not touched."),
            fields: [.init(id: "reason", name: "reason", label: text("理由", "Reason"), isArea: true)])
    }

    // MARK: Commands

    func askConsent(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator)
        let form = try await FormFields(request)
        do {
            let asked = try JSONNode(
                await market.catalog.askConsent(
                    entry: form.required("entry"), product: form.filled("product"), by: account.partyID, now: now()))
            return redirect(to: "/consents/\(asked["id"].string)")
        } catch let refusal as any MarketplaceError {
            let page = try await consents(request, context)
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }

    func answerConsent(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let id = try context.id(orElse: CatalogError.unknownConsent)
        let form = try await FormFields(request)
        do {
            let answer = ConsentAnswer(
                answer: try form.required("answer"), reason: form.filled("reason"), since: form.filled("since"),
                until: form.filled("until"), document: form.filled("document"),
                documentDigest: form.filled("document_sha256"))
            _ = try await market.catalog.answerConsent(id, answer, by: account.partyID, now: now())
            return redirect(to: "/consents/\(id.uuidString.lowercased())")
        } catch let refusal as any MarketplaceError {
            return try await refused(
                try await consent(request, context), refusal, sent: form.all, request, context)
        }
    }

    func withdrawConsent(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let id = try context.id(orElse: CatalogError.unknownConsent)
        let form = try await FormFields(request)
        do {
            _ = try await market.catalog.withdrawConsent(
                id, reason: form.required("reason"), by: account.partyID, now: now())
            return redirect(to: "/consents/\(id.uuidString.lowercased())")
        } catch let refusal as any MarketplaceError {
            return try await refused(
                try await consent(request, context), refusal, sent: form.all, request, context)
        }
    }
}
