import Foundation
import Hummingbird
import Marketplace

/// Corrections: the form on a purchase, the list, and one correction with the steps that can be taken.
extension PortalRoutes {
    func corrections(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.enterprise, .operator, .administrator)
        let found = try JSONNode(
            await market.corrections.corrections(
                seenBy: account, state: nil, cursor: request.query("cursor"), limit: nil))
        var page = PortalPage(title: text("校核", "Corrections"))
        page.tables = [
            .init(
                caption: account.name(text),
                headers: [
                    text("产品", "Product"), text("问题", "Error"), text("状态", "State"), text("责任主体", "Responsible"),
                    text("提出", "Raised"), text("到期", "Due"),
                ],
                rows: found["items"].list.map { item in
                    .init(cells: [
                        .init(text: item.title(text), address: "/corrections/\(item["id"].string)"),
                        .init(text: kind(item["kind"].string, text)), .init(text: state(item["state"].string, text)),
                        item["responsible"].party(text), .init(text: item["raised_at"].time),
                        .init(text: item["due_on"].string),
                    ])
                }, empty: text("没有校核。", "No correction."))
        ]
        page.next = next(found, "/corrections", nil, text)
        return page
    }

    func correction(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let text = Language(request)
        let account = try context.requireAccount(.enterprise, .operator, .administrator)
        let id = try context.id(orElse: CorrectionError.unknown)
        let found = try JSONNode(await market.corrections.correction(id, seenBy: account, now: now()))
        var page = PortalPage(title: text("校核：", "Correction: ") + found.title(text))
        page.lead = found["description"].string
        page.facts = [
            .init(name: text("状态", "State"), value: state(found["state"].string, text)),
            .init(
                name: text("到期", "Due"),
                value: found["due_on"].string
                    + (found["paused_since"].isNull ? "" : text("（暂停计时）", " (the clock stands)"))),
            .init(name: text("责任主体", "Responsible"), value: found["responsible"].party(text).text),
            .init(name: text("环节", "Link"), value: link(found["link"].string, text)),
            .init(name: text("问题", "Error"), value: kind(found["kind"].string, text)),
            .init(name: text("数据项", "Field"), value: found["field"].string),
            .init(name: text("行", "Row"), value: found["row_key"].string),
            .init(name: text("证据", "Evidence"), value: found["evidence"].string),
            .init(name: text("更正于条目版本", "Fixed in entry version"), value: found["fixed_entry_version"].string),
            .init(name: text("更正于产品版本", "Fixed in revision"), value: found["fixed_revision"].string),
        ].filter { !$0.value.isEmpty }
        page.tables = [stepTable(found["steps"], text)]
        page.forms = stepForms(found, account, text)
        return page
    }

    private func stepTable(_ steps: JSONNode, _ text: Language) -> PortalPage.Table {
        .init(
            caption: text("经过", "What was done"),
            headers: [
                text("时间", "When"), text("步骤", "Step"), text("主体", "Who"), text("内容", "Text"), text("依据", "Basis"),
            ],
            rows: steps.list.map { step in
                let number = step["answer"].isNull ? "" : text(" · 答复 ", " · answer ") + step["answer"].string
                return .init(cells: [
                    .init(text: step["taken_at"].time), .init(text: self.step(step["step"].string, text) + number),
                    step["party"].party(text), .init(text: step["text"].string), .init(text: step["basis"].string),
                ])
            })
    }

    private func stepForms(_ found: JSONNode, _ account: Account, _ text: Language) -> [PortalPage.Form] {
        let action = "/corrections/\(found["id"].string)/steps"
        let words = PortalPage.Field(id: "text", name: "text", label: text("说明", "Text"), isArea: true)
        if account.role == .enterprise {
            guard found["state"].string == "returned" else { return [] }
            return [
                .init(
                    title: text("补正", "Complete"), action: action, button: text("提交", "Send"),
                    hidden: [.init(name: "step", value: "complete")], fields: [words])
            ]
        }
        guard found["state"].string != "fed_back" else { return [] }
        let steps = CorrectionStep.Kind.allCases.filter { $0 != .complete }.map(\.rawValue)
        return [
            .init(
                title: text("办理", "Take a step"), action: action, button: text("提交", "Send"),
                fields: [
                    .init(
                        id: "step", name: "step", label: text("步骤", "Step"),
                        choices: steps.map { .init(value: $0, text: step($0, text)) }), words,
                    .init(
                        id: "basis", name: "basis",
                        label: text("依据（代无账户的主体办理时必填）", "Basis (when acting for a party without an account)")),
                    .init(
                        id: "link", name: "link", label: text("转交到的环节", "Link, when passing it on"),
                        choices: ["", "source", "publication", "processing", "delivery"].map {
                            .init(value: $0, text: link($0, text))
                        }),
                    .init(
                        id: "directory_entry", name: "directory_entry",
                        label: text("转交：目录条目代码", "Directory entry, when passing it on")),
                    .init(
                        id: "fixed_entry_version", name: "fixed_entry_version",
                        label: text("更正于条目版本", "Fixed in entry version"), type: "number"),
                    .init(
                        id: "fixed_revision", name: "fixed_revision", label: text("更正于产品版本", "Fixed in revision"),
                        type: "number"),
                ])
        ]
    }

    /// The form on the page of a purchase.
    func correctionForm(_ purchase: UUID, _ text: Language) -> PortalPage.Form {
        .init(
            title: text("数据有误？提出校核", "Something wrong? Raise a correction"),
            action: "/purchases/\(purchase.uuidString.lowercased())/corrections", button: text("提出", "Raise"),
            hidden: [.init(name: "key", value: UUID().uuidString)],
            fields: [
                .init(
                    id: "kind", name: "kind", label: text("问题", "Error"),
                    choices: CorrectionRequest.kinds.map { .init(value: $0, text: kind($0, text)) }),
                .init(id: "field", name: "field", label: text("数据项（列名，可空）", "Column (may be empty)")),
                .init(id: "row_key", name: "row_key", label: text("行（可空）", "Row (may be empty)")),
                .init(id: "description", name: "description", label: text("说明", "Description"), isArea: true),
                .init(id: "evidence", name: "evidence", label: text("证据（可空）", "Evidence (may be empty)")),
            ])
    }

    // MARK: Commands

    func raiseCorrection(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.enterprise)
        let id = try context.id(orElse: PurchaseError.unknownPurchase)
        let form = try await FormFields(request)
        do {
            let wanted = try CorrectionRequest(
                purchase: id, kind: form.required("kind"), field: form.filled("field"),
                rowKey: form.filled("row_key"), description: form.required("description"),
                evidence: form.filled("evidence"))
            let outcome = try await market.corrections.raise(
                wanted, by: account.partyID, key: IdempotencyKey(form["key"]),
                body: Array("\(wanted.purchase)\n\(wanted.kind)\n\(wanted.description)".utf8), now: now())
            return redirect(to: "/corrections/\(try JSONNode(outcome.correction)["id"].string)")
        } catch let refusal as any MarketplaceError {
            var page = try await purchase(request, context)
            page.address = "/purchases/\(id.uuidString.lowercased())"
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }

    func takeStep(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.operator, .administrator, .enterprise)
        let id = try context.id(orElse: CorrectionError.unknown)
        let form = try await FormFields(request)
        do {
            guard let kind = CorrectionStep.Kind(rawValue: try form.required("step")) else {
                throw InvalidInput("step", "This is not a step.")
            }
            let step = try CorrectionStep(
                kind, text: form.required("text"), basis: form.filled("basis"), link: form.filled("link"),
                entry: form.filled("directory_entry"),
                fixedEntryVersion: form.filled("fixed_entry_version").flatMap { Int($0) },
                fixedRevision: form.filled("fixed_revision").flatMap { Int($0) })
            _ = try await market.corrections.take(step, of: id, by: account, now: now())
            return redirect(to: "/corrections/\(id.uuidString.lowercased())")
        } catch let refusal as any MarketplaceError {
            var page = try await correction(request, context)
            page.address = "/corrections/\(id.uuidString.lowercased())"
            return try await refused(page, refusal, sent: form.all, request, context)
        }
    }

    // MARK: Words

    private func kind(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "wrong_value": "数值错误", "missing_row": "缺行", "outdated": "过时", "wrong_description": "说明有误",
            "duplicate_row": "重复行", "wrong_unit": "单位有误", "delivery": "交付问题",
        ]
        return text(names[value] ?? value, value.spaced)
    }

    private func state(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "raised": "已提出", "returned": "退回补正", "checking": "核查中", "extended": "已延期", "corrected": "已更正",
            "confirmed_correct": "核实无误", "fed_back": "已反馈",
        ]
        return text(names[value] ?? value, value.spaced)
    }

    private func step(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = [
            "raise": "提出", "check": "开始核查", "return": "退回补正", "complete": "补正", "pass_on": "转交", "extend": "延期",
            "correct": "更正", "confirm_correct": "确认无误", "feed_back": "反馈",
        ]
        return text(names[value] ?? value, value.spaced)
    }

    private func link(_ value: String, _ text: Language) -> String {
        let names: KeyValuePairs = ["source": "数源", "publication": "目录发布", "processing": "加工", "delivery": "交付"]
        return value.isEmpty ? "–" : text(names[value] ?? value, value)
    }
}
