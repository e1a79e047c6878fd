import Foundation
import Hummingbird
import Marketplace

/// The officer's pages: drafts by state, one draft with its steps, and the forms for what can be done with it.
extension PortalRoutes {
    func drafts(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        try await drafts(request, context, form: [:])
    }

    private func drafts(
        _ request: Request, _ context: MarketContext, form values: [String: String]
    ) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.administrator)
        let state = try request.query("state")
        let found = try JSONNode(
            await market.drafts.drafts(
                for: account.partyID, state: state, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("目录草稿", "Drafts of directory entries"))
        page.tables = [
            .init(
                caption: state.map { draftState($0, text) } ?? text("全部状态", "All states"),
                headers: [
                    text("条目", "Entry"), text("名称", "Title"), text("种类", "Kind"), text("状态", "State"),
                    text("审核期限", "Review due"), text("编制", "Compiled by"),
                ],
                rows: found["items"].list.map { draft in
                    .init(cells: [
                        .init(text: draft["entry"].string, address: "/administration/drafts/\(draft["id"].string)"),
                        .init(text: draft["title"].string), .init(text: draftKind(draft["kind"].string, text)),
                        .init(text: draftState(draft["state"].string, text)), .init(text: due(draft, text)),
                        draft["compiled_by"].party(text),
                    ])
                }, empty: text("没有草稿。", "There are no drafts."))
        ]
        page.next = next(found, "/administration/drafts", nil, text)
        page.forms = [stateForm(state, text), DraftForm(values).compiling(text)]
        return page
    }

    func draft(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.administrator)
        let id = try context.id(orElse: DraftError.unknownDraft)
        let draft = try JSONNode(await market.drafts.draft(id, for: account.partyID))
        var page = PortalPage(
            title: "\(draft["entry"].string) · \(draftKind(draft["kind"].string, text)) · \(draft["title"].string)")
        page.facts =
            [
                .init(name: text("状态", "State"), value: draftState(draft["state"].string, text)),
                .init(name: text("审核期限", "Review due"), value: due(draft, text)),
                .init(name: text("理由", "Reason"), value: draft["reason"].string),
                .init(name: text("依据", "Basis"), value: draft["basis"].string),
                .init(name: text("提供方", "Provider"), value: draft["provider"]["name"].string),
                .init(name: text("主管部门", "Competent body"), value: draft["competent_body"]["name"].string),
                .init(name: text("更正期间自", "Corrects from"), value: draft["valid_from"].time),
                .init(name: text("更正期间至", "Corrects until"), value: draft["valid_until"].time),
            ].filter { !$0.value.isEmpty } + sharingFacts(draft["fields"], text)
        if let sharer = try await sharer(of: draft["fields"], text) { page.facts.append(sharer) }
        page.address = "/administration/drafts/\(draft["id"].string)"
        page.tables = contentTables(draft["fields"], text) + [stepTable(draft, text)]
        page.forms = DraftForm.steps(of: draft, text)
        return page
    }

    func compileDraft(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let form = DraftForm(try await FormFields(request).all)
        do {
            let outcome = try await market.drafts.compile(
                DraftRequest(form.request()), by: account.partyID, key: IdempotencyKey(form.values["key"]),
                body: form.digestInput, now: now())
            return redirect(to: "/administration/drafts/\(try JSONNode(outcome.draft)["id"].string)")
        } catch let refusal as any MarketplaceError {
            // What was typed is not lost: the form comes back with it.
            let page = try await drafts(request, context, form: form.values)
            return try await refused(page, refusal, sent: form.values, request, context)
        }
    }

    func stepDraft(_ request: Request, _ context: MarketContext) async throws -> Response {
        let party = try context.requireAccount(.administrator).partyID
        let id = try context.id(orElse: DraftError.unknownDraft)
        let form = DraftForm(try await FormFields(request).all)
        let reason = form.given("reason")
        do {
            switch try context.code("step") {
            case "edition":
                _ = try await market.drafts.edit(id, DraftRequest(form.request()), by: party, now: now())
            case "assessment":
                _ = try await market.drafts.assess(id, Assessment(form.assessment()), by: party, now: now())
            case "submission": _ = try await market.drafts.submit(id, reason: reason, by: party, now: now())
            case "decision":
                _ = try await market.drafts.decide(id, Decision(form.decision()), by: party, now: now())
            case "release": _ = try await market.drafts.release(id, reason: reason, by: party, now: now())
            case "withdrawal": _ = try await market.drafts.withdraw(id, reason: reason ?? "–", by: party, now: now())
            default: throw HTTPError(.notFound)
            }
            return redirect(to: "/administration/drafts/\(id.uuidString.lowercased())")
        } catch let refusal as any MarketplaceError {
            let page = try await draft(request, context)
            return try await refused(page, refusal, sent: form.values, request, context)
        }
    }

    private func stateForm(_ state: String?, _ text: Language) -> PortalPage.Form {
        let states = [
            "", "draft", "assessed", "submitted", "returned", "approved", "refused", "released", "withdrawn", "barred",
        ]
        return .init(
            title: text("按状态查看", "Show by state"), action: "/administration/drafts", button: text("查看", "Show"),
            method: "get",
            fields: [
                .init(
                    id: "state", name: "state", label: text("状态", "State"),
                    choices: states.map {
                        .init(
                            value: $0, text: $0.isEmpty ? text("全部", "all") : draftState($0, text),
                            isChosen: $0 == state ?? "")
                    })
            ])
    }

    private func stepTable(_ draft: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("步骤", "Steps"),
            headers: [
                text("时间", "When"), text("步骤", "Step"), text("主体", "Who"), text("理由", "Why"), text("说明", "Details"),
            ],
            rows: draft["steps"].list.map { step in
                let hasDocument = ["compiled", "edited"].contains(step["step"].string)
                return .init(cells: [
                    .init(text: step["at"].time), .init(text: draftState(step["step"].string, text)),
                    step["party"].party(text), .init(text: step["reason"].string),
                    .init(text: hasDocument || step["details"].isNull ? "" : cut(step["details"])),
                ])
            })
    }

    private func due(_ draft: JSONNode, _ text: Language) -> String {
        guard !draft["due"].isNull else { return "" }
        let states = ["running": text("计时中", "running"), "paused": text("暂停", "paused"), "met": text("已办结", "met")]
        let state = draft["due"]["state"].string
        return "\(draft["due"]["on"].string) · \(states[state] ?? text("终止", "void"))"
    }

    func draftKind(_ kind: String, _ text: Language) -> String {
        let names: KeyValuePairs = ["new": "新增", "update": "更新", "correction": "更正", "withdrawal": "撤销"]
        return text(names[kind] ?? kind, kind)
    }

    func draftState(_ state: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "draft": "编制中", "barred": "涉密不入目录", "assessed": "已评估", "submitted": "待审核", "returned": "退回补正",
            "approved": "已批准", "refused": "未批准", "released": "已发布", "withdrawn": "已撤回", "compiled": "编制",
            "edited": "修改",
        ]
        return text(names[state] ?? state, state)
    }
}
