import Foundation
import Hummingbird
import Marketplace

/// Scenarios as officers write them: edited, looked at before, and published in batches.
extension PortalRoutes {
    func publish(_ request: Request, _ context: MarketContext) async throws -> Response {
        let account = try context.requireAccount(.administrator)
        let form = try await FormFields(request, limit: Self.largestForm)
        let yaml = form["document"] ?? ""
        do {
            let batch = try ScenarioDocument.batch(yaml: yaml)
            if form["step"] == "preview" {
                let changes = try await market.scenarios.preview(batch)
                return renderer.response(preview(batch, changes, yaml, Language(request)), request, context)
            }
            _ = try await market.scenarios.publish(batch, by: account.partyID, now: now())
            return redirect(to: batch.count == 1 ? "/scenarios/\(batch[0].code)" : "/scenarios")
        } catch let refusal as any MarketplaceError {
            // What was typed is not lost: the form comes back with it.
            var page = try await administration(Language(request), context, document: yaml)
            page.address = "/administration"
            let said = RefusalWords.said(refusal.message, Language(request))
            page.notice = [refusal.field, said].compactMap { $0 }.joined(separator: ": ")
            return renderer.response(page, request, context, status: Problem(refusal, path: request.uri.path).status)
        }
    }

    /// What publishing would do; nothing is written yet.
    private func preview(
        _ batch: [ScenarioDocument], _ changes: [Scenarios.Change], _ yaml: String, _ text: Language
    ) -> PortalPage {
        var page = PortalPage(title: text("预览：尚未发布", "Preview: not published yet"))
        page.address = "/administration"
        page.tables = [
            .init(
                caption: text("发布后", "When published"),
                headers: [
                    text("代码", "Code"), text("中文标题", "Title in Chinese"), text("英文标题", "Title in English"),
                    text("领域", "Domain"), text("批次", "Batch"), text("产品", "Products"),
                    text("目录条目", "Directory entries"), text("结果", "Outcome"),
                ],
                rows: zip(batch, changes).map { scenario, change in
                    .init(cells: [
                        .init(
                            text: scenario.code, address: change == .new ? nil : "/scenarios/\(scenario.code)"),
                        .init(text: scenario.titleZh), .init(text: scenario.titleEn),
                        .init(text: domain(scenario.domain, text)),
                        .init(text: scenario.batch.map(String.init) ?? "–"),
                        .init(text: scenario.products.map(\.code).joined(separator: " ")),
                        .init(text: scenario.entryCodes.joined(separator: " ")),
                        .init(text: changeWord(change, text)),
                    ])
                })
        ]
        page.forms = [scenarioForm(yaml, text)]
        return page
    }

    private func changeWord(_ change: Scenarios.Change, _ text: Language) -> String {
        switch change {
        case .new: text("新发布", "new")
        case .replaced: text("替换现有版本", "replaces what is published")
        case .unchanged: text("没有变化", "no change")
        }
    }

    /// The published document in the form where it can be changed; JSON is YAML too.
    func editScenario(_ request: Request, _ context: MarketContext) async throws -> PortalPage {
        let code = try context.code()
        let scenario =
            try JSONSerialization.jsonObject(
                with: Data(try await market.scenarios.scenario(code).text.utf8)) as? [String: Any]
        let data = try JSONSerialization.data(
            withJSONObject: scenario?["document"] ?? [:],
            options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        var page = try await administration(Language(request), context, document: String(decoding: data, as: UTF8.self))
        page.title = code
        (page.facts, page.tables) = ([], [])
        page.forms.removeFirst()
        return page
    }
}
